//! Waiting for a task, or for many, and what comes of it.

use super::retrieve::check_task_id;
use super::stopwatch::Stopwatch;
use super::submit::Submission;
use super::watch::{Watch, Watched};
use super::{Client, Clock, Transport};
use crate::domain::advice::advice;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::{Charged, Error, ErrorKind, PollState, Status, Task, Value};
use crate::text::{counted, template, without};

/// What to wait for.
pub enum Target {
    /// A task of which only the id is known: looked at first thing.
    Id(String),
    /// A task as it was last seen: looked at when the schedule says.
    Task(Box<Task>),
}

/// One look at a task.
#[derive(Clone, Debug)]
pub struct Look {
    /// The task as it stands.
    pub task: Task,
    /// What to pass to the next look.
    pub state: PollState,
    /// When that should be, in milliseconds; `None` if the task is final.
    pub delay_ms: Option<u32>,
}

impl ToJson for Look {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &self.task);
        json.field("state", &self.state);
        json.field("delayMs", &OrNull(self.delay_ms));
        json.close('}');
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// One look, for hosts that cannot wait.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn poll(&self, mut state: PollState) -> Result<Look, Error> {
        let asked = self.clock.now();
        let mut task = self.retrieve(&state.task_id).await?;
        state.looks += 1;
        state.observe(&mut task, asked, self.clock.now());
        if task.is_final() {
            self.forget_tasks(&[&task.id]).await;
        }
        let delay_ms = (!task.is_final()).then(|| state.delay_ms(self.clock.now(), self.clock.random()));
        Ok(Look {
            task,
            state,
            delay_ms,
        })
    }

    /// A fresh state for [`Client::poll`].
    pub fn poll_state(&self, task_id: &str) -> PollState {
        PollState::new(task_id, self.clock.now())
    }

    /// Waits until the task is final, whichever way it ends, and tells each change, with the state that
    /// [`PollState::progress_estimate`] goes on from.
    ///
    /// `wait_ms` limits the whole wait. A failed read is repeated within that limit, unless the answer
    /// is final: 401, 403 and 404.
    ///
    /// # Errors
    /// Such a final answer, or the limit, with the task as it was last seen.
    pub async fn watch(
        &self,
        target: Target,
        wait_ms: Option<u32>,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let stopwatch = Stopwatch::start(&self.clock);
        match target {
            Target::Id(id) => {
                check_task_id(&id)?;
                self.watch_one(id, None, wait_ms, stopwatch, on_update).await
            }
            Target::Task(task) => {
                let id = task.id.clone();
                self.watch_one(id, Some((*task, false)), wait_ms, stopwatch, on_update)
                    .await
            }
        }
    }

    /// Watches a task of which something may be known, which may be news to the caller.
    async fn watch_one(
        &self,
        id: String,
        known: Option<(Task, bool)>,
        wait_ms: Option<u32>,
        stopwatch: Stopwatch,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let mut watch = Watch::new(self, &[id], false, wait_ms, stopwatch, on_update);
        if let Some((task, news)) = known {
            watch.know(0, task, news);
        }
        let (mut watched, mut refusal) = watch.run().await;
        outcome(watched.swap_remove(0), &mut refusal, wait_ms)
    }

    /// Goes on with every task that the store knows of and that is not known to be final, as
    /// [`Client::watch_all`] does. A call whose answer never came is not among them: the same request again
    /// takes up its idempotency key.
    ///
    /// # Errors
    /// There is no store, or it failed; otherwise as [`Client::watch_all`].
    pub async fn resume(
        &self,
        wait_ms: Option<u32>,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Vec<Task>, Error> {
        if self.store.is_none() {
            return Err(Error::configuration(
                "`resume` needs the option `store`, which keeps the ids of the tasks.",
            ));
        }
        let ids = self.kept_tasks().await?;
        self.watch_all(&ids, wait_ms, on_update).await
    }

    /// Watches many tasks until each is final, whichever way it ends, and tells each change. Many are read
    /// with one call where the server knows that call, else one by one, at most 6 at a time. The tasks come
    /// in the order asked.
    ///
    /// # Errors
    /// When all that can have come to their end: why the first of those that cannot did not, with every task
    /// as it was last seen.
    pub async fn watch_all(
        &self,
        ids: &[String],
        wait_ms: Option<u32>,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Vec<Task>, Error> {
        for id in ids {
            check_task_id(id)?;
        }
        let stopwatch = Stopwatch::start(&self.clock);
        let watch = Watch::new(self, ids, true, wait_ms, stopwatch, on_update);
        let mut failed: u32 = 0;
        let mut first = None;
        let mut seen = Vec::new();
        let (watched, mut refusal) = watch.run().await;
        for one in watched {
            // A task that came to its end is the outcome itself.
            let last = if one.is_final() { None } else { one.seen.clone() };
            seen.push(match outcome(one, &mut refusal, wait_ms) {
                Ok(task) => Some(task),
                Err(error) => {
                    failed += 1;
                    first.get_or_insert(error);
                    last
                }
            });
        }
        let Some(mut error) = first else {
            let mut tasks = Vec::new();
            for task in seen.into_iter().flatten() {
                tasks.push(task);
            }
            return Ok(tasks);
        };
        error.message = template!(
            "{} of {} did not come to an end. The first: {}",
            failed,
            counted(seen.len(), "task"),
            error.message
        );
        error.tasks = Some(seen);
        Err(error)
    }

    /// Waits for the video.
    ///
    /// # Errors
    /// As [`Client::watch`]; besides, that the task failed or was cancelled.
    pub async fn wait(
        &self,
        target: Target,
        wait_ms: Option<u32>,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        completed(self.watch(target, wait_ms, on_update).await?)
    }

    /// Submits, then waits for the video.
    ///
    /// # Errors
    /// As [`Client::submit`] and [`Client::wait`]; every error carries the idempotency key. `wait_ms` limits
    /// both together.
    pub async fn generate(
        &self,
        request: &Value,
        idempotency_key: Option<String>,
        wait_ms: Option<u32>,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let mut stopwatch = Stopwatch::start(&self.clock);
        let Submission {
            task,
            idempotency_key,
            ..
        } = self.submit_within(request, idempotency_key, wait_ms).await?;
        stopwatch.read(&self.clock);
        self.watch_one(task.id.clone(), Some((task, true)), wait_ms, stopwatch, on_update)
            .await
            .and_then(completed)
            .map_err(|mut error| {
                error.idempotency_key = Some(idempotency_key);
                // The submission was accepted; that a read of it failed does not undo that.
                if error.charged == Charged::No && error.kind != ErrorKind::TaskFailed {
                    error.charged = Charged::Unknown;
                }
                error
            })
    }
}

/// How a watch of a task ended.
fn outcome(one: Watched, refusal: &mut Option<Error>, wait_ms: Option<u32>) -> Result<Task, Error> {
    let task_id = one.state.task_id;
    let seen = match one.seen {
        // Also where an error came first: a read that was under way may bring the end all the same.
        Some(task) if task.is_final() => return Ok(task),
        seen => seen,
    };
    let mut error = one.error;
    if one.is_stopped {
        // The first of them has it. What the others get is only counted: of several errors, the first is told.
        error = refusal.take();
    }
    Err(match error {
        Some(mut error) => {
            error.task_id = Some(task_id);
            error
        }
        None => out_of_time(task_id, seen, wait_ms, one.failure.as_deref()),
    })
}

/// The wait reached its limit.
fn out_of_time(task_id: String, task: Option<Task>, wait_ms: Option<u32>, failure: Option<&Error>) -> Error {
    let status = task.as_ref().map_or("never read", |task| task.status.as_str());
    let mut error = Error::new(
        ErrorKind::WaitTimeout,
        "wait_timeout",
        template!("The task {} was not finished within {} ms (`timeoutMs`); it was last seen as {}. It goes on at the server: wait again with its id.", task_id, wait_ms.unwrap_or(0), status),
    )
    .retryable();
    error.charged = Charged::Unknown;
    if let Some(failure) = failure {
        error.message = template!(
            "{} The last read of it failed: {}",
            error.message,
            failure.message
        );
        // Completed, and only the link is missing.
        if failure.charged == Charged::Yes {
            error.charged = Charged::Yes;
        }
    }
    error.task_id = Some(task_id);
    error.task = task;
    error
}

/// The task, if it has a video; otherwise the error that it stands for.
fn completed(task: Task) -> Result<Task, Error> {
    let mut error = match (&task.status, &task.error) {
        (Status::Completed, _) => return Ok(task),
        (Status::Failed, Some(reason)) => {
            let (retryable, advice) = advice(&reason.code);
            let said = without(&reason.message, &["."]);
            let message = template!(
                "The task {} failed: {} ({}). It is not charged. {}",
                task.id,
                said,
                reason.code,
                advice
            );
            let mut error = Error::new(ErrorKind::TaskFailed, &reason.code, message.trim_ascii_end());
            error.retryable = retryable;
            error
        }
        _ => {
            let message = template!("The task {} was cancelled.", task.id);
            let mut error = Error::new(ErrorKind::TaskCancelled, "task_cancelled", message);
            // Not documented; `task.billing` may tell.
            error.charged = Charged::Unknown;
            error
        }
    };
    error.task_id = Some(task.id.clone());
    error.task = Some(task);
    Err(error)
}
