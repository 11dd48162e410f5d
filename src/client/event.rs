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
        match self {
            Event::Request { method, url, attempt } => {
                json.field("type", &"request");
                json.field("method", method);
                json.field("url", url);
                json.field("attempt", attempt);
            }
            Event::Response {
                status,
                request_id,
                elapsed_ms,
            } => {
                json.field("type", &"response");
                json.field("status", &u32::from(*status));
                json.field("requestId", &OrNull(request_id.as_ref()));
                json.field("elapsedMs", elapsed_ms);
            }
            Event::Failure { code, elapsed_ms } => {
                json.field("type", &"failure");
                json.field("code", code);
                json.field("elapsedMs", elapsed_ms);
            }
            Event::Retry { delay_ms } => {
                json.field("type", &"retry");
                json.field("delayMs", delay_ms);
            }
            Event::Poll { task_id, delay_ms } => {
                json.field("type", &"poll");
                json.field("taskId", task_id);
                json.field("delayMs", delay_ms);
            }
        }
        json.close('}');
    }
}
