use crate::client::PollResult;
use crate::domain::json::{Json, OrNull, ToJson};

impl ToJson for PollResult {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &self.task);
        json.field("state", &self.state);
        json.field("delayMs", &OrNull(self.delay_ms));
        json.close('}');
    }
}
