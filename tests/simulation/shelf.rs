//! A store that outlives the processes that write to it, takes its time, and fails.

use crate::time::Time;
use evolink_video::client::{Access, Accessed, Store};
use evolink_video::domain::error::Cause;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The document that lists tasks and calls.
pub const INDEX: &str = "evolink-video";

/// How bad the store is, in percent of the accesses.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShelfFaults {
    fails: u32,
    silent: u32,
    /// Another process writes over the list, as it was before.
    overwritten: u32,
}

impl ShelfFaults {
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

pub struct Shelf {
    time: Rc<Time>,
    pub texts: RefCell<BTreeMap<String, String>>,
    pub faults: Cell<ShelfFaults>,
    /// How often another process wrote over the list.
    pub overwrites: Cell<u32>,
    slowest_ms: u64,
    lots: RefCell<fastrand::Rng>,
}

/// A process's way to the store.
pub struct Drawer(pub Rc<Shelf>);

impl Shelf {
    pub fn new(time: Rc<Time>, faults: ShelfFaults, slowest_ms: u64, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            time,
            texts: RefCell::default(),
            faults: Cell::new(faults),
            overwrites: Cell::new(0),
            slowest_ms,
            lots: RefCell::new(fastrand::Rng::with_seed(seed ^ 0x5e1f)),
        })
    }

    /// The words of the list that begin so, without that beginning.
    pub fn listed(&self, beginning: &str) -> Vec<String> {
        let texts = self.texts.borrow();
        let lines = texts.get(INDEX).map_or("", String::as_str).lines();
        let words = lines.filter_map(|line| line.split(' ').next());
        let words = words.filter_map(|word| word.strip_prefix(beginning));
        words.map(str::to_owned).collect()
    }

    /// Whether an idempotency key is kept.
    pub fn has_key(&self, key: &str) -> bool {
        let texts = self.texts.borrow();
        texts
            .iter()
            .any(|(name, text)| name != INDEX && text.contains(key))
    }

    fn apply(&self, access: Access<'_>, overwritten: bool) -> Option<String> {
        let mut texts = self.texts.borrow_mut();
        match access {
            Access::Get(name) => texts.get(name).cloned(),
            Access::Set(INDEX, _) if overwritten => {
                let before = texts.get(INDEX).cloned().unwrap_or_default();
                let before = before
                    .lines()
                    .filter(|line| !line.starts_with("other:") && !line.is_empty());
                let before: String = before.map(|line| format!("{line}\n")).collect();
                self.overwrites.set(self.overwrites.get() + 1);
                // Neither the text nor the one before it.
                let other = format!("{before}other:{} {}\n", self.overwrites.get(), self.time.wall());
                texts.insert(INDEX.into(), other);
                None
            }
            Access::Set(name, text) => {
                texts.insert(name.into(), text.into());
                None
            }
            Access::Delete(name) => {
                texts.remove(name);
                None
            }
        }
    }
}

impl Store for Drawer {
    fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a> {
        Box::pin(async move {
            let shelf = &*self.0;
            let (there, back, lot, is_done) = {
                let mut lots = shelf.lots.borrow_mut();
                let (there, back) = (lots.u64(0..=shelf.slowest_ms), lots.u64(0..=shelf.slowest_ms));
                (there, back, [(); 3].map(|()| lots.u32(..100)), lots.bool())
            };
            let faults = shelf.faults.get();
            let (fails, silent) = (lot[0] < faults.fails, lot[1] < faults.silent);
            shelf.time.sleep(there).await;
            // What fails, or is never answered, may have been done all the same.
            let said = match !(fails || silent) || is_done {
                true => shelf.apply(access, lot[2] < faults.overwritten),
                false => None,
            };
            if silent {
                std::future::pending::<()>().await;
            }
            shelf.time.sleep(back).await;
            match fails {
                true => Err(Rc::new("the disk is full") as Cause),
                false => Ok(said),
            }
        })
    }
}
