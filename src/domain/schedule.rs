//! Decides when to read a task next, as a pure function of what was seen so far.

use super::api::DEFAULT_ESTIMATE_SECONDS;
use super::json::{Json, ToJson};
use super::retry::Call;
use super::task::{Status, Task};
use super::task_id::{created_ms_of_id, is_task_id};
use super::value::Value;

/// The state of a task that is being waited for. It is plain data, which another process can read as JSON.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct PollState {
    /// The id of the task.
    pub task_id: String,
    /// When the wait began, in milliseconds since 1970.
    pub started_at: i64,
    /// When the task was created, as far as that is known, in milliseconds since 1970.
    pub created_at: i64,
    /// How long the vendor expects the task to take, in milliseconds; 0 if the API did not tell.
    pub estimate_ms: u32,
    /// The highest progress seen, 0 to 100.
    pub progress: u8,
    /// When the task was last known to be unfinished, in milliseconds since 1970.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub unfinished_at: Option<i64>,
    /// The straight line that progress follows, as far as it does.
    #[doc(hidden)]
    pub line: Line,
    /// How often progress left a line that had been trusted.
    #[doc(hidden)]
    pub breaks: u8,
    /// The lower bound of [`progress_estimate`](Self::progress_estimate), in hundredths of a percent, 0 to 9900.
    #[doc(hidden)]
    pub shown: u16,
    /// Whether the task is completed.
    pub completed: bool,
    /// The number of reads in a row that saw it completed without a link.
    #[doc(hidden)]
    pub unlinked: u8,
    /// The number of reads so far.
    pub reads: u32,
    /// The number of reads that failed since the last one that returned the task.
    pub failures: u32,
}

/// A straight line through the progress of a task. Times are milliseconds since its creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct Line {
    /// When it begins.
    pub from_ms: u32,
    /// The progress there, 0 to 100.
    pub from: u8,
    /// The progress that last confirmed it, 0 to 100.
    pub to: u8,
    /// When the task ends if progress stays on the line; 0 until progress has risen.
    pub end_ms: u32,
    /// How many times progress rose as the line had predicted.
    pub hits: u8,
}

/// The estimate if the API gives none, in milliseconds.
const DEFAULT_ESTIMATE_MS: u32 = DEFAULT_ESTIMATE_SECONDS * 1000;
/// The shortest delay between two reads, before jitter, in milliseconds, unless the server estimates less than ten of
/// these.
pub(crate) const SHORTEST_MS: f64 = 1_000.0;
/// The shortest delay whatever the server estimates, in milliseconds.
const LEAST_MS: f64 = 20.0;
const LONGEST_MS: f64 = 30_000.0;
/// The longest delay of a completed task whose links are late, in milliseconds.
const LONGEST_UNLINKED_MS: f64 = 10_000.0;
/// After this many reads, the links of a completed task are missing and not late: the first and five more, in 25 s.
const MAX_UNLINKED: u8 = 6;
/// A number of breaks that no number of hits makes up for.
const NEVER_TRUSTED: u8 = u8::MAX;
/// The largest plausible difference between this clock and the server's, in milliseconds: a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

// A line may have nothing to do with the end of its task, and only the end tells. Such a line costs no more than
// no progress does (60 by the measure of `npm run bench`) because a line never stops the rhythm, it only slows it
// down: reads times delay is the same at any pace, so what counts is that the pace stays nearly the same before
// and after the predicted end. These four numbers were searched with `tests/bench/curves.rs`.

/// The delay in delays by age while a straight line is trusted.
const TRUSTED_PACE: f64 = 2.25;
/// The same once progress has risen and a line is likely.
const RISING_PACE: f64 = 1.3;
/// The same after a trusted line was left: the reads around its end are made up for.
const BROKEN_PACE: f64 = 1.5;
/// A predicted end is read exactly if it is nearer than this many delays.
const REACH: f64 = 1.4;

/// The delay to the next read by the age of the task, in thousandths of the estimate by hundredths of it. A delay
/// in proportion to the root of the inverse hazard rate gives the least mean delay for a number of reads.
/// `npm run bench` measures the result.
const RHYTHM: [(f64, f64); 10] = [
    (0.0, 182.0),
    (17.0, 75.0),
    (24.0, 57.0),
    (33.0, 38.0),
    (45.0, 29.0),
    (65.0, 24.0),
    (100.0, 21.5),
    (200.0, 21.5),
    (300.0, 26.0),
    (440.0, 43.0),
];

