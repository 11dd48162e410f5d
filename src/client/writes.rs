//! Changes of the store that no result waits for: a store that fails or hangs after an answer must not delay what
//! was paid.

use super::claims::Claim;
use super::race::race;
use super::store::Access;
use super::{Client, Clock, Event, Store, Transport};
use crate::domain::item::{KeptTask, OpenCall};
use crate::domain::{PollState, Task};
use crate::marks::mark;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// How often a write is attempted.
const MAX_ATTEMPTS: u32 = 3;
/// The pause before a second attempt, in milliseconds: some storages take one write a second for each item.
const PAUSE_MS: u32 = 1_100;
/// How long a call of a Rust program waits for the writes after its result, in milliseconds.
const MAX_FLUSH_MS: u32 = 5_000;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Set(String, String),
    /// Sets an item if the store still has it: another process may have delivered the task meanwhile.
    Replace(String, PollState),
    Remove(String),
    /// Removes the item of a call if it still has this key. For names that processes share.
    RemoveKey(String, String),
}

/// Steps in their order. After one that fails for good, the rest is left out.
struct Write {
    steps: VecDeque<Step>,
    /// Released once the steps are done.
    claim: Option<Claim>,
}

/// The writes of a client that are not done yet.
#[derive(Default)]
pub(super) struct Writes {
    queue: Mutex<VecDeque<Write>>,
    is_running: AtomicBool,
}

impl Writes {
    fn queue(&self) -> MutexGuard<'_, VecDeque<Write>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn push(&self, steps: impl Into<VecDeque<Step>>, claim: Option<Claim>) {
        let steps = steps.into();
        self.queue().push_back(Write { steps, claim });
    }

    fn next(&self) -> Option<Step> {
        self.queue().front()?.steps.front().cloned()
    }

    /// Records that the next step is done, or has finally failed.
    fn handle(&self, is_done: bool) {
        let mut queue = self.queue();
        let Some(write) = queue.front_mut() else { return };
        write.steps.pop_front();
        if !is_done {
            mark!("a write failed for good");
            // The item of the call stays, and other calls of this process must not take it up. Its claim expires.
            std::mem::forget(write.claim.take());
            write.steps.clear();
        }
        if write.steps.is_empty() {
            queue.pop_front();
        }
    }
}

/// Marks the writes as running until it is dropped.
struct Running<'a>(&'a AtomicBool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Does all writes, unless another call is doing them. Nothing is lost if it is dropped: the next call continues.
    pub(super) async fn write_all(&self) {
        if self.writes.is_running.swap(true, Ordering::Relaxed) {
            mark!("another call does the writes");
            return;
        }
        let _running = Running(&self.writes.is_running);
        while let Some(step) = self.writes.next() {
            let mut is_done = false;
            for attempt in 0..MAX_ATTEMPTS {
                if attempt > 0 {
                    mark!("a write is attempted again");
                    self.clock.sleep(PAUSE_MS * attempt).await;
                }
                is_done = self.write(&step).await;
                if is_done {
                    break;
                }
            }
            if !is_done {
                self.report_store_failure();
            }
            self.writes.handle(is_done);
        }
    }

    /// Does all writes, including later ones, as long as it is polled. Never completes.
    pub(super) async fn write_whenever(&self) {
        loop {
            self.write_all().await;
            let mut is_first = true;
            // Whatever adds a write also polls this again.
            poll_fn(|_| match std::mem::take(&mut is_first) {
                true => Poll::Pending,
                false => Poll::Ready(()),
            })
            .await;
        }
    }

    async fn write(&self, step: &Step) -> bool {
        let current = match step {
            Step::Replace(name, _) | Step::RemoveKey(name, _) => match self.access(Access::Get(name)).await {
                Ok(items) => items.unwrap_or_default().pop(),
                Err(_) => return false,
            },
            _ => None,
        };
        let text;
        let access = match step {
            Step::Set(name, text) => Access::Set(name, text),
            Step::Remove(name) => Access::Remove(name),
            Step::RemoveKey(name, key) => match current.and_then(|(_, text)| OpenCall::read(&text)) {
                Some(call) if call.key == *key => Access::Remove(name),
                _ => {
                    mark!("another process has the place");
                    return true;
                }
            },
            Step::Replace(name, state) => match current {
                Some((_, old)) => {
                    // A text that was cut off is replaced too.
                    let key = KeptTask::read(&old).map_or(String::new(), |kept| kept.key);
                    let state = state.clone();
                    text = KeptTask { state, key }.text();
                    Access::Set(name, &text)
                }
                None => {
                    mark!("a task that is not stored any more is not recorded");
                    return true;
                }
            },
        };
        self.access(access).await.is_ok()
    }

    /// Does the writes after a result, for a while, unless the caller does them with [`Client::flush`].
    pub(super) async fn write_before_return(&self) {
        if !self.defers_writes && self.store.is_present() {
            race(self.write_all(), self.clock.sleep(MAX_FLUSH_MS)).await;
        }
    }

    /// Removes a task that was delivered from the store.
    #[doc(hidden)]
    pub fn forget_later(&self, task_id: &str) {
        if self.store.is_present() {
            self.writes.push([Step::Remove(self.task_item(task_id))], None);
        }
    }

    /// Removes a task that is returned as final.
    #[doc(hidden)]
    pub fn forget_final(&self, task: &Task) {
        if task.is_final() {
            self.forget_later(&task.id);
        }
    }

    /// Records what was seen of a task, so that a progress bar of a later process continues from it.
    pub(super) fn record_later(&self, task: &Task, state: &PollState) {
        if self.store.is_present() && !task.is_final() {
            let step = Step::Replace(self.task_item(&task.id), state.clone());
            self.writes.push([step], None);
        }
    }
}
