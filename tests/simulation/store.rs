//! A store that several processes use at the same time, with latency and faults.

use crate::common::{Access, store_by_access};
use crate::stories::log::{Happening, Log};
use evolink_video::client::Item;
use evolink_video::domain::{Cause, cause};
use fastrand::Rng;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

/// How old the reads of a [`StoreKind::KeyValue`] may be.
pub const MAX_STALE_MS: u64 = 60_000;
/// The time between two writes of an item that a [`StoreKind::KeyValue`] accepts.
const WRITE_INTERVAL_MS: u64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// Each access succeeds, and reads what was written last.
    Reliable,
    /// As Workers KV: reads and lists may be a minute old, and a second write to an item within a second is refused.
    KeyValue,
    /// Some accesses fail or hang, in percent.
    Faulty { failing: u32, hanging: u32 },
}

/// What the method `keys` of a store returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    Matching,
    /// Also the keys of others.
    Everything,
    /// The store cannot list its keys.
    Unsupported,
}

#[derive(Clone, Copy, Debug)]
pub struct StorePlan {
    pub kind: StoreKind,
    pub listing: Listing,
    /// The longest way of an access to the storage, and of the result back.
    pub max_latency_ms: u64,
}

impl StorePlan {
    pub fn draw(rng: &mut Rng, timeout_ms: u32) -> Self {
        let kind = match rng.u32(..10) {
            0..=5 => StoreKind::Reliable,
            6 | 7 => StoreKind::KeyValue,
            _ => StoreKind::Faulty {
                failing: rng.u32(0..30),
                hanging: rng.u32(0..5),
            },
        };
        let listing = match rng.u32(..8) {
            0 => Listing::Unsupported,
            1 => Listing::Everything,
            _ => Listing::Matching,
        };
        // With more, the client gives up on accesses.
        let longest = u64::from(timeout_ms) / 4 - 10;
        let max_latency_ms = [0, 20, 400, 2_000][rng.usize(..4)].min(longest);
        Self {
            kind,
            listing,
            max_latency_ms,
        }
    }
}

/// The values of an item and when each was written; `None` where it was removed.
type History = Vec<(u64, Option<String>)>;

/// The storage.
pub struct SharedStore {
    plan: StorePlan,
    log: Rc<Log>,
    /// Off at the end of a story.
    pub has_faults: Cell<bool>,
    /// For each item its values with their times.
    history: RefCell<BTreeMap<String, History>>,
    /// The accesses on their way to the storage.
    in_transit: RefCell<Vec<InTransit>>,
    results: RefCell<BTreeMap<u64, AccessResult>>,
    next_id: Cell<u64>,
    rng: RefCell<Rng>,
}

type AccessResult = Result<Option<Vec<String>>, Cause>;

struct InTransit {
    due: u64,
    id: u64,
    call: usize,
    access: OwnedAccess,
    is_applied: bool,
    stale_ms: u64,
}

#[derive(Clone, Debug)]
pub enum OwnedAccess {
    Get(String),
    Set(String, String),
    Remove(String),
    Keys(String),
}

impl SharedStore {
    pub fn new(plan: StorePlan, log: &Rc<Log>, seed: u64) -> Rc<Self> {
        let mut history = BTreeMap::new();
        // The items of somebody else.
        for (name, value) in [
            ("theme", "dark"),
            ("evolink-video-settings", "{}"),
            ("evolink-video:0:task:0", "1 {}"),
        ] {
            history.insert(name.to_owned(), vec![(0, Some(value.to_owned()))]);
        }
        Rc::new(Self {
            plan,
            log: Rc::clone(log),
            has_faults: Cell::new(true),
            history: RefCell::new(history),
            in_transit: RefCell::default(),
            results: RefCell::default(),
            next_id: Cell::new(0),
            rng: RefCell::new(Rng::with_seed(seed ^ 0x5e1f)),
        })
    }

