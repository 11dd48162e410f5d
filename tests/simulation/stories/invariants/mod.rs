//! Invariants of every story. Each check returns a description of the violation.

mod accounts;
mod delivery;
mod ends;
mod keys;
mod store;
mod view;

use super::log::{Entry, Happening};
use super::telling::Telling;
use view::View;

type Check = Result<(), String>;

fn ensure(holds: bool, violation: impl FnOnce() -> String) -> Check {
    if holds { Ok(()) } else { Err(violation()) }
}

/// All violations of a story.
pub fn violations(telling: &Telling) -> Vec<String> {
    let mut violations = Vec::new();
    let mut view = View::new(telling);
    for entry in &telling.entries {
        let mut check = |name: &str, result: Check| {
            if let Err(violation) = result {
                violations.push(format!("{name}: {violation}, at {} ms", entry.at));
            }
        };
        check_before(&view, entry, &mut check);
        view.apply(entry);
        check_after(&view, entry, &mut check);
    }
    let mut check = |name: &str, result: Check| {
        if let Err(violation) = result {
            violations.push(format!("{name}: {violation}"));
        }
    };
    check("no process hangs", ends::nothing_hangs(telling));
    check("one body for each key", keys::sends_one_body_per_key(telling));
    violations
}

/// The checks of what happens next, as the world is before it.
fn check_before(view: &View, entry: &Entry, check: &mut impl FnMut(&str, Check)) {
    match &entry.happening {
        Happening::Sent { call, key } => {
            check(
                "two calls are two orders",
                keys::is_not_shared_within_a_process(view, *call, key),
            );
            check("accounts share no key", accounts::share_no_key(view, *call, key));
            check(
                "a key is stored before it is sent",
                keys::is_stored_before_it_is_sent(view, *call, key),
            );
            check(
                "a dead process's key is taken up",
                keys::takes_up_that_of_a_dead_process(view, *call, key),
            );
            check(
                "a settled key is not used again",
                keys::is_not_that_of_a_settled_order(view, *call, key),
            );
        }
        Happening::Given {
            call,
            task,
            is_delivered,
        } => {
            check(
                "accounts share no task",
                accounts::share_no_task(view, *call, task),
            );
            if *is_delivered {
                check("no second delivery", delivery::happens_once(view, *call, task));
            }
        }
        Happening::Charged {
            call, account, key, ..
        } => {
            check(
                "a key is charged once",
                keys::is_charged_once(view, *account, key),
            );
            check(
                "a refused call stays refused",
                ends::refused_calls_stay_refused(view, *call, key),
            );
        }
        _ => {}
    }
}

/// The checks of what has happened.
fn check_after(view: &View, entry: &Entry, check: &mut impl FnMut(&str, Check)) {
    match &entry.happening {
        Happening::Ended { call, end } => {
            check(
                "`charged: no` is true",
                ends::reports_charges_correctly(view, *call, end),
            );
            check(
                "a store failure sends nothing",
                ends::store_failures_send_nothing(view, *call, end),
            );
            check(
                "writes delay no result",
                ends::writes_delay_no_result(view, *call, end, entry.at),
            );
            check(
                "calls settle in time",
                ends::settles_in_time(view, *call, entry.at),
            );
        }
        Happening::Exited { process } => {
            check(
                "refused calls leave the store",
                store::has_no_refused_call(view, *process),
            );
        }
        Happening::Crashed { .. } => {
            check(
                "every charge can be found",
                delivery::every_charge_can_be_found(view),
            );
        }
        Happening::TheEnd => {
            check(
                "every charge can be found",
                delivery::every_charge_can_be_found(view),
            );
            check(
                "every task is delivered",
                delivery::every_charged_task_is_delivered(view),
            );
            check("the store is empty", store::is_empty(view));
            check(
                "four accesses for a submission",
                store::submissions_need_four_accesses(view),
            );
        }
        _ => {}
    }
}
