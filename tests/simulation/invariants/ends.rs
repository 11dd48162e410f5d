//! Every call settles in time and for a valid reason, and reports what it observed.

use super::{Case, Check, LAST_READ_MS, LONGEST_ASKED_MS, ensure};
use crate::network::ExchangeEnd;
use crate::plan::Operation;
use crate::run::Outcome;
use crate::server::Ending;
use crate::time::Jump;
use evolink_video::domain::{ErrorKind, Status, Task};

impl Case<'_> {
    pub(super) fn settles(&self) -> Check {
        let (outcome, end) = &self.run.outcomes[self.number];
        ensure(!matches!(outcome, Outcome::Hangs), || "hangs".into())?;
        let attempts = u64::from(self.run.plan.max_retries.unwrap_or(4)) + 1;
        let one_call = attempts * (u64::from(self.run.plan.timeout_ms) + LONGEST_ASKED_MS * 5 / 4);
        let asleep: u64 = self
            .run
            .plan
            .jumps
            .iter()
            .map(|(_, jump)| match jump {
                Jump::Sleep(ms) | Jump::SleepWithTimers(ms) => *ms,
                // Set back while the client waits for a response: it cannot know for how long.
                Jump::SetClock(ms) => {
                    let longest = u64::from(self.run.plan.timeout_ms) + LONGEST_ASKED_MS;
                    longest.min((-ms).max(0) as u64)
                }
            })
            .sum();
        let limit = match self.call.operation {
            Operation::Submit | Operation::Retrieve => Some(one_call),
            Operation::PollLoop => None,
            _ => self.call.wait_ms.map(|ms| u64::from(ms) + LAST_READ_MS),
        };
        let took = end.at.saturating_sub(self.call.starts_at);
        ensure(limit.is_none_or(|limit| took <= limit + asleep + 10), || {
            format!("took {took} ms, limit {limit:?}")
        })
    }

    pub(super) fn stops_on_abort(&self) -> Check {
        let (outcome, end) = &self.run.outcomes[self.number];
        if !matches!(outcome, Outcome::Aborted) {
            return Ok(());
        }
        for exchange in &self.exchanges {
            ensure(exchange.sent.at <= end.at, || {
                format!("sends a request at {}, after the abort", exchange.sent.at)
            })?;
            let over = exchange.end.is_some_and(|(moment, _)| moment.at <= end.at);
            ensure(over, || "leaves an exchange open".into())?;
        }
        Ok(())
    }

    pub(super) fn ends_for_a_valid_reason(&self) -> Check {
        let (outcome, end) = &self.run.outcomes[self.number];
        if !self.call.operation.waits() {
            return Ok(());
        }
        let id = match outcome {
            Outcome::Task(task) => &task.id,
            Outcome::Error(error) => match &error.task_id {
                Some(id) => id,
                None if self.call.operation.pays() => return Ok(()),
                None => return Err(format!("error without a task id: {error}")),
            },
            _ => return Ok(()),
        };
        let task = self.run.server.tasks.iter().find(|task| task.id == *id);
        let over = |ending: Ending| {
            task.is_some_and(|task| task.is_over(end.at as i64) && task.lifecycle.ending == ending)
        };
        let last = self.exchanges.last().filter(|last| {
            matches!(
                last.end,
                Some((_, ExchangeEnd::Answered | ExchangeEnd::Truncated))
            )
        });
        let status = last.map_or(0, |last| last.status());
        match outcome {
            Outcome::Task(task) => {
                let ending = match task.status.as_str() {
                    "completed" => Ending::Completed,
                    "failed" => Ending::Failed,
                    _ => Ending::Cancelled,
                };
                let has_links = ending != Ending::Completed || !task.results.is_empty();
                ensure(over(ending) && has_links, || {
                    format!("the task is not {}", task.status.as_str())
                })
            }
            Outcome::Error(error) => match error.kind {
                ErrorKind::TaskFailed => ensure(over(Ending::Failed), || "the task did not fail".into()),
                ErrorKind::TaskCancelled => {
                    ensure(over(Ending::Cancelled), || "the task was not cancelled".into())
                }
                ErrorKind::Authentication => ensure(status == 401, || "no 401".into()),
                ErrorKind::PermissionDenied => ensure(status == 403, || "no 403".into()),
                ErrorKind::NotFound => ensure(status == 404, || "no 404".into()),
                // A single answer may be a mistake of the API.
                ErrorKind::BadRequest => {
                    ensure(matches!(status, 400 | 422) && self.exchanges.len() >= 5, || {
                        format!("{status} after {} exchanges", self.exchanges.len())
                    })
                }
                ErrorKind::WaitTimeout => {
                    let limit = u64::from(self.call.wait_ms.ok_or("times out without a limit")?);
                    let took = self.duration(end.at);
                    ensure(took >= limit, || format!("times out after {took} of {limit} ms"))
                }
                _ => Err(format!("rejects with {}", error.kind.as_str())),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn updates_report_changes(&self) -> Check {
        if matches!(self.call.operation, Operation::PollLoop) {
            return Ok(());
        }
        let updates = &self.run.updates[self.number];
        let reported = |task: &Task| (task.status.clone(), task.progress, task.results.clone());
        let repeats = updates
            .windows(2)
            .filter(|pair| reported(&pair[0]) == reported(&pair[1]))
            .count();
        ensure(repeats == 0, || format!("{repeats} updates report no change"))?;
        if let (Outcome::Task(task), true) = (self.outcome(), self.call.operation.waits()) {
            ensure(
                updates
                    .last()
                    .is_some_and(|last| reported(last) == reported(task)),
                || "the final state was not reported".into(),
            )?;
        }
        Ok(())
    }

    pub(super) fn completed_has_links(&self) -> Check {
        if !self.call.operation.waits() || matches!(self.call.operation, Operation::PollLoop) {
            return Ok(());
        }
        let last = match self.outcome() {
            Outcome::Task(task) => Some(&**task),
            _ => None,
        };
        let mut reported = self.run.updates[self.number].iter().chain(last);
        let without_links = reported.any(|task| task.status == Status::Completed && task.results.is_empty());
        ensure(!without_links, || {
            "a completed task was reported without links".into()
        })
    }
}
