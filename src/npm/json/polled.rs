use crate::client::Polled;
use crate::domain::json::{Json, OrNull, ToJson};

impl ToJson for Polled {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &OrNull(self.task.as_ref()));
        json.field("state", &self.state);
        json.field("delayMs", &OrNull(self.delay_ms));
        json.field("error", &self.error);
        json.close('}');
    }
}
