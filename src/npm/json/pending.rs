use crate::client::Pending;
use crate::domain::json::{Json, ToJson};

impl ToJson for Pending {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("taskId", &self.task_id);
        json.field("idempotencyKey", &self.idempotency_key);
        json.field("since", &self.since);
        json.field("request", &self.request);
        json.close('}');
    }
}
