//! How calls end, and what they report.

use super::view::View;
use super::{Check, ensure};
use crate::network::ExchangeEnd;
use crate::stories::log::{End, Operation};
use crate::stories::telling::Telling;
use evolink_video::domain::{Charged, ErrorKind};

/// The longest pause between two attempts: a `Retry-After` with jitter.
const LONGEST_PAUSE_MS: u64 = 75_000;
/// The longest time for the writes before a result.
const LONGEST_WRITES_MS: u64 = 5_000;

pub fn nothing_hangs(telling: &Telling) -> Check {
    ensure(!telling.hangs, || "a process hangs".into())
}

pub fn reports_charges_correctly(view: &View, call: usize, end: &End) -> Check {
    let info = view.info(call);
    let End::Error {
        charged: Charged::No,
        key: Some(key),
        kind,
        ..
    } = end
    else {
        return Ok(());
    };
    let Some(state) = view.keys.get(&(info.account, key.clone())) else {
        return Ok(());
    };
    let is_charged = state.task.is_some() && *kind != ErrorKind::TaskFailed;
    // Another call with the same key may have been charged. A resume sends the keys of others, and
    // callers use theirs for several requests.
    let knows = info.operation.resumes() && !state.is_own
        || info.operation.prompt().is_some() && state.users == [call];
    ensure(!is_charged || !knows, || {
        format!("call {call} reports that {key} was not charged, but it was")
    })
}

/// A call that was refused is not sent by a later resume. One that began before may have read it in the store.
pub fn refused_calls_stay_refused(view: &View, call: usize, key: &str) -> Check {
    let is_refused = view.is_reliable() && view.calls[call].refused_keys.contains(key);
    ensure(!is_refused, || {
        format!("call {call} is charged for {key}, which was refused before")
    })
}

pub fn store_failures_send_nothing(view: &View, call: usize, end: &End) -> Check {
    let is_order = view.info(call).operation.prompt().is_some();
    match end {
        End::Error { code, charged, .. } if is_order && code == "store_failed" => {
            let is_true = view.calls[call].key.is_none() && *charged == Charged::No;
            ensure(is_true, || {
                format!("call {call} is sent although the store failed")
            })
        }
        _ => Ok(()),
    }
}

/// The result follows the last answer immediately.
pub fn writes_delay_no_result(view: &View, call: usize, end: &End, at: u64) -> Check {
    let info = view.info(call);
    let waits_for_answers = !matches!(
        info.operation,
        Operation::ReadResumed { .. } | Operation::Pending | Operation::Forget { .. }
    );
    if !info.defers_writes || !matches!(end, End::Done) || !waits_for_answers {
        return Ok(());
    }
    let own = view
        .telling
        .journal
        .iter()
        .filter(|exchange| exchange.request.call == call);
    let answers = own.filter_map(|exchange| match exchange.end {
        Some((moment, ExchangeEnd::Answered)) => Some(moment.at),
        _ => None,
    });
    let last = answers.max();
    ensure(last.is_none_or(|last| last == at), || {
        format!("call {call} had its answer at {last:?} and ends at {at}")
    })
}

pub fn settles_in_time(view: &View, call: usize, at: u64) -> Check {
    let story = &view.telling.story;
    let attempts = u64::from(story.max_retries.unwrap_or(2)) + 1;
    let timeout_ms = u64::from(story.timeout_ms);
    let mut limit = attempts * (timeout_ms + LONGEST_PAUSE_MS) + 10 * timeout_ms + LONGEST_WRITES_MS;
    if view.info(call).operation.has_file() {
        // Each upload is followed by the question for its receipt, which has attempts of its own.
        limit += attempts * (attempts + 1) * (timeout_ms + LONGEST_PAUSE_MS);
    }
    let took = at - view.calls[call].began_at;
    let is_submission = matches!(view.info(call).operation, Operation::Submit { .. });
    ensure(!is_submission || took <= limit, || {
        format!("call {call} takes {took} ms")
    })
}
