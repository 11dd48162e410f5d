//! What a client keeps in its [`Store`], so that nothing is paid twice and no task is lost when the process dies.
//!
//! `evolink-video` (for another server than the API's own with a digest of its address) lists the tasks that
//! are not final and the digests of the calls that are not answered; `evolink-video:call:<digest>` has the
//! idempotency keys of the calls with that request. A document for each,
//! so that two concurrent processes do not overwrite each other's keys.

use super::race::{Either, race};
use super::store::Access;
use super::{Client, Clock, Event, Store, Transport};
use crate::domain::config::DEFAULT_BASE_URL;
use crate::domain::error::Cause;
use crate::domain::ledger::Ledger;
use crate::domain::{Error, ErrorKind};
use crate::text::{push_hex, template};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

const NAME: &str = "evolink-video";
/// How often a document is written that another process overwrites meanwhile.
const MAX_WRITES: u32 = 5;
/// How long a document is locked for one change. Hosts may drop a call without notice, and its lock with it.
const MAX_LOCK_MS: f64 = 5_000.0;
/// How long a call may be in flight. With all attempts and pauses it takes a few minutes.
const MAX_CALL_MS: f64 = 600_000.0;

/// The idempotency keys of the calls in flight: two concurrent calls with the same request are two orders.
static CALLS: Registry = Registry::new(MAX_CALL_MS);
/// The documents that are being changed.
static LOCKS: Registry = Registry::new(MAX_LOCK_MS);
/// Tells claims apart: two calls may have the same key, and begin in the same millisecond.
static NEXT_ID: AtomicU32 = AtomicU32::new(0);

/// Names that this process has claimed. Claims expire.
struct Registry {
    expire_ms: f64,
    claims: Mutex<Vec<Entry>>,
}

struct Entry {
    id: u32,
    /// The storage that the name belongs to.
    scope: u64,
    name: String,
    since: f64,
}

impl Registry {
    const fn new(expire_ms: f64) -> Self {
        Self {
            expire_ms,
            claims: Mutex::new(Vec::new()),
        }
    }

    fn claims(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_live(&self, entry: &Entry, now: f64) -> bool {
        (now - entry.since).abs() < self.expire_ms
    }

    /// Claims a name that nobody else has claimed.
    fn try_claim(&'static self, scope: u64, name: &str, now: f64) -> Option<Claim> {
        let mut claims = self.claims();
        claims.retain(|entry| entry.scope != scope || self.is_live(entry, now));
        let is_taken = claims
            .iter()
            .any(|entry| entry.scope == scope && entry.name == name);
        (!is_taken).then(|| self.push(claims, scope, name, now))
    }

    /// Claims a name, even if others have claimed it.
    fn claim(&'static self, scope: u64, name: &str, now: f64) -> Claim {
        self.push(self.claims(), scope, name, now)
    }

    fn push(
        &'static self,
        mut claims: MutexGuard<'_, Vec<Entry>>,
        scope: u64,
        name: &str,
        now: f64,
    ) -> Claim {
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        claims.push(Entry {
            id,
            scope,
            name: name.to_owned(),
            since: now,
        });
        Claim { registry: self, id }
    }
}

/// A claimed name, which is released on drop.
struct Claim {
    registry: &'static Registry,
    id: u32,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.registry.claims().retain(|entry| entry.id != self.id);
    }
}

