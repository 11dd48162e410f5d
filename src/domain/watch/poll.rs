//! A watch that reads each task once, for hosts that cannot wait.

use super::{Stop, Turn, Watch};
use crate::domain::{Error, PollState, Status, Task};

/// What a poll found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Polled {
    /// The task as it was last seen; `None` if it never was.
    pub task: Option<Task>,
    /// The state to pass to the next poll.
    pub state: PollState,
    /// When to poll next, in milliseconds from now; `None` if nothing will change any more.
    pub delay_ms: Option<u32>,
    /// Why the last read failed.
    pub error: Option<Error>,
}

impl Polled {
    /// What was found, unless another poll would fail too.
    ///
    /// # Errors
    /// The error of a task that cannot be read.
    pub fn unless_over(self) -> Result<Self, Error> {
        let task = self.task.as_ref();
        let is_completed = task.is_some_and(|task| task.status == Status::Completed);
        match self.error {
            Some(error) if self.delay_ms.is_none() && !is_completed => Err(error),
            _ => Ok(self),
        }
    }
}

impl Watch {
    /// A watch of tasks by their states, and as they were last seen, if they were.
    pub(crate) fn polled(tasks: Vec<(PollState, Option<Task>)>, now: f64) -> Self {
        let mut states = Vec::new();
        let mut seen = Vec::new();
        for (state, task) in tasks {
            states.push(state);
            seen.push(task);
        }
        let failures: Vec<_> = states.iter().map(|state| (state.reads, state.failures)).collect();
        let is_batched = states.len() > 1;
        let mut watch = Self::resumed(states, is_batched, None, now);
        for ((task, seen), (reads, failures)) in watch.tasks.iter_mut().zip(seen).zip(failures) {
            task.seen = seen;
            task.state.reads = reads;
            task.state.failures = failures;
        }
        watch
    }

    /// Gives up on a task that cannot be read at all.
    pub(crate) fn refuse(&mut self, index: usize, error: Error) {
        if let Some(task) = self.tasks.get_mut(index) {
            task.stop(Stop::Failed(error));
        }
    }

    /// Whether the last read of a task failed, and may succeed soon.
    pub(crate) fn is_failing(&self) -> bool {
        self.tasks
            .iter()
            .any(|task| task.failure.is_some() && task.is_watched())
    }

    /// What the reads found, in the order of the tasks.
    pub(crate) fn into_polled(mut self, now: f64) -> Vec<Polled> {
        let now_ms = self.stopwatch.read(now);
        let mut polled = Vec::new();
        for task in self.tasks {
            let delay_ms = match task.turn {
                Turn::Due { at_ms, .. } => Some((at_ms.max(self.quiet_until_ms) - now_ms).max(0.0) as u32),
                _ => None,
            };
            let mut error = match task.stop {
                Some(Stop::Failed(error)) => Some(error),
                Some(Stop::Refused) => self.refusal.as_ref().map(Error::brief),
                None => task.failure,
            };
            if let Some(error) = &mut error {
                error.task_id = Some(task.state.task_id.clone());
            }
            polled.push(Polled {
                task: task.seen,
                state: task.state,
                delay_ms,
                error,
            });
        }
        polled
    }
}
