//! What a client keeps in its [`Store`], so that nothing is paid twice and no task is lost when the process dies.
//!
//! An item for each open call and for each task that was not delivered, so that no two processes write the same one:
//! `evolink-video:<account>:call:<request>:<key>` and `evolink-video:<account>:task:<id>`, where each part in `<>` is
//! a digest. A store that cannot list its items has `evolink-video:<account>:call:<request>:<number>` instead of the
//! former, and none of the latter.

use super::claims::Claim;
use super::race::{Either, race};
use super::store::Access;
use super::writes::Step;
use super::{Client, Clock, Event, Store, Transport};
use crate::domain::digest::digest;
use crate::domain::error::Cause;
use crate::domain::item::{KeptTask, OpenCall};
use crate::domain::{Error, ErrorKind, PollState, Task};
use crate::text::template;

/// A call as the store knows it.
pub(super) struct Call {
    /// The idempotency key.
    pub key: String,
    /// Whether an earlier call was sent with that key, so that a refusal of this one says nothing about it.
    pub is_repeated: bool,
    /// The item; `None` without a store.
    item: Option<Item>,
}

struct Item {
    name: String,
    claim: Claim,
    /// Whether the store can list its items.
    is_listed: bool,
}

/// An item that was chosen for a call, and the call that it holds already.
struct Found {
    item: Item,
    earlier: Option<OpenCall>,
}

impl Call {
    fn of(key: String, found: Option<Found>) -> Self {
        let is_repeated = found.as_ref().is_some_and(|found| found.earlier.is_some());
        Self {
            key,
            is_repeated,
            item: found.map(|found| found.item),
        }
    }

    /// A call that another process began.
    pub fn taken_up(key: String, name: String, claim: Claim) -> Self {
        let item = Item {
            name,
            claim,
            is_listed: true,
        };
        Self {
            key,
            is_repeated: true,
            item: Some(item),
        }
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Records a call before it is sent. Without a key of the caller, it takes up that of an earlier call with the
    /// same request that got no answer, or else a random one.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn begin_call(&self, mut key: Option<String>, body: &str) -> Result<Call, Error> {
        if !self.store.is_present() {
            return Ok(Call::of(key.unwrap_or_else(|| self.random_key()), None));
        }
        let calls = template!("{}{}:", self.calls(), digest(&[body]));
        let found = match &key {
            Some(key) => self.item_with_key(&calls, key).await?,
            None => match self.item_for_any_key(&calls).await? {
                Some(found) => found,
                None => self.new_item(&calls, key.insert(self.random_key())),
            },
        };
        if let Some(earlier) = &found.earlier {
            return Ok(Call::of(earlier.key.clone(), Some(found)));
        }
        let key = key.unwrap_or_else(|| self.random_key());
        let call = OpenCall {
            key: key.clone(),
            since: self.clock.now() as i64,
            body: self.config.store_requests.then(|| body.to_owned()),
        };
        self.access(Access::Set(&found.item.name, &call.text())).await?;
        Ok(Call::of(key, Some(found)))
    }

    /// The item of a call with a key of the caller. Several calls may use it.
    async fn item_with_key(&self, calls: &str, key: &str) -> Result<Found, Error> {
        let mut found = self.new_item(calls, key);
        found.earlier = self.open_call(&found.item.name).await?;
        Ok(found)
    }

    /// The item of an earlier call that no call of this process holds, if there is one. A store that cannot list its
    /// items has a number of places for each request, of which this returns the first that is not in use here.
    async fn item_for_any_key(&self, calls: &str) -> Result<Option<Found>, Error> {
        let scope = self.store.scope();
        let Some(names) = self.access(Access::Keys(calls)).await? else {
            for number in 0_u32.. {
                let name = template!("{}{}", calls, number);
                if let Some(claim) = Claim::attempt(scope, &name, self.clock.now()) {
                    let earlier = self.open_call(&name).await?;
                    let item = Item {
                        name,
                        claim,
                        is_listed: false,
                    };
                    return Ok(Some(Found { item, earlier }));
                }
            }
            return Ok(None);
        };
        for name in names {
            if !name.starts_with(calls) {
                continue;
            }
            let Some(claim) = Claim::attempt(scope, &name, self.clock.now()) else {
                continue;
            };
            let Some(earlier) = self.open_call(&name).await? else {
                continue;
            };
            if self.is_answered(&earlier.key).await? {
                // Its removal failed. The next call with this request is a new order.
                self.writes.push([Step::Remove(name)], Some(claim));
                continue;
            }
            let item = Item {
                name,
                claim,
                is_listed: true,
            };
            return Ok(Some(Found {
                item,
                earlier: Some(earlier),
            }));
        }
        Ok(None)
    }

    fn new_item(&self, calls: &str, key: &str) -> Found {
        let name = template!("{}{}", calls, digest(&[key]));
        let claim = Claim::shared(self.store.scope(), &name, self.clock.now());
        let item = Item {
            name,
            claim,
            is_listed: true,
        };
        Found { item, earlier: None }
    }

    /// Whether a task in the store was created with this key.
    async fn is_answered(&self, key: &str) -> Result<bool, Error> {
        let prefix = self.tasks();
        for name in self.access(Access::Keys(&prefix)).await?.unwrap_or_default() {
            if name.starts_with(&prefix)
                && let Some(kept) = self.kept_task(&name).await?
                && kept.key == key
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Records the task of a call, or that the call was refused. Written after the result is returned.
    pub(super) fn end_call(&self, call: &mut Call, task: Option<&Task>) {
        let Some(item) = call.item.take() else { return };
        let Item {
            name,
            claim,
            is_listed,
        } = item;
        let removal = match is_listed {
            true => Step::Remove(name),
            false => Step::RemoveKey(name, call.key.clone()),
        };
        let mut steps = Vec::new();
        // The task first, so that it is never lost.
        if let Some(task) = task.filter(|_| is_listed) {
            let now = self.clock.now();
            let mut state = PollState::new(task.id.as_str(), now);
            state.observe(&mut task.clone(), now, now);
            let key = call.key.clone();
            steps.push(Step::Set(
                self.task_item(&task.id),
                KeptTask { state, key }.text(),
            ));
        }
        steps.push(removal);
        self.writes.push(steps, Some(claim));
    }

    /// The item of an open call, if it is one.
    pub(super) async fn open_call(&self, name: &str) -> Result<Option<OpenCall>, Error> {
        let text = self.access(Access::Get(name)).await?;
        Ok(text.and_then(|text| OpenCall::read(text.first()?)))
    }

    /// The item of a task, if it is one.
    pub(super) async fn kept_task(&self, name: &str) -> Result<Option<KeptTask>, Error> {
        let text = self.access(Access::Get(name)).await?;
        Ok(text.and_then(|text| KeptTask::read(text.first()?)))
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
        template!("{}{}", self.tasks(), digest(&[task_id]))
    }

    pub(super) async fn access(&self, access: Access<'_>) -> Result<Option<Vec<String>>, Error> {
        let timeout_ms = self.config.request_timeout_ms;
        let error = match race(access.on(&self.store), self.clock.sleep(timeout_ms)).await {
            Either::First(Ok(result)) => return Ok(result),
            Either::First(Err(cause)) => store_error("failed. See `cause`", Some(cause)),
            Either::Second(()) => store_error("did not respond within `requestTimeoutMs`", None),
        };
        Err(error)
    }

    /// Reports a failure of the store after a call, whose result must not be lost.
    pub(super) fn report_store_failure(&self) {
        (self.observer)(&Event::Failure {
            code: STORE_FAILED.into(),
            elapsed_ms: 0,
        });
    }
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
