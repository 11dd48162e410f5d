//! The state of a story as an observer outside of it sees it, from the log.

use crate::store::{Listing, OwnedAccess, StoreKind};
use crate::stories::log::{CallInfo, End, Entry, Happening, Operation};
use crate::stories::telling::Telling;
use evolink_video::domain::{Charged, ErrorKind};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// An account and an idempotency key.
pub type AccountKey = (usize, String);

/// An item of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    Call { key: AccountKey },
    Task { id: String, key: AccountKey },
}

#[derive(Default)]
pub struct KeyState {
    pub prompt: Option<usize>,
    /// The calls that stored or sent it, in order.
    pub users: Vec<usize>,
    /// Whether a caller chose it.
    pub is_own: bool,
    pub task: Option<String>,
    /// Whether a caller forgot it.
    pub is_forgotten: bool,
    /// Whether another key took its place in a store that cannot list its items.
    pub is_overwritten: bool,
    /// Whether a call removed it that was refused.
    pub is_removed_unanswered: bool,
    /// Whether an order with it ended with an answer.
    pub is_settled: bool,
    /// The call that reported that it was not charged.
    pub refused_call: Option<usize>,
}

#[derive(Default)]
pub struct TaskState {
    pub is_given: bool,
    pub is_delivered: bool,
    /// Whether a call removed it from the store before it returned its result.
    pub is_removed_before_result: bool,
    pub is_forgotten: bool,
}

#[derive(Default)]
pub struct CallState {
    pub has_begun: bool,
    pub began_at: u64,
    pub end: Option<End>,
    pub is_answered: bool,
    /// Keys of refused calls that the store did not have when it began.
    pub refused_keys: BTreeSet<String>,
    /// The key that it sent.
    pub key: Option<String>,
    /// Open keys of dead processes since it began.
    pub open_keys: BTreeSet<String>,
    /// Keys that no new order may use since it began.
    pub settled_keys: BTreeSet<String>,
    /// Tasks that were delivered, and of which the store had nothing since it began.
    pub gone_tasks: BTreeSet<String>,
    /// The names of its accesses until it removes its item.
    pub accesses: Vec<String>,
    has_removed: bool,
}

pub struct View<'a> {
    pub telling: &'a Telling,
    pub items: BTreeMap<String, Item>,
    pub keys: BTreeMap<AccountKey, KeyState>,
    pub tasks: BTreeMap<String, TaskState>,
    pub calls: Vec<CallState>,
    /// The processes that run.
    pub alive: BTreeSet<usize>,
    /// The names of the items of each call and task, also of those that were removed.
    pub names: BTreeMap<String, Item>,
    /// The keys that the callers could list at the end.
    pub pending_keys: BTreeSet<AccountKey>,
    pub is_finale: bool,
}

impl<'a> View<'a> {
    pub fn new(telling: &'a Telling) -> Self {
        Self {
            telling,
            items: BTreeMap::new(),
            keys: BTreeMap::new(),
            tasks: BTreeMap::new(),
            calls: telling.calls.iter().map(|_| CallState::default()).collect(),
            alive: BTreeSet::new(),
            names: BTreeMap::new(),
            pending_keys: BTreeSet::new(),
            is_finale: false,
        }
    }

