//! Invariants of every run. Each check returns a description of the violation.

mod ends;
mod money;
mod pace;
mod wait_all;

use crate::network::Exchange;
use crate::plan::{Call, Operation};
use crate::run::{Outcome, Run};
use crate::time::Jump;

/// How far a wait may exceed its limit: a last read after a late timer.
const LAST_READ_MS: u64 = 5_000;
/// The longest pause between two polls, including jitter, unless the server asks for a longer one.
const LONGEST_PAUSE_MS: u64 = 32_400;
/// The longest `Retry-After` after which a request is retried.
const LONGEST_ASKED_MS: u64 = 60_000;

type Check = Result<(), String>;

/// All violations of a run.
pub fn violations(run: &Run) -> Vec<String> {
    let mut violations = Vec::new();
    let mut check = |name: &str, result: Check| {
        if let Err(violation) = result {
            violations.push(format!("{name}: {violation}"));
        }
    };
    check("no timers or exchanges remain", nothing_left(run));
    for number in 0..run.plan.calls.len() {
        let case = Case::of(run, number);
        check("at most one charge for each call", case.charges_at_most_once());
        check("charges are reported correctly", case.reports_charges_correctly());
        check("attempts share the key and the body", case.reuses_key_and_body());
        check(
            "creates are retried only when safe",
            case.retries_creates_safely(),
        );
        check("calls settle in time", case.settles());
        check("an abort stops the call", case.stops_on_abort());
        check("completed tasks have links", case.completed_has_links());
        if case.call.operation == Operation::WaitAll {
            for (name, result) in case.wait_all() {
                check(name, result);
            }
            continue;
        }
        check("delays between requests", case.respects_delays());
        check("number of requests", case.limits_requests());
        check("waits end for a valid reason", case.ends_for_a_valid_reason());
        check("updates report changes", case.updates_report_changes());
    }
    violations
}

fn nothing_left(run: &Run) -> Check {
    ensure(run.timers_left == 0, || {
        format!("{} timers are running", run.timers_left)
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

    /// The number of charges of this call and of those with the same key.
    fn charges(&self) -> usize {
        let calls = &self.run.plan.calls;
        let shares = |other: usize| {
            other == self.number || (self.call.key.is_some() && calls[other].key == self.call.key)
        };
        let charges = self.run.server.charges.iter();
        charges.filter(|charge| shares(charge.call)).count()
    }

    /// The duration of the call as the client can know it: it takes a clock that is set forward for a laptop that
    /// slept, and ignores one that is set back.
    fn duration(&self, at: u64) -> u64 {
        let set_forward = self.run.plan.jumps.iter().filter_map(|(when, jump)| match jump {
            Jump::SetClock(ms) if (self.call.starts_at..=at).contains(when) => u64::try_from(*ms).ok(),
            _ => None,
        });
        at - self.call.starts_at + set_forward.sum::<u64>()
    }
}

fn ensure(holds: bool, violation: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(violation()) }
}
