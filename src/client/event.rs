use super::transport::Method;

/// What a client does, reported as it happens. Contains no key, prompt or body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A request is sent.
    #[non_exhaustive]
    Request {
        /// The HTTP method.
        method: Method,
        /// The URL.
        url: String,
        /// The number of the attempt, from 1.
        attempt: u32,
    },
    /// A response arrived.
    #[non_exhaustive]
    Response {
        /// The HTTP status.
        status: u16,
        /// The server's id for the exchange.
        request_id: Option<String>,
        /// Milliseconds since the request was sent.
        elapsed_ms: u32,
    },
    /// No response arrived, or the store failed after the call.
    #[non_exhaustive]
    Failure {
        /// The code of the error: `connection_failed`, `not_sent`, `request_timeout`, `api_key_failed` or
        /// `store_failed`.
        code: String,
        /// Milliseconds since the request was sent.
        elapsed_ms: u32,
    },
    /// The same request will be sent again.
    #[non_exhaustive]
    Retry {
        /// Milliseconds until then.
        delay_ms: u32,
    },
    /// The task will be polled.
    #[non_exhaustive]
    Poll {
        /// The task.
        task_id: String,
        /// Milliseconds until then.
        delay_ms: u32,
    },
}