    pub fn info(&self, call: usize) -> &'a CallInfo {
        &self.telling.calls[call]
    }

    /// Whether each access succeeds, and reads what was written last.
    pub fn is_reliable(&self) -> bool {
        self.telling.story.store.kind == StoreKind::Reliable
    }

    /// Whether each write that the client believes to be done is done.
    pub fn is_faulty(&self) -> bool {
        matches!(self.telling.story.store.kind, StoreKind::Faulty { .. })
    }

    pub fn lists_items(&self) -> bool {
        self.telling.story.store.listing != Listing::Unsupported
    }

    pub fn has_call_item(&self, key: &AccountKey) -> bool {
        let is_it = |item: &Item| matches!(item, Item::Call { key: other } if other == key);
        self.items.values().any(is_it)
    }

    pub fn has_task_item(&self, id: &str) -> bool {
        let is_it = |item: &Item| matches!(item, Item::Task { id: other, .. } if other == id);
        self.items.values().any(is_it)
    }

    pub fn has_task_of(&self, key: &AccountKey) -> bool {
        let is_it = |item: &Item| matches!(item, Item::Task { key: other, .. } if other == key);
        self.items.values().any(is_it)
    }

    /// Whether a call of a process that runs has not ended.
    pub fn is_running(&self, call: usize) -> bool {
        let state = &self.calls[call];
        state.has_begun && state.end.is_none() && self.alive.contains(&self.info(call).process)
    }

    /// Whether a process that runs may still claim a key, or write about it.
    fn is_busy(&self, state: &KeyState) -> bool {
        state.users.iter().any(|user| {
            let ended_in_doubt = matches!(
                self.calls[*user].end,
                Some(End::Error {
                    kind: ErrorKind::OutcomeUnknown,
                    ..
                })
            );
            self.alive.contains(&self.info(*user).process) && !ended_in_doubt
        })
    }

    fn key(&mut self, call: usize, key: &str) -> &mut KeyState {
        let info = &self.telling.calls[call];
        let state = self.keys.entry((info.account, key.to_owned())).or_default();
        state.prompt = state.prompt.or(info.operation.prompt());
        state.is_own |= info.operation.own_key() == Some(key);
        if !state.users.contains(&call) {
            state.users.push(call);
        }
        state
    }

    pub fn apply(&mut self, entry: &Entry) {
        match &entry.happening {
            Happening::Started { process } => {
                self.alive.insert(*process);
            }
            Happening::Crashed { process } | Happening::Exited { process } => {
                self.alive.remove(process);
            }
            Happening::Began { call } => self.begin(*call, entry.at),
            Happening::Ended { call, end } => self.end(*call, end),
            Happening::Accessed { call, access } => {
                let name = match access {
                    OwnedAccess::Keys(base) => format!("keys {base}"),
                    OwnedAccess::Get(name) | OwnedAccess::Remove(name) | OwnedAccess::Set(name, _) => {
                        name.clone()
                    }
                };
                let account = self.info(*call).account;
                let state = &mut self.calls[*call];
                if !state.has_removed {
                    let removes_own = |key: &String| {
                        self.names.get(&name)
                            == Some(&Item::Call {
                                key: (account, key.clone()),
                            })
                    };
                    state.has_removed = matches!(access, OwnedAccess::Remove(_))
                        && state.key.as_ref().is_some_and(removes_own);
                    state.accesses.push(name);
                }
            }
            Happening::Written { call, name, value } => self.write(*call, name, value.as_deref()),
            Happening::Sent { call, key } => {
                self.key(*call, key);
                self.calls[*call].key.get_or_insert_with(|| key.clone());
                self.close_key(*call, key);
            }
            Happening::Charged {
                account, key, task, ..
            } => {
                let state = self.keys.entry((*account, key.clone())).or_default();
                state.task = Some(task.clone());
                self.tasks.entry(task.clone()).or_default();
            }
            Happening::Given {
                task, is_delivered, ..
            } => {
                let state = self.tasks.entry(task.clone()).or_default();
                state.is_given = true;
                state.is_delivered |= is_delivered;
            }
            Happening::Finale => self.is_finale = true,
            Happening::Answered { call } => self.calls[*call].is_answered = true,
            Happening::TheEnd | Happening::Marked(_) => {}
        }
    }

    fn begin(&mut self, call: usize, began_at: u64) {
        let info = self.info(call);
        if let Operation::Forget { id } = &info.operation {
            // Also if it does not end.
            if let Some(key) = self.keys.get_mut(&(info.account, id.clone())) {
                key.is_forgotten = true;
            }
            if let Some(task) = self.tasks.get_mut(id) {
                task.is_forgotten = true;
            }
        }
        let mut state = CallState {
            has_begun: true,
            began_at,
            ..CallState::default()
        };
        if let Some(prompt) = info.operation.prompt() {
            // A call of the same process may claim a key first.
            let is_alone = !(0..call).any(|other| {
                let other_info = self.info(other);
                other_info.process == info.process
                    && self.is_running(other)
                    && (other_info.operation.resumes() || other_info.operation.prompt() == Some(prompt))
            });
            // Of a store that cannot list its items, an earlier call may still have the first place.
            let is_first_call = !(0..call).any(|other| self.info(other).process == info.process);
            for (key, known) in &self.keys {
                if key.0 != info.account {
                    continue;
                }
                let has_item = self.has_call_item(key);
                let has_task = self.has_task_of(key);
                let is_first_place = || {
                    self.items.iter().any(|(name, item)| {
                        *item == Item::Call { key: key.clone() }
                            && (self.lists_items() || is_first_call && name.ends_with(":0"))
                    })
                };
                if is_alone
                    // Callers use theirs for several requests.
                    && !known.is_own
                    && has_item
                    && !has_task
                    && known.prompt == Some(prompt)
                    && !self.is_busy(known)
                    && is_first_place()
                {
                    state.open_keys.insert(key.1.clone());
                }
                if !known.is_own && known.is_settled && (!has_item || has_task) {
                    state.settled_keys.insert(key.1.clone());
                }
            }
        }
        if info.operation.resumes() {
            for (key, known) in &self.keys {
                if key.0 == info.account && self.has_call_item(key) && self.has_task_of(key) {
                    state.settled_keys.insert(key.1.clone());
                }
                if key.0 == info.account && known.refused_call.is_some() && !self.has_call_item(key) {
                    state.refused_keys.insert(key.1.clone());
                }
                if let Some(task) = &known.task
                    && key.0 == info.account
                    && self.tasks[task].is_delivered
                    && !self.has_task_item(task)
                    && !self.has_call_item(key)
                {
                    state.gone_tasks.insert(task.clone());
                }
            }
        }
        // It may claim the key that another call of its process would use.
        for other in 0..call {
            if self.info(other).process == info.process {
                self.calls[other].open_keys.clear();
            }
        }
        self.calls[call] = state;
    }

    /// A key is in use now, and no longer one that another call has to take up.
    fn close_key(&mut self, user: usize, key: &str) {
        let account = self.info(user).account;
        for call in 0..self.calls.len() {
            if call != user && self.info(call).account == account {
                self.calls[call].open_keys.remove(key);
            }
        }
    }

    fn end(&mut self, call: usize, end: &End) {
        let info = self.info(call);
        self.calls[call].end = Some(end.clone());
        if let End::Pending(keys) = end
            && self.is_finale
        {
            self.pending_keys
                .extend(keys.iter().map(|key| (info.account, key.clone())));
        }
        let Some(key) = self.calls[call]
            .key
            .clone()
            .filter(|_| info.operation.prompt().is_some())
        else {
            return;
        };
        let state = self.key(call, &key);
        match end {
            End::Done => state.is_settled = true,
            End::Error {
                kind: ErrorKind::TaskFailed,
                ..
            } => state.is_settled = true,
            End::Error {
                charged: Charged::No, ..
            } if state.users == [call] => state.refused_call = Some(call),
            _ => {}
        }
    }

    fn write(&mut self, call: usize, name: &str, value: Option<&str>) {
        let account = self.info(call).account;
        // A text that was cut off says nothing else, and one that replaces it lacks the key.
        if let Some(Item::Task { id, key }) = self.items.get_mut(name)
            && let Some(value) = value
            && (value.is_empty()
                || matches!(item(account, name, value), Some(Item::Task { id: new, key }) if new == *id && key.1.is_empty()))
        {
            // Nobody can tell any more that the key is answered. Sending it again is free.
            let key = std::mem::take(&mut key.1);
            for call in &mut self.calls {
                call.settled_keys.remove(&key);
            }
            return;
        }
        let before = match value.and_then(|value| item(account, name, value)) {
            Some(item) => {
                match &item {
                    Item::Call { key } => {
                        self.key(call, &key.1);
                        self.close_key(call, &key.1);
                        self.reappear(&key.clone(), None);
                    }
                    Item::Task { id, key } => {
                        self.close_key(call, &key.1);
                        self.reappear(&key.clone(), Some(id));
                    }
                }
                self.names.insert(name.to_owned(), item.clone());
                self.items
                    .insert(name.to_owned(), item.clone())
                    .filter(|before| *before != item)
            }
            None => self.items.remove(name),
        };
        match before {
            Some(Item::Call { key }) => {
                for call in 0..self.calls.len() {
                    if self.info(call).account == account {
                        self.calls[call].open_keys.remove(&key.1);
                    }
                }
                // Any call of its process may do the write. One that took up the key keeps it when it is refused.
                let process = self.info(call).process;
                let known = &self.keys[&key];
                let mut creators = known.users.iter().take(if known.is_own { usize::MAX } else { 1 });
                let is_refused = creators
                    .any(|user| self.info(*user).process == process && !self.calls[*user].is_answered);
                let state = self.keys.get_mut(&key).unwrap();
                state.is_overwritten |= value.is_some() || !state.users.contains(&call);
                state.is_removed_unanswered |= value.is_none() && is_refused;
            }
            Some(Item::Task { id, key }) => {
                let is_early = !self.info(call).defers_writes;
                self.tasks.entry(id).or_default().is_removed_before_result |= is_early;
                for call in 0..self.calls.len() {
                    if self.info(call).account == account {
                        self.calls[call].settled_keys.remove(&key.1);
                    }
                }
            }
            None => {}
        }
    }

    /// The store has something of a task again.
    fn reappear(&mut self, key: &AccountKey, id: Option<&String>) {
        let task = id
            .or(self.keys.get(key).and_then(|key| key.task.as_ref()))
            .cloned();
        for call in &mut self.calls {
            if let Some(task) = &task {
                call.gone_tasks.remove(task);
            }
            if id.is_none() {
                call.settled_keys.remove(&key.1);
            }
        }
    }
}

fn item(account: usize, name: &str, value: &str) -> Option<Item> {
    let json: Json = serde_json::from_str(value.strip_prefix("1 ")?).ok()?;
    let key = (account, json["key"].as_str()?.to_owned());
    if name.contains(":task:") {
        let id = json["state"]["taskId"].as_str()?.to_owned();
        return Some(Item::Task { id, key });
    }
    Some(Item::Call { key })
}
