//! How a watch ended.

use super::{Stop, Watch, WatchedTask};
use crate::domain::api::{Meaning, find_code};
use crate::domain::task::LINK_LIFETIME_MS;
use crate::domain::{Charged, Error, ErrorKind, Status, Task};
use crate::marks::mark;
use crate::text::{counted, template, trim_suffixes};

impl Watch {
    /// The tasks that no later process has to resume: those that are final, and those that the API does not know
    /// although their links would have expired. A younger one may be of another account.
    pub fn settled_ids(&self, now: f64) -> Vec<&str> {
        let mut ids = Vec::new();
        for task in &self.tasks {
            if !task.is_final() {
                if !task.is_gone() {
                    continue;
                }
                if task.state.age_ms(now) <= LINK_LIFETIME_MS as f64 {
                    mark!("a task that the API does not know is kept");
                    continue;
                }
                mark!("an old task that the API does not know is removed");
            }
            ids.push(task.state.task_id.as_str());
        }
        ids
    }

    /// The outcome of a watch of one task: the final task, however it ended.
    ///
    /// # Errors
    /// Why it cannot be read, or that the time is up, with the task as it was last seen.
    pub fn into_task(mut self) -> Result<Task, Error> {
        outcome(self.tasks.swap_remove(0), &mut self.refusal, self.timeout_ms)
    }

    /// The outcome of a watch of many tasks: the final tasks in the order of their ids.
    ///
    /// # Errors
    /// The error of the first task that did not finish, with the last known state of every task.
    pub fn into_tasks(mut self) -> Result<Vec<Task>, Error> {
        let mut unfinished: u32 = 0;
        let mut first = None;
        let mut seen = Vec::new();
        for task in self.tasks {
            // A final task moves into the outcome.
            let last = if task.is_final() { None } else { task.seen.clone() };
            seen.push(match outcome(task, &mut self.refusal, self.timeout_ms) {
                Ok(task) => Some(task),
                Err(error) => {
                    unfinished += 1;
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
            "{} of {} did not finish. The first: {}",
            unfinished,
            counted(seen.len(), "task"),
            error.message
        );
        error.tasks = Some(seen);
        Err(error)
    }
}

fn outcome(task: WatchedTask, refusal: &mut Option<Error>, timeout_ms: Option<u32>) -> Result<Task, Error> {
    let task_id = task.state.task_id;
    let seen = match task.seen {
        // Also after a stop: a read that was in flight may have brought the end.
        Some(seen) if seen.is_final() => return Ok(seen),
        seen => seen,
    };
    let error = match task.stop {
        Some(Stop::Failed(error)) => Some(error),
        // The first task takes it. Of the others' errors only the number is used.
        Some(Stop::Refused) => refusal.take(),
        None => None,
    };
    Err(match error {
        Some(mut error) => {
            error.task_id = Some(task_id);
            error.task = seen;
            error
        }
        None => wait_timeout(task_id, seen, timeout_ms, task.failure),
    })
}

fn wait_timeout(
    task_id: String,
    task: Option<Task>,
    timeout_ms: Option<u32>,
    failure: Option<Error>,
) -> Error {
    let status = task.as_ref().map_or("never read", |task| task.status.as_str());
    let mut error = Error::new(
        ErrorKind::WaitTimeout,
        "wait_timeout",
        template!(
            "The task {} did not finish within {} ms (`timeoutMs`). Its last status: {}.",
            task_id,
            timeout_ms.unwrap_or(0),
            status
        ),
    )
    .retryable();
    error.charged = Charged::Unknown;
    // Completed, and only the links are missing.
    if task.as_ref().is_some_and(|task| task.status == Status::Completed) {
        error.charged = Charged::Yes;
    }
    if let Some(failure) = failure {
        error.message = template!("{} The last read failed: {}", error.message, failure.message);
        error.status = failure.status;
        error.request_id = failure.request_id.clone();
        error.body = failure.body.clone();
        error.cause = failure.cause.clone();
    }
    error.task_id = Some(task_id);
    error.task = task;
    error
}

/// The error of a completed task whose links are missing.
pub(super) fn result_missing(task_id: &str) -> Error {
    let message = template!(
        "The task {} is completed, but contains no link to the video. See `task`.",
        task_id
    );
    let mut error = Error::new(ErrorKind::Server, "result_missing", message).retryable();
    error.charged = Charged::Yes;
    error
}

/// Returns a final task that has a video.
///
/// # Errors
/// The task failed or was cancelled.
pub fn require_video(task: Task) -> Result<Task, Error> {
    let mut error = match (&task.status, &task.error) {
        (Status::Completed, _) => return Ok(task),
        (Status::Failed, Some(reason)) => {
            let known = find_code(&reason.code);
            let message = template!(
                "The task {} failed: {} ({}). It is not charged. {}",
                task.id,
                trim_suffixes(&reason.message, &["."]),
                reason.code,
                known.map_or("", |row| row.advice)
            );
            let mut error = Error::new(ErrorKind::TaskFailed, &reason.code, message.trim_ascii_end());
            error.retryable = known.is_some_and(|row| row.meaning == Meaning::TryLater);
            error.request_id = reason.request_id.clone();
            error.particulars = reason.particulars.clone();
            error
        }
        _ => {
            let message = template!("The task {} was cancelled.", task.id);
            let mut error = Error::new(ErrorKind::TaskCancelled, "task_cancelled", message);
            // Not documented; `task.billing` may say.
            error.charged = Charged::Unknown;
            error
        }
    };
    error.task_id = Some(task.id.clone());
    error.task = Some(task);
    Err(error)
}
