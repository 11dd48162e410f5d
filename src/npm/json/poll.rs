use crate::client::PollResult;
use crate::domain::PollState;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::schedule::Line;

impl ToJson for PollState {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("taskId", &self.task_id);
        json.field("startedAt", &self.started_at);
        json.field("createdAt", &self.created_at);
        json.field("estimateMs", &self.estimate_ms);
        json.field("progress", &u32::from(self.progress));
        json.field("unfinishedAt", &self.unfinished_at);
        json.field("line", &self.line);
        json.field("breaks", &u32::from(self.breaks));
        json.field("shown", &u32::from(self.shown));
        json.field("completed", &self.completed);
        json.field("unlinked", &u32::from(self.unlinked));
        json.field("reads", &self.reads);
        json.field("failures", &self.failures);
        json.close('}');
    }
}

impl ToJson for Line {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("fromMs", &self.from_ms);
        json.field("from", &u32::from(self.from));
        json.field("to", &u32::from(self.to));
        json.field("endMs", &self.end_ms);
        json.field("hits", &u32::from(self.hits));
        json.close('}');
    }
}

impl ToJson for PollResult {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &self.task);
        json.field("state", &self.state);
        json.field("delayMs", &OrNull(self.delay_ms));
        json.close('}');
    }
}
