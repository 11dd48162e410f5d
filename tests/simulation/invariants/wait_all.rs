//! Invariants of `watch_all`.

use super::pace::{expected_ms, max_reads, most_with_failures, shortest_ms};
use super::{Case, Check, ensure};
use crate::network::{Exchange, ExchangeEnd};
use crate::run::Outcome;
use crate::server::{Content, Ending, TASKS_URL};
use crate::time::Jump;
use crate::wait_all::{BATCH_URL, ids_of};
use evolink_video::domain::{Error, ErrorKind, Status, Task};
use std::collections::BTreeMap;

/// The maximum number of concurrent reads.
const MAX_CONCURRENT_READS: usize = 6;
/// The time after all faults by which every finished task has been seen: a `Retry-After`, a request timeout, a
/// pause, and the reads of all other tasks.
const SETTLED_MS: u64 = 400_000;

/// One read by `watch_all`.
struct Read<'a> {
    exchange: &'a Exchange,
    is_batch: bool,
    ids: Vec<String>,
}

impl<'a> Read<'a> {
    fn of(exchange: &'a Exchange) -> Self {
        let request = &exchange.request;
        let is_batch = request.url == BATCH_URL;
        let single = || {
            let id = request.url.strip_prefix(TASKS_URL);
            vec![id.unwrap_or_default().to_owned()]
        };
        let ids = match &request.body {
            Some(body) if is_batch => ids_of(body),
            _ => single(),
        };
        Self {
            exchange,
            is_batch,
            ids,
        }
    }

    fn is_answered(&self) -> bool {
        matches!(self.exchange.end, Some((_, ExchangeEnd::Answered)))
    }

    /// Whether the server responds that it does not support batch reads.
    fn is_batch_unsupported(&self) -> bool {
        // The status counts even if the body was truncated.
        let is_answered = matches!(
            self.exchange.end,
            Some((_, ExchangeEnd::Answered | ExchangeEnd::Truncated))
        );
        self.is_batch && is_answered && matches!(self.exchange.status(), 400 | 403 | 404 | 405)
    }

    /// Whether the response is a list that omits a task, or a completed task's links.
    fn lacks(&self, id: &str) -> bool {
        let response = self
            .exchange
            .response
            .as_ref()
            .filter(|_| self.is_answered() && self.is_batch);
        let Some(Content::Json(json)) = response.map(|response| &response.content) else {
            return false;
        };
        let Some(list) = json["data"].as_array() else {
            return false;
        };
        let task = list.iter().find(|task| task["id"] == id);
        task.is_none_or(|task| task["status"] == "completed" && task["results"].is_null())
    }
}

