//! What a client writes down in its [`Store`], so that nothing is paid twice and no task is lost when the
//! process dies.
//!
//! `evolink-video` (for another server than the API's own with a digest of its address) lists the tasks that
//! are not final and the digests of the calls that are not answered; `evolink-video:call:<digest>` has the
//! idempotency keys of the calls with that request. A document for each,
//! so that two processes that call at once do not overwrite each other's keys.

use super::race::{Either, race};
use super::{Access, Client, Clock, Event, Transport};
use crate::domain::config::DEFAULT_BASE_URL;
use crate::domain::error::Cause;
use crate::domain::ledger::Ledger;
use crate::domain::{Error, ErrorKind};
use crate::text::{add_hex, template};
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::thread::LocalKey;

const NAME: &str = "evolink-video";
/// How often a document is written anew that another process overwrote meanwhile.
const WRITES: u32 = 5;
/// How long a document is kept for one change. Hosts may drop a call without a word, and its hold with it.
const LONGEST_HOLD_MS: f64 = 5_000.0;
/// How long a call may be under way, likewise: with all its attempts and pauses it takes a few minutes.
const LONGEST_CALL_MS: f64 = 600_000.0;

/// Names that are taken, each for so long at most, in milliseconds.
struct Taken {
    longest_ms: f64,
    entries: RefCell<Vec<Entry>>,
}

struct Entry {
    id: u32,
    name: String,
    since: f64,
}

thread_local! {
    /// The keys of the calls that are under way: two calls at once with the same request are two orders.
    static UNDER_WAY: Taken = const { Taken::for_at_most(LONGEST_CALL_MS) };
    /// The documents that are being changed.
    static HELD: Taken = const { Taken::for_at_most(LONGEST_HOLD_MS) };
    /// Tells entries apart: two calls may have one key, and begin in the same millisecond.
    static NEXT_ID: Cell<u32> = const { Cell::new(0) };
}

impl Taken {
    const fn for_at_most(longest_ms: f64) -> Self {
        Self {
            longest_ms,
            entries: RefCell::new(Vec::new()),
        }
    }

    /// Whether anybody has taken a name.
    fn has(&self, name: &str, now: f64) -> bool {
        let entries = self.entries.borrow();
        entries
            .iter()
            .any(|entry| entry.name == name && self.lasts(entry, now))
    }

    fn lasts(&self, entry: &Entry, now: f64) -> bool {
        (now - entry.since).abs() < self.longest_ms
    }
}

/// A name that was taken; dropped, it is let go of.
struct Token {
    of: &'static LocalKey<Taken>,
    id: u32,
}

/// Takes a name, whether others have it or not.
fn take(of: &'static LocalKey<Taken>, name: &str, now: f64) -> Token {
    let id = NEXT_ID.with(|next| next.replace(next.get().wrapping_add(1)));
    of.with(|taken| {
        let mut entries = taken.entries.borrow_mut();
        entries.retain(|entry| taken.lasts(entry, now));
        entries.push(Entry {
            id,
            name: name.to_owned(),
            since: now,
        });
    });
    Token { of, id }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.of
            .with(|taken| taken.entries.borrow_mut().retain(|entry| entry.id != self.id));
    }
}

