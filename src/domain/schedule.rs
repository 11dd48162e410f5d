//! When to read a task next: a pure function of what was seen so far.

use super::api::DEFAULT_ESTIMATE_SECONDS;
use super::task::{Status, Task};

/// What is known of a task that is waited for. Plain data: it survives as JSON in another process.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct PollState {
    /// The id of the task.
    pub task_id: String,
    /// When the wait began, in milliseconds since 1970.
    pub started_at: i64,
    /// When the task was created, as far as that is known, in milliseconds since 1970.
    pub created_at: i64,
    /// How long the vendor expects the task to take, in milliseconds.
    pub estimate_ms: u32,
    /// The highest progress seen, 0 to 100.
    pub progress: u8,
    /// When the task was last known to be unfinished, in milliseconds since 1970.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub unfinished_at: Option<i64>,
    /// The straight line that progress follows, as far as it does.
    pub line: Line,
    /// How often progress left a line that had been trusted.
    pub breaks: u8,
    /// The lower bound of [`progress_estimate`](Self::progress_estimate), 0 to 100.
    pub shown: u8,
    /// Whether the task is completed.
    pub completed: bool,
    /// The number of reads so far.
    pub reads: u32,
    /// The number of reads that failed since the last one that returned the task.
    pub failures: u32,
}

/// A straight line through the progress of a task. Times are milliseconds since its creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Line {
    /// When it begins.
    pub from_ms: u32,
    /// The progress there, 0 to 100.
    pub from: u8,
    /// When progress was last seen on it.
    pub to_ms: u32,
    /// The progress there, 0 to 100.
    pub to: u8,
    /// How many times progress rose as the line had predicted.
    pub hits: u8,
}

/// The estimate if the API gives none, in milliseconds.
const DEFAULT_ESTIMATE_MS: u32 = DEFAULT_ESTIMATE_SECONDS * 1000;
/// The shortest delay between two reads, before jitter, in milliseconds.
pub const SHORTEST_MS: f64 = 1_000.0;
const LONGEST_MS: f64 = 30_000.0;
/// A number of breaks that no number of hits makes up for.
const NEVER_TRUSTED: u8 = u8::MAX;
/// The largest plausible difference between this clock and the server's, in milliseconds: a day.
const DAY_MS: i64 = 86_400_000;

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

impl Line {
    /// The highest progress that is seen before the end.
    const TOP: f64 = 99.0;
    /// The rise between two readings that can confirm a line. Rounded progress agrees by chance with less.
    const CONFIRMING_RISE: f64 = 3.0;

    fn starting_at(ms: u32, progress: u8) -> Self {
        Self {
            from_ms: ms,
            from: progress,
            to_ms: ms,
            to: progress,
            hits: 0,
        }
    }

    /// Milliseconds for each percent; `None` until progress has risen.
    fn ms_per_percent(&self) -> Option<f64> {
        let risen = self.to.checked_sub(self.from).filter(|risen| *risen > 0)?;
        Some(f64::from(self.to_ms.saturating_sub(self.from_ms)) / f64::from(risen))
    }

    /// The age at which the task ends if progress stays on the line, and the age from which it has surely left it.
    fn end_ms(&self) -> Option<(f64, f64)> {
        let ms_per_percent = self.ms_per_percent()?;
        let end_ms = f64::from(self.to_ms) + (Self::TOP - f64::from(self.to)) * ms_per_percent;
        Some((end_ms, end_ms + SHORTEST_MS + ms_per_percent))
    }

