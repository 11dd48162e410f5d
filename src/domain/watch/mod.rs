//! Watches tasks until they are final, one or ten thousand, as the poll schedule says.
//!
//! [`Watch`] is a state machine without I/O, timers or futures. Times, read results and wake-ups go in through
//! the `handle_` methods; [`Watch::next_action`] returns what to do next.
//!
//! ```
//! use evolink_video::domain::Task;
//! use evolink_video::domain::watch::{Action, Watch};
//! # use evolink_video::domain::Value;
//! # let answer = Value::object([("id", Some("task-1".into())), ("status", Some("failed".into()))]);
//!
//! let mut watch = Watch::one("task-1", Some(60_000), 0.0);
//! let Action::Read(read) = watch.next_action(0.0) else { panic!() };
//! assert_eq!(read.task_ids, ["task-1"]);
//! watch.handle_read(read, Ok(vec![Task::read(answer).unwrap()]), 50.0, 0.5);
//! assert!(matches!(watch.next_action(50.0), Action::Update { .. }));
//! assert!(matches!(watch.next_action(50.0), Action::Finish));
//! ```

mod outcome;
mod poll;
#[cfg(test)]
mod tests;
mod watched_task;

pub use outcome::require_video;
use outcome::result_missing;
pub use poll::Polled;
use watched_task::{Stop, Turn, WatchedTask};

use super::api::BATCH_MAX;
use super::retry::{Call, pause_ms};
use super::stopwatch::Stopwatch;
use super::{Error, ErrorKind, PollState, Status, Task};
use std::collections::VecDeque;

/// The maximum number of concurrent reads.
const MAX_CONCURRENT_READS: usize = 6;
/// The time limit of the last reads, which begin after the deadline. A watch that wakes up later than this past
/// its deadline was asleep and not merely late.
const LAST_READ_MS: u32 = 5_000;
/// How many reads must fail in a row before an answer that the request is invalid ends a task. A single such answer may be
/// a mistake of the API, and the task may be paid.
const INVALID_READS: u32 = 5;

/// What the driver of a [`Watch`] does next.
#[derive(Debug)]
pub enum Action<'a> {
    /// Start a read and pass its result to [`Watch::handle_read`]. Other actions follow while it is in flight.
    Read(Read),
    /// Report a task that was seen for the first time, has changed, or is final.
    Update {
        /// The task.
        task: &'a Task,
        /// Its poll state, from which a progress bar continues.
        state: &'a PollState,
    },
    /// Report when a task will be polled next.
    Scheduled {
        /// The task.
        task_id: &'a str,
        /// Milliseconds until then.
        delay_ms: u32,
    },
    /// Wait until a read returns ([`Watch::handle_read`]), the host wakes up ([`Watch::handle_wake`]), or this
    /// many milliseconds have passed ([`Watch::handle_sleep_end`]).
    Sleep(u32),
    /// Stop, and cancel the reads in flight. [`Watch::into_task`] or [`Watch::into_tasks`] has the outcome.
    Finish,
}

/// A read to perform once, without retries.
#[derive(Debug)]
pub struct Read {
    /// The tasks: exactly one for a single read, at most [`BATCH_MAX`] for a batch call.
    pub task_ids: Vec<String>,
    /// Whether to use the endpoint of a single task.
    pub is_single: bool,
    /// The time left to the watch, in milliseconds; `None` without a limit.
    pub limit_ms: Option<u32>,
    /// The watched tasks, in the order of `task_ids`.
    indices: Vec<usize>,
    /// When it began, in milliseconds since 1970.
    asked_at: f64,
}

/// A notice to the caller, which waits for [`Watch::next_action`].
enum Notice {
    Update(usize),
    Scheduled { index: usize, delay_ms: u32 },
}

/// A watch of some tasks. `now` is the wall clock in milliseconds since 1970, and may jump; `random` is from 0
/// (included) to 1 (excluded).
pub struct Watch {
    tasks: Vec<WatchedTask>,
    /// Whether batch calls are used. Cleared once the server does not know that call.
    is_batched: bool,
    /// The limit that the caller set, in milliseconds.
    timeout_ms: Option<u32>,
    /// When the watch ends, in milliseconds since its start. Moved once, for the last reads.
    deadline_ms: f64,
    is_last_read: bool,
    stopwatch: Stopwatch,
    sleep_until_ms: f64,
    /// Until when the server asked this caller, and not just one task, to pause. Milliseconds since the start.
    quiet_until_ms: f64,
    reads_in_flight: usize,
    /// Why no task can be read any more: the server does not accept the key.
    refusal: Option<Error>,
    notices: VecDeque<Notice>,
}

