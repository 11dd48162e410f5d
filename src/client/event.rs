use super::transport::Method;
use crate::domain::Value;

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

impl From<&Event> for Value {
    fn from(event: &Event) -> Self {
        match event {
            Event::Request { method, url, attempt } => Value::object([
                ("type", Some("request".into())),
                ("method", Some((*method).into())),
                ("url", Some(url.as_str().into())),
                ("attempt", Some((*attempt).into())),
            ]),
            Event::Response {
                status,
                request_id,
                elapsed_ms,
            } => Value::object([
                ("type", Some("response".into())),
                ("status", Some(u32::from(*status).into())),
                ("requestId", Some(request_id.clone().into())),
                ("elapsedMs", Some((*elapsed_ms).into())),
            ]),
            Event::Failure { code, elapsed_ms } => Value::object([
                ("type", Some("failure".into())),
                ("code", Some(code.as_str().into())),
                ("elapsedMs", Some((*elapsed_ms).into())),
            ]),
            Event::Retry { delay_ms } => Value::object([
                ("type", Some("retry".into())),
                ("delayMs", Some((*delay_ms).into())),
            ]),
            Event::Poll { task_id, delay_ms } => Value::object([
                ("type", Some("poll".into())),
                ("taskId", Some(task_id.as_str().into())),
                ("delayMs", Some((*delay_ms).into())),
            ]),
        }
    }
}
