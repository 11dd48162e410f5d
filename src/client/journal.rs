//! What a client keeps in its [`Store`], so that nothing is paid twice and no task is lost when the process dies.
//!
//! An item for each open call and for each task that was not delivered, so that no two processes write the same one:
//! `evolink-video:<account>:call:<request>:<key>` and `evolink-video:<account>:task:<id>`, where `<id>` is that of the
//! task, so that it is not lost with a text that was cut off, and each other part in `<>` is a digest. A store that
//! cannot list its items has `evolink-video:<account>:call:<request>:<number>` instead of the former, and none of the
//! latter.

use super::claims::Claim;
use super::race::{Either, race};
use super::store::Access;
use super::writes::Step;
use super::{Client, Clock, Event, EventKind, Item, Store, Transport};
use crate::domain::digest::digest;
use crate::domain::error::Cause;
use crate::domain::item::{KeptTask, OpenCall};
use crate::domain::task_id::is_task_id;
use crate::domain::{Error, ErrorKind, PollState};
use crate::marks::mark;
use crate::text::template;

/// A call as the store knows it.
pub(super) struct Call {
    /// The idempotency key.
    pub key: String,
    /// Whether an earlier call was sent with that key, so that a refusal of this one says nothing about it.
    pub is_repeated: bool,
    /// What that call sent, if the store has it.
    pub body: Option<String>,
    /// When a URL of that expires, in milliseconds since 1970, if the store has it.
    pub expires_at: Option<i64>,
    /// `None` without a store.
    place: Option<Place>,
}

/// The item of a call.
struct Place {
    name: String,
    claim: Claim,
    /// Whether the store can list its items.
    is_listed: bool,
}

impl Call {
    /// A call that another process began.
    pub fn taken_up(key: String, name: String, claim: Claim) -> Self {
        let place = Place {
            name,
            claim,
            is_listed: true,
        };
        Self {
            key,
            is_repeated: true,
            body: None,
            expires_at: None,
            place: Some(place),
        }
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Records a call before it is sent. Without a key of the caller, it takes up that of an earlier call with the
    /// same request that got no answer, or else a random one. `identity` tells requests apart; without a body to send,
    /// it records nothing. `expires_at` is when a URL of the body expires.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn begin_call(
        &self,
        key: Option<String>,
        identity: &str,
        body: Option<&str>,
        expires_at: Option<i64>,
    ) -> Result<Call, Error> {
        let is_own_key = key.is_some();
        let key = key.unwrap_or_else(|| self.random_key());
        let mut call = Call {
            key,
            is_repeated: false,
            body: None,
            expires_at: None,
            place: None,
        };
        if !self.store.is_present() {
            return Ok(call);
        }
        let calls = template!("{}{}:", self.calls(), digest(&[identity]));
        let mut name = template!("{}{}", calls, digest(&[&call.key]));
        let scope = self.store.scope();
        let mut is_listed = true;
        // Calls with a key of the caller share one item. The other calls look for an item without an answer.
        let mut claim = is_own_key.then(|| Claim::shared(scope, &name, self.clock.now()));
        let first = match is_own_key {
            true => Access::Get(&name),
            false => Access::List(&calls),
        };
        let mut items = self.access(first).await?;
        if items.is_none() && !is_own_key {
            is_listed = false;
            // The first number that no call of this process has.
            let mut number = 0_u32;
            loop {
                name = template!("{}{}", calls, number);
                claim = Claim::attempt(scope, &name, self.clock.now());
                if claim.is_some() {
                    break;
                }
                mark!("another call of this process has the place");
                number += 1;
            }
            items = self.access(Access::Get(&name)).await?;
        }
        let items = items.unwrap_or_default();
        let tasks = match items.is_empty() || claim.is_some() {
            true => Vec::new(),
            false => {
                let items = self.access(Access::List(&self.tasks())).await?;
                self.read_tasks(&items.unwrap_or_default())
            }
        };
        for (other, text) in items {
            let Some(earlier) = OpenCall::read(&text) else {
                continue;
            };
            if claim.is_none() {
                let Some(free) = Claim::attempt(scope, &other, self.clock.now()) else {
                    mark!("another call of this process has the key");
                    continue;
                };
                if is_answered(&earlier.key, &tasks) {
                    mark!("the key is answered and is not sent again");
                    // Its removal failed. The next call with this request is a new order.
                    self.writes.push([Step::Remove(other)], Some(free));
                    continue;
                }
                name = other;
                claim = Some(free);
            }
            mark!("the key of an earlier call is sent again");
            call.key = earlier.key;
            call.body = earlier.body;
            call.expires_at = earlier.expires_at;
            call.is_repeated = true;
            break;
        }
        let mut stored = Ok(None);
        if !call.is_repeated
            && let Some(body) = body
        {
            let open = OpenCall {
                key: call.key.clone(),
                since: self.clock.now() as i64,
                body: self.config.store_requests.then(|| body.to_owned()),
                expires_at,
            };
            stored = self.access(Access::Set(&name, &open.text())).await;
        }
        let claim = claim.unwrap_or_else(|| Claim::shared(scope, &name, self.clock.now()));
        call.place = Some(Place {
            name,
            claim,
            is_listed,
        });
        if let Err(mut error) = stored {
            // The store may have it anyway, and nobody must send it later. Another process may use a key of
            // the caller.
            if !is_own_key {
                mark!("the store failed before the call");
                self.end_call(&mut call, None);
            }
            error.idempotency_key = Some(call.key);
            return Err(error);
        }
        Ok(call)
    }

