use super::transport::Method;

/// What a client does, reported as it happens. Contains no key, prompt or body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// What it does.
    pub kind: EventKind,
    /// The number of the attempt, from 1; 0 if the event is not about an attempt.
    pub attempt: u32,
    /// The task that it is about, if there is one yet.
    pub task_id: Option<String>,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// A request is sent.
    #[non_exhaustive]
    Request {
        /// The HTTP method.
        method: Method,
        /// The URL.
        url: String,
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
        /// Milliseconds until then.
        delay_ms: u32,
    },
}
