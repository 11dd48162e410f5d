use crate::client::PollResult;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::schedule::Line;
use crate::domain::task::is_task_id;
use crate::domain::{PollState, Value};

/// Reads a line; one at the origin if there is none.
fn read_line(value: Option<&Value>) -> Line {
    let number = |name: &str| value.and_then(|line| line.get(name)?.as_f64()).unwrap_or(0.0);
    Line {
        from_ms: number("fromMs") as u32,
        from: (number("from") as u8).min(100),
        to: (number("to") as u8).min(100),
        end_ms: number("endMs") as u32,
        hits: number("hits") as u8,
    }
}

/// Reads the JSON form of a state; `None` if `value` is something else.
pub fn read_poll_state(value: &Value) -> Option<PollState> {
    let number = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_f64)
            .filter(|n| n.is_finite() && *n >= 0.0)
    };
    let started_at = number("startedAt")? as i64;
    Some(PollState {
        task_id: value
            .get("taskId")?
            .as_str()
            .filter(|id| is_task_id(id))?
            .to_owned(),
        started_at,
        created_at: number("createdAt").map_or(started_at, |at| at as i64),
        estimate_ms: number("estimateMs")? as u32,
        progress: (number("progress")? as u8).min(100),
        unfinished_at: number("unfinishedAt").map(|at| at as i64),
        line: read_line(value.get("line")),
        breaks: number("breaks").unwrap_or(0.0) as u8,
        shown: (number("shown").unwrap_or(0.0) as u8).min(99),
        completed: matches!(value.get("completed"), Some(Value::Bool(true))),
        reads: number("reads")? as u32,
        failures: number("failures")? as u32,
    })
}

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