impl Watch {
    /// A watch of one task, which is read immediately unless [`Watch::handle_known`] says more about it.
    pub fn one(task_id: &str, timeout_ms: Option<u32>, now: f64) -> Self {
        Self::new(&[task_id], false, timeout_ms, now)
    }

    /// A watch of many tasks, which are read immediately, with batch calls where the server has them.
    pub fn many<I: AsRef<str>>(task_ids: &[I], timeout_ms: Option<u32>, now: f64) -> Self {
        Self::new(task_ids, true, timeout_ms, now)
    }

    /// A watch of tasks that an earlier process watched. They are read immediately.
    pub(crate) fn resumed(
        states: Vec<PollState>,
        is_batched: bool,
        timeout_ms: Option<u32>,
        now: f64,
    ) -> Self {
        let mut tasks = Vec::new();
        for mut state in states {
            state.restored(now);
            tasks.push(WatchedTask::new(state));
        }
        Self::of(tasks, is_batched, timeout_ms, now)
    }

    fn new<I: AsRef<str>>(task_ids: &[I], is_batched: bool, timeout_ms: Option<u32>, now: f64) -> Self {
        let mut tasks = Vec::new();
        for id in task_ids {
            tasks.push(WatchedTask::new(PollState::new(id.as_ref(), now)));
        }
        Self::of(tasks, is_batched, timeout_ms, now)
    }

    fn of(tasks: Vec<WatchedTask>, is_batched: bool, timeout_ms: Option<u32>, now: f64) -> Self {
        Self {
            tasks,
            is_batched,
            timeout_ms,
            deadline_ms: timeout_ms.map_or(f64::INFINITY, f64::from),
            is_last_read: false,
            stopwatch: Stopwatch::start(now),
            sleep_until_ms: 0.0,
            quiet_until_ms: 0.0,
            reads_in_flight: 0,
            refusal: None,
            notices: VecDeque::new(),
        }
    }

    /// Counts the time since `stopwatch` was started as part of the watch.
    pub fn started_with(mut self, stopwatch: Stopwatch) -> Self {
        self.stopwatch = stopwatch;
        self
    }