    /// Applies the accesses that have arrived by now, in the order of arrival.
    pub fn deliver(&self) {
        let now = self.log.now();
        loop {
            let mut in_transit = self.in_transit.borrow_mut();
            let due = in_transit
                .iter()
                .enumerate()
                .filter(|(_, access)| access.due <= now);
            let Some((index, _)) = due.min_by_key(|(_, access)| (access.due, access.id)) else {
                return;
            };
            let arrived = in_transit.remove(index);
            drop(in_transit);
            if arrived.is_applied {
                let result = self.apply(&arrived);
                self.results.borrow_mut().insert(arrived.id, result);
            }
        }
    }

    fn apply(&self, arrived: &InTransit) -> AccessResult {
        let mut history = self.history.borrow_mut();
        let seen_at = arrived.due.saturating_sub(arrived.stale_ms);
        match &arrived.access {
            OwnedAccess::Get(name) => {
                let value = history.get(name).and_then(|values| value_at(values, seen_at));
                Ok(value.map(|value| vec![value]))
            }
            OwnedAccess::Keys(base) => {
                if self.plan.listing == Listing::Unsupported {
                    return Ok(None);
                }
                let mut names = Vec::new();
                for (name, values) in history.iter() {
                    let is_asked = self.plan.listing == Listing::Everything || name.starts_with(base);
                    if is_asked && value_at(values, seen_at).is_some() {
                        names.push(name.clone());
                    }
                }
                Ok(Some(names))
            }
            OwnedAccess::Set(name, _) | OwnedAccess::Remove(name) => {
                let value = match &arrived.access {
                    OwnedAccess::Set(_, value) => Some(value.clone()),
                    _ => None,
                };
                let values = history.entry(name.clone()).or_default();
                let is_too_soon = values
                    .last()
                    .is_some_and(|(at, _)| arrived.due - at < WRITE_INTERVAL_MS);
                if self.plan.kind == StoreKind::KeyValue && is_too_soon {
                    return Err(cause("one write a second"));
                }
                values.push((arrived.due, value.clone()));
                self.log.push(Happening::Written {
                    call: arrived.call,
                    name: name.clone(),
                    value,
                });
                Ok(None)
            }
        }
    }

    /// Whether a task is stored under this name.
    fn has_task(&self, name: &str) -> bool {
        let history = self.history.borrow();
        let last = history.get(name).and_then(|values| values.last());
        name.contains(":task:") && last.is_some_and(|(_, value)| value.is_some())
    }

    fn draw(&self, call: usize, access: OwnedAccess) -> (InTransit, Fate) {
        let mut rng = self.rng.borrow_mut();
        let (request_ms, response_ms) = (
            rng.u64(0..=self.plan.max_latency_ms),
            rng.u64(0..=self.plan.max_latency_ms),
        );
        let (fails, hangs, is_applied) = (rng.u32(..100), rng.u32(..100), rng.bool());
        let (survives_drop, stale_ms) = (rng.bool(), rng.u64(0..MAX_STALE_MS));
        let cuts_off = rng.bool();
        let (hanging, failing) = match self.plan.kind {
            StoreKind::Faulty { hanging, failing } if self.has_faults.get() => (hanging, failing),
            _ => (0, 0),
        };
        let fate = Fate {
            request_ms,
            response_ms,
            hangs: hangs < hanging,
            fails: fails < failing,
            survives_drop,
            cuts_off: self.plan.kind == StoreKind::Reliable && cuts_off,
        };
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let access = InTransit {
            due: self.log.now() + request_ms,
            id,
            call,
            access,
            // One that fails or hangs may still be applied.
            is_applied: !(fate.hangs || fate.fails) || is_applied,
            stale_ms: match self.plan.kind {
                StoreKind::KeyValue => stale_ms,
                _ => 0,
            },
        };
        (access, fate)
    }
}

/// What becomes of an access.
struct Fate {
    request_ms: u64,
    response_ms: u64,
    hangs: bool,
    fails: bool,
    /// Whether it is still applied if the process drops it before it has arrived.
    survives_drop: bool,
    /// Whether a write that does not survive leaves an empty text: the file was truncated and not written.
    cuts_off: bool,
}

