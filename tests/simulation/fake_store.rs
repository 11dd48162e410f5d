//! A store that outlives the processes that write to it, takes its time, and fails.

use crate::common::{Access, new_scope, store_by_access};
use crate::time::Time;
use evolink_video::domain::error::{Cause, cause};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The document that lists tasks and calls.
pub const INDEX: &str = "evolink-video";

/// How bad the store is, in percent of the accesses.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoreFaults {
    fails: u32,
    silent: u32,
    /// Another process writes over the list, as it was before.
    overwritten: u32,
}

impl StoreFaults {
    /// Most stores are good.
    pub fn draw(rng: &mut fastrand::Rng) -> Self {
        let mut share = |most: u32| match rng.u32(..3) {
            0 => rng.u32(1..=most),
            _ => 0,
        };
        let faults = Self {
            fails: share(30),
            silent: share(5),
            overwritten: share(60),
        };
        if rng.bool() { faults } else { Self::default() }
    }

    /// Whether it does what it is asked, even if others write over it.
    pub fn obeys(self) -> bool {
        self.fails + self.silent == 0
    }

    pub fn is_good(self) -> bool {
        self.fails + self.silent + self.overwritten == 0
    }
}

pub struct FakeStore {
    time: Rc<Time>,
    pub values: RefCell<BTreeMap<String, String>>,
    pub faults: Cell<StoreFaults>,
    /// How often another process wrote over the list.
    pub overwrites: Cell<u32>,
    slowest_ms: u64,
    scope: u64,
    lots: RefCell<fastrand::Rng>,
}

/// The store as a process sees it.
pub struct StoreHandle {
    store: Rc<FakeStore>,
    scope: u64,
}

impl FakeStore {
    pub fn new(time: Rc<Time>, faults: StoreFaults, slowest_ms: u64, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            time,
            values: RefCell::default(),
            faults: Cell::new(faults),
            overwrites: Cell::new(0),
            slowest_ms,
            scope: new_scope(),
            lots: RefCell::new(fastrand::Rng::with_seed(seed ^ 0x5e1f)),
        })
    }

    pub fn handle(self: &Rc<Self>) -> StoreHandle {
        StoreHandle {
            store: Rc::clone(self),
            scope: self.scope,
        }
    }

    /// The words of the list that begin so, without that beginning.
    pub fn listed(&self, beginning: &str) -> Vec<String> {
        let values = self.values.borrow();
        let lines = values.get(INDEX).map_or("", String::as_str).lines();
        let words = lines.filter_map(|line| line.split(' ').next());
        let words = words.filter_map(|word| word.strip_prefix(beginning));
        words.map(str::to_owned).collect()
    }

    /// Whether an idempotency key is kept.
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
                // Neither the text nor the one before it.
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
        let (there, back, lot, is_done) = {
            let mut lots = store.lots.borrow_mut();
            let (there, back) = (lots.u64(0..=store.slowest_ms), lots.u64(0..=store.slowest_ms));
            (there, back, [(); 3].map(|()| lots.u32(..100)), lots.bool())
        };
        let faults = store.faults.get();
        let (fails, silent) = (lot[0] < faults.fails, lot[1] < faults.silent);
        store.time.sleep(there).await;
        // An access that fails, or is never answered, may have been done all the same.
        let answer = match !(fails || silent) || is_done {
            true => store.apply(access, lot[2] < faults.overwritten),
            false => None,
        };
        if silent {
            std::future::pending::<()>().await;
        }
        store.time.sleep(back).await;
        match fails {
            true => Err(cause("the disk is full")),
            false => Ok(answer),
        }
    }
}

store_by_access!(StoreHandle);
