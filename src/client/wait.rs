//! Waiting for a task: looks at it, as the poll schedule says, until it is final.

use super::exchange::Patience;
use super::race::{Either, race};
use super::submit::Submission;
use super::{Client, Clock, Event, Transport};
use crate::domain::advice::advice;
use crate::domain::retry::Call;
use crate::domain::schedule::SHORTEST_MS;
use crate::domain::text::text;
use crate::domain::{Charged, Error, ErrorKind, PollState, Status, Task, Value};

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

impl From<Look> for Value {
    fn from(look: Look) -> Self {
        Value::object([
            ("task", Some((&look.task).into())),
            ("state", Some(look.state.into())),
            ("delayMs", Some(look.delay_ms.into())),
        ])
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// One look, for hosts that cannot wait.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn poll(&self, mut state: PollState) -> Result<Look, Error> {
        let task = self.retrieve(&state.task_id).await?;
        state.looks += 1;
        state.observe(&task, self.clock.now());
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
        let (mut state, mut seen) = match target {
            Target::Id(id) => (self.poll_state(&id), None),
            Target::Task(task) => (self.poll_state(&task.id), Some(*task)),
        };
        if let Some(task) = &seen {
            state.observe(task, self.clock.now());
            if task.is_final() {
                on_update(task, &state);
                return Ok(task.clone());
            }
        }
        let deadline = wait_ms.map(|ms| state.started_at as f64 + f64::from(ms));
        let mut least_ms = 0;
        let mut last_look = false;
        loop {
            // A bare id is looked at first thing.
            if seen.is_some() || state.looks > 0 {
                self.pause(&state, least_ms, deadline).await;
            }
            let mut left_ms = self.left_ms(deadline);
            if left_ms == Some(0) {
                // A laptop that slept through the limit: the task may well be done, so one look more.
                let overslept = deadline.is_some_and(|end| self.clock.now() - end > f64::from(LAST_LOOK_MS));
                if !overslept || last_look {
                    return Err(out_of_time(state.task_id, seen, wait_ms));
                }
                last_look = true;
                left_ms = Some(LAST_LOOK_MS);
            }
            let patience = Patience {
                call: Call::Read,
                timeout_ms: left_ms.map_or(self.config.timeout_ms, |left| left.min(self.config.timeout_ms)),
                max_retries: 0,
            };
            let outcome = self.read_task(&state.task_id, &patience).await;
            state.looks += 1;
            least_ms = 0;
            match outcome {
                Ok(task) => {
                    state.observe(&task, self.clock.now());
                    let final_word = task.is_final();
                    if final_word || seen.as_ref().is_none_or(|last| task.differs_from(last)) {
                        on_update(&task, &state);
                    }
                    if final_word {
                        return Ok(task);
                    }
                    seen = Some(task);
                }
                Err(error) if is_last_word(&error) => return Err(error),
                Err(error) => {
                    least_ms = error.retry_after_ms.unwrap_or(0);
                    state.fail();
                }
            }
        }
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
    /// As [`Client::submit`] and [`Client::wait`]; every error carries the idempotency key.
    pub async fn generate(
        &self,
        request: &Value,
        idempotency_key: Option<String>,
        wait_ms: Option<u32>,
        on_update: &mut dyn FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let Submission {
            task,
            idempotency_key,
            ..
        } = self.submit(request, idempotency_key).await?;
        // A replayed call may bring a task that is final already; `watch` tells that one.
        if !task.is_final() {
            let mut state = self.poll_state(&task.id);
            state.observe(&task, self.clock.now());
            on_update(&task, &state);
        }
        self.wait(Target::Task(Box::new(task)), wait_ms, on_update)
            .await
            .map_err(|mut error| {
                error.idempotency_key = Some(idempotency_key);
                // The submission was accepted; that a read of it failed does not undo that.
                if error.charged == Charged::No && error.kind != ErrorKind::TaskFailed {
                    error.charged = Charged::Unknown;
                }
                error
            })
    }

    /// Sleeps until the next look, or until the limit if that comes first.
    async fn pause(&self, state: &PollState, least_ms: u32, deadline: Option<f64>) {
        let delay_ms = state
            .delay_ms(self.clock.now(), self.clock.random())
            .max(least_ms);
        let delay_ms = self.left_ms(deadline).map_or(delay_ms, |left| left.min(delay_ms));
        (self.observer)(&Event::Poll {
            task_id: state.task_id.clone(),
            delay_ms,
        });
        let asleep = self.clock.now();
        if let Either::First(()) = race(self.clock.wake(), self.clock.sleep(delay_ms)).await {
            // At once, but no sooner than the schedule ever looks, nor than the server asked for.
            let rested_ms = (self.clock.now() - asleep).max(0.0) as u32;
            let least_ms = least_ms.max(SHORTEST_MS as u32).min(delay_ms);
            self.clock.sleep(least_ms.saturating_sub(rested_ms)).await;
        }
    }

    fn left_ms(&self, deadline: Option<f64>) -> Option<u32> {
        deadline.map(|deadline| (deadline - self.clock.now()).max(0.0) as u32)
    }
}

/// How long the look may take that is taken past the limit, and how far past is asleep and not merely late.
const LAST_LOOK_MS: u32 = 5_000;

/// The wait reached its limit.
fn out_of_time(task_id: String, task: Option<Task>, wait_ms: Option<u32>) -> Error {
    let status = task.as_ref().map_or("never read", |task| task.status.as_str());
    let mut error = Error::new(
        ErrorKind::WaitTimeout,
        "wait_timeout",
        text!("The task {} was not finished within {} ms (`timeoutMs`); it was last seen as {}. It goes on at the server: wait again with its id.", task_id, wait_ms.unwrap_or(0), status),
    )
    .retryable();
    error.charged = Charged::Unknown;
    error.task_id = Some(task_id);
    error.task = task;
    error
}

/// Answers that reading again will not change.
fn is_last_word(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Authentication
            | ErrorKind::PermissionDenied
            | ErrorKind::NotFound
            | ErrorKind::Configuration
    )
}

/// The task, if it has a video; otherwise the error that it stands for.
fn completed(task: Task) -> Result<Task, Error> {
    let mut error = match (&task.status, &task.error) {
        (Status::Completed, _) => return Ok(task),
        (Status::Failed, Some(reason)) => {
            let (retryable, advice) = advice(&reason.code);
            let said = reason.message.trim_end_matches('.');
            let message = text!(
                "The task {} failed: {} ({}). It is not charged. {}",
                task.id,
                said,
                reason.code,
                advice
            );
            let mut error = Error::new(ErrorKind::TaskFailed, reason.code.clone(), message.trim_end());
            error.retryable = retryable;
            error
        }
        _ => {
            let message = text!("The task {} was cancelled.", task.id);
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
