//! What holds whatever happens. Each rule says what is wrong, or nothing.

use crate::network::{Exchange, Heard};
use crate::plan::{Call, Operation};
use crate::run::{Outcome, Run};
use crate::server::Ending;
use crate::time::Jump;
use evolink_video::domain::{Charged, ErrorKind, Status};

/// The schedule's shortest and longest pause between two looks, with its jitter.
const SHORTEST_MS: u64 = 920;
const LONGEST_MS: u64 = 32_400;
/// The longest pause before a retry that the server asks nothing of, and the longest `Retry-After` that is obeyed.
const LONGEST_RETRY_MS: u64 = 8_000;
const LONGEST_ASKED_MS: u64 = 60_000;
/// What a wait may take past its limit: a last look after an oversleep.
const LAST_LOOK_MS: u64 = 5_000;

type Verdict = Result<(), String>;

/// Everything that is wrong with a run.
pub fn broken(run: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |name: &str, verdict: Verdict| {
        if let Err(what) = verdict {
            wrong.push(format!("{name}: {what}"));
        }
    };
    check("nothing is left running", nothing_left(run));
    for number in 0..run.plan.calls.len() {
        let case = Case::of(run, number);
        check("a call is charged at most once", case.charged_at_most_once());
        check("what is said of the money is true", case.tells_the_truth());
        check("one key and the same bytes", case.one_key());
        check(
            "a create goes out again only when that is safe",
            case.creates_safely(),
        );
        check("every call settles, in time", case.settles());
        check("an abort ends it", case.aborts());
        check(
            "no look is earlier than allowed, nor later",
            case.keeps_the_pace(),
        );
        check("no more requests than the bound", case.is_modest());
        check("a wait ends for a good reason", case.ends_rightly());
        check("updates tell changes", case.updates_tell());
        check("a completed task has links", case.completed_has_links());
    }
    wrong
}

fn nothing_left(run: &Run) -> Verdict {
    ensure(run.timers_left == 0, || {
        format!("{} timers run on", run.timers_left)
    })?;
    let open = run
        .journal
        .iter()
        .filter(|exchange| exchange.end.is_none())
        .count();
    ensure(open == 0, || format!("{open} exchanges are open"))
}

/// One call of a run.
struct Case<'a> {
    run: &'a Run,
    number: usize,
    call: &'a Call,
    exchanges: Vec<&'a Exchange>,
}

impl<'a> Case<'a> {
    fn of(run: &'a Run, number: usize) -> Self {
        let exchanges = run.journal.iter();
        Self {
            run,
            number,
            call: &run.plan.calls[number],
            exchanges: exchanges
                .filter(|exchange| exchange.request.call == number)
                .collect(),
        }
    }