/// The delay without an estimate, in roots of the age in milliseconds: 1.2 s after 1 s, 3.8 s after 10 s. By
/// `npm run bench`, less costs more reads of tasks of the usual duration, more costs delay of shorter ones.
const SCALE_FREE: f64 = 38.0;

/// Whether a task can have been created at a time, in view of when its wait began.
fn is_plausible(created_at: i64, started_at: i64) -> bool {
    (started_at - DAY_MS..=started_at).contains(&created_at)
}

impl Line {
    /// Reads the JSON form; a line at the origin if there is none.
    fn read(value: Option<&Value>) -> Self {
        let number = |name: &str| value.and_then(|line| line.get(name)?.as_f64()).unwrap_or(0.0);
        Self {
            from_ms: number("fromMs") as u32,
            from: (number("from") as u8).min(100),
            to: (number("to") as u8).min(100),
            end_ms: number("endMs") as u32,
            hits: number("hits") as u8,
        }
    }

    /// The highest progress that is seen before the end.
    const TOP: f64 = 99.0;
    /// The rise between two readings that can confirm a line. Rounded progress agrees by chance with less.
    const CONFIRMING_RISE: u8 = 3;

    fn starting_at(ms: u32, progress: u8) -> Self {
        Self {
            from_ms: ms,
            from: progress,
            to: progress,
            ..Self::default()
        }
    }

    /// The percent from its beginning to its end.
    fn height(&self) -> f64 {
        Self::TOP - f64::from(self.from)
    }

    fn ms_per_percent(&self) -> f64 {
        (f64::from(self.end_ms) - f64::from(self.from_ms)) / self.height()
    }

    /// The age from which progress has surely left it: a percent late, because some count to 100 and not to 99.
    fn left_ms(&self) -> f64 {
        f64::from(self.end_ms) + self.ms_per_percent()
    }

    /// Adds a reading. Returns whether it left the line, in which case a new line starts there.
    fn take(&mut self, ms: u32, progress: u8) -> bool {
        let is_drawn = self.end_ms > 0;
        let rise = f64::from(progress) - f64::from(self.from);
        let passed_ms = f64::from(ms) - f64::from(self.from_ms);
        let expected = (passed_ms / self.ms_per_percent()).min(self.height());
        // Both this reading and the one that confirmed the line are rounded, and the latter's error has grown since.
        let tolerance = 1.0 + expected / (f64::from(self.to) - f64::from(self.from));
        let is_left = is_drawn && (f64::from(ms) >= self.left_ms() || (rise - expected).abs() > tolerance);
        if is_left || rise <= 0.0 && !is_drawn {
            *self = Self::starting_at(ms, progress);
            return is_left;
        }
        if !is_drawn {
            self.to = progress;
        } else if progress >= self.to.saturating_add(Self::CONFIRMING_RISE) {
            self.to = progress;
            self.hits = self.hits.saturating_add(1);
        }
        // Progress is rounded down, so each reading allows a range of ends. The latest end that all allow is kept.
        let end_ms = |rise: f64| (f64::from(self.from_ms) + passed_ms * self.height() / rise) as u32;
        if rise > 0.0 && !(end_ms(rise + 1.0)..=end_ms(rise)).contains(&self.end_ms) {
            self.end_ms = end_ms(rise);
        }
        false
    }
}

