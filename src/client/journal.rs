//! What a client writes down in its [`Store`], so that nothing is paid twice and no task is lost when the
//! process dies.
//!
//! `evolink-video` lists the tasks that are not final and the digests of the calls that are not answered;
//! `evolink-video:call:<digest>` has the idempotency keys of the calls with that request. A document for each,
//! so that two processes that call at once do not overwrite each other's keys.

use super::race::{Either, race};
use super::turn::Turn;
use super::{Access, Client, Clock, Event, Transport};
use crate::domain::error::Cause;
use crate::domain::ledger::Ledger;
use crate::domain::text::text;
use crate::domain::{Error, ErrorKind};
use sha2::{Digest, Sha256};
use std::cell::RefCell;

const INDEX: &str = "evolink-video";
/// How often a document is written anew that another process overwrote meanwhile.
const WRITES: u32 = 3;

thread_local! {
    /// The keys of the calls that are under way: two calls at once with the same request are two orders.
    static UNDER_WAY: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A call that is under way with its key; dropped, it no longer is.
pub(super) struct UnderWay(String);

impl UnderWay {
    fn begin(key: &str) -> Self {
        UNDER_WAY.with_borrow_mut(|keys| keys.push(key.to_owned()));
        Self(key.to_owned())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.with_borrow_mut(|keys| {
            if let Some(place) = keys.iter().position(|key| *key == self.0) {
                keys.swap_remove(place);
            }
        });
    }
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
    fn document(&self) -> String {
        text!("{}:call:{}", INDEX, self.digest)
    }

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
                _under_way: UnderWay::begin(&key),
                key,
                is_repeated,
                digest,
            }
        };
        if self.store.is_none() {
            return Ok(call(String::new(), key, false));
        }
        let digest = digest(&[&self.config.base_url, body]);
        let mut begun = call(digest, key.clone(), false);
        let document = begun.document();
        let earlier = self.ledger(&document).await?;
        let is_free = |key: &&str| UNDER_WAY.with_borrow(|keys| !keys.iter().any(|other| other == key));
        let earlier = match key.as_deref() {
            Some(own) => earlier.words("").find(|key| *key == own),
            None => earlier.words("").find(is_free),
        };
        if let Some(key) = earlier {
            begun = call(begun.digest.clone(), Some(key.to_owned()), true);
        }
        // The list first: what it does not name is never swept.
        self.amend(INDEX, Some(&begun.entry()), &[]).await?;
        self.amend(&document, Some(&begun.key), &[]).await?;
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
            written = self.amend(INDEX, Some(&task(id)), &[]).await;
        }
        if written.is_ok() {
            written = self.amend(&call.document(), None, &[&call.key]).await;
        }
        if let Ok(true) = written {
            written = self.amend(INDEX, None, &[&call.entry()]).await;
        }
        self.tell_failure(written);
    }

    /// Writes down that tasks are final.
    pub(super) async fn forget_tasks(&self, ids: impl Iterator<Item = &str>) {
        if self.store.is_none() {
            return;
        }
        let words: Vec<String> = ids.map(task).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if !words.is_empty() {
            let written = self.amend(INDEX, None, &words).await;
            self.tell_failure(written);
        }
    }

    /// The ids of the tasks that are not known to be final.
    pub(super) async fn kept_tasks(&self) -> Result<Vec<String>, Error> {
        let ledger = self.ledger(INDEX).await?;
        Ok(ledger.words("task:").map(str::to_owned).collect())
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

    async fn ledger(&self, document: &str) -> Result<Ledger, Error> {
        let text = self.access(Access::Get(document)).await?;
        Ok(Ledger::read(&text.unwrap_or_default(), self.clock.now()))
    }

    /// Adds a word to a document and removes some; whether nothing is left in it.
    async fn amend(&self, document: &str, add: Option<&str>, remove: &[&str]) -> Result<bool, Error> {
        // A turn that never comes is no reason to hang; it comes later than that only if a store hardly answers.
        let longest_ms = self.config.timeout_ms.saturating_mul(3 * WRITES);
        let _turn = race(Turn::take(), self.clock.sleep(longest_ms)).await;
        for _ in 0..WRITES {
            let before = self.access(Access::Get(document)).await?.unwrap_or_default();
            let mut ledger = Ledger::read(&before, self.clock.now());
            for word in &ledger.expired {
                if word.starts_with("call:") {
                    self.access(Access::Delete(&text!("{}:{}", INDEX, word))).await?;
                }
            }
            remove.iter().for_each(|word| ledger.remove(word));
            if let Some(word) = add {
                ledger.add(word, self.clock.now());
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
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text);
        hasher.update([0]);
    }
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::new();
    // Half of it tells any two requests apart.
    for byte in hasher.finalize().iter().take(16) {
        out.push(HEX[usize::from(byte >> 4)] as char);
        out.push(HEX[usize::from(byte & 15)] as char);
    }
    out
}
