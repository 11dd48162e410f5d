use super::transport::Method;

/// What a client does, told as it does it. Holds no key, no prompt and no body.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A request goes out.
    Request {
        /// Its method.
        method: Method,
        /// Its URL.
        url: String,
        /// From 1.
        attempt: u32,
    },
    /// An answer came.
    Response {
        /// Its HTTP status.
        status: u16,
        /// The server's id for the exchange.
        request_id: Option<String>,
        /// Since the request went out, in milliseconds.
        elapsed_ms: u32,
    },
    /// No answer came.
    Failure {
        /// The code of the error: `connection_failed`, `request_timeout`, `api_key_failed`, or `store_failed`, of an
        /// access after the call.
        code: String,
        /// Since the request went out, in milliseconds.
        elapsed_ms: u32,
    },
    /// The same request goes out again after a while.
    Retry {
        /// Until then, in milliseconds.
        delay_ms: u32,
    },
    /// The task is looked at again after a while.
    Poll {
        /// The task.
        task_id: String,
        /// Until then, in milliseconds.
        delay_ms: u32,
    },
}
