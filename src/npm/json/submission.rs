use crate::client::{Prepared, Submission};
use crate::domain::json::{Json, OrNull, ToJson};

impl ToJson for Prepared {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("method", &self.method);
        json.field("url", &self.url);
        json.field("headers", &self.headers);
        json.field("body", &self.body);
        json.field("mode", &OrNull(self.mode));
        json.field("tags", &self.tags);
        json.field("warnings", &self.warnings);
        json.close('}');
    }
}

impl ToJson for Submission {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &self.task);
        json.field("idempotencyKey", &self.idempotency_key);
        json.field("replayed", &self.replayed);
        json.field("requestId", &OrNull(self.request_id.as_ref()));
        json.field("warnings", &self.warnings);
        json.field("state", &self.state);
        json.field("delayMs", &OrNull(self.delay_ms));
        json.close('}');
    }
}
