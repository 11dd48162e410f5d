use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::task::TaskError;
use crate::domain::{Status, Task};

impl ToJson for Task {
    /// The answer as it came, but for the fields that were read.
    fn write(&self, json: &mut Json) {
        let completed = self.status == Status::Completed;
        json.open('{');
        for (name, value) in self.raw.entries() {
            let is_read = match name.as_ref() {
                "id" | "status" | "progress" => true,
                "results" => completed,
                "expiresAt" => self.expires_at.is_some(),
                "error" => self.error.is_some(),
                _ => false,
            };
            if !is_read {
                json.field(name, value);
            }
        }
        json.field("id", &self.id);
        json.field("status", &self.status.as_str());
        json.field("progress", &OrNull(self.progress.map(u32::from)));
        json.field("results", &completed.then_some(&self.results));
        json.field("expiresAt", &self.expires_at);
        json.field("error", &self.error);
        json.close('}');
    }
}

impl ToJson for TaskError {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("code", &self.code);
        json.field("message", &self.message);
        json.close('}');
    }
}
