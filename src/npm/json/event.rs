use crate::client::{Event, EventKind};
use crate::domain::json::{Json, OrNull, ToJson};

/// An event of a call.
pub struct CallEvent<'a> {
    pub event: &'a Event,
    pub call_id: u32,
    pub operation: &'static str,
}

impl ToJson for CallEvent<'_> {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("callId", &self.call_id);
        json.field("operation", &self.operation);
        match &self.event.kind {
            EventKind::Request { method, url } => {
                json.field("type", &"request");
                json.field("method", method);
                json.field("url", url);
            }
            EventKind::Response {
                status,
                request_id,
                elapsed_ms,
            } => {
                json.field("type", &"response");
                json.field("status", &u32::from(*status));
                json.field("requestId", &OrNull(request_id.as_ref()));
                json.field("elapsedMs", elapsed_ms);
            }
            EventKind::Failure { code, elapsed_ms } => {
                json.field("type", &"failure");
                json.field("code", code);
                json.field("elapsedMs", elapsed_ms);
            }
            EventKind::Retry { delay_ms } => {
                json.field("type", &"retry");
                json.field("delayMs", delay_ms);
            }
            EventKind::Poll { delay_ms } => {
                json.field("type", &"poll");
                json.field("delayMs", delay_ms);
            }
        }
        let attempt = self.event.attempt;
        json.field("attempt", &(attempt > 0).then_some(attempt));
        json.field("taskId", &self.event.task_id);
        json.close('}');
    }
}
