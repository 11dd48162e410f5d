//! When to look at a task next: a pure function of what was seen so far.

use super::json::{Json, ToJson};
use super::task::{Status, Task, is_task_id};
use super::value::Value;

/// What is known of a task that is waited for. Plain data: it survives as JSON in another process.
#[derive(Clone, Debug, PartialEq)]
pub struct PollState {
    /// The task.
    pub task_id: String,
    /// When the waiting began, in milliseconds since 1970.
    pub started_at: i64,
    /// When the task was created, as far as it is known, in milliseconds since 1970.
    pub created_at: i64,
    /// How long the vendor expects the task to take, in milliseconds.
    pub estimate_ms: u32,
    /// The most that was seen, 0 to 100.
    pub progress: u8,
    /// Whether anything was seen of the task yet.
    pub observed: bool,
    /// When it was last known to be unfinished, in milliseconds since 1970.
    pub unfinished_at: Option<i64>,
    /// How it rose.
    pub rise: Option<Rise>,
    /// What [`progress_estimate`](Self::progress_estimate) may not fall below, 0 to 100.
    pub shown: u8,
    /// Whether the task is completed.
    pub completed: bool,
    /// Reads so far.
    pub reads: u32,
    /// Reads since the last one that brought a task.
    pub failures: u32,
}

/// How progress rose from 0. Times are milliseconds since the task was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rise {
    /// When the first progress was seen.
    pub first_ms: u32,
    /// How much that was.
    pub first: u8,
    /// When the latest progress was seen first; that of the first, if it has not risen since.
    pub last_ms: u32,
}

/// The estimate where the API gives none \[ref\]: the standard model's, in milliseconds.
const DEFAULT_ESTIMATE_MS: u32 = 165_000;
/// The shortest time between two looks, before jitter, in milliseconds.
pub const SHORTEST_MS: f64 = 1_000.0;
const LONGEST_MS: f64 = 30_000.0;
/// A day: what a clock may differ from the server's before its times are taken as nonsense.
const DAY_MS: i64 = 86_400_000;

/// For tasks that tell nothing on their way: the delay to the next look, in thousandths of the estimate, by
/// the age in hundredths of it. Looks are dense where ends are likely: about as the root of their likelihood,
/// which gives the least delay for a number of looks. `npm run bench` measures what comes of it.
const RHYTHM: [(f64, f64); 10] = [
    (0.0, 148.0),
    (12.0, 72.0),
    (25.0, 34.0),
    (40.0, 25.0),
    (60.0, 22.2),
    (80.0, 22.0),
    (100.0, 18.5),
    (150.0, 19.0),
    (220.0, 29.0),
    (440.0, 43.0),
];

