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
use crate::domain::text::text;
use crate::domain::{Error, ErrorKind};
use sha2::{Digest, Sha256};
use std::cell::RefCell;

const NAME: &str = "evolink-video";
/// How often a document is written anew that another process overwrote meanwhile.
const WRITES: u32 = 5;
/// How long a document is kept for one change. Hosts may drop a call without a word, and its hold with it.
const LONGEST_HOLD_MS: f64 = 5_000.0;
/// How long a call may be under way, likewise: with all its attempts and pauses it takes a few minutes.
const LONGEST_CALL_MS: f64 = 600_000.0;

/// Names that are taken, and since when.
struct Taken(RefCell<Vec<(String, f64)>>);

thread_local! {
    /// The keys of the calls that are under way: two calls at once with the same request are two orders.
    static UNDER_WAY: Taken = const { Taken(RefCell::new(Vec::new())) };
    /// The documents that are being changed.
    static HELD: Taken = const { Taken(RefCell::new(Vec::new())) };
}

impl Taken {
    /// Whether a name is taken, for no longer than this.
    fn has(&self, name: &str, now: f64, longest_ms: f64) -> bool {
        let taken = self.0.borrow();
        let taken = taken.iter().find(|(other, _)| other == name);
        taken.is_some_and(|(_, since)| (now - since).abs() < longest_ms)
    }

    /// Takes a name, from another who had it for too long as well.
    fn take(&self, name: &str, now: f64) {
        let mut taken = self.0.borrow_mut();
        taken.retain(|(other, _)| other != name);
        taken.push((name.to_owned(), now));
    }

    /// Lets go of a name, unless another has taken it since then.
    fn leave(&self, name: &str, since: f64) {
        let is_mine = |taken: &(String, f64)| taken.0 == name && taken.1 == since;
        self.0.borrow_mut().retain(|taken| !is_mine(taken));
    }
}

/// A document that is being changed; dropped, it no longer is.
struct Held<'a>(&'a str, f64);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        HELD.with(|held| held.leave(self.0, self.1));
    }
}

/// A call that is under way with its key; dropped, it no longer is.
pub(super) struct UnderWay(String, f64);

impl UnderWay {
    fn begin(key: &str, now: f64) -> Self {
        UNDER_WAY.with(|keys| keys.take(key, now));
        Self(key.to_owned(), now)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.with(|keys| keys.leave(&self.0, self.1));
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
    _under_way: UnderWay,
}

impl Call {
    fn entry(&self) -> String {
        text!("call:{}", self.digest)
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// Writes down a call before it is made. Without a key of the caller's it takes up that of an earlier
    /// call with the very same request that was not answered, if there is one, else a random one.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn begin_call(&self, key: Option<String>, body: &str) -> Result<Call, Error> {
        let call = |digest: String, key: Option<String>, is_repeated: bool| {
            let key = key.unwrap_or_else(|| self.random_key());
            Call {
                _under_way: UnderWay::begin(&key, self.clock.now()),
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
        let earlier = self.ledger(&document).await?;
        let now = self.clock.now();
        let is_free = |key: &str| UNDER_WAY.with(|keys| !keys.has(key, now, LONGEST_CALL_MS));
        let mut key = key;
        let mut is_repeated = false;
        for earlier in earlier.words("") {
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
        let mut written = Ok(false);
        if let Some(id) = task_id {
            // The task first: with neither, it would be lost.
            written = self.amend(&self.index(), Change::Add(&task(id))).await;
        }
        if written.is_ok() {
            let key = std::slice::from_ref(&call.key);
            written = self.amend(&document_of(&call.digest), Change::Remove(key)).await;
        }
        if let Ok(true) = written {
            written = self.amend(&self.index(), Change::Remove(&[call.entry()])).await;
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
        text!("{}:{}", NAME, digest(&[&self.config.base_url]))
    }

    /// Waits until no other call of this process changes the document. By looking, since hosts do not let one
    /// call wake another.
    async fn hold<'a>(&self, document: &'a str) -> Held<'a> {
        loop {
            let now = self.clock.now();
            let free = HELD.with(|held| {
                let free = !held.has(document, now, LONGEST_HOLD_MS);
                if free {
                    held.take(document, now);
                }
                free
            });
            if free {
                return Held(document, now);
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
                    self.access(Access::Delete(&text!("{}:{}", NAME, word))).await?;
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
            Either::Second(()) => Err(store_error("did not answer within `timeoutMs`", None)),
        }
    }
}

/// The document with the keys of the calls with one request.
fn document_of(digest: &str) -> String {
    text!("{}:call:{}", NAME, digest)
}

fn task(id: &str) -> String {
    text!("task:{}", id)
}

/// The store cannot be relied on.
fn store_error(what: &str, cause: Option<Cause>) -> Error {
    let mut error = Error::new(
        ErrorKind::Configuration,
        "store_failed",
        text!("The option `store` {}. Nothing was sent.", what),
    );
    error.cause = cause;
    error
}

/// A digest of texts, which tells nothing of them.
fn digest(texts: &[&str]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut all = String::new();
    for text in texts {
        all.push_str(text);
        all.push('\0');
    }
    let mut out = String::new();
    // Half of it tells any two requests apart.
    for byte in Sha256::digest(all).iter().take(16) {
        out.push(HEX[usize::from(byte >> 4)] as char);
        out.push(HEX[usize::from(byte & 15)] as char);
    }
    out
}