    fn outcome(&self) -> &'a Outcome {
        &self.run.outcomes[self.number].0
    }

    fn creates(&self) -> impl Iterator<Item = &'a Exchange> {
        self.exchanges
            .iter()
            .copied()
            .filter(|exchange| exchange.is_create())
    }

    /// Charges of this call, and of those that share its key.
    fn charges(&self) -> usize {
        let calls = &self.run.plan.calls;
        let shares = |other: usize| {
            other == self.number || (self.call.key.is_some() && calls[other].key == self.call.key)
        };
        let charges = self.run.server.charges.iter();
        charges.filter(|charge| shares(charge.call)).count()
    }

    fn charged_at_most_once(&self) -> Verdict {
        let charges = self.charges();
        ensure(charges <= 1, || format!("{charges} charges"))
    }

    fn tells_the_truth(&self) -> Verdict {
        if !self.call.operation.pays() {
            return Ok(());
        }
        let own = self
            .run
            .server
            .charges
            .iter()
            .filter(|charge| charge.call == self.number);
        let own = own.count();
        match self.outcome() {
            Outcome::Task(task) => self.is_own_task(&task.id),
            Outcome::Submission(submission) => self.is_own_task(&submission.task.id),
            Outcome::Error(error) => {
                ensure(error.idempotency_key.is_some(), || "the error has no key".into())?;
                match error.charged {
                    // A failed task is paid back.
                    Charged::No if error.kind == ErrorKind::TaskFailed => Ok(()),
                    Charged::No => ensure(own == 0, || format!("it says `no`, and was charged: {error}")),
                    Charged::Yes => ensure(self.charges() == 1, || {
                        format!("it says `yes`, and was not: {error}")
                    }),
                    Charged::Unknown => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn is_own_task(&self, id: &str) -> Verdict {
        let server = &self.run.server;
        let task = server
            .task_of
            .get(&self.number)
            .map(|task| &server.tasks[*task].id);
        ensure(task.is_some_and(|own| own == id), || {
            format!("{id} is not its task: {task:?}")
        })?;
        ensure(self.charges() == 1, || "a task without a charge".into())
    }

    fn one_key(&self) -> Verdict {
        let Some(first) = self.creates().next() else {
            return Ok(());
        };
        ensure(first.request.key.is_some(), || "no key".into())?;
        ensure(
            self.call
                .key
                .is_none_or(|key| first.request.key.as_deref() == Some(key)),
            || "not the caller's key".into(),
        )?;
        let same = |other: &Exchange| {
            other.request.key == first.request.key && other.request.body == first.request.body
        };
        ensure(self.creates().all(same), || "another key or other bytes".into())?;
        let others = self
            .run
            .journal
            .iter()
            .filter(|other| other.is_create() && other.request.call != self.number);
        let stolen = others
            .filter(|other| other.request.key == first.request.key)
            .count();
        ensure(self.call.key.is_some() || stolen == 0, || {
            "two calls have one random key".into()
        })
    }

    fn creates_safely(&self) -> Verdict {
        let creates: Vec<_> = self.creates().collect();
        for exchange in creates.iter().take(creates.len().saturating_sub(1)) {
            let Some((_, Heard::Answer)) = exchange.end else {
                continue;
            };
            let status = exchange.status();
            let safe = matches!(status, 408 | 429) || (status == 503 && exchange.asked_ms().is_some());
            ensure(safe, || format!("sent again after {status}"))?;
        }
        Ok(())
    }

    fn settles(&self) -> Verdict {
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
                // A wait goes by the wall clock: set back, it lasts longer.
                Jump::Set(ms) => (-ms).max(0) as u64,
            })
            .sum();
        let limit = match self.call.operation {
            Operation::Submit | Operation::Retrieve => Some(one_call),
            Operation::Generate => self
                .call
                .wait_ms
                .map(|ms| one_call + u64::from(ms) + LAST_LOOK_MS),
            Operation::PollLoop => None,
            _ => self.call.wait_ms.map(|ms| u64::from(ms) + LAST_LOOK_MS),
        };
        let took = end.at.saturating_sub(self.call.starts_at);
        ensure(limit.is_none_or(|limit| took <= limit + asleep + 10), || {
            format!("it took {took} ms, not {limit:?}")
        })
    }

    fn aborts(&self) -> Verdict {
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

    fn keeps_the_pace(&self) -> Verdict {
        for pair in self.exchanges.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            let Some((end, heard)) = before.end else { continue };
            let (clock_set, asleep) = self.jumps_between(end.at, after.sent.at);
            // Who sets the clock makes an hour of a moment, or the reverse; the client cannot tell.
            if clock_set {
                continue;
            }
            let asked = match heard {
                Heard::Answer | Heard::CutOff => before.asked_ms().unwrap_or(0),
                _ => 0,
            };
            let (least, most) = self.pause_before(after, asked);
            let pause = after.sent.at - end.at;
            ensure(pause >= least, || {
                format!("{pause} ms after {}, not {least}", end.at)
            })?;
            ensure(asleep || pause <= most + 1, || {
                format!("{pause} ms after {}, past {most}", end.at)
            })?;
        }
        Ok(())
    }

    /// The shortest and the longest pause before an exchange, after one in which the server asked for a pause.
    fn pause_before(&self, exchange: &Exchange, asked: u64) -> (u64, u64) {
        use Operation::*;
        let retry = (asked, LONGEST_RETRY_MS.max(asked * 5 / 4));
        match self.call.operation {
            _ if exchange.is_create() => retry,
            Retrieve => retry,
            // Between retries, or between two looks, as the caller was told.
            PollLoop => (asked, LONGEST_MS.max(asked * 5 / 4)),
            // A laptop that slept through the limit looks once more, at once: what was asked is hours old.
            _ if self.is_last(exchange) && self.overslept(exchange.sent.wall) => (0, LONGEST_MS.max(asked)),
            _ => (SHORTEST_MS.max(asked), LONGEST_MS.max(asked)),
        }
    }

    /// Whether the clock was set in a time, and whether the host slept.
    fn jumps_between(&self, from: u64, to: u64) -> (bool, bool) {
        let jumps = self.run.plan.jumps.iter();
        let jumps = jumps.filter(|(at, _)| (from.saturating_sub(1)..=to).contains(at));
        let set: Vec<bool> = jumps.map(|(_, jump)| matches!(jump, Jump::Set(_))).collect();
        (set.contains(&true), set.contains(&false))
    }

    fn is_last(&self, exchange: &Exchange) -> bool {
        self.exchanges
            .last()
            .is_some_and(|last| std::ptr::eq(*last, exchange))
    }

    /// Whether the limit of the wait was long past by then.
    fn overslept(&self, wall: i64) -> bool {
        let limit = self.call.wait_ms.map(i64::from);
        limit.is_some_and(|limit| wall - self.wait_began() > limit + LAST_LOOK_MS as i64)
    }

    fn is_modest(&self) -> Verdict {
        let retries = |default: u32| self.run.plan.max_retries.unwrap_or(default) as usize + 1;
        let creates = self.creates().count();
        ensure(creates <= retries(2), || format!("{creates} creates"))?;
        let reads = self.exchanges.len() - creates;
        let span = match (self.exchanges.first(), self.exchanges.last()) {
            (Some(first), Some(last)) => last.sent.at - first.sent.at,
            _ => 0,
        };
        let most = match self.call.operation {
            Operation::Submit => 0,
            Operation::Retrieve => retries(4),
            Operation::PollLoop => 200 * retries(4),
            _ => most_looks(span, self.expected_ms(), !self.run.plan.wakes.is_empty()),
        };
        ensure(reads <= most, || {
            format!("{reads} reads in {span} ms, more than {most}")
        })
    }

    /// How long the task is expected to take, by the server, or by the API's documentation.
    fn expected_ms(&self) -> u64 {
        let server = &self.run.server;
        let task = server.task_of.get(&self.number).copied().unwrap_or(0);
        let told = server.tasks[task].life.estimated_s.filter(|seconds| *seconds > 0);
        u64::from(told.unwrap_or(165)) * 1000
    }

    fn ends_rightly(&self) -> Verdict {
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
                    let limit = i64::from(self.call.wait_ms.ok_or("out of time without a limit")?);
                    let took = end.wall - self.wait_began();
                    ensure(took >= limit, || {
                        format!("out of time after {took} of {limit} ms")
                    })
                }
                _ => Err(format!("it ended with {}", error.kind.as_str())),
            },
            _ => Ok(()),
        }
    }

    /// The earliest that the limit can count from, by the wall clock.
    fn wait_began(&self) -> i64 {
        let created = self.creates().last().and_then(|create| create.end);
        let first = self.exchanges.first().map_or(i64::MIN, |first| first.sent.wall);
        match (created, self.call.operation) {
            (Some((moment, _)), _) => moment.wall,
            _ => first,
        }
    }

    /// But for the answer to a create with a key that was used before: its links may be a moment late.
    fn completed_has_links(&self) -> Verdict {
        let last = match self.outcome() {
            Outcome::Task(task) => Some(&**task),
            _ => None,
        };
        let created = usize::from(self.call.operation.pays());
        let mut told = self.run.updates[self.number].iter().skip(created).chain(last);
        let bare = told.any(|task| task.status == Status::Completed && task.results.is_empty());
        ensure(!bare, || "one was told without".into())
    }

    fn updates_tell(&self) -> Verdict {
        if matches!(self.call.operation, Operation::PollLoop) {
            return Ok(());
        }
        let updates = &self.run.updates[self.number];
        let told =
            |task: &evolink_video::domain::Task| (task.status.clone(), task.progress, task.results.clone());
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
}