impl PollState {
    /// Nothing was read yet.
    pub fn new(task_id: impl Into<String>, now: f64) -> Self {
        Self {
            task_id: task_id.into(),
            started_at: now as i64,
            created_at: now as i64,
            estimate_ms: DEFAULT_ESTIMATE_MS,
            progress: 0,
            observed: false,
            unfinished_at: None,
            rise: None,
            shown: 0,
            completed: false,
            reads: 0,
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
        let started_at = number("startedAt")? as i64;
        let rise = || {
            Some(Rise {
                first_ms: number("firstRiseMs")? as u32,
                first: number("firstRise")? as u8,
                last_ms: number("lastRiseMs")? as u32,
            })
        };
        Some(Self {
            task_id: value
                .get("taskId")?
                .as_str()
                .filter(|id| is_task_id(id))?
                .to_owned(),
            started_at,
            created_at: number("createdAt").map_or(started_at, |at| at as i64),
            estimate_ms: number("estimateMs")? as u32,
            progress: (number("progress")? as u8).min(100),
            observed: matches!(value.get("observed"), Some(Value::Bool(true))),
            unfinished_at: number("unfinishedAt").map(|at| at as i64),
            rise: rise(),
            shown: (number("shown").unwrap_or(0.0) as u8).min(99),
            completed: matches!(value.get("completed"), Some(Value::Bool(true))),
            reads: number("reads")? as u32,
            failures: number("failures")? as u32,
        })
    }

    /// Takes in what a submission or a read brought that was `asked` for then and is there `now`; tells the
    /// task in turn until when its links live, as far as that is known.
    pub fn observe(&mut self, task: &mut Task, asked: f64, now: f64) {
        // Rounded up, so that the bar does not step back when what it is reckoned from changes.
        self.shown = (self.progress_estimate(now) + 0.999).min(99.0) as u8;
        self.failures = 0;
        if let Some(created_at) = task.created_ms()
            && (self.started_at - DAY_MS..=self.started_at).contains(&created_at)
        {
            self.created_at = created_at;
        }
        if let Some(seconds) = task.estimated_seconds() {
            self.estimate_ms = (seconds * 1000.0) as u32;
        }
        self.completed = task.status == Status::Completed;
        if task.is_final() {
            task.completed_after(self.unfinished_at);
        } else if !self.completed {
            self.unfinished_at = Some(asked as i64);
        }
        let progress = task.progress.unwrap_or(0);
        if progress > self.progress {
            self.progress = progress;
            let now_ms = self.age_ms(now) as u32;
            self.rise = Some(match self.rise {
                Some(rise) => Rise {
                    last_ms: now_ms,
                    ..rise
                },
                // Well under way when it is seen first: as if it had risen evenly since its creation.
                None if !self.observed && self.created_at < self.started_at => Rise {
                    first_ms: 0,
                    first: 0,
                    last_ms: now_ms,
                },
                None => Rise {
                    first_ms: now_ms,
                    first: progress,
                    last_ms: now_ms,
                },
            });
        }
        self.observed = true;
    }

    /// Takes in that a read failed.
    pub fn fail(&mut self) {
        self.failures += 1;
    }

    /// Milliseconds until the next look; `random` is from 0 (included) to 1 (excluded).
    ///
    /// - Progress that was seen to rise twice tells the end: 0.42 of what is left, again and again.
    /// - Progress that jumped once, past the half, tells it roughly: no look in the two thirds of that
    ///   time which follow, then dense ones.
    /// - Otherwise, by the age of the task against its estimate.
    ///
    /// Between 1 and 30 s, and 8 % of jitter; each failed read in a row doubles it.
    pub fn delay_ms(&self, now: f64, random: f64) -> u32 {
        let age = self.age_ms(now);
        let by_age = self.by_age_ms(age);
        let calm = match (self.rise, self.end_ms()) {
            (_, Some(end)) if end > age => (end - age) * 0.42,
            (_, Some(end)) => by_age.min((age - end) / 2.0),
            (Some(rise), None) if rise.first >= 50 => {
                let jumped = f64::from(rise.first_ms);
                if age < 1.7 * jumped {
                    by_age.max(1.7 * jumped - age)
                } else if age < 2.2 * jumped {
                    // A 54th of the time to the jump: 1.1 s at a minute.
                    jumped / 54.0
                } else {
                    by_age
                }
            }
            _ => by_age,
        };
        let slowed = calm.max(SHORTEST_MS) * f64::from(1_u32 << self.failures.min(5));
        (slowed.min(LONGEST_MS) * (0.92 + 0.16 * random)) as u32
    }

    /// A smooth, never falling 0 to 100 for a progress bar, at any time between looks; 100 only when
    /// completed.
    pub fn progress_estimate(&self, now: f64) -> f64 {
        if self.completed {
            return 100.0;
        }
        let age = self.age_ms(now);
        let reckoned = match self.end_ms() {
            Some(end) => age / end * 99.0,
            None => {
                let part = age / f64::from(self.estimate_ms.max(1));
                // Slower and slower; at the estimate 92, and creeping on for ever.
                if part <= 1.0 {
                    92.0 * part * (2.0 - part)
                } else {
                    99.0 - 7.0 / part
                }
            }
        };
        reckoned
            .max(f64::from(self.progress))
            // Not `clamp`: its panic prints floats, which weighs 10 KB brotli.
            .max(f64::from(self.shown))
            .min(99.0)
    }

    fn age_ms(&self, now: f64) -> f64 {
        (now - self.created_at as f64).clamp(0.0, f64::from(u32::MAX))
    }

    /// The age at which the task ends if progress goes on as it went; known once it rose twice.
    fn end_ms(&self) -> Option<f64> {
        let rise = self.rise.filter(|rise| rise.last_ms > rise.first_ms)?;
        let risen = f64::from(self.progress.saturating_sub(rise.first));
        let per_point = f64::from(rise.last_ms - rise.first_ms) / risen.max(1.0);
        Some(f64::from(rise.last_ms) + f64::from(100 - self.progress.min(100)) * per_point)
    }

    fn by_age_ms(&self, age: f64) -> f64 {
        let estimate = f64::from(self.estimate_ms);
        let part = 100.0 * age / estimate.max(1.0);
        let mut steps = RHYTHM.iter().zip(RHYTHM.iter().skip(1));
        let (last_part, last) = RHYTHM[RHYTHM.len() - 1];
        // Past all that is likely the estimate says nothing any more, and the delay grows with the age.
        let thousandths = steps
            .find(|(_, (to, _))| part <= *to)
            .map_or(last * part / last_part, |((from, first), (to, second))| {
                first + (second - first) * (part - from) / (to - from)
            });
        thousandths * estimate / 1000.0
    }
}

impl ToJson for PollState {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("taskId", &self.task_id);
        json.field("startedAt", &self.started_at);
        json.field("createdAt", &self.created_at);
        json.field("estimateMs", &self.estimate_ms);
        json.field("progress", &u32::from(self.progress));
        json.field("observed", &self.observed);
        json.field("unfinishedAt", &self.unfinished_at);
        json.field("firstRiseMs", &self.rise.map(|rise| rise.first_ms));
        json.field("firstRise", &self.rise.map(|rise| u32::from(rise.first)));
        json.field("lastRiseMs", &self.rise.map(|rise| rise.last_ms));
        json.field("shown", &u32::from(self.shown));
        json.field("completed", &self.completed);
        json.field("reads", &self.reads);
        json.field("failures", &self.failures);
        json.close('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(status: &str, progress: u32) -> Task {
        let raw = Value::object([
            ("id", Some("task-1".into())),
            ("status", Some(status.into())),
            ("progress", Some(progress.into())),
        ]);
        Task::read(raw).unwrap()
    }

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
        for estimate_ms in [0, 1_000, 165_000, 3_600_000, u32::MAX] {
            let delays = delays(estimate_ms, 900_000.0);
            assert!(
                delays.iter().all(|delay| (920..=32_400).contains(delay)),
                "{estimate_ms}: {delays:?}"
            );
        }
        let delays = delays(165_000, 165_000.0);
        assert!(delays.len() <= 50, "{}", delays.len());
    }

