use super::transport::Method;
use crate::domain::json::{Json, OrNull, ToJson};

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

impl ToJson for Event {
    fn write(&self, json: &mut Json) {
        json.open('{');
        let (kind, elapsed_ms, delay_ms) = match self {
            Event::Request { .. } => ("request", None, None),
            Event::Response { elapsed_ms, .. } => ("response", Some(elapsed_ms), None),
            Event::Failure { elapsed_ms, .. } => ("failure", Some(elapsed_ms), None),
            Event::Retry { delay_ms } => ("retry", None, Some(delay_ms)),
            Event::Poll { delay_ms, .. } => ("poll", None, Some(delay_ms)),
        };
        json.field("type", &kind);
        match self {
            Event::Request { method, url, attempt } => {
                json.field("method", method);
                json.field("url", url);
                json.field("attempt", attempt);
            }
            Event::Response {
                status, request_id, ..
            } => {
                json.field("status", &u32::from(*status));
                json.field("requestId", &OrNull(request_id.as_ref()));
            }
            Event::Failure { code, .. } => json.field("code", code),
            Event::Retry { .. } => {}
            Event::Poll { task_id, .. } => json.field("taskId", task_id),
        }
        json.field("elapsedMs", &elapsed_ms);
        json.field("delayMs", &delay_ms);
        json.close('}');
    }
}
