//! What holds whatever happens. Each rule says what is wrong, or nothing.

mod ends;
mod many;
mod money;
mod pace;

use crate::network::Exchange;
use crate::plan::{Call, Operation};
use crate::run::{Outcome, Run};
use crate::time::Jump;

/// What a wait may take past its limit: a last read after an oversleep.
const LAST_READ_MS: u64 = 5_000;
/// The longest pause between two looks, jitter included, unless the server asks for a longer one.
const LONGEST_PAUSE_MS: u64 = 32_400;
/// The longest `Retry-After` that a retry obeys.
const LONGEST_ASKED_MS: u64 = 60_000;

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
        check("a completed task has links", case.completed_has_links());
        if case.call.operation == Operation::WaitAll {
            for (name, verdict) in case.many() {
                check(name, verdict);
            }
            continue;
        }
        check(
            "no read is earlier than allowed, nor later",
            case.keeps_the_pace(),
        );
        check("no more requests than the bound", case.is_modest());
        check("a wait ends for a good reason", case.ends_rightly());
        check("updates tell changes", case.updates_tell());
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

    /// What has passed of the call by then, as the client can know it: a clock that is set forward is taken
    /// for a laptop that slept, and one that is set back for nothing.
    fn passed(&self, at: u64) -> u64 {
        let set_forward = self.run.plan.jumps.iter().filter_map(|(when, jump)| match jump {
            Jump::Set(ms) if (self.call.starts_at..=at).contains(when) => u64::try_from(*ms).ok(),
            _ => None,
        });
        at - self.call.starts_at + set_forward.sum::<u64>()
    }
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(what()) }
}
