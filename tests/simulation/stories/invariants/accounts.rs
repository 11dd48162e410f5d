//! Accounts with one store know nothing about each other.

use super::view::View;
use super::{Check, ensure};

pub fn share_no_key(view: &View, call: usize, key: &str) -> Check {
    let info = view.info(call);
    let mut others = view
        .keys
        .iter()
        .filter(|((account, _), _)| *account != info.account);
    let shared = others.find(|((_, other), state)| other == key && !state.is_own);
    ensure(shared.is_none(), || {
        format!("call {call} sends {key}, a key of another account")
    })
}

pub fn share_no_task(view: &View, call: usize, task: &str) -> Check {
    let account = view.info(call).account;
    ensure(view.telling.accounts.get(task) == Some(&account), || {
        format!("call {call} returns {task}, a task of another account")
    })
}
