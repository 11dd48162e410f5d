//! What was charged is never lost, and is delivered.

use super::view::{AccountKey, KeyState, View};
use super::{Check, ensure};
use crate::stories::log::{CallInfo, Operation};

/// Wherever the processes are: a charge is an open call in the store, a task in the store, or a task that a caller
/// was given.
pub fn every_charge_can_be_found(view: &View) -> Check {
    if view.is_faulty() {
        return Ok(());
    }
    for (key, state) in &view.keys {
        let Some(task) = &state.task else { continue };
        let is_found = view.has_call_item(key)
            || view.has_task_item(task)
            || view.tasks[task].is_given
            || is_given_up(view, state);
        ensure(is_found, || format!("{task} of {} is lost", key.1))?;
    }
    Ok(())
}

/// Whether the client may lose it: a caller or the server forgot it, or the store cannot keep it.
fn is_given_up(view: &View, state: &KeyState) -> bool {
    let task = state.task.as_ref().and_then(|task| view.tasks.get(task));
    let is_removed_before_result = || {
        state.users.iter().any(|call| {
            let info = view.info(*call);
            !info.defers_writes || matches!(info.operation, Operation::Generate { .. })
        })
    };
    state.is_forgotten
        || task.is_some_and(|task| task.is_forgotten)
        || state.task.is_some() && state.task == view.telling.lost_task
        // Processes share the places of a store that cannot list its items. It has no tasks, and the removal of the
        // call precedes the result of a generation, or of a call that does not defer its writes.
        || !view.lists_items() && (state.is_overwritten || is_removed_before_result())
        // Two processes sent the same call, and the one that was refused removed it.
        || state.is_removed_unanswered && state.users.len() > 1
}

/// After a last resume without faults.
pub fn every_charged_task_is_delivered(view: &View) -> Check {
    if !view.lists_items() {
        return Ok(());
    }
    for (key, state) in &view.keys {
        let Some(task) = &state.task else { continue };
        let known = &view.tasks[task];
        let is_delivered = known.is_delivered || known.is_removed_before_result || is_given_up(view, state);
        ensure(is_delivered || may_be_pending(view, key), || {
            format!("{task} of {} was not delivered", key.1)
        })?;
    }
    Ok(())
}

/// Whether a call cannot be sent again by itself, because it seems to be old or its request is not known, and the
/// caller can list it.
pub fn may_be_pending(view: &View, key: &AccountKey) -> bool {
    let story = &view.telling.story;
    let lives = || story.tabs.iter().flat_map(|tab| &tab.lives);
    let has_wrong_clock = lives().any(|life| life.clock_offset_ms != 0 || !life.clock_jumps.is_empty());
    let is_long = view
        .telling
        .entries
        .last()
        .is_some_and(|last| last.at > 80_000_000);
    (has_wrong_clock || is_long || !story.store_requests) && view.pending_keys.contains(key)
}

/// A task that was delivered, and of which the store has nothing any more, is not resumed.
pub fn happens_once(view: &View, call: usize, task: &str) -> Check {
    let CallInfo { operation, .. } = view.info(call);
    ensure(
        !operation.resumes() || !view.is_reliable() || !view.calls[call].gone_tasks.contains(task),
        || format!("call {call} delivers {task} again"),
    )
}