    /// Takes in a reading. Returns whether it left the line, in which case a new line starts there.
    fn take(&mut self, ms: u32, progress: u8) -> bool {
        let (Some(ms_per_percent), Some((_, left_ms))) = (self.ms_per_percent(), self.end_ms()) else {
            if progress > self.to {
                self.to_ms = ms;
                self.to = progress;
            } else {
                *self = Self::starting_at(ms, progress);
            }
            return false;
        };
        let passed_ms = f64::from(ms.saturating_sub(self.to_ms));
        let rise = passed_ms / ms_per_percent;
        let expected = (f64::from(self.to) + rise).min(100.0);
        // Readings are rounded: this one, and both that the line goes through.
        let line_ms = f64::from(self.to_ms.saturating_sub(self.from_ms)).max(1.0);
        let tolerance = 1.0 + passed_ms / line_ms + 0.05 * rise;
        if f64::from(ms) > left_ms || (f64::from(progress) - expected).abs() > tolerance {
            *self = Self::starting_at(ms, progress);
            return true;
        }
        if rise >= Self::CONFIRMING_RISE && progress > self.to {
            self.to_ms = ms;
            self.to = progress;
            self.hits = self.hits.saturating_add(1);
        }
        false
    }
}

impl PollState {
    /// The state of a task that was not read yet.
    pub fn new(task_id: impl Into<String>, now: f64) -> Self {
        Self {
            task_id: task_id.into(),
            started_at: now as i64,
            created_at: now as i64,
            estimate_ms: DEFAULT_ESTIMATE_MS,
            progress: 0,
            unfinished_at: None,
            line: Line::default(),
            breaks: 0,
            shown: 0,
            completed: false,
            reads: 0,
            failures: 0,
        }
    }

    /// Takes in the answer to a read that began at `asked` and returned at `now`, and sets when the links of the
    /// task expire, as far as that is known.
    pub fn observe(&mut self, task: &mut Task, asked: f64, now: f64) {
        // Rounded up, so that the bar never steps back when the estimate changes.
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
        if let Some(progress) = task.progress {
            let is_trusted = self.is_line_trusted();
            // Five percent is more than rounding or noise.
            let has_fallen = progress.saturating_add(5) < self.line.to;
            if self.line.take(self.age_ms(now) as u32, progress) && is_trusted {
                self.breaks = self.breaks.saturating_add(1);
            }
            if has_fallen {
                self.breaks = NEVER_TRUSTED;
            }
            self.progress = self.progress.max(progress);
        }
    }

    /// Takes in that a read failed.
    pub fn fail(&mut self) {
        self.failures += 1;
    }

    /// Milliseconds until the next read; `random` is from 0 (included) to 1 (excluded).
    ///
    /// - By default, the delay depends on the age of the task and its estimate.
    /// - Progress that has followed a straight line tells the end: 0.6 of the time to it, again and again. A task
    ///   may end early, so the delay is at most three delays by age, or four once the line is confirmed twice.
    ///   Each trusted line that progress left makes the next one harder to trust, and progress that fell is never
    ///   trusted again.
    ///
    /// Between 1 and 30 s, with 8 % of jitter; each failed read in a row doubles it.
    pub fn delay_ms(&self, now: f64, random: f64) -> u32 {
        let age = self.age_ms(now);
        let by_age = self.by_age_ms(age);
        let calm = match self.trusted_end_ms() {
            Some((end, _)) if age < end => {
                let at_most = by_age * (2.0 + f64::from(self.line.hits)).min(4.0);
                ((end - age) * 0.6).min(at_most)
            }
            Some((_, left)) if age < left => SHORTEST_MS,
            _ => by_age,
        };
        let slowed = calm.max(SHORTEST_MS) * f64::from(1_u32 << self.failures.min(5));
        (slowed.min(LONGEST_MS) * (0.92 + 0.16 * random)) as u32
    }

