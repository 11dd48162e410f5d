use crate::client::Event;
use crate::domain::json::{Json, OrNull, ToJson};

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
