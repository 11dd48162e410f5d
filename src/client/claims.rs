//! The calls of this process that are in flight, by the item of the store that they use.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a claim may last. With all attempts and pauses a call takes a few minutes; hosts may drop a call without
/// notice, and its claim with it.
const MAX_CLAIM_MS: f64 = 600_000.0;

/// Two calls of a process with the same request are two orders, unless the first one ended without an answer.
static CLAIMS: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
/// Distinguishes claims of the same name.
static NEXT_ID: AtomicU32 = AtomicU32::new(0);

struct Entry {
    id: u32,
    /// The storage that the name belongs to.
    scope: u64,
    name: String,
    since: f64,
}

fn claims() -> MutexGuard<'static, Vec<Entry>> {
    CLAIMS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A claimed name, which is released on drop.
pub(super) struct Claim(u32);

impl Claim {
    /// Claims a name that no call holds.
    pub fn attempt(scope: u64, name: &str, now: f64) -> Option<Self> {
        let mut claims = claims();
        claims.retain(|entry| entry.scope != scope || (now - entry.since).abs() < MAX_CLAIM_MS);
        let is_taken = claims
            .iter()
            .any(|entry| entry.scope == scope && entry.name == name);
        drop(claims);
        (!is_taken).then(|| Self::shared(scope, name, now))
    }

    /// Claims a name that other calls may hold as well.
    pub fn shared(scope: u64, name: &str, now: f64) -> Self {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        claims().push(Entry {
            id,
            scope,
            name: name.to_owned(),
            since: now,
        });
        Self(id)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        claims().retain(|entry| entry.id != self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_000_000.0;

    #[test]
    fn a_claim_holds_one_name_of_one_storage_until_it_is_dropped() {
        let claim = Claim::attempt(1, "held", NOW).unwrap();
        assert!(Claim::attempt(1, "held", NOW).is_none());
        assert!(Claim::attempt(1, "another", NOW).is_some());
        assert!(Claim::attempt(2, "held", NOW).is_some());
        let shared = Claim::shared(1, "held", NOW);
        drop(claim);
        assert!(Claim::attempt(1, "held", NOW).is_none());
        drop(shared);
        assert!(Claim::attempt(1, "held", NOW).is_some());
    }

    #[test]
    fn a_claim_that_is_never_dropped_expires_after_ten_minutes_by_the_clock_of_its_storage() {
        std::mem::forget(Claim::shared(3, "lost", NOW));
        assert!(Claim::attempt(4, "lost", NOW + MAX_CLAIM_MS).is_some());
        for elapsed_ms in [MAX_CLAIM_MS - 1.0, 1.0 - MAX_CLAIM_MS] {
            assert!(Claim::attempt(3, "lost", NOW + elapsed_ms).is_none());
        }
        assert!(Claim::attempt(3, "lost", NOW + MAX_CLAIM_MS).is_some());
    }
}
