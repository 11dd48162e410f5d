//! Marks of the branches that decide about money. `tests/simulation` checks that its stories reach each of them.
//! Without the feature `marks` they compile to nothing.

/// Marks the branch that it is in.
#[cfg(not(feature = "marks"))]
macro_rules! mark {
    ($name:literal) => {};
}
#[cfg(feature = "marks")]
macro_rules! mark {
    ($name:literal) => {
        $crate::marks::hit($name)
    };
}
pub(crate) use mark;

#[cfg(feature = "marks")]
pub(crate) use recorded::hit;
#[cfg(feature = "marks")]
pub use recorded::take;

#[cfg(feature = "marks")]
mod recorded {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static HITS: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub fn hit(name: &'static str) {
        HITS.with_borrow_mut(|hits| hits.insert(name));
    }

    /// The marks that this thread has hit since the last time.
    #[must_use]
    pub fn take() -> BTreeSet<&'static str> {
        HITS.take()
    }
}