    /// What to do next. Call it again after each action but [`Action::Sleep`] and [`Action::Finish`].
    pub fn next_action(&mut self, now: f64) -> Action<'_> {
        if let Some(notice) = self.notices.pop_front() {
            return self.report(notice);
        }
        let now_ms = self.stopwatch.read(now);
        // A timer has no fractions of a millisecond.
        if self.deadline_ms - now_ms < 1.0 && !self.begin_last_reads(now_ms) {
            return Action::Finish;
        }
        if self.reads_in_flight < MAX_CONCURRENT_READS
            && let Some(read) = self.next_read(now_ms, now)
        {
            self.reads_in_flight += 1;
            return Action::Read(read);
        }
        let mut next_ms = f64::INFINITY;
        for task in &self.tasks {
            next_ms = task.due_ms().min(next_ms);
        }
        if next_ms == f64::INFINITY && self.reads_in_flight == 0 {
            return Action::Finish;
        }
        next_ms = next_ms.max(self.quiet_until_ms);
        if self.reads_in_flight == MAX_CONCURRENT_READS {
            next_ms = f64::INFINITY;
        }
        // At least a millisecond, so that a clock that stands still does not become a busy loop.
        let sleep_ms = (next_ms.min(self.deadline_ms) - now_ms).max(1.0) as u32;
        self.sleep_until_ms = now_ms + f64::from(sleep_ms);
        Action::Sleep(sleep_ms)
    }

    fn report(&self, notice: Notice) -> Action<'_> {
        match notice {
            Notice::Update(index) => {
                let task = &self.tasks[index];
                match &task.seen {
                    Some(seen) => Action::Update {
                        task: seen,
                        state: &task.state,
                    },
                    None => unreachable!("an update follows a read"),
                }
            }
            Notice::Scheduled { index, delay_ms } => Action::Scheduled {
                task_id: &self.tasks[index].state.task_id,
                delay_ms,
            },
        }
    }

    /// Grants the tasks one read past the deadline if the host slept through it: they may well be final.
    fn begin_last_reads(&mut self, now_ms: f64) -> bool {
        let has_overslept = now_ms - self.deadline_ms > f64::from(LAST_READ_MS);
        if !has_overslept || self.is_last_read {
            return false;
        }
        self.is_last_read = true;
        self.deadline_ms = now_ms + f64::from(LAST_READ_MS);
        self.hurry(now_ms);
        true
    }

    /// The next read that is due: the task that has been due longest, so that slow reads starve none, and those
    /// that may come along with it.
    fn next_read(&mut self, now_ms: f64, now: f64) -> Option<Read> {
        if now_ms < self.quiet_until_ms {
            return None;
        }
        let mut first = None;
        let mut first_due_ms = now_ms;
        for (index, task) in self.tasks.iter().enumerate() {
            let due_ms = task.due_ms();
            if due_ms < first_due_ms || first.is_none() && due_ms <= now_ms {
                first = Some(index);
                first_due_ms = due_ms;
            }
        }
        let first = first?;
        let is_single = self.tasks[first].is_read_alone || !self.is_batched;
        let mut indices = vec![first];
        for (index, task) in self.tasks.iter().enumerate() {
            if is_single || indices.len() == BATCH_MAX as usize {
                break;
            }
            if index != first && task.may_come_along(now_ms) {
                indices.push(index);
            }
        }
        let mut task_ids = Vec::new();
        for index in &indices {
            let task = &mut self.tasks[*index];
            task.turn = Turn::Reading;
            task_ids.push(task.state.task_id.clone());
        }
        Some(Read {
            task_ids,
            is_single,
            limit_ms: self.timeout_ms.map(|_| (self.deadline_ms - now_ms) as u32),
            indices,
            asked_at: now,
        })
    }

    /// Adds a task that was seen before the watch began. It is polled when the schedule says, and reported
    /// only if it is news to the caller or final.
    pub fn handle_known(&mut self, index: usize, task: Task, is_news: bool, now: f64, random: f64) {
        if !is_news {
            self.tasks[index].seen = Some(task.clone());
        }
        self.tasks[index].is_new = is_news;
        self.see(index, task, now, now);
        // The task may have been seen long ago. Only its creation is a time when it was surely unfinished.
        self.tasks[index].state.unfinished_at = None;
        let delay_ms = self.tasks[index].state.delay_ms(now, random);
        self.schedule(index, delay_ms, 0.0, now);
    }

    /// Adds a task that was created meanwhile, unless it is already watched.
    pub(crate) fn handle_created(&mut self, task: Task, now: f64, random: f64) {
        if self.tasks.iter().all(|watched| watched.state.task_id != task.id) {
            self.tasks
                .push(WatchedTask::new(PollState::new(task.id.as_str(), now)));
            self.handle_known(self.tasks.len() - 1, task, true, now, random);
        }
    }

    /// Handles the result of a read: the task of a single read, or those of a batch, in any order and with gaps.
    pub fn handle_read(&mut self, read: Read, result: Result<Vec<Task>, Error>, now: f64, random: f64) {
        self.reads_in_flight = self.reads_in_flight.saturating_sub(1);
        for index in &read.indices {
            self.tasks[*index].state.reads += 1;
        }
        let retry_after_ms = result.as_ref().err().and_then(|error| error.retry_after_ms);
        let retry_after_ms = f64::from(retry_after_ms.unwrap_or(0));
        let quiet_until_ms = self.stopwatch.read(now) + retry_after_ms;
        self.quiet_until_ms = self.quiet_until_ms.max(quiet_until_ms);
        // One random number for all tasks of a batch, so that jitter does not drive them apart.
        match result {
            Ok(answers) => {
                for index in read.indices {
                    match usable_answer(&answers, &self.tasks[index], read.is_single) {
                        Some(answer) => {
                            self.see(index, answer.clone(), read.asked_at, now);
                            let task = &mut self.tasks[index];
                            if task.state.lacks_links() {
                                task.stop(Stop::Failed(result_missing(&task.state.task_id)));
                            }
                            let delay_ms = task.state.delay_ms(now, random);
                            self.schedule(index, delay_ms, 0.0, now);
                        }
                        None => {
                            self.tasks[index].is_read_alone = true;
                            self.tasks[index].read_again();
                        }
                    }
                }
            }
            // A function that failed to return a key may return one next time, and so may a server in between.
            Err(error) if error.kind == ErrorKind::Authentication && error.is_of_api => {
                for task in &mut self.tasks {
                    task.stop(Stop::Refused);
                }
                // The first of several refusals in flight counts.
                self.refusal.get_or_insert(error);
            }
            Err(error) if read.is_single && self.is_final(&error, &read, now) => {
                if let Some(index) = read.indices.first() {
                    self.tasks[*index].stop(Stop::Failed(error));
                }
            }
            Err(error) if !read.is_single && is_unknown_call(&error) => {
                self.is_batched = false;
                for index in read.indices {
                    self.tasks[index].read_again();
                }
            }
            Err(error) => {
                for index in read.indices {
                    let task = &mut self.tasks[index];
                    task.state.fail();
                    // A task that fails in batches again and again may be readable alone, and the reverse.
                    task.is_read_alone =
                        !read.is_single && (task.state.failures > 1 || error.code == "invalid_answer");
                    task.failure = Some(error.brief());
                    // As soon as any read is repeated, as often as a single one is. Then as the schedule says.
                    let failures = task.state.failures;
                    let is_soon = failures <= Call::Read.default_retries() || task.may_be_unknown_yet(now);
                    let delay_ms = if is_soon {
                        pause_ms(error.kind == ErrorKind::RateLimit, failures - 1, random)
                    } else {
                        task.state.delay_ms(now, random)
                    };
                    self.schedule(index, delay_ms, retry_after_ms, now);
                }
            }
        }
    }

    /// Handles a reason to poll immediately: a page became visible or came online. Tasks are
    /// polled no sooner than the shortest delay of the schedule and `Retry-After` allow.
    pub fn handle_wake(&mut self, now: f64) {
        let now_ms = self.stopwatch.read(now);
        self.hurry(now_ms);
    }

    /// Handles the end of the last [`Action::Sleep`].
    pub fn handle_sleep_end(&mut self, now: f64) {
        self.stopwatch.slept_until(self.sleep_until_ms, now);
    }

    fn see(&mut self, index: usize, mut answer: Task, asked_at: f64, now: f64) {
        let task = &mut self.tasks[index];
        task.state.observe(&mut answer, asked_at, now);
        // A completed task is news once it has links.
        let is_news = answer.is_final()
            || !task.state.completed && task.seen.as_ref().is_none_or(|last| answer.differs_from(last));
        if is_news {
            self.notices.push_back(Notice::Update(index));
        }
        task.seen = Some(answer);
        task.failure = None;
    }

    fn schedule(&mut self, index: usize, delay_ms: u32, at_least_ms: f64, now: f64) {
        let now_ms = self.stopwatch.read(now);
        let task = &mut self.tasks[index];
        if self.is_last_read || !task.is_watched() {
            task.turn = Turn::Done;
            return;
        }
        let mut delay_ms = f64::from(delay_ms);
        let left_ms = self.deadline_ms - now_ms;
        // A watch that ends before the first read is due reads once, and leaves some time for the answer.
        if task.state.reads == 0 && delay_ms >= left_ms {
            delay_ms = left_ms - f64::from(LAST_READ_MS).min(left_ms / 2.0);
        }
        delay_ms = delay_ms.max(at_least_ms);
        // The number of reads for late links is limited: none of them may hurry.
        let earliest_ms = match task.state.unlinked {
            0 => at_least_ms.max(task.state.shortest_ms(now)).min(delay_ms),
            _ => delay_ms,
        };
        task.turn = Turn::Due {
            at_ms: now_ms + delay_ms,
            earliest_ms: now_ms + earliest_ms,
        };
        let delay_ms = delay_ms as u32;
        self.notices.push_back(Notice::Scheduled { index, delay_ms });
    }

    /// Whether the API itself says that the task cannot be read, so that another read would fail too.
    fn is_final(&self, error: &Error, read: &Read, now: f64) -> bool {
        let Some(index) = read.indices.first().filter(|_| error.is_of_api) else {
            return false;
        };
        let task = &self.tasks[*index];
        match error.kind {
            ErrorKind::PermissionDenied => true,
            ErrorKind::NotFound => !task.may_be_unknown_yet(now),
            // Not 424, which a proxy sends if its own key was refused.
            _ => matches!(error.status, Some(400 | 422)) && task.state.failures + 1 >= INVALID_READS,
        }
    }

    fn hurry(&mut self, now_ms: f64) {
        for task in &mut self.tasks {
            task.hurry(now_ms);
        }
    }
}

/// The answer about a task, if it can be used. A single read brings its task, even if a server in between gives
/// it another id. A batch that calls a task completed without a link is not enough: a single read returns an
/// error that says what is missing.
fn usable_answer<'a>(answers: &'a [Task], task: &WatchedTask, is_single: bool) -> Option<&'a Task> {
    let is_usable = |answer: &&Task| {
        is_single
            || answer.id == task.state.task_id && (answer.is_final() || answer.status != Status::Completed)
    };
    answers.iter().find(is_usable)
}

/// Whether the server does not know the batch call.
fn is_unknown_call(error: &Error) -> bool {
    is_refused(error) || error.kind == ErrorKind::BadRequest || error.status == Some(501)
}

/// Whether the same read would fail again.
fn is_refused(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::PermissionDenied | ErrorKind::NotFound)
}