/// A change of what a document lists.
enum Change<'a> {
    Add(&'a str),
    Remove(&'a [String]),
}

/// What is written down of a call.
pub(super) struct Call {
    /// Its idempotency key.
    pub key: String,
    /// Whether an earlier call went out with that key, so that a refusal of this one does not tell what became
    /// of it.
    pub is_repeated: bool,
    /// Empty without a store.
    digest: String,
    _under_way: Token,
}

impl Call {
    fn entry(&self) -> String {
        template!("call:{}", self.digest)
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// Writes down a call before it is made. Without a key of the caller's it takes up that of an earlier
    /// call with the very same request that was not answered, if there is one, else a random one.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn begin_call(&self, mut key: Option<String>, body: &str) -> Result<Call, Error> {
        let call = |digest: String, key: Option<String>, is_repeated: bool| {
            let key = key.unwrap_or_else(|| self.random_key());
            Call {
                _under_way: take(&UNDER_WAY, &key, self.clock.now()),
                key,
                is_repeated,
                digest,
            }
        };
        if self.store.is_none() {
            return Ok(call(String::new(), key, false));
        }
        let digest = digest(&[&self.config.base_url, body]);
        let document = document_of(&digest);
        let kept = self.ledger(&document).await?;
        let now = self.clock.now();
        let is_free = |key: &str| UNDER_WAY.with(|keys| !keys.has(key, now));
        let mut is_repeated = false;
        for earlier in kept.words("") {
            is_repeated = match &key {
                Some(own) => earlier == *own,
                None => is_free(&earlier),
            };
            if is_repeated {
                key = Some(earlier);
                break;
            }
        }
        // Found and taken without a pause between, so that no other call takes it up as well.
        let begun = call(digest, key, is_repeated);
        // The list first: what it does not name is never swept.
        self.amend(&self.index(), Change::Add(&begun.entry())).await?;
        self.amend(&document, Change::Add(&begun.key)).await?;
        Ok(begun)
    }

    /// Writes down that a call brought this task, or that it was refused.
    pub(super) async fn end_call(&self, call: &Call, task_id: Option<&str>) {
        if self.store.is_none() {
            return;
        }
        let index = self.index();
        let mut written = Ok(false);
        if let Some(id) = task_id {
            // The task first: with neither, it would be lost.
            written = self.amend(&index, Change::Add(&task(id))).await;
        }
        if written.is_ok() {
            let key = std::slice::from_ref(&call.key);
            written = self.amend(&document_of(&call.digest), Change::Remove(key)).await;
        }
        if let Ok(true) = written {
            written = self.amend(&index, Change::Remove(&[call.entry()])).await;
        }
        self.tell_failure(written);
    }

    /// Writes down that tasks are final.
    pub(super) async fn forget_tasks(&self, ids: &[&str]) {
        if self.store.is_none() || ids.is_empty() {
            return;
        }
        let mut words = Vec::new();
        for id in ids {
            words.push(task(id));
        }
        let written = self.amend(&self.index(), Change::Remove(&words)).await;
        self.tell_failure(written);
    }

    /// The ids of the tasks that are not known to be final.
    pub(super) async fn kept_tasks(&self) -> Result<Vec<String>, Error> {
        let ledger = self.ledger(&self.index()).await?;
        Ok(ledger.words("task:"))
    }

    /// What is written down is a help; that it fails once the call was made must not lose the call's result.
    fn tell_failure(&self, written: Result<bool, Error>) {
        if let Err(error) = written {
            (self.observer)(&Event::Failure {
                code: error.code.clone(),
                elapsed_ms: 0,
            });
        }
    }

    /// The name of the list: of each server one of its own.
    fn index(&self) -> String {
        if self.config.base_url == DEFAULT_BASE_URL {
            return NAME.into();
        }
        template!("{}:{}", NAME, digest(&[&self.config.base_url]))
    }

    /// Waits until no other call of this process changes the document. By looking, since hosts do not let one
    /// call wake another.
    async fn hold(&self, document: &str) -> Token {
        loop {
            let now = self.clock.now();
            if !HELD.with(|held| held.has(document, now)) {
                return take(&HELD, document, now);
            }
            self.pause(10).await;
        }
    }

    /// A moment, so that those who meet do not meet again.
    async fn pause(&self, most_ms: u32) {
        let ms = 1.0 + self.clock.random() * f64::from(most_ms);
        self.clock.sleep(ms as u32).await;
    }

    async fn ledger(&self, document: &str) -> Result<Ledger, Error> {
        let text = self.access(Access::Get(document)).await?;
        Ok(Ledger::read(&text.unwrap_or_default(), self.clock.now()))
    }

    /// Changes what a document lists; whether nothing is left in it.
    async fn amend(&self, document: &str, change: Change<'_>) -> Result<bool, Error> {
        let _held = self.hold(document).await;
        for write in 0..WRITES {
            if write > 0 {
                self.pause(20 << write).await;
            }
            let before = self.access(Access::Get(document)).await?.unwrap_or_default();
            let mut ledger = Ledger::read(&before, self.clock.now());
            for word in &ledger.expired {
                if word.starts_with("call:") {
                    self.access(Access::Delete(&template!("{}:{}", NAME, word)))
                        .await?;
                }
            }
            match change {
                Change::Add(word) => ledger.add(word, self.clock.now()),
                Change::Remove(words) => words.iter().for_each(|word| ledger.remove(word)),
            }
            let text = ledger.text();
            if text.is_empty() {
                self.access(Access::Delete(document)).await?;
                return Ok(true);
            }
            if text == before {
                return Ok(false);
            }
            self.access(Access::Set(document, &text)).await?;
            // Another process may have written in between, and its text lack this entry. A store that is
            // spread over the world may for a while give what was there before, which is no such sign.
            let after = self.access(Access::Get(document)).await?.unwrap_or_default();
            if after == text || after == before {
                return Ok(false);
            }
        }
        Err(store_error("was overwritten by others, again and again", None))
    }

    async fn access(&self, access: Access<'_>) -> Result<Option<String>, Error> {
        let Some(store) = &self.store else { return Ok(None) };
        let timeout_ms = self.config.timeout_ms;
        match race(store.access(access), self.clock.sleep(timeout_ms)).await {
            Either::First(Ok(text)) => Ok(text),
            Either::First(Err(cause)) => Err(store_error("failed; see `cause`", Some(cause))),
            Either::Second(()) => Err(store_error("did not answer within `requestTimeoutMs`", None)),
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

/// The store cannot be relied on.
fn store_error(what: &str, cause: Option<Cause>) -> Error {
    let mut error = Error::new(
        ErrorKind::Configuration,
        "store_failed",
        template!("The option `store` {}. Nothing was sent.", what),
    );
    error.cause = cause;
    error
}

/// A digest of texts, which tells nothing of them.
fn digest(texts: &[&str]) -> String {
    let mut all = String::new();
    for text in texts {
        all.push_str(text);
        all.push('\0');
    }
    let mut out = String::new();
    // Half of it tells any two requests apart.
    for byte in Sha256::digest(all).iter().take(16) {
        add_hex(*byte, &mut out);
    }
    out
}
