//! What holds of a call that waits for many tasks.

use super::pace::{SHORTEST_MS, most_reads};
use super::{Case, Verdict, ensure};
use crate::many::{BATCH_URL, ids_of};
use crate::network::{Exchange, Heard};
use crate::run::Outcome;
use crate::server::{Content, Ending, TASKS_URL};
use crate::time::Jump;
use evolink_video::domain::{Error, ErrorKind, Status, Task};
use std::collections::BTreeMap;

/// Reads under way at the same time.
const READS_AT_ONCE: usize = 6;
/// How long after all faults whatever is over has been seen: a `Retry-After`, a request without an answer, a
/// pause, and the time of all others.
const SETTLED_MS: u64 = 400_000;

/// One read of a call for many.
struct Read<'a> {
    exchange: &'a Exchange,
    many: bool,
    ids: Vec<String>,
}

impl<'a> Read<'a> {
    fn of(exchange: &'a Exchange) -> Self {
        let request = &exchange.request;
        let many = request.url == BATCH_URL;
        let single = || {
            let id = request.url.strip_prefix(TASKS_URL);
            vec![id.unwrap_or_default().to_owned()]
        };
        let ids = match &request.body {
            Some(body) if many => ids_of(body),
            _ => single(),
        };
        Self { exchange, many, ids }
    }

    fn heard(&self) -> bool {
        matches!(self.exchange.end, Some((_, Heard::Answer)))
    }

    /// Whether the server's answer says that it does not read many.
    fn is_unknown_call(&self) -> bool {
        // A refusal counts even if its body broke off.
        let heard = matches!(self.exchange.end, Some((_, Heard::Answer | Heard::CutOff)));
        self.many && heard && matches!(self.exchange.status(), 400 | 403 | 404 | 405)
    }

    /// Whether a list came in which a task is not, or not as it can be used.
    fn lacks(&self, id: &str) -> bool {
        let response = self
            .exchange
            .response
            .as_ref()
            .filter(|_| self.heard() && self.many);
        let Some(Content::Json(json)) = response.map(|response| &response.content) else {
            return false;
        };
        let Some(list) = json["data"].as_array() else {
            return false;
        };
        let of = list.iter().find(|task| task["id"] == id);
        of.is_none_or(|task| task["status"] == "completed" && task["results"].is_null())
    }
}