/// Cancels an access when the process drops it, or not.
struct Pending<'a> {
    store: &'a SharedStore,
    id: u64,
    survives_drop: bool,
    cuts_off: bool,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if !self.survives_drop {
            let mut in_transit = self.store.in_transit.borrow_mut();
            let dropped = in_transit.iter_mut().find(|access| access.id == self.id);
            match dropped.map(|dropped| &mut dropped.access) {
                Some(OwnedAccess::Set(name, value)) if self.cuts_off && self.store.has_task(name) => {
                    value.clear()
                }
                _ => in_transit.retain(|access| access.id != self.id),
            }
        }
        self.store.results.borrow_mut().remove(&self.id);
    }
}

/// The store as one process sees it.
pub struct StoreHandle {
    store: Rc<SharedStore>,
    scope: u64,
}

impl StoreHandle {
    pub fn new(store: &Rc<SharedStore>, scope: u64) -> Self {
        Self {
            store: Rc::clone(store),
            scope,
        }
    }

    async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
        match access {
            Access::Get(name) => {
                let value = self.perform(OwnedAccess::Get(name.to_owned())).await?;
                let value = value.and_then(|mut value| value.pop());
                Ok(value.map(|value| vec![(name.to_owned(), value)]))
            }
            Access::Set(name, value) => {
                let set = OwnedAccess::Set(name.to_owned(), value.to_owned());
                self.perform(set).await.map(|_| None)
            }
            Access::Remove(name) => self
                .perform(OwnedAccess::Remove(name.to_owned()))
                .await
                .map(|_| None),
            Access::List(base) => self.list_items(base).await,
        }
    }

    /// As the npm package lists the items of a storage: their keys, then each value.
    async fn list_items(&self, base: &str) -> Result<Option<Vec<Item>>, Cause> {
        let Some(mut names) = self.perform(OwnedAccess::Keys(base.to_owned())).await? else {
            return Ok(None);
        };
        names.retain(|name| name.starts_with(base));
        let mut reads: Vec<_> = names
            .iter()
            .map(|name| Box::pin(self.perform(OwnedAccess::Get(name.clone()))))
            .collect();
        let mut results: Vec<Option<AccessResult>> = names.iter().map(|_| None).collect();
        poll_fn(|context| {
            for (read, result) in reads.iter_mut().zip(&mut results) {
                if result.is_none()
                    && let Poll::Ready(value) = read.as_mut().poll(context)
                {
                    *result = Some(value);
                }
            }
            match results.iter().all(Option::is_some) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
        let mut items = Vec::new();
        for (name, result) in names.iter().zip(results.into_iter().flatten()) {
            if let Some(value) = result?.and_then(|mut value| value.pop()) {
                items.push((name.clone(), value));
            }
        }
        Ok(Some(items))
    }

    async fn perform(&self, access: OwnedAccess) -> AccessResult {
        let store = &*self.store;
        let call = store.log.caller();
        store.log.push(Happening::Accessed {
            call,
            access: access.clone(),
        });
        let (access, fate) = store.draw(call, access);
        let pending = Pending {
            store,
            id: access.id,
            survives_drop: fate.survives_drop,
            cuts_off: fate.cuts_off,
        };
        store.in_transit.borrow_mut().push(access);
        store.log.time().sleep(fate.request_ms).await;
        store.deliver();
        let result = store.results.borrow_mut().remove(&pending.id);
        if fate.hangs {
            std::future::pending::<()>().await;
        }
        store.log.time().sleep(fate.response_ms).await;
        match result {
            Some(result) if !fate.fails => result,
            _ => Err(cause("the disk is full")),
        }
    }
}

store_by_access!(StoreHandle);

fn value_at(values: &[(u64, Option<String>)], at: u64) -> Option<String> {
    let (_, value) = values.iter().rev().find(|(since, _)| *since <= at)?;
    value.clone()
}