    /// A smooth, never falling 0 to 100 for a progress bar, at any time between reads; 100 only when
    /// completed.
    pub fn progress_estimate(&self, now: f64) -> f64 {
        if self.completed {
            return 100.0;
        }
        let age = self.age_ms(now);
        let estimate = match self.trusted_end_ms() {
            Some((end, _)) => age / end * 99.0,
            None => {
                let part = age / f64::from(self.estimate_ms.max(1));
                // Slows down to 92 at the estimate, then approaches 99.
                if part <= 1.0 {
                    92.0 * part * (2.0 - part)
                } else {
                    99.0 - 7.0 / part
                }
            }
        };
        estimate
            .max(f64::from(self.progress))
            // Not `clamp`: its panic prints floats, which weighs 10 KB brotli.
            .max(f64::from(self.shown))
            .min(99.0)
    }

    fn age_ms(&self, now: f64) -> f64 {
        (now - self.created_at as f64).clamp(0.0, f64::from(u32::MAX))
    }

    fn is_line_trusted(&self) -> bool {
        u32::from(self.line.hits) > 3 * u32::from(self.breaks)
    }

    /// [`Line::end_ms`], if the line can be trusted.
    fn trusted_end_ms(&self) -> Option<(f64, f64)> {
        if !self.is_line_trusted() {
            return None;
        }
        let estimate = f64::from(self.estimate_ms);
        // A line that ends at the estimate is likely the age in percent of it, which tells nothing.
        let is_own = |(end, _): &(f64, f64)| (end - estimate).abs() > 0.02 * estimate;
        self.line.end_ms().filter(is_own)
    }

    fn by_age_ms(&self, age: f64) -> f64 {
        let estimate = f64::from(self.estimate_ms);
        let part = 100.0 * age / estimate.max(1.0);
        let mut steps = RHYTHM.iter().zip(RHYTHM.iter().skip(1));
        let (last_part, last) = RHYTHM[RHYTHM.len() - 1];
        // Far past the estimate, the delay grows with the age.
        let thousandths = steps
            .find(|(_, (to, _))| part <= *to)
            .map_or(last * part / last_part, |((from, first), (to, second))| {
                first + (second - first) * (part - from) / (to - from)
            });
        thousandths * estimate / 1000.0
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
    fn a_task_that_takes_many_times_its_estimate_is_read_less_and_less() {
        let delays = delays(25_000, 900_000.0);
        assert!(delays.len() < 420, "{}", delays.len());
        assert!(*delays.last().unwrap() > 8_000, "{delays:?}");
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
    fn progress_on_a_straight_line_tells_the_end() {
        let state = after(&[(0.0, 0), (20.0, 20), (40.0, 40)]);
        // The end is at 99 s.
        assert_eq!(state.delay_ms(80_000.0, 0.5), 11_400);
        assert_eq!(state.delay_ms(90_000.0, 0.5), 5_400);
        assert_eq!(state.delay_ms(99_000.0, 0.5), 1_000);
    }

    #[test]
    fn progress_without_a_line_that_can_be_trusted_changes_nothing() {
        let now = 70_000.0;
        let by_age = after(&[(0.0, 0)]).delay_ms(now, 0.5);
        for (what, readings) in [
            ("one rise", &[(0.0, 0), (40.0, 40)][..]),
            ("steps", &[(0.0, 0), (20.0, 10), (40.0, 65), (60.0, 95)]),
            ("a rest", &[(0.0, 0), (20.0, 20), (40.0, 40), (60.0, 40)]),
            (
                "a fall",
                &[
                    (0.0, 0),
                    (20.0, 20),
                    (40.0, 40),
                    (60.0, 30),
                    (65.0, 35),
                    (70.0, 40),
                ],
            ),
            (
                "rises too small to tell",
                &[(0.0, 0), (20.0, 1), (40.0, 2), (60.0, 3)],
            ),
            ("the end passed", &[(0.0, 0), (20.0, 40), (40.0, 80)]),
            // The estimate is 165 s.
            (
                "the age",
                &[(0.0, 0), (16.5, 10), (33.0, 20), (49.5, 30), (66.0, 40)],
            ),
        ] {
            assert_eq!(after(readings).delay_ms(now, 0.5), by_age, "{what}");
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