impl Case<'_> {
    pub(super) fn wait_all(&self) -> [(&'static str, Check); 7] {
        let reads: Vec<Read> = self.exchanges.iter().map(|exchange| Read::of(exchange)).collect();
        let mut of_each: BTreeMap<&str, Vec<&Read>> = BTreeMap::new();
        for read in &reads {
            for id in &read.ids {
                of_each.entry(id).or_default().push(read);
            }
        }
        of_each.retain(|id, _| self.is_requested_once(id));
        [
            ("at most 6 concurrent reads", limits_concurrent_reads(&reads)),
            ("delays of each task", self.respects_delays_of_each_task(&of_each)),
            ("Retry-After applies to all tasks", self.respects_retry_after()),
            ("no reads after a rejection", self.stops_after_rejection(&reads)),
            (
                "number of reads of each task",
                self.limits_reads_of_each_task(&of_each),
            ),
            (
                "waits for many end for a valid reason",
                self.wait_all_ends_for_a_valid_reason(),
            ),
            (
                "updates of many report changes",
                self.wait_all_updates_report_changes(),
            ),
        ]
    }

    /// Whether an id occurs once in the request.
    fn is_requested_once(&self, id: &str) -> bool {
        self.run.ids.iter().filter(|other| *other == id).count() == 1
    }

    /// The expected duration of a task according to the server, else to the API's documentation.
    fn expected_ms_of(&self, id: &str) -> u64 {
        let task = self.run.server.tasks.iter().find(|task| task.id == id);
        expected_ms(task.and_then(|task| task.lifecycle.estimated_s))
    }

    fn is_set_forward_between(&self, from: u64, to: u64) -> bool {
        let jumps = self.jumps_between(from, to);
        jumps.iter().any(|jump| matches!(jump, Jump::SetClock(1..)))
    }

    fn respects_delays_of_each_task(&self, of_each: &BTreeMap<&str, Vec<&Read>>) -> Check {
        for (id, reads) in of_each {
            for pair in reads.windows(2) {
                let (before, after) = (pair[0], pair[1]);
                let end = before.exchange.end.map_or(u64::MAX, |(end, _)| end.at);
                let at = after.exchange.sent.at;
                let is_fallback = !after.is_batch && (before.lacks(id) || before.is_batch_unsupported());
                let least = if is_fallback || before.exchange.failed() {
                    0
                } else {
                    shortest_ms(self.expected_ms_of(id))
                };
                let early = at < end.saturating_add(least) && !self.is_set_forward_between(end, at);
                ensure(!early, || {
                    format!("{id} is read at {at}, too soon after the read that ended at {end}")
                })?;
            }
        }
        Ok(())
    }

    fn respects_retry_after(&self) -> Check {
        for before in &self.exchanges {
            let Some((end, ExchangeEnd::Answered | ExchangeEnd::Truncated)) = before.end else {
                continue;
            };
            let Some(asked) = before.asked_ms() else { continue };
            let after = self.exchanges.iter().map(|exchange| exchange.sent.at);
            let mut early = after.filter(|at| (end.at + 1..end.at + asked).contains(at));
            let early = early.find(|at| !self.is_set_forward_between(end.at, *at));
            ensure(early.is_none(), || {
                format!(
                    "a read at {early:?}, though the server asked at {} to wait {asked} ms",
                    end.at
                )
            })?;
        }
        Ok(())
    }

    fn stops_after_rejection(&self, reads: &[Read]) -> Check {
        let unsupported = reads.iter().find(|read| read.is_batch_unsupported());
        let end_of = |exchange: &Exchange| exchange.end.map_or(u64::MAX, |(end, _)| end.at);
        if let Some(end) = unsupported.map(|read| end_of(read.exchange)) {
            let again = reads
                .iter()
                .find(|read| read.is_batch && read.exchange.sent.at > end);
            ensure(again.is_none(), || {
                format!("a batch is read after the rejection at {end}")
            })?;
        }
        let unauthorized = self.exchanges.iter().find(|exchange| {
            // One that is cut off may be of a server in between.
            exchange.status() == 401 && matches!(exchange.end, Some((_, ExchangeEnd::Answered)))
        });
        if let Some(end) = unauthorized.map(|exchange| end_of(exchange)) {
            let continues = self.exchanges.iter().any(|exchange| exchange.sent.at > end);
            ensure(!continues, || format!("reads after the 401 at {end}"))?;
        }
        Ok(())
    }

    fn limits_reads_of_each_task(&self, of_each: &BTreeMap<&str, Vec<&Read>>) -> Check {
        for (id, reads) in of_each {
            let (first, last) = (reads[0].exchange.sent.at, reads[reads.len() - 1].exchange.sent.at);
            let single = max_reads(
                last - first,
                self.expected_ms_of(id),
                !self.run.plan.wakes.is_empty(),
            );
            // A task joins a batch up to a quarter early, and a batch that omits it costs a second read.
            let failed = reads.iter().filter(|read| read.exchange.failed()).count();
            let most = most_with_failures(single * 5 / 2 + 2, failed);
            ensure(reads.len() <= most, || {
                format!(
                    "{} reads of {id} in {} ms, limit {most}",
                    reads.len(),
                    last - first
                )
            })?;
        }
        Ok(())
    }

    fn wait_all_ends_for_a_valid_reason(&self) -> Check {
        match self.outcome() {
            Outcome::Tasks(tasks) => {
                let ids: Vec<&String> = tasks.iter().map(|task| &task.id).collect();
                let requested: Vec<&String> = self.run.ids.iter().collect();
                ensure(ids == requested, || {
                    format!("not in the requested order: {ids:?}")
                })?;
                tasks.iter().try_for_each(|task| self.matches_server(task, true))
            }
            Outcome::Error(error) => self.wait_all_error_is_consistent(error),
            _ => Ok(()),
        }
    }

    fn wait_all_error_is_consistent(&self, error: &Error) -> Check {
        let end = self.run.outcomes[self.number].1.at;
        let tasks = error.tasks.as_ref().ok_or("the error has no tasks")?;
        ensure(tasks.len() == self.run.ids.len(), || {
            format!("{} tasks", tasks.len())
        })?;
        let is_known = |id: &str| self.run.server.tasks.iter().any(|task| task.id == *id);
        let received = |status: u16| {
            self.exchanges.iter().any(|exchange| {
                exchange.status() == status
                    && matches!(
                        exchange.end,
                        Some((_, ExchangeEnd::Answered | ExchangeEnd::Truncated))
                    )
            })
        };
        // A single answer may be a mistake of the API.
        let failures = self.exchanges.iter().filter(|exchange| exchange.failed()).count();
        let is_invalid = (received(400) || received(422)) && failures >= 5;
        let id = error.task_id.as_deref().ok_or("the error has no id")?;
        let limit = self.call.wait_ms.map(u64::from);
        let out_of_time = limit.is_some_and(|limit| self.duration(end) >= limit);
        match error.kind {
            ErrorKind::NotFound => ensure(!is_known(id), || format!("{id} exists")),
            ErrorKind::Authentication => ensure(received(401), || "no 401".into()),
            ErrorKind::PermissionDenied => ensure(received(403), || "no 403".into()),
            ErrorKind::BadRequest => ensure(is_invalid, || "no 400 or 422 after other failures".into()),
            ErrorKind::WaitTimeout => ensure(out_of_time, || "times out before its limit".into()),
            _ => Err(format!("rejects with {}", error.kind.as_str())),
        }?;
        let excused = received(401) || received(403) || is_invalid;
        let fault_free = self.run.plan.fault_free_after();
        let mut unfinished = 0;
        for (id, seen) in self.run.ids.iter().zip(tasks) {
            if let Some(task) = seen {
                ensure(task.id == *id, || format!("{} in place of {id}", task.id))?;
                self.matches_server(task, false)?;
            }
            self.matches_last_update(id, seen.as_ref())?;
            if seen.as_ref().is_some_and(Task::is_final) {
                continue;
            }
            unfinished += 1;
            let task = self.run.server.tasks.iter().find(|task| task.id == *id);
            let Some(task) = task.filter(|_| !excused) else {
                continue;
            };
            ensure(out_of_time, || format!("gives up {id} before the limit"))?;
            let begin = fault_free.map_or(u64::MAX, |at| at.max(self.call.starts_at));
            let settled = end.saturating_sub(SETTLED_MS);
            ensure(settled < begin || !task.is_over(settled as i64), || {
                format!("{id} finished long ago")
            })?;
        }
        let expected = format!("{unfinished} of {} task", tasks.len());
        ensure(error.message.starts_with(&expected), || {
            format!("expected {expected:?}, received {:?}", error.message)
        })
    }

    fn matches_last_update(&self, id: &String, seen: Option<&Task>) -> Check {
        if !self.is_requested_once(id) {
            return Ok(());
        }
        let reported = |task: &Task| (task.status.clone(), task.progress, task.results.clone());
        let updates = &self.run.updates[self.number];
        let last = updates.iter().rfind(|task| task.id == *id);
        if seen.is_some_and(|task| task.status == Status::Completed && !task.is_final()) {
            // It is reported once it has links.
            return ensure(last.is_none_or(|last| last.status != Status::Completed), || {
                format!("{id} was reported without links")
            });
        }
        ensure(last.map(reported) == seen.map(reported), || {
            format!("{id} differs from its last update")
        })
    }

    /// Whether the server agrees with the final status of a task.
    fn matches_server(&self, reported: &Task, must_be_final: bool) -> Check {
        let end = self.run.outcomes[self.number].1.at;
        let ending = match reported.status {
            Status::Completed => Ending::Completed,
            Status::Failed => Ending::Failed,
            Status::Cancelled => Ending::Cancelled,
            _ => {
                return ensure(!must_be_final, || format!("{} is not final", reported.id));
            }
        };
        let task = self.run.server.tasks.iter().find(|task| task.id == reported.id);
        if !must_be_final && reported.status == Status::Completed && !reported.is_final() {
            // Its links are late.
            return ensure(task.is_some_and(|task| task.lifecycle.ending == ending), || {
                format!("{} is not completed", reported.id)
            });
        }
        let matches = task.is_some_and(|task| task.is_over(end as i64) && task.lifecycle.ending == ending);
        ensure(matches, || {
            format!("{} is not {}", reported.id, reported.status.as_str())
        })
    }

    fn wait_all_updates_report_changes(&self) -> Check {
        let reported = |task: &Task| (task.status.clone(), task.progress, task.results.clone());
        let updates = &self.run.updates[self.number];
        for id in self.run.ids.iter().filter(|id| self.is_requested_once(id)) {
            let own: Vec<_> = updates
                .iter()
                .filter(|task| task.id == *id)
                .map(reported)
                .collect();
            ensure(own.windows(2).all(|pair| pair[0] != pair[1]), || {
                format!("an update of {id} reports no change")
            })?;
        }
        let Outcome::Tasks(tasks) = self.outcome() else {
            return Ok(());
        };
        let missing = tasks.iter().find(|task| {
            !updates
                .iter()
                .any(|update| reported(update) == reported(task) && update.id == task.id)
        });
        ensure(missing.is_none(), || "a final state was not reported".into())
    }
}

fn limits_concurrent_reads(reads: &[Read]) -> Check {
    let mut ends: Vec<u64> = Vec::new();
    for read in reads {
        ensure(!read.ids.is_empty() && read.ids.len() <= 50, || {
            format!("{} ids in one batch", read.ids.len())
        })?;
        let at = read.exchange.sent.at;
        ends.retain(|end| *end > at);
        ensure(ends.len() < MAX_CONCURRENT_READS, || {
            format!("a read starts at {at} while {} are running", ends.len())
        })?;
        ends.push(read.exchange.end.map_or(u64::MAX, |(end, _)| end.at));
    }
    Ok(())
}