    /// Records the task of a call, or that the call was refused. Written after the result is returned.
    pub(super) fn end_call(&self, call: &mut Call, task: Option<&PollState>) {
        let Some(place) = call.place.take() else { return };
        let Place {
            name,
            claim,
            is_listed,
        } = place;
        let removal = match is_listed {
            true => Step::Remove(name),
            false => Step::RemoveKey(name, call.key.clone()),
        };
        let mut steps = Vec::new();
        // The task first, so that it is never lost.
        if let Some(state) = task.filter(|_| is_listed) {
            mark!("the task replaces the call");
            let kept = KeptTask {
                state: state.clone(),
                key: call.key.clone(),
            };
            steps.push(Step::Set(self.task_item(&state.task_id), kept.text()));
        }
        steps.push(removal);
        self.writes.push(steps, Some(claim));
    }

    /// The prefix of all items of this account.
    pub(super) fn account(&self) -> String {
        let account = digest(&[&self.config.base_url, &self.config.store_namespace]);
        template!("evolink-video:{}:", account)
    }

    pub(super) fn calls(&self) -> String {
        template!("{}call:", self.account())
    }

    pub(super) fn tasks(&self) -> String {
        template!("{}task:", self.account())
    }

    pub(super) fn task_item(&self, task_id: &str) -> String {
        template!("{}{}", self.tasks(), task_id)
    }

    /// The tasks among these items.
    pub(super) fn read_tasks(&self, items: &[Item]) -> Vec<KeptTask> {
        let prefix = self.tasks();
        let mut tasks = Vec::new();
        for (name, text) in items {
            tasks.extend(KeptTask::read(text).or_else(|| {
                let id = name.strip_prefix(&prefix).filter(|id| is_task_id(id))?;
                mark!("the text of a task was cut off");
                Some(KeptTask {
                    state: PollState::new(id, self.clock.now()),
                    key: String::new(),
                })
            }));
        }
        tasks
    }

    pub(super) async fn access(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Error> {
        let timeout_ms = self.config.request_timeout_ms;
        let error = match race(self.store.access(access), self.clock.sleep(timeout_ms)).await {
            Either::First(Ok(result)) => return Ok(result),
            Either::First(Err(cause)) => store_error("failed. See `cause`", Some(cause)),
            Either::Second(()) => store_error("did not respond within `requestTimeoutMs`", None),
        };
        Err(error)
    }

    /// Reports a failure of the store after a call, whose result must not be lost.
    pub(super) fn report_store_failure(&self) {
        let code = STORE_FAILED.into();
        self.emit(EventKind::Failure { code, elapsed_ms: 0 }, 0, None);
    }
}

/// Whether one of these tasks was created with this key.
pub(super) fn is_answered(key: &str, tasks: &[KeptTask]) -> bool {
    tasks.iter().any(|task| task.key == key)
}

const STORE_FAILED: &str = "store_failed";

/// The error of a store.
fn store_error(what: &str, cause: Option<Cause>) -> Error {
    let mut error = Error::new(
        ErrorKind::Configuration,
        STORE_FAILED,
        template!("The option `store` {}. Nothing was sent.", what),
    );
    error.cause = cause;
    error
}
