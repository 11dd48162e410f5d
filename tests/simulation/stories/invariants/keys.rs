//! Which idempotency key a call sends.

use super::view::View;
use super::{Check, ensure};
use crate::stories::telling::Telling;
use std::collections::BTreeMap;

/// How long a call holds its key.
const MAX_CLAIM_MS: u64 = 600_000;

pub fn is_charged_once(view: &View, account: usize, key: &str) -> Check {
    let state = view.keys.get(&(account, key.to_owned()));
    ensure(state.is_none_or(|state| state.task.is_none()), || {
        format!("{key} is charged a second time")
    })
}

/// A process that dies after the create leaves its key behind. Another one that has the answer may have removed the
/// key of a call that took it up.
pub fn is_stored_before_it_is_sent(view: &View, call: usize, key: &str) -> Check {
    if view.is_faulty() {
        return Ok(());
    }
    let key = (view.info(call).account, key.to_owned());
    let Some(state) = view.keys.get(&key) else {
        return Err(format!("call {call} sends {}, which was never stored", key.1));
    };
    let is_shared = state.users.iter().any(|user| *user != call);
    ensure(
        view.has_call_item(&key) || is_shared || state.is_forgotten || state.is_overwritten,
        || format!("call {call} sends {}, which is not in the store", key.1),
    )
}

pub fn takes_up_that_of_a_dead_process(view: &View, call: usize, key: &str) -> Check {
    let state = &view.calls[call];
    if !view.is_reliable() || state.key.is_some() || view.info(call).operation.own_key().is_some() {
        return Ok(());
    }
    let account_key = (view.info(call).account, key.to_owned());
    let is_fresh = view
        .keys
        .get(&account_key)
        .is_none_or(|state| state.users[0] == call);
    ensure(state.open_keys.is_empty() || !is_fresh, || {
        format!(
            "call {call} sends the fresh {key}, although {:?} are open",
            state.open_keys
        )
    })
}

/// A resume may send several keys.
pub fn is_not_that_of_a_settled_order(view: &View, call: usize, key: &str) -> Check {
    let state = &view.calls[call];
    let operation = &view.info(call).operation;
    let is_first = operation.resumes() || state.key.is_none() && operation.own_key().is_none();
    ensure(
        !view.is_reliable() || !is_first || !state.settled_keys.contains(key),
        || format!("call {call} sends {key}, the key of an order that was settled before"),
    )
}

/// Two calls of a process at the same time are two orders. A claim expires after ten minutes, or when the clock jumps.
pub fn is_not_shared_within_a_process(view: &View, call: usize, key: &str) -> Check {
    let info = view.info(call);
    let tabs = &view.telling.story.tabs;
    let has_jumps = tabs
        .iter()
        .flat_map(|tab| &tab.lives)
        .any(|life| !life.clock_jumps.is_empty());
    let is_other = |other: &usize| {
        let state = &view.calls[*other];
        *other != call
            && view.info(*other).process == info.process
            && view.info(*other).operation.prompt().is_some()
            && view.is_running(*other)
            && !state.is_answered
            && view.calls[call].began_at.abs_diff(state.began_at) < MAX_CLAIM_MS / 2
    };
    let Some(state) = view.keys.get(&(info.account, key.to_owned())) else {
        return Ok(());
    };
    let is_exempt =
        has_jumps || state.is_own || info.operation.prompt().is_none() || view.calls[call].key.is_some();
    let shared = state.users.iter().copied().find(is_other);
    ensure(is_exempt || shared.is_none(), || {
        format!("call {call} sends {key}, which call {shared:?} of its process uses")
    })
}

pub fn sends_one_body_per_key(telling: &Telling) -> Check {
    let mut bodies: BTreeMap<_, &str> = BTreeMap::new();
    let own_keys: Vec<&str> = telling
        .calls
        .iter()
        .filter_map(|call| call.operation.own_key())
        .collect();
    for exchange in telling.journal.iter().filter(|exchange| exchange.is_create()) {
        let request = &exchange.request;
        let (key, body) = (
            request.key.as_deref().unwrap_or(""),
            request.body.as_deref().unwrap_or(""),
        );
        // The callers use theirs for several requests.
        if own_keys.contains(&key) {
            continue;
        }
        // Without the request of the first call, a file has the URL of its next upload. The server refuses that.
        let is_order_of_file = telling.calls[request.call].operation.has_file();
        if is_order_of_file && !telling.story.store_requests {
            continue;
        }
        let first = *bodies.entry((request.account, key)).or_insert(body);
        ensure(first == body, || format!("{key} is sent with two bodies"))?;
    }
    Ok(())
}
