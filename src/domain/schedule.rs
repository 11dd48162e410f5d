//! When to look at a task next: a pure function of what was seen so far.

use super::task::{Task, is_task_id};
use super::value::Value;

/// What is known of a task that is waited for. Plain data: it survives as JSON in another process.
#[derive(Clone, Debug, PartialEq)]
pub struct PollState {
    /// The task.
    pub task_id: String,
    /// When the waiting began, in milliseconds since 1970.
    pub started_at: i64,
    /// How long the vendor expects the task to take, in milliseconds.
    pub estimate_ms: u32,
    /// 0 to 100.
    pub progress: u8,
    /// Reads so far.
    pub looks: u32,
    /// Reads since the last one that brought a task.
    pub failures: u32,
}

/// The estimate where the API gives none \[ref\]: the standard model's, in milliseconds.
const DEFAULT_ESTIMATE_MS: u32 = 165_000;
const SHORTEST_MS: f64 = 2_000.0;
const LONGEST_MS: f64 = 10_000.0;
const LONGEST_AFTER_FAILURES_MS: f64 = 30_000.0;

impl PollState {
    /// Nothing was read yet.
    pub fn new(task_id: impl Into<String>, now: f64) -> Self {
        Self {
            task_id: task_id.into(),
            started_at: now as i64,
            estimate_ms: DEFAULT_ESTIMATE_MS,
            progress: 0,
            looks: 0,
            failures: 0,
        }
    }

    /// Reads what became of a state as a [`Value`]; `None` if it is something else.
    pub fn read(value: &Value) -> Option<Self> {
        let number = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_f64)
                .filter(|n| n.is_finite() && *n >= 0.0)
        };
        Some(Self {
            task_id: value
                .get("taskId")?
                .as_str()
                .filter(|id| is_task_id(id))?
                .to_owned(),
            started_at: number("startedAt")? as i64,
            estimate_ms: number("estimateMs")? as u32,
            progress: number("progress")? as u8,
            looks: number("looks")? as u32,
            failures: number("failures")? as u32,
        })
    }

    /// Takes in what a submission or a read brought.
    pub fn observe(&mut self, task: &Task) {
        self.failures = 0;
        self.progress = self.progress.max(task.progress.unwrap_or(0));
        if let Some(seconds) = task.estimated_seconds() {
            self.estimate_ms = (seconds * 1000.0) as u32;
        }
    }

    /// Takes in that a read failed.
    pub fn fail(&mut self) {
        self.failures += 1;
    }

    /// Milliseconds until the next look; `random` is from 0 (included) to 1 (excluded).
    ///
    /// A sixth of what is likely left, so that looks come denser towards the likely end; past it a
    /// sixth of the delay so far, so that they thin out again. Between 2 and 10 s, then 10 % of jitter;
    /// failed reads double it, up to 30 s.
    pub fn delay_ms(&self, now: f64, random: f64) -> u32 {
        let elapsed = (now - self.started_at as f64).max(0.0);
        let progress = f64::from(self.progress);
        // Progress is trusted once it says more than "begun": tasks were seen to jump from 0 to 65.
        let left = if progress >= 10.0 {
            elapsed * (100.0 - progress) / progress
        } else {
            f64::from(self.estimate_ms) - elapsed
        };
        let calm = (left.abs() / 6.0).clamp(SHORTEST_MS, LONGEST_MS);
        let slowed = calm * f64::from(1_u32 << self.failures.min(4));
        let delay = if self.failures > 0 {
            slowed.min(LONGEST_AFTER_FAILURES_MS)
        } else {
            calm
        };
        (delay * (0.9 + 0.2 * random)) as u32
    }
}

impl From<PollState> for Value {
    fn from(state: PollState) -> Self {
        Value::object([
            ("taskId", Some(state.task_id.into())),
            ("startedAt", Some(state.started_at.into())),
            ("estimateMs", Some(state.estimate_ms.into())),
            ("progress", Some(u32::from(state.progress).into())),
            ("looks", Some(state.looks.into())),
            ("failures", Some(state.failures.into())),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(estimate_ms: u32, end: f64) -> Vec<u32> {
        let state = PollState {
            estimate_ms,
            ..PollState::new("task-1", 0.0)
        };
        let mut now = 0.0;
        let mut delays = Vec::new();
        while now < end {
            let delay = state.delay_ms(now, 0.5);
            now += f64::from(delay);
            delays.push(delay);
        }
        delays
    }

    #[test]
    fn every_delay_is_within_bounds_and_a_whole_task_takes_few_looks() {
        let delays = delays(165_000, 165_000.0);
        assert!(
            delays.iter().all(|delay| (1_800..=11_000).contains(delay)),
            "{delays:?}"
        );
        assert!(delays.len() <= 40, "{}", delays.len());
    }

    #[test]
    fn looks_come_denser_towards_the_end() {
        let delays = delays(60_000, 58_000.0);
        assert!(delays.first() > delays.last(), "{delays:?}");
    }

    #[test]
    fn failures_slow_it_down_and_a_good_read_ends_that() {
        let mut state = PollState::new("task-1", 0.0);
        let calm = state.delay_ms(0.0, 0.5);
        state.fail();
        state.fail();
        assert!(state.delay_ms(0.0, 0.5) > calm);
        assert!(state.delay_ms(0.0, 1.0) <= 33_000);
        state.failures = 0;
        assert_eq!(state.delay_ms(0.0, 0.5), calm);
    }
}