/// How many looks the schedule may take in a time: never more than one in 0.92 s, and unless the page wakes it
/// up, about 54 in the time that the task is expected to take.
fn most_looks(span_ms: u64, expected_ms: u64, wakes: bool) -> usize {
    let fastest = span_ms / SHORTEST_MS + 2;
    let calm = 30 + span_ms * 60 / expected_ms;
    (if wakes { fastest } else { fastest.min(calm) }) as usize
}

impl Exchange {
    fn is_create(&self) -> bool {
        self.request.body.is_some()
    }

    fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |response| response.status)
    }

    /// How long the server asked to wait, counted from when the client heard it.
    fn asked_ms(&self) -> Option<u64> {
        let headers = &self.response.as_ref()?.headers;
        let (_, text) = headers.iter().find(|(name, _)| *name == "retry-after")?;
        match text.parse::<u64>() {
            Ok(seconds) => Some(seconds * 1000),
            Err(_) => {
                let heard = self.end?.0.wall;
                Some((seconds_of_date(text)? * 1000 - heard).max(0) as u64)
            }
        }
    }
}

/// The dates of these simulations lie within a few months.
fn seconds_of_date(text: &str) -> Option<i64> {
    let mut words = text.split(' ').skip(1);
    let day: i64 = words.next()?.parse().ok()?;
    let before = match (words.next()?, words.next()?) {
        ("Nov", "2023") => 0,
        ("Dec", "2023") => 30,
        ("Jan", "2024") => 61,
        ("Feb", "2024") => 92,
        _ => return None,
    };
    let mut clock = words.next()?.split(':').map(|part| part.parse::<i64>());
    let (hours, minutes, seconds) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    // 2023-11-01T00:00:00Z
    Some(1_698_796_800 + (((before + day - 1) * 24 + hours) * 60 + minutes) * 60 + seconds)
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(what()) }
}