impl Case<'_> {
    pub(super) fn many(&self) -> [(&'static str, Verdict); 7] {
        let reads: Vec<Read> = self.exchanges.iter().map(|exchange| Read::of(exchange)).collect();
        let mut of_each: BTreeMap<&str, Vec<&Read>> = BTreeMap::new();
        for read in &reads {
            for id in &read.ids {
                of_each.entry(id).or_default().push(read);
            }
        }
        of_each.retain(|id, _| self.is_lone(id));
        [
            ("no more than 6 reads are under way", few_at_once(&reads)),
            ("none of many is read too early", self.pace_of_each(&of_each)),
            ("a Retry-After holds for all", self.wait_as_asked()),
            (
                "what was refused is not asked again",
                self.stop_when_refused(&reads),
            ),
            ("many are read modestly", self.modest_for_each(&of_each)),
            ("many end for good reasons", self.many_end_rightly()),
            ("updates of many tell changes", self.many_updates_tell()),
        ]
    }

    /// Whether an id is asked for once.
    fn is_lone(&self, id: &str) -> bool {
        self.run.ids.iter().filter(|other| *other == id).count() == 1
    }

    fn is_set_forward_between(&self, from: u64, to: u64) -> bool {
        let jumps = self.jumps_between(from, to);
        jumps.iter().any(|jump| matches!(jump, Jump::Set(1..)))
    }

    fn pace_of_each(&self, of_each: &BTreeMap<&str, Vec<&Read>>) -> Verdict {
        for (id, reads) in of_each {
            for pair in reads.windows(2) {
                let (before, after) = (pair[0], pair[1]);
                let end = before.exchange.end.map_or(u64::MAX, |(end, _)| end.at);
                let at = after.exchange.sent.at;
                let at_once = !after.many && (before.lacks(id) || before.is_unknown_call());
                let least = if at_once { 0 } else { SHORTEST_MS };
                let early = at < end.saturating_add(least) && !self.is_set_forward_between(end, at);
                ensure(!early, || format!("{id} at {at}, though read until {end}"))?;
            }
        }
        Ok(())
    }

    fn wait_as_asked(&self) -> Verdict {
        for before in &self.exchanges {
            let Some((end, Heard::Answer | Heard::CutOff)) = before.end else {
                continue;
            };
            let Some(asked) = before.asked_ms() else { continue };
            let after = self.exchanges.iter().map(|exchange| exchange.sent.at);
            let mut early = after.filter(|at| (end.at + 1..end.at + asked).contains(at));
            let early = early.find(|at| !self.is_set_forward_between(end.at, *at));
            ensure(early.is_none(), || {
                format!(
                    "a read at {early:?}, though asked at {} to wait {asked} ms",
                    end.at
                )
            })?;
        }
        Ok(())
    }

    fn stop_when_refused(&self, reads: &[Read]) -> Verdict {
        let refused = reads.iter().find(|read| read.is_unknown_call());
        let end_of = |exchange: &Exchange| exchange.end.map_or(u64::MAX, |(end, _)| end.at);
        if let Some(end) = refused.map(|read| end_of(read.exchange)) {
            let again = reads.iter().find(|read| read.many && read.exchange.sent.at > end);
            ensure(again.is_none(), || format!("many are read again after {end}"))?;
        }
        let barred = self.exchanges.iter().find(|exchange| {
            exchange.status() == 401 && matches!(exchange.end, Some((_, Heard::Answer | Heard::CutOff)))
        });
        if let Some(end) = barred.map(|exchange| end_of(exchange)) {
            let on = self.exchanges.iter().any(|exchange| exchange.sent.at > end);
            ensure(!on, || format!("it reads on after the 401 at {end}"))?;
        }
        Ok(())
    }

    fn modest_for_each(&self, of_each: &BTreeMap<&str, Vec<&Read>>) -> Verdict {
        for (id, reads) in of_each {
            let (first, last) = (reads[0].exchange.sent.at, reads[reads.len() - 1].exchange.sent.at);
            let task = self.run.server.tasks.iter().find(|task| task.id == *id);
            let told = task.and_then(|task| task.life.estimated_s);
            let expected = u64::from(told.filter(|seconds| *seconds > 0).unwrap_or(165)) * 1000;
            let looks = most_reads(last - first, expected, !self.run.plan.wakes.is_empty());
            // A read that comes along is up to a quarter early, and a read that leaves it out makes two of one.
            let most = looks * 5 / 2 + 2;
            ensure(reads.len() <= most, || {
                format!("{} reads of {id} in {} ms, not {most}", reads.len(), last - first)
            })?;
        }
        Ok(())
    }

    fn many_end_rightly(&self) -> Verdict {
        match self.outcome() {
            Outcome::Tasks(tasks) => {
                let ids: Vec<&String> = tasks.iter().map(|task| &task.id).collect();
                let asked: Vec<&String> = self.run.ids.iter().collect();
                ensure(ids == asked, || format!("not in the order asked: {ids:?}"))?;
                tasks.iter().try_for_each(|task| self.is_as_it_is(task, true))
            }
            Outcome::Error(error) => self.many_fail_rightly(error),
            _ => Ok(()),
        }
    }

    fn many_fail_rightly(&self, error: &Error) -> Verdict {
        let end = self.run.outcomes[self.number].1.at;
        let tasks = error.tasks.as_ref().ok_or("the error has no tasks")?;
        ensure(tasks.len() == self.run.ids.len(), || {
            format!("{} tasks", tasks.len())
        })?;
        let is_known = |id: &str| self.run.server.tasks.iter().any(|task| task.id == *id);
        let heard_of = |status: u16| {
            self.exchanges.iter().any(|exchange| {
                exchange.status() == status
                    && matches!(exchange.end, Some((_, Heard::Answer | Heard::CutOff)))
            })
        };
        let id = error.task_id.as_deref().ok_or("the error has no id")?;
        let limit = self.call.wait_ms.map(u64::from);
        let out_of_time = limit.is_some_and(|limit| self.passed(end) >= limit);
        match error.kind {
            ErrorKind::NotFound => ensure(!is_known(id), || format!("{id} is there")),
            ErrorKind::Authentication => ensure(heard_of(401), || "no 401".into()),
            ErrorKind::PermissionDenied => ensure(heard_of(403), || "no 403".into()),
            ErrorKind::WaitTimeout => ensure(out_of_time, || "there is time".into()),
            _ => Err(format!("it ended with {}", error.kind.as_str())),
        }?;
        let excused = heard_of(401) || heard_of(403);
        let calm = self.run.plan.calm_after();
        let mut unfinished = 0;
        for (id, seen) in self.run.ids.iter().zip(tasks) {
            if let Some(task) = seen {
                ensure(task.id == *id, || format!("{} stands for {id}", task.id))?;
                self.is_as_it_is(task, false)?;
            }
            self.is_as_last_told(id, seen.as_ref())?;
            if seen.as_ref().is_some_and(Task::is_final) {
                continue;
            }
            unfinished += 1;
            let task = self.run.server.tasks.iter().find(|task| task.id == *id);
            let Some(task) = task.filter(|_| !excused) else {
                continue;
            };
            ensure(out_of_time, || format!("{id} is given up before its time"))?;
            let begin = calm.map_or(u64::MAX, |calm| calm.max(self.call.starts_at));
            let settled = end.saturating_sub(SETTLED_MS);
            ensure(settled < begin || !task.is_over(settled as i64), || {
                format!("{id} was over long ago")
            })?;
        }
        let said = format!("{unfinished} of {} task", tasks.len());
        ensure(error.message.starts_with(&said), || {
            format!("{said}, but: {}", error.message)
        })
    }

    fn is_as_last_told(&self, id: &String, seen: Option<&Task>) -> Verdict {
        if !self.is_lone(id) {
            return Ok(());
        }
        let told = |task: &Task| (task.status.clone(), task.progress, task.results.clone());
        let updates = &self.run.updates[self.number];
        let last = updates.iter().rfind(|task| task.id == *id);
        ensure(last.map(told) == seen.map(told), || {
            format!("{id} is not as it was last told")
        })
    }

    /// Whether a task that is final is so at the server.
    fn is_as_it_is(&self, told: &Task, ended: bool) -> Verdict {
        let end = self.run.outcomes[self.number].1.at;
        let ending = match told.status {
            Status::Completed => Ending::Completed,
            Status::Failed => Ending::Failed,
            Status::Cancelled => Ending::Cancelled,
            _ => {
                return ensure(!ended, || format!("{} is not final", told.id));
            }
        };
        let task = self.run.server.tasks.iter().find(|task| task.id == told.id);
        let right = task.is_some_and(|task| task.is_over(end as i64) && task.life.ending == ending);
        ensure(right, || format!("{} is not {}", told.id, told.status.as_str()))
    }

    fn many_updates_tell(&self) -> Verdict {
        let told = |task: &Task| (task.status.clone(), task.progress, task.results.clone());
        let updates = &self.run.updates[self.number];
        for id in self.run.ids.iter().filter(|id| self.is_lone(id)) {
            let own: Vec<_> = updates.iter().filter(|task| task.id == *id).map(told).collect();
            ensure(own.windows(2).all(|pair| pair[0] != pair[1]), || {
                format!("an update of {id} tells nothing new")
            })?;
        }
        let Outcome::Tasks(tasks) = self.outcome() else {
            return Ok(());
        };
        let missing = tasks.iter().find(|task| {
            !updates
                .iter()
                .any(|update| told(update) == told(task) && update.id == task.id)
        });
        ensure(missing.is_none(), || "an end was not told".into())
    }
}

fn few_at_once(reads: &[Read]) -> Verdict {
    let mut ends: Vec<u64> = Vec::new();
    for read in reads {
        ensure(!read.ids.is_empty() && read.ids.len() <= 50, || {
            format!("{} ids at once", read.ids.len())
        })?;
        let at = read.exchange.sent.at;
        ends.retain(|end| *end > at);
        ensure(ends.len() < READS_AT_ONCE, || {
            format!("{} reads are under way at {at}, and one more begins", ends.len())
        })?;
        ends.push(read.exchange.end.map_or(u64::MAX, |(end, _)| end.at));
    }
    Ok(())
}
