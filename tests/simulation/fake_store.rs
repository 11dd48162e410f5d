//! A store that several processes use one after the other, with latency and faults.

use crate::common::{Access, new_scope, store_by_access};
use crate::time::Time;
use evolink_video::domain::{Cause, cause};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The key of the entry that lists tasks and calls.
pub const INDEX: &str = "evolink-video";

/// The faults of the store, in percent of the accesses.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoreFaults {
    failing: u32,
    hanging: u32,
    /// Another process overwrites the index with an older version.
    overwritten: u32,
}

impl StoreFaults {
    /// At least half of the stores have no faults.
    pub fn draw(rng: &mut fastrand::Rng) -> Self {
        let mut share = |most: u32| match rng.u32(..3) {
            0 => rng.u32(1..=most),
            _ => 0,
        };
        let faults = Self {
            failing: share(30),
            hanging: share(5),
            overwritten: share(60),
        };
        if rng.bool() { faults } else { Self::default() }
    }

    /// Whether every access succeeds, even if other processes overwrite the index.
    pub fn is_reliable(self) -> bool {
        self.failing + self.hanging == 0
    }

    pub fn is_flawless(self) -> bool {
        self.failing + self.hanging + self.overwritten == 0
    }
}

pub struct FakeStore {
    time: Rc<Time>,
    pub values: RefCell<BTreeMap<String, String>>,
    pub faults: Cell<StoreFaults>,
    /// How often another process overwrote the index.
    pub overwrites: Cell<u32>,
    max_latency_ms: u64,
    scope: u64,
    rng: RefCell<fastrand::Rng>,
}

/// The store as a process sees it.
pub struct StoreHandle {
    store: Rc<FakeStore>,
    scope: u64,
}

impl FakeStore {
    pub fn new(time: Rc<Time>, faults: StoreFaults, max_latency_ms: u64, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            time,
            values: RefCell::default(),
            faults: Cell::new(faults),
            overwrites: Cell::new(0),
            max_latency_ms,
            scope: new_scope(),
            rng: RefCell::new(fastrand::Rng::with_seed(seed ^ 0x5e1f)),
        })
    }

    pub fn handle(self: &Rc<Self>) -> StoreHandle {
        StoreHandle {
            store: Rc::clone(self),
            scope: self.scope,
        }
    }

    /// The entries of the index with a prefix, without it.
    pub fn listed(&self, prefix: &str) -> Vec<String> {
        let values = self.values.borrow();
        let lines = values.get(INDEX).map_or("", String::as_str).lines();
        let entries = lines.filter_map(|line| line.split(' ').next());
        let entries = entries.filter_map(|entry| entry.strip_prefix(prefix));
        entries.map(str::to_owned).collect()
    }

    /// Whether an idempotency key is stored.
    pub fn has_key(&self, key: &str) -> bool {
        let values = self.values.borrow();
        values
            .iter()
            .any(|(name, text)| name != INDEX && text.contains(key))
    }

    fn apply(&self, access: Access<'_>, overwritten: bool) -> Option<String> {
        let mut values = self.values.borrow_mut();
        match access {
            Access::Get(name) => values.get(name).cloned(),
            Access::Set(INDEX, _) if overwritten => {
                let before = values.get(INDEX).cloned().unwrap_or_default();
                let before = before
                    .lines()
                    .filter(|line| !line.starts_with("other:") && !line.is_empty());
                let before: String = before.map(|line| format!("{line}\n")).collect();
                self.overwrites.set(self.overwrites.get() + 1);
                // Neither the new value nor the previous one.
                let other = format!("{before}other:{} {}\n", self.overwrites.get(), self.time.wall());
                values.insert(INDEX.into(), other);
                None
            }
            Access::Set(name, text) => {
                values.insert(name.into(), text.into());
                None
            }
            Access::Remove(name) => {
                values.remove(name);
                None
            }
        }
    }
}

impl StoreHandle {
    async fn access(&self, access: Access<'_>) -> Result<Option<String>, Cause> {
        let store = &*self.store;
        let (request_ms, response_ms, percentile, is_applied) = {
            let mut rng = store.rng.borrow_mut();
            let (request_ms, response_ms) = (
                rng.u64(0..=store.max_latency_ms),
                rng.u64(0..=store.max_latency_ms),
            );
            (
                request_ms,
                response_ms,
                [(); 3].map(|()| rng.u32(..100)),
                rng.bool(),
            )
        };
        let faults = store.faults.get();
        let (fails, hangs) = (percentile[0] < faults.failing, percentile[1] < faults.hanging);
        store.time.sleep(request_ms).await;
        // An access that fails or hangs may still have been applied.
        let value = match !(fails || hangs) || is_applied {
            true => store.apply(access, percentile[2] < faults.overwritten),
            false => None,
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        store.time.sleep(response_ms).await;
        match fails {
            true => Err(cause("the disk is full")),
            false => Ok(value),
        }
    }
}

store_by_access!(StoreHandle);