impl PollState {
    /// Reads the JSON form, of an earlier version too. `None` if `value` is something else. Fields that only the
    /// schedule uses may be absent, and no number is taken beyond its range.
    pub fn read(value: &Value) -> Option<Self> {
        let number = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_f64)
                .filter(|n| n.is_finite() && *n >= 0.0)
        };
        // Also before 1970: the clock of the process that wrote it may have been wrong, and the task must not be lost.
        let time = |name: &str| value.get(name).and_then(Value::as_f64).map(|at| at as i64);
        let started_at = time("startedAt")?;
        Some(Self {
            task_id: value
                .get("taskId")?
                .as_str()
                .filter(|id| is_task_id(id))?
                .to_owned(),
            started_at,
            created_at: time("createdAt").unwrap_or(started_at),
            estimate_ms: number("estimateMs")? as u32,
            progress: (number("progress")? as u8).min(100),
            unfinished_at: time("unfinishedAt"),
            line: Line::read(value.get("line")),
            breaks: number("breaks").unwrap_or(0.0) as u8,
            shown: (number("shown").unwrap_or(0.0) as u16).min(9_900),
            completed: matches!(value.get("completed"), Some(Value::Bool(true))),
            unlinked: number("unlinked").unwrap_or(0.0) as u8,
            reads: number("reads")? as u32,
            failures: number("failures")? as u32,
        })
    }

    /// The state of a task that was not read yet.
    pub fn new(task_id: impl Into<String>, now: f64) -> Self {
        let task_id = task_id.into();
        let started_at = now as i64;
        Self {
            created_at: created_ms_of_id(&task_id)
                .filter(|at| is_plausible(*at, started_at))
                .unwrap_or(started_at),
            task_id,
            started_at,
            estimate_ms: 0,
            progress: 0,
            unfinished_at: None,
            line: Line::default(),
            breaks: 0,
            shown: 0,
            completed: false,
            unlinked: 0,
            reads: 0,
            failures: 0,
        }
    }

    /// The state of a task that was just returned.
    pub(crate) fn of(task: &mut Task, now: f64) -> Self {
        let mut state = Self::new(task.id.as_str(), now);
        state.observe(task, now, now);
        state
    }

    /// Records the answer to a read that began at `asked` and returned at `now`, and sets when the links of the
    /// task expire, as far as that is known.
    #[doc(hidden)]
    pub fn observe(&mut self, task: &mut Task, asked: f64, now: f64) {
        self.follow_clock(now as i64);
        let asked = asked.min(now);
        self.shown = self.shown_at(now);
        self.failures = 0;
        if let Some(created_at) = task.created_ms()
            && is_plausible(created_at, self.started_at)
        {
            self.created_at = created_at;
        }
        if let Some(seconds) = task.estimated_seconds() {
            self.estimate_ms = (seconds * 1000.0) as u32;
        }
        self.completed = task.status == Status::Completed;
        self.unlinked = match self.completed && !task.is_final() {
            true => self.unlinked.saturating_add(1),
            false => 0,
        };
        if task.is_final() {
            task.completed_after(self.unfinished_at);
        } else if !self.completed {
            self.unfinished_at = Some(asked as i64);
        }
        if let Some(progress) = task.progress {
            let is_trusted = self.is_line_trusted();
            // Five percent is more than rounding or noise.
            let has_fallen = progress.saturating_add(5) < self.progress;
            if self.line.take(self.age_ms(now) as u32, progress) && is_trusted {
                self.breaks = self.breaks.saturating_add(1);
            }
            if has_fallen {
                self.breaks = NEVER_TRUSTED;
            }
            self.progress = self.progress.max(progress);
        }
    }

    /// If the clock was set back to before the wait began, sets the times of the state back too. Else the age would be 0
    /// until the clock catches up, and a task without an estimate would be read at the shortest delay. If the wait began
    /// more than a day ago, the clock was wrong then: sets them forward, so that the task is not taken for an old one.
    fn follow_clock(&mut self, now: i64) {
        if now < self.started_at {
            let back = self.unfinished_at.unwrap_or(self.started_at) - now;
            self.started_at -= back;
            self.created_at -= back;
            self.unfinished_at = self.unfinished_at.map(|at| at - back);
        } else if now - self.started_at > DAY_MS {
            self.created_at += now - self.started_at;
            self.started_at = now;
            self.unfinished_at = None;
        }
    }

    /// Records that the state comes from a store: the progress bar of the earlier process may have shown as much.
    pub(crate) fn restored(&mut self, now: f64) {
        self.shown = self.shown_at(now);
        self.reads = 0;
        self.failures = 0;
    }

    fn shown_at(&self, now: f64) -> u16 {
        // Rounded up, so that the bar never steps back when the estimate changes.
        (self.progress_estimate(now) * 100.0 + 0.999).min(9_900.0) as u16
    }

    /// Records that a read failed.
    #[doc(hidden)]
    pub fn fail(&mut self) {
        self.failures += 1;
    }

    /// Milliseconds until the next read; `random` is from 0 (included) to 1 (excluded).
    ///
    /// - By default, the delay depends on the age of the task and its estimate. Without an estimate it also grows
    ///   with the age from the shortest delay, because the task may take seconds as well as minutes.
    /// - Progress on a straight line slows the reads down, and the end that it predicts is read exactly. Each
    ///   trusted line that progress left makes the next one harder to trust, and progress that fell is never
    ///   trusted again.
    ///
    /// Between 1 and 30 s, with 8 % of jitter unless the end is predicted. If the server estimates less than 10 s, the
    /// shortest delay is a tenth of the estimate, or of the wait so far if that is longer, and at least 20 ms. Failed
    /// reads are repeated sooner at first; then each failure in a row doubles the delay. A completed task whose links
    /// are late is read soon.
    #[doc(hidden)]
    pub fn delay_ms(&self, now: f64, random: f64) -> u32 {
        let age = self.age_ms(now);
        let by_age = self.by_age_ms(age);
        let jitter = 0.92 + 0.16 * random;
        let (calm, jitter) = match self.trusted_end_ms() {
            _ if self.unlinked > 0 => {
                let bound = SHORTEST_MS * f64::from(1_u32 << (self.unlinked - 1).min(9));
                (bound.min(LONGEST_UNLINKED_MS), jitter)
            }
            Some(end) if age < self.line.left_ms() => {
                let target = if age < end { end } else { self.line.left_ms() };
                // A timer has no fractions of a millisecond.
                let left = target - age + 1.0;
                let paced = by_age * TRUSTED_PACE;
                if left < paced * REACH {
                    (left, 1.0)
                } else {
                    (paced, jitter)
                }
            }
            _ => (by_age * self.pace(), jitter),
        };
        let slow_failures = self.failures.saturating_sub(Call::Read.default_retries());
        let slowed = calm.max(self.shortest_ms(now)) * f64::from(1_u32 << slow_failures.min(5));
        (slowed.min(LONGEST_MS) * jitter) as u32
    }

    /// Whether the task is completed, and its links are not expected any more.
    #[doc(hidden)]
    pub fn lacks_links(&self) -> bool {
        self.unlinked >= MAX_UNLINKED
    }

    /// A smooth, never falling 0 to 100 for a progress bar, at any time between reads; 100 only when
    /// completed.
    pub fn progress_estimate(&self, now: f64) -> f64 {
        if self.completed {
            return 100.0;
        }
        let seen = (f64::from(self.shown) / 100.0)
            .max(f64::from(self.progress))
            .min(99.0);
        let expected = self.expected_progress(self.age_ms(now));
        let expected_then = self
            .unfinished_at
            .map_or(0.0, |at| self.expected_progress(self.age_ms(at as f64)));
        if seen <= expected_then || expected <= expected_then {
            // Not `clamp`: its panic prints floats, which weighs 10 KB brotli.
            return expected.max(seen).min(99.0);
        }
        // The bar is ahead of what is expected, so it moves more slowly. It would stand still if it waited.
        seen + (99.0 - seen) * (expected - expected_then) / (99.0 - expected_then)
    }

    /// The progress to expect at an age, 0 to 99.
    fn expected_progress(&self, age: f64) -> f64 {
        let part = age / self.estimate_ms();
        match self.trusted_end_ms() {
            Some(end) => (age / end * 99.0).min(99.0),
            // Slows down to 92 at the estimate, then approaches 99.
            None if part <= 1.0 => 92.0 * part * (2.0 - part),
            None => 99.0 - 7.0 / part,
        }
    }

    /// The shortest delay between two reads, before jitter, in milliseconds. It is shorter than usual only for a task
    /// that the server expects to be short, until the wait proves that wrong or a read fails.
    pub(crate) fn shortest_ms(&self, now: f64) -> f64 {
        if self.estimate_ms == 0 || self.failures > 0 {
            return SHORTEST_MS;
        }
        let waited_ms = now - self.started_at as f64;
        (f64::from(self.estimate_ms).max(waited_ms) / 10.0).clamp(LEAST_MS, SHORTEST_MS)
    }

    pub(crate) fn age_ms(&self, now: f64) -> f64 {
        (now - self.created_at as f64).clamp(0.0, f64::from(u32::MAX))
    }

    fn is_line_trusted(&self) -> bool {
        u32::from(self.line.hits) > 3 * u32::from(self.breaks)
    }

    /// [`Line::end_ms`], if the line can be trusted.
    fn trusted_end_ms(&self) -> Option<f64> {
        self.is_line_trusted().then_some(f64::from(self.line.end_ms))
    }

    /// The delay in delays by age while no line is trusted.
    fn pace(&self) -> f64 {
        let is_rising = self.line.end_ms > 0 && self.line.hits == 0;
        match self.breaks {
            0 if is_rising => RISING_PACE,
            0 => 1.0,
            _ => BROKEN_PACE,
        }
    }

    fn estimate_ms(&self) -> f64 {
        f64::from(match self.estimate_ms {
            0 => DEFAULT_ESTIMATE_MS,
            told => told,
        })
    }

    fn by_age_ms(&self, age: f64) -> f64 {
        let estimate = self.estimate_ms();
        let part = 100.0 * age / estimate;
        let mut steps = RHYTHM.iter().zip(RHYTHM.iter().skip(1));
        let (last_part, last) = RHYTHM[RHYTHM.len() - 1];
        // Far past the estimate, the delay grows with the age.
        let thousandths = steps
            .find(|(_, (to, _))| part <= *to)
            .map_or(last * part / last_part, |((from, first), (to, second))| {
                first + (second - first) * (part - from) / (to - from)
            });
        let delay = thousandths * estimate / 1000.0;
        if self.estimate_ms > 0 {
            return delay;
        }
        // The hazard rate of a duration of which not even the scale is known is the inverse of the age.
        delay.min(SCALE_FREE * age.sqrt())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Value;

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
    fn every_delay_is_within_bounds_and_a_whole_task_takes_few_reads() {
        for estimate_ms in [0, 10_000, 165_000, 3_600_000, u32::MAX] {
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
    fn the_end_of_a_short_task_is_seen_soon() {
        // The estimate, how long the task takes, how many reads it may cost, and how late its end may be seen.
        for (estimate_ms, duration_ms, reads, late_ms) in [
            (9_000, 9_000, 14, 980),
            (1_000, 1_000, 12, 120),
            (100, 100, 8, 22),
            (1, 20, 2, 22),
        ] {
            let delays = delays(estimate_ms, f64::from(duration_ms));
            let late = delays.iter().sum::<u32>() - duration_ms;
            assert!(
                delays.len() <= reads && late <= late_ms && delays.iter().all(|delay| *delay >= 20),
                "{estimate_ms}: {delays:?}"
            );
        }
    }

    #[test]
    fn a_task_that_was_to_be_short_is_read_as_others_once_it_is_not() {
        const START: f64 = 1e6;
        let state = PollState {
            estimate_ms: 100,
            ..PollState::new("task-1", START)
        };
        for (waited_ms, shortest_ms) in [(-5e6, 20.0), (0.0, 20.0), (500.0, 50.0), (1e4, 1e3), (1e9, 1e3)] {
            assert_eq!(state.shortest_ms(START + waited_ms), shortest_ms, "{waited_ms}");
        }
        let delays = delays(100, 10_000.0);
        assert!(delays.len() < 70, "{}", delays.len());
        let mut failed = state;
        failed.fail();
        assert_eq!(failed.shortest_ms(START), 1e3);
    }

    #[test]
    fn a_task_that_takes_many_times_its_estimate_is_read_less_and_less() {
        let delays = delays(25_000, 900_000.0);
        assert!(delays.len() < 420, "{}", delays.len());
        assert!(*delays.last().unwrap() > 8_000, "{delays:?}");
        let state = PollState {
            estimate_ms: 25_000,
            ..PollState::new("task-1", 0.0)
        };
        assert_eq!(state.delay_ms(250_000.0, 0.5), 2_443, "ten times its estimate");
    }

    #[test]
    fn the_jitter_is_eight_percent_in_both_directions() {
        let state = PollState {
            estimate_ms: u32::MAX,
            ..PollState::new("task-1", 0.0)
        };
        let delays = [0.0, 0.25, 1.0].map(|random| state.delay_ms(0.0, random));
        assert_eq!(delays, [27_600, 28_800, 32_400]);
    }

    #[test]
    fn reads_are_denser_towards_the_likely_end() {
        let delays = delays(165_000, 120_000.0);
        assert!(delays.first() > delays.last(), "{delays:?}");
    }

    /// The state after readings of a task: seconds and progress.
    fn after(readings: &[(f64, u32)]) -> PollState {
        let mut state = PollState::new("task-1", 0.0);
        for (seconds, progress) in readings {
            let now = seconds * 1000.0;
            state.observe(&mut seen("processing", *progress), now, now);
        }
        state
    }

    #[test]
    fn the_predicted_end_is_read_exactly() {
        // The end is at 99 s, and surely passed at 100 s.
        let state = after(&[(0.0, 0), (20.0, 20), (40.0, 40)]);
        for (seconds, delay_ms) in [(87.0, 12_001), (90.0, 9_001), (98.5, 1_000), (99.0, 1_001)] {
            for random in [0.0, 0.5, 0.99] {
                let now = seconds * 1000.0;
                assert_eq!(state.delay_ms(now, random), delay_ms, "{seconds} s");
            }
        }
    }

    #[test]
    fn progress_changes_the_pace_and_no_more_until_the_end_is_near() {
        let now = 70_000.0;
        let by_age = f64::from(after(&[(0.0, 0)]).delay_ms(now, 0.5));
        for (what, readings, pace) in [
            ("a line", &[(0.0, 0), (20.0, 15), (40.0, 30)][..], TRUSTED_PACE),
            (
                "a line from a late start",
                &[(10.0, 0), (30.0, 15), (50.0, 30)],
                TRUSTED_PACE,
            ),
            ("one rise", &[(0.0, 0), (40.0, 30)], RISING_PACE),
            (
                "rises too small to tell",
                &[(0.0, 0), (20.0, 1), (40.0, 2), (60.0, 3)],
                RISING_PACE,
            ),
            (
                "steps",
                &[(0.0, 0), (20.0, 10), (40.0, 65), (60.0, 95)],
                RISING_PACE,
            ),
            (
                "a rest",
                &[(0.0, 0), (20.0, 20), (40.0, 40), (60.0, 40)],
                BROKEN_PACE,
            ),
            (
                "a line past its end",
                &[(0.0, 0), (20.0, 40), (40.0, 80), (55.0, 99)],
                BROKEN_PACE,
            ),
            (
                "a fall",
                &[(0.0, 0), (20.0, 20), (40.0, 10), (60.0, 20), (65.0, 25)],
                BROKEN_PACE,
            ),
        ] {
            let delay = f64::from(after(readings).delay_ms(now, 0.5));
            assert!(
                (delay / by_age - pace).abs() < 0.001,
                "{what}: {delay}, {by_age} by age"
            );
        }
    }

    #[test]
    fn each_reading_narrows_the_end_down() {
        // The task ends at 120 s, and progress is rounded down.
        let readings = [(0.0, 0), (30.0, 24), (45.0, 37), (64.0, 52), (99.5, 82)];
        for (count, end_ms) in [(1, 0), (2, 123_750), (3, 120_405), (4, 120_405), (5, 120_128)] {
            assert_eq!(after(&readings[..count]).line.end_ms, end_ms, "{count} readings");
        }
    }

    #[test]
    fn a_line_may_begin_at_any_progress() {
        let state = after(&[(0.0, 0), (20.0, 20), (40.0, 20), (60.0, 40)]);
        assert_eq!((state.line.from, state.line.end_ms), (20, 119_000));
    }

    #[test]
    fn progress_stays_on_a_line_within_the_error_of_rounding() {
        // After 20 % in 20 s: one percent, and a twentieth of what is expected.
        for (readings, from) in [
            (&[(0.0, 0), (20.0, 20), (30.0, 28)][..], 0),
            (&[(0.0, 0), (20.0, 20), (30.0, 27)], 27),
            (&[(0.0, 0), (20.0, 20), (40.0, 37)], 0),
            (&[(0.0, 0), (20.0, 20), (40.0, 36)], 36),
            (&[(0.0, 0), (20.0, 20), (40.0, 20), (60.0, 40), (70.0, 48)], 20),
            (&[(0.0, 0), (20.0, 20), (40.0, 20), (60.0, 40), (70.0, 45)], 45),
        ] {
            assert_eq!(after(readings).line.from, from, "{readings:?}");
        }
        // Back at its beginning, but not surely off the line.
        assert_eq!(after(&[(0.0, 0), (10.0, 1), (12.0, 0)]).line.end_ms, 990_000);
    }

    #[test]
    fn only_a_fall_of_more_than_five_percent_ends_all_trust() {
        assert_eq!(after(&[(0.0, 0), (20.0, 20), (40.0, 15)]).breaks, 0);
        assert_eq!(after(&[(0.0, 0), (20.0, 20), (40.0, 14)]).breaks, NEVER_TRUSTED);
    }

    #[test]
    fn past_the_end_of_its_line_a_task_is_read_by_its_age() {
        let on_line = after(&[(0.0, 0), (20.0, 20), (40.0, 40)]);
        let without = after(&[(0.0, 0)]);
        for now in [100_000.0, 110_000.0] {
            assert_eq!(on_line.delay_ms(now, 0.5), without.delay_ms(now, 0.5), "{now}");
        }
    }

    #[test]
    fn the_progress_estimate_follows_a_trusted_line_or_the_expected_duration() {
        let state = PollState {
            estimate_ms: 100_000,
            ..PollState::new("task-1", 1_000_000.0)
        };
        for (age, estimate) in [(0.0, 0.0), (50_000.0, 69.0), (100_000.0, 92.0), (200_000.0, 95.5)] {
            assert_eq!(state.progress_estimate(1_000_000.0 + age), estimate, "{age}");
        }
        let state = after(&[(0.0, 0), (20.0, 20), (40.0, 40)]);
        assert_eq!(state.progress_estimate(49_500.0), 49.5);
    }

    #[test]
    fn a_restored_state_keeps_what_a_bar_showed_and_forgets_the_reads() {
        let mut state = PollState {
            estimate_ms: 100_000,
            reads: 7,
            failures: 5,
            ..PollState::new("task-1", 0.0)
        };
        state.restored(50_000.0);
        assert_eq!((state.shown, state.reads, state.failures), (6_900, 0, 0));
    }

    #[test]
    fn without_an_estimate_a_task_is_seen_soon_after_its_end_whatever_it_takes() {
        for (duration_s, reads, late_s) in [
            (0.5, 1, 0.6),
            (3.0, 3, 1.0),
            (10.0, 6, 3.2),
            (30.0, 10, 6.1),
            (120.0, 27, 6.0),
            (600.0, 150, 6.0),
        ] {
            let state = after(&[]);
            assert_eq!(state.estimate_ms, 0);
            let mut now = 0.0;
            let mut count = 0;
            while now < duration_s * 1000.0 {
                now += f64::from(state.delay_ms(now, 0.5));
                count += 1;
            }
            let late = now / 1000.0 - duration_s;
            assert!(
                count <= reads && late <= late_s,
                "{duration_s} s: {count} reads, {late} s late"
            );
        }
    }

    #[test]
    fn a_task_first_seen_late_is_polled_by_its_age() {
        // The id of an old submission: created 3 s, 2 min, an hour ago; the API tells no estimate any more.
        for (age_s, delay_s) in [(3.0, 2.1), (120.0, 3.8), (3_600.0, 30.0)] {
            let now = 1_900_000_000_000.0;
            let mut state = PollState::new("task-1", now);
            let created_s = (now / 1000.0 - age_s) as i64;
            let raw = Value::object([
                ("id", Some("task-1".into())),
                ("status", Some("processing".into())),
                ("created", Some(created_s.into())),
            ]);
            state.observe(&mut Task::read(raw).unwrap(), now, now);
            let delay = f64::from(state.delay_ms(now, 0.5)) / 1000.0;
            assert!((delay - delay_s).abs() < 0.1, "{age_s} s: {delay}");
        }
    }

    #[test]
    fn a_line_that_was_left_makes_the_next_one_harder_to_trust() {
        let mut readings = vec![(0.0, 0), (10.0, 10), (20.0, 20), (40.0, 20)];
        let is_trusted = |readings: &[(f64, u32)]| after(readings).trusted_end_ms().is_some();
        let mut confirmed = 0;
        while !is_trusted(&readings) {
            confirmed += 1;
            readings.push((40.0 + 5.0 * f64::from(confirmed), 20 + 5 * confirmed));
        }
        // The first rise makes the line.
        assert_eq!(confirmed, 1 + 4);
    }

    #[test]
    fn failures_slow_it_down_and_a_good_read_ends_that() {
        let mut state = PollState::new("task-1", 0.0);
        let calm = state.delay_ms(90_000.0, 0.5);
        for _ in 0..Call::Read.default_retries() {
            state.fail();
        }
        assert_eq!(state.delay_ms(90_000.0, 0.5), calm);
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
    fn a_state_of_a_wrong_clock_follows_the_right_one() {
        let mut task = seen("processing", 0);
        task.raw = Value::object([("created", Some(1_700_000_000_i64.into()))]);
        let now = 1_700_000_002_000.0;
        let mut state = PollState::new("task-1", 5_000.0);
        state.observe(&mut task, now, now);
        assert_eq!(state.created_at, 1_700_000_000_000);
        assert!(state.delay_ms(now, 0.5) < 5_000);
        // A day is no reason to doubt a clock.
        let mut state = PollState::new("task-1", now - DAY_MS as f64);
        state.observe(&mut task, now, now);
        assert_eq!(state.started_at, now as i64 - DAY_MS);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_make_a_task_younger() {
        let mut state = PollState::new("task-1", 1_700_000_000_000.0);
        let mut read = |now: f64| {
            let raw = Value::object([
                ("id", Some("task-1".into())),
                ("status", Some("processing".into())),
                ("created", Some(1_700_000_000_i64.into())),
            ]);
            state.observe(&mut Task::read(raw).unwrap(), now - 300.0, now);
            (state.age_ms(now), state.delay_ms(now, 0.5))
        };
        let (age_ms, delay_ms) = read(1_700_000_080_000.0);
        assert_eq!(age_ms, 80_000.0);
        let (age_after_ms, delay_after_ms) = read(1_699_990_000_000.0);
        assert_eq!((age_after_ms, delay_after_ms > delay_ms - 50), (79_700.0, true));
        assert_eq!(read(1_699_990_010_000.0).0, 89_700.0);
        // It was last seen unfinished 79.7 s after the wait began.
        assert_eq!(state.started_at, 1_699_989_920_300);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_extend_the_links() {
        let mut state = PollState::new("task-1", 1_700_000_000_000.0);
        state.observe(&mut seen("pending", 0), 1_700_000_080_000.0, 1_700_000_080_000.0);
        let raw = Value::object([
            ("id", Some("task-1".into())),
            ("status", Some("completed".into())),
            ("results", Some(Value::texts(&["https://example.com/video.mp4"]))),
        ]);
        let mut task = Task::read(raw).unwrap();
        state.observe(&mut task, 1_699_990_000_000.0, 1_699_990_000_000.0);
        assert_eq!(task.expires_at, Some(1_699_990_000_000 + DAY_MS));
    }

    #[test]
    fn an_id_tells_the_age_of_a_task() {
        let created_at = |id: &str, now: f64| PollState::new(id, now).created_at;
        let id = "task-unified-1700000000-abcd1234";
        assert_eq!(created_at(id, 1_700_000_060_000.0), 1_700_000_000_000);
        // Ahead of this clock, or too old.
        assert_eq!(created_at(id, 1_699_999_999_000.0), 1_699_999_999_000);
        assert_eq!(created_at(id, 1_800_000_000_000.0), 1_800_000_000_000);
        for id in ["task-1", "task-unified-abc-1", "task-unified-1700000000"] {
            assert_eq!(created_at(id, 1_700_000_060_000.0), 1_700_000_060_000, "{id}");
        }
    }

    #[test]
    fn the_links_of_a_completed_task_are_expected_for_half_a_minute() {
        let mut state = after(&[(0.0, 0), (100.0, 50)]);
        let now = 200_000.0;
        let mut seconds = Vec::new();
        while !state.lacks_links() {
            state.observe(&mut seen("completed", 100), now, now);
            seconds.push((f64::from(state.delay_ms(now, 0.5)) / 1000.0).round() as u32);
        }
        assert_eq!(seconds, [1, 2, 4, 8, 10, 10]);
    }

    #[test]
    fn the_progress_estimate_moves_on_where_it_is_ahead_of_the_progress() {
        // The expected duration alone puts the bar ahead of even progress, and then the line takes over.
        let mut state = PollState::new("task-1", 0.0);
        state.estimate_ms = 10_000;
        let mut last = -1.0;
        for tick in 0..100_u32 {
            let now = f64::from(tick * 100);
            if tick % 10 == 0 {
                state.observe(&mut seen("processing", tick), now, now);
            }
            let estimate = state.progress_estimate(now);
            assert!(estimate > last, "{now} {estimate} {last}");
            last = estimate;
        }
        assert!(state.is_line_trusted());
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
            for (read, progress) in told.iter().enumerate() {
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
                let info = Value::object([("estimated_time", Some((60 * (read as i64 + 1)).into()))]);
                task.raw = Value::object([("task_info", Some(info))]);
                state.observe(&mut task, now, now);
            }
            state.observe(&mut seen("completed", 100), now, now);
            assert_eq!(state.progress_estimate(now), 100.0);
        }
    }
}
