use crate::domain::Error;
use crate::domain::json::{Json, ToJson};

impl ToJson for Error {
    /// All fields but `cause`, which is a value of the host.
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("name", &self.kind);
        json.field("code", &self.code);
        json.field("message", &self.message);
        json.field("retryable", &self.retryable);
        json.field("charged", &self.charged);
        json.field("status", &self.status.map(u32::from));
        json.field("requestId", &self.request_id);
        json.field("taskId", &self.task_id);
        json.field("idempotencyKey", &self.idempotency_key);
        json.field("retryAfterMs", &self.retry_after_ms);
        json.field("issues", &self.issues);
        json.field("task", &self.task);
        json.field("tasks", &self.tasks);
        json.close('}');
    }
}
