//! Continues what is in a store: open calls, and tasks that were not delivered.

use super::claims::Claim;
use super::exchange::RetryBudget;
use super::journal::{Call, is_answered};
use super::store::Access;
use super::submit::idempotency_header;
use super::writes::Step;
use super::{Client, Clock, Event, Method, Store, Transport};
use crate::domain::api::Endpoint;
use crate::domain::item::{KeptTask, OpenCall};
use crate::domain::json::parse;
use crate::domain::retry::Call as CallKind;
use crate::domain::task::LINK_LIFETIME_MS;
use crate::domain::{Error, PollState, Task, Value};
use crate::marks::mark;
use crate::text::template;

/// How long after its beginning an open call is sent again automatically, in milliseconds. Later, nobody may want the
/// video any more, and the server may have forgotten the key.
const MAX_SETTLED_MS: i64 = LINK_LIFETIME_MS;

/// What the store has: a call without an answer, or a task whose final state was not delivered.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct Pending {
    /// The id of the task; `None` for an open call.
    pub task_id: Option<String>,
    /// The idempotency key of the submission.
    pub idempotency_key: String,
    /// When the submission began, in milliseconds since 1970; of a task, when the server created it.
    pub since: i64,
    /// The request of an open call, unless [`Config::store_requests`](crate::domain::Config::store_requests) is off.
    pub request: Option<Value>,
}

/// The items of a store.
#[doc(hidden)]
pub struct Kept {
    tasks: Vec<KeptTask>,
    /// Open calls with the names of their items.
    calls: Vec<(String, OpenCall)>,
}

impl Kept {
    /// The items as a caller sees them, oldest first.
    pub fn into_pending(self) -> Vec<Pending> {
        let mut pending = Vec::new();
        let mut add = |task_id, idempotency_key, since, request| {
            let later = pending.iter().position(|other: &Pending| other.since > since);
            let one = Pending {
                task_id,
                idempotency_key,
                since,
                request,
            };
            pending.insert(later.unwrap_or(pending.len()), one);
        };
        for (_, call) in self.calls {
            add(None, call.key, call.since, call.body.as_deref().and_then(parse));
        }
        for task in self.tasks {
            add(Some(task.state.task_id), task.key, task.state.created_at, None);
        }
        pending
    }
}

/// An open call of another process that this one settles.
pub(super) struct Unsettled {
    call: Call,
    body: String,
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// The tasks of the store, and the open calls to settle.
    pub(super) async fn stored(&self, now: f64) -> Result<(Vec<PollState>, Vec<Unsettled>), Error> {
        let kept = self.kept("resume").await?;
        let mut states = Vec::new();
        for task in kept.tasks {
            states.push(task.state);
        }
        let mut unsettled = Vec::new();
        for (name, call) in kept.calls {
            let Some(claim) = Claim::attempt(self.store.scope(), &name, now) else {
                mark!("a call in flight is not resumed");
                continue;
            };
            let Some(body) = call.body else {
                mark!("a call without its request is not resumed");
                continue;
            };
            if (now as i64 - call.since).abs() < MAX_SETTLED_MS {
                let call = Call::taken_up(call.key, name, claim);
                unsettled.push(Unsettled { call, body });
            } else {
                mark!("an old call is not resumed");
            }
        }
        Ok((states, unsettled))
    }

    /// What the store has of this account: calls without an answer, and tasks whose final state was not delivered,
    /// oldest first.
    ///
    /// # Errors
    /// There is no store, it cannot list its items, or it failed.
    pub async fn pending(&self) -> Result<Vec<Pending>, Error> {
        Ok(self.kept("pending").await?.into_pending())
    }

    /// Removes a task from the store, so that [`Client::resume`] does not continue it, or an open call by its
    /// idempotency key. It does not cancel anything.
    ///
    /// # Errors
    /// As [`Client::pending`].
    pub async fn forget(&self, id: &str) -> Result<(), Error> {
        let kept = self.kept("forget").await?;
        self.forget_kept(&kept, id);
        self.write_before_return().await;
        Ok(())
    }

    /// [`Client::forget`] of what was read from the store.
    #[doc(hidden)]
    pub fn forget_kept(&self, kept: &Kept, id: &str) {
        self.forget_later(id);
        for (name, call) in &kept.calls {
            if call.key == id {
                mark!("an open call is forgotten");
                self.writes.push([Step::Remove(name.clone())], None);
            }
        }
    }

    fn require_store(&self, method: &str) -> Result<(), Error> {
        if self.store.is_present() {
            return Ok(());
        }
        Err(Error::configuration(template!(
            "`{}` requires the option `store`.",
            method
        )))
    }

    /// All items of the account.
    #[doc(hidden)]
    pub async fn kept(&self, method: &str) -> Result<Kept, Error> {
        self.require_store(method)?;
        let Some(items) = self.access(Access::List(&self.account())).await? else {
            return Err(Error::configuration(template!(
                "`{}` requires a `store` that lists its items: add the function `getKeys(base)`.",
                method
            )));
        };
        let tasks = self.read_tasks(&items);
        let mut calls = Vec::new();
        for (name, text) in items {
            let Some(call) = OpenCall::read(&text) else {
                continue;
            };
            if is_answered(&call.key, &tasks) {
                mark!("an answered call is not resumed");
                // Its removal failed.
                self.writes.push([Step::Remove(name)], None);
            } else {
                calls.push((name, call));
            }
        }
        Ok(Kept { tasks, calls })
    }

    /// Sends an open call again, with its key and its body, and returns its task.
    ///
    /// # Errors
    /// Its outcome is still unknown: a refusal says nothing about an earlier attempt.
    pub(super) async fn settle(&self, unsettled: Unsettled) -> Result<Task, Error> {
        let Unsettled { mut call, body } = unsettled;
        let mut create = self.request(Method::Post, Endpoint::Generations.path());
        create.json(body);
        create.headers.push(idempotency_header(&call.key));
        let budget = RetryBudget {
            in_doubt: true,
            ..self.budget(CallKind::Create, None)
        };
        match self.create(&create, &budget).await {
            Ok((mut task, _)) => {
                mark!("a resumed call is settled");
                let state = PollState::of(&mut task, self.clock.now());
                self.end_call(&mut call, Some(&state));
                Ok(task)
            }
            Err(mut error) => {
                mark!("a resumed call stays open");
                error.idempotency_key = Some(call.key);
                Err(error)
            }
        }
    }
}