/// A change of what a document lists.
enum Change<'a> {
    Add(&'a str),
    Remove(&'a [String]),
}

/// A call as the store knows it.
pub(super) struct Call {
    /// The idempotency key.
    pub key: String,
    /// Whether an earlier call was sent with that key, so that a refusal of this one says nothing about it.
    pub is_repeated: bool,
    /// Empty without a store.
    digest: String,
    _claim: Claim,
}

impl Call {
    fn entry(&self) -> String {
        template!("call:{}", self.digest)
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Records a call before it is sent. Without a key of the caller, it takes up that of an earlier call with the
    /// same request that got no answer, or else a random one.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn begin_call(&self, mut key: Option<String>, body: &str) -> Result<Call, Error> {
        let scope = self.store.scope();
        let mut is_repeated = false;
        let mut claim = None;
        let mut digest = String::new();
        if self.store.is_present() {
            digest = digest_of(&[&self.config.base_url, body]);
            let kept = self.ledger(&document_of(&digest)).await?;
            for earlier in kept.words("") {
                is_repeated = match &key {
                    Some(own) => earlier == *own,
                    None => {
                        claim = CALLS.try_claim(scope, &earlier, self.clock.now());
                        claim.is_some()
                    }
                };
                if is_repeated {
                    key = Some(earlier);
                    break;
                }
            }
        }
        let key = key.unwrap_or_else(|| self.random_key());
        let claim = claim.unwrap_or_else(|| CALLS.claim(scope, &key, self.clock.now()));
        let begun = Call {
            key,
            is_repeated,
            digest,
            _claim: claim,
        };
        if !self.store.is_present() {
            return Ok(begun);
        }
        // The list first: a document that it does not name never expires.
        self.amend(&self.index(), Change::Add(&begun.entry())).await?;
        self.amend(&document_of(&begun.digest), Change::Add(&begun.key))
            .await?;
        Ok(begun)
    }

    /// Records the task of a call, or that the call was refused.
    pub(super) async fn end_call(&self, call: &Call, task_id: Option<&str>) {
        if !self.store.is_present() {
            return;
        }
        let index = self.index();
        let mut written = Ok(false);
        if let Some(id) = task_id {
            // The task first, so that it is never lost.
            written = self.amend(&index, Change::Add(&task(id))).await;
        }
        if written.is_ok() {
            let key = std::slice::from_ref(&call.key);
            written = self.amend(&document_of(&call.digest), Change::Remove(key)).await;
        }
        if let Ok(true) = written {
            written = self.amend(&index, Change::Remove(&[call.entry()])).await;
        }
        self.report_failure(written);
    }

    /// Removes tasks that are final.
    pub(super) async fn forget_tasks(&self, ids: &[&str]) {
        if !self.store.is_present() || ids.is_empty() {
            return;
        }
        let mut words = Vec::new();
        for id in ids {
            words.push(task(id));
        }
        let written = self.amend(&self.index(), Change::Remove(&words)).await;
        self.report_failure(written);
    }

    /// The ids of the tasks that are not known to be final.
    pub(super) async fn kept_tasks(&self) -> Result<Vec<String>, Error> {
        let ledger = self.ledger(&self.index()).await?;
        Ok(ledger.words("task:"))
    }

    /// Reports a failure of the store after a call, whose result must not be lost.
    fn report_failure(&self, written: Result<bool, Error>) {
        if let Err(error) = written {
            (self.observer)(&Event::Failure {
                code: error.code.clone(),
                elapsed_ms: 0,
            });
        }
    }

    /// The name of the list, one for each server.
    fn index(&self) -> String {
        if self.config.base_url == DEFAULT_BASE_URL {
            return NAME.into();
        }
        template!("{}:{}", NAME, digest_of(&[&self.config.base_url]))
    }

    /// Waits until no other call of this process changes the document. It polls, since some hosts do not let one
    /// call wake another.
    async fn lock(&self, document: &str) -> Claim {
        let scope = self.store.scope();
        loop {
            if let Some(claim) = LOCKS.try_claim(scope, document, self.clock.now()) {
                return claim;
            }
            self.pause(10).await;
        }
    }

    /// A random pause, so that processes that collided do not collide again.
    async fn pause(&self, most_ms: u32) {
        let ms = 1.0 + self.clock.random() * f64::from(most_ms);
        self.clock.sleep(ms as u32).await;
    }

    async fn ledger(&self, document: &str) -> Result<Ledger, Error> {
        let text = self.access(Access::Get(document)).await?;
        Ok(Ledger::read(&text.unwrap_or_default(), self.clock.now()))
    }

    /// Changes the entries of a document. Returns whether none is left.
    async fn amend(&self, document: &str, change: Change<'_>) -> Result<bool, Error> {
        let _lock = self.lock(document).await;
        for write in 0..MAX_WRITES {
            if write > 0 {
                self.pause(20 << write).await;
            }
            let before = self.access(Access::Get(document)).await?.unwrap_or_default();
            let mut ledger = Ledger::read(&before, self.clock.now());
            for word in &ledger.expired {
                if word.starts_with("call:") {
                    self.access(Access::Remove(&template!("{}:{}", NAME, word)))
                        .await?;
                }
            }
            match change {
                Change::Add(word) => ledger.add(word, self.clock.now()),
                Change::Remove(words) => words.iter().for_each(|word| ledger.remove(word)),
            }
            let text = ledger.text();
            if text.is_empty() {
                self.access(Access::Remove(document)).await?;
                return Ok(true);
            }
            if text == before {
                return Ok(false);
            }
            self.access(Access::Set(document, &text)).await?;
            // Another process may have overwritten this entry. The earlier text is no sign of that: a distributed
            // store may return it for a while.
            let after = self.access(Access::Get(document)).await?.unwrap_or_default();
            if after == text || after == before {
                return Ok(false);
            }
        }
        Err(store_error("was overwritten by another process five times", None))
    }

    async fn access(&self, access: Access<'_>) -> Result<Option<String>, Error> {
        let timeout_ms = self.config.request_timeout_ms;
        match race(access.on(&self.store), self.clock.sleep(timeout_ms)).await {
            Either::First(Ok(text)) => Ok(text),
            Either::First(Err(cause)) => Err(store_error("failed. See `cause`", Some(cause))),
            Either::Second(()) => Err(store_error("did not respond within `requestTimeoutMs`", None)),
        }
    }
}

/// The document with the keys of the calls with one request.
fn document_of(digest: &str) -> String {
    template!("{}:call:{}", NAME, digest)
}

fn task(id: &str) -> String {
    template!("task:{}", id)
}

/// The error of a store.
fn store_error(what: &str, cause: Option<Cause>) -> Error {
    let mut error = Error::new(
        ErrorKind::Configuration,
        "store_failed",
        template!("The option `store` {}. Nothing was sent.", what),
    );
    error.cause = cause;
    error
}

/// A digest of strings, which reveals nothing of them.
fn digest_of(texts: &[&str]) -> String {
    let mut all = String::new();
    for text in texts {
        all.push_str(text);
        all.push('\0');
    }
    let mut out = String::new();
    // Half of it is unique enough.
    for byte in Sha256::digest(all).iter().take(16) {
        push_hex(*byte, &mut out);
    }
    out
}
