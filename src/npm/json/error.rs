use crate::domain::json::{Json, ToJson};
use crate::domain::{Error, Value};

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
        json.field("param", &self.particulars.param);
        json.field("type", &self.particulars.error_type);
        json.field("suggestion", &self.particulars.suggestion);
        let details = &self.particulars.details;
        json.field(
            "details",
            &(!details.is_empty()).then(|| Value::Object(details.clone())),
        );
        json.field("body", &self.body);
        json.field("issues", &self.issues);
        json.field("task", &self.task);
        json.field("tasks", &self.tasks);
        json.close('}');
    }
}
