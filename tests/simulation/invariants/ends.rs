//! Every call ends, in time and for a good reason, and tells what it saw.

use super::{Case, LAST_READ_MS, LONGEST_ASKED_MS, Verdict, ensure};
use crate::network::Heard;
use crate::plan::Operation;
use crate::run::Outcome;
use crate::server::Ending;
use crate::time::Jump;
use evolink_video::domain::{ErrorKind, Status, Task};

impl Case<'_> {
    pub(super) fn settles(&self) -> Verdict {
        let (outcome, end) = &self.run.outcomes[self.number];
        ensure(!matches!(outcome, Outcome::Hangs), || "it hangs".into())?;
        let attempts = u64::from(self.run.plan.max_retries.unwrap_or(4)) + 1;
        let one_call = attempts * (u64::from(self.run.plan.timeout_ms) + LONGEST_ASKED_MS * 5 / 4);
        let asleep: u64 = self
            .run
            .plan
            .jumps
            .iter()
            .map(|(_, jump)| match jump {
                Jump::Nap(ms) | Jump::FrozenNap(ms) => *ms,
                // Set back while the client waits for something else than a timer, it cannot know how long.
                Jump::Set(ms) => {
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
            format!("it took {took} ms, not {limit:?}")
        })
    }

    pub(super) fn aborts(&self) -> Verdict {
        let (outcome, end) = &self.run.outcomes[self.number];
        if !matches!(outcome, Outcome::Aborted) {
            return Ok(());
        }
        for exchange in &self.exchanges {
            ensure(exchange.sent.at <= end.at, || {
                format!("a request at {}, after the abort", exchange.sent.at)
            })?;
            let over = exchange.end.is_some_and(|(moment, _)| moment.at <= end.at);
            ensure(over, || "an exchange goes on".into())?;
        }
        Ok(())
    }

    pub(super) fn ends_rightly(&self) -> Verdict {
        let (outcome, end) = &self.run.outcomes[self.number];
        if !self.call.operation.waits() {
            return Ok(());
        }
        let id = match outcome {
            Outcome::Task(task) => &task.id,
            Outcome::Error(error) => match &error.task_id {
                Some(id) => id,
                None if self.call.operation.pays() => return Ok(()),
                None => return Err(format!("no id on the error: {error}")),
            },
            _ => return Ok(()),
        };
        let task = self.run.server.tasks.iter().find(|task| task.id == *id);
        let over = |ending: Ending| {
            task.is_some_and(|task| task.is_over(end.at as i64) && task.life.ending == ending)
        };
        let last = self
            .exchanges
            .last()
            .filter(|last| matches!(last.end, Some((_, Heard::Answer | Heard::CutOff))));
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
                    format!("it is not {}", task.status.as_str())
                })
            }
            Outcome::Error(error) => match error.kind {
                ErrorKind::TaskFailed => ensure(over(Ending::Failed), || "it did not fail".into()),
                ErrorKind::TaskCancelled => ensure(over(Ending::Cancelled), || "it was not cancelled".into()),
                ErrorKind::Authentication => ensure(status == 401, || "no 401".into()),
                ErrorKind::PermissionDenied => ensure(status == 403, || "no 403".into()),
                ErrorKind::NotFound => ensure(status == 404, || "no 404".into()),
                ErrorKind::WaitTimeout => {
                    let limit = u64::from(self.call.wait_ms.ok_or("out of time without a limit")?);
                    let took = self.passed(end.at);
                    ensure(took >= limit, || {
                        format!("out of time after {took} of {limit} ms")
                    })
                }
                _ => Err(format!("it ended with {}", error.kind.as_str())),
            },
            _ => Ok(()),
        }
    }

    pub(super) fn updates_tell(&self) -> Verdict {
        if matches!(self.call.operation, Operation::PollLoop) {
            return Ok(());
        }
        let updates = &self.run.updates[self.number];
        let told = |task: &Task| (task.status.clone(), task.progress, task.results.clone());
        let repeats = updates
            .windows(2)
            .filter(|pair| told(&pair[0]) == told(&pair[1]))
            .count();
        ensure(repeats == 0, || format!("{repeats} updates tell nothing new"))?;
        if let (Outcome::Task(task), true) = (self.outcome(), self.call.operation.waits()) {
            ensure(
                updates.last().is_some_and(|last| told(last) == told(task)),
                || "the end was not told".into(),
            )?;
        }
        Ok(())
    }

    pub(super) fn completed_has_links(&self) -> Verdict {
        let last = match self.outcome() {
            Outcome::Task(task) => Some(&**task),
            Outcome::Submission(submission) => Some(&submission.task),
            _ => None,
        };
        let mut told = self.run.updates[self.number].iter().chain(last);
        let bare = told.any(|task| task.status == Status::Completed && task.results.is_empty());
        ensure(!bare, || "one was told without".into())
    }
}