    #[test]
    fn a_task_that_takes_many_times_its_estimate_is_looked_at_less_and_less() {
        let delays = delays(25_000, 900_000.0);
        assert!(delays.len() < 420, "{}", delays.len());
        assert!(*delays.last().unwrap() > 8_000, "{delays:?}");
    }

    #[test]
    fn looks_come_denser_towards_the_likely_end() {
        let delays = delays(165_000, 120_000.0);
        assert!(delays.first() > delays.last(), "{delays:?}");
    }

    #[test]
    fn progress_that_rises_evenly_tells_the_end() {
        let mut state = PollState::new("task-1", 0.0);
        state.observe(&mut seen("processing", 20), 20_000.0, 20_000.0);
        state.observe(&mut seen("processing", 40), 40_000.0, 40_000.0);
        // The end is at 100 s.
        assert_eq!(state.delay_ms(40_000.0, 0.5), 25_200);
        assert_eq!(state.delay_ms(90_000.0, 0.5), 4_200);
        assert_eq!(state.delay_ms(99_000.0, 0.5), 1_000);
    }

    #[test]
    fn a_task_that_is_well_under_way_when_first_seen_is_not_waited_for_as_if_it_began() {
        let mut task = seen("processing", 50);
        let created = Value::object([("created", Some(1_700_000_000_i64.into()))]);
        task.raw = created;
        let now = 1_700_000_010_000.0;
        let mut state = PollState::new("task-1", now);
        state.observe(&mut task, now, now);
        // Half done after 10 s.
        assert_eq!(state.delay_ms(now, 0.5), 4_200);
    }

    #[test]
    fn failures_slow_it_down_and_a_good_read_ends_that() {
        let mut state = PollState::new("task-1", 0.0);
        let calm = state.delay_ms(90_000.0, 0.5);
        state.fail();
        state.fail();
        assert!(state.delay_ms(90_000.0, 0.5) > 3 * calm);
        assert!((1..40).all(|_| {
            state.fail();
            state.delay_ms(90_000.0, 1.0) <= 32_400
        }));
        state.observe(&mut seen("processing", 0), 90_000.0, 90_000.0);
        assert_eq!(state.delay_ms(90_000.0, 0.5), calm);
    }

    #[test]
    fn a_task_is_as_old_as_the_server_says_if_that_can_be() {
        let created = |seconds: i64| {
            let mut task = seen("pending", 0);
            task.raw = Value::object([("created", Some(seconds.into()))]);
            let mut state = PollState::new("task-1", 1_700_000_100_000.0);
            state.observe(&mut task, 1_700_000_100_000.0, 1_700_000_100_000.0);
            state.created_at
        };
        assert_eq!(created(1_700_000_000), 1_700_000_000_000);
        // Ahead of this clock, or of another century.
        assert_eq!(created(1_700_009_000), 1_700_000_100_000);
        assert_eq!(created(5), 1_700_000_100_000);
    }

    #[test]
    fn the_progress_estimate_never_falls_and_is_100_only_when_completed() {
        for told in [
            &[0_u32, 0, 0, 0, 0][..],
            &[10, 20, 90, 95, 99],
            &[0, 65, 65, 65, 65],
            &[50, 20, 0, 100, 100],
        ] {
            let mut state = PollState::new("task-1", 0.0);
            let mut last = 0.0;
            let mut now = 0.0;
            for (look, progress) in told.iter().enumerate() {
                for _ in 0..100 {
                    now += 317.0;
                    let estimate = state.progress_estimate(now);
                    assert!(
                        (last..=99.0).contains(&estimate),
                        "{told:?} {now} {estimate} {last}"
                    );
                    last = estimate;
                }
                // An estimate that changes must not pull it back either.
                let mut task = seen("processing", *progress);
                let info = Value::object([("estimated_time", Some((60 * (look as i64 + 1)).into()))]);
                task.raw = Value::object([("task_info", Some(info))]);
                state.observe(&mut task, now, now);
            }
            state.observe(&mut seen("completed", 100), now, now);
            assert_eq!(state.progress_estimate(now), 100.0);
        }
    }
}
