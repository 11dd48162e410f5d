//! What is in the store, and how often it is used.

use super::delivery::may_be_pending;
use super::view::{Item, View};
use super::{Check, ensure};
use crate::stories::log::Operation;

const MAX_ACCESSES: usize = 4;

/// A call that was refused is not in the store once its process has done its writes.
pub fn has_no_refused_call(view: &View, process: usize) -> Check {
    // Without a list it reads whether the place still has its key, and such a read may be old.
    if view.is_faulty() || !view.lists_items() && !view.is_reliable() {
        return Ok(());
    }
    for (key, state) in &view.keys {
        let Some(call) = state
            .refused_call
            .filter(|call| view.info(*call).process == process)
        else {
            continue;
        };
        // A call gives up on the writes before its result after a while.
        let is_written = view.info(call).defers_writes || view.telling.story.store.max_latency_ms <= 20;
        ensure(
            state.users != [call] || !is_written || !view.has_call_item(key),
            || format!("{} of the refused call {call} is still in the store", key.1),
        )?;
    }
    Ok(())
}

/// Everything was delivered.
pub fn is_empty(view: &View) -> Check {
    if !view.is_reliable() || !view.lists_items() {
        return Ok(());
    }
    for (name, item) in &view.items {
        let is_kept = match item {
            // Callers use theirs for several requests, of which the server refuses all but one.
            Item::Call { key } => may_be_pending(view, key) || view.keys[key].is_own,
            Item::Task { id, .. } => view.telling.lost_task.as_ref() == Some(id),
        };
        ensure(is_kept, || format!("the store still has {name}, {item:?}"))?;
    }
    Ok(())
}

/// The list and the item of the call before it is sent, the task and the removal after it.
pub fn submissions_need_four_accesses(view: &View) -> Check {
    if !view.is_reliable() || !view.lists_items() {
        return Ok(());
    }
    for (call, state) in view.calls.iter().enumerate() {
        let info = view.info(call);
        let Some(key) = &state.key else { continue };
        let known = &view.keys[&(info.account, key.clone())];
        // A call that waits for its writes gives up on a slow store, and the next call continues.
        let is_alone = known.users == [call] && !known.is_own && info.defers_writes;
        if !matches!(info.operation, Operation::Submit { .. }) || !is_alone {
            continue;
        }
        let is_about_it = |name: &&String| {
            let item = view.names.get(*name);
            match item {
                Some(Item::Call { key: other } | Item::Task { key: other, .. }) => other.1 == *key,
                None => name.starts_with("keys ") && name.contains(":call:"),
            }
        };
        let count = state.accesses.iter().filter(is_about_it).count();
        // One with a file looks for an earlier call before the upload, and again before it is sent.
        let most = MAX_ACCESSES + usize::from(info.operation.has_file());
        ensure(count <= most, || {
            format!("call {call} needs {count} accesses: {:?}", state.accesses)
        })?;
    }
    Ok(())
}
