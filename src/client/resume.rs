//! Going on with what a store knows: open calls and tasks that were not delivered.

use super::claims::Claim;
use super::exchange::RetryBudget;
use super::journal::{Call, is_answered};
use super::store::Access;
use super::submit::idempotency_header;
use super::writes::Step;
use super::{Client, Clock, Event, Method, Store, Transport, WaitOptions};
use crate::domain::api::Endpoint;
use crate::domain::item::{KeptTask, OpenCall};
use crate::domain::json::parse;
use crate::domain::retry::Call as CallKind;
use crate::domain::task::LINK_LIFETIME_MS;
use crate::domain::watch::Watch;
use crate::domain::{Error, PollState, Task, Value};
use crate::text::template;

/// How long after its beginning an open call is sent again by itself, in milliseconds. Later nobody may want the
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
    /// When the submission began, in milliseconds since 1970.
    pub since: i64,
    /// The request of an open call, unless [`Config::store_requests`](crate::domain::Config::store_requests) is off.
    pub request: Option<Value>,
}

/// The items of a store.
#[derive(Default)]
struct Kept {
    tasks: Vec<KeptTask>,
    /// Open calls with the names of their items.
    calls: Vec<(String, OpenCall)>,
}

/// An open call of another process that this one settles.
pub(super) struct Unsettled {
    call: Call,
    body: String,
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Goes on with everything in the store, as [`Client::watch_all`] does: settles each open call with its
    /// idempotency key, which is never charged twice, and waits for each task that was not delivered. A task is
    /// delivered at least once: if the process dies between delivery and its removal, the next one delivers it again.
    ///
    /// Open calls older than 24 hours are not sent again; [`Client::pending`] lists them.
    ///
    /// # Errors
    /// There is no store, it cannot list its items, or it failed. Otherwise as [`Client::watch_all`], and why a call
    /// could not be settled.
    pub async fn resume(
        &self,
        options: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Vec<Task>, Error> {
        let kept = self.kept("resume").await?;
        let now = self.clock.now();
        let mut states = Vec::new();
        for task in kept.tasks {
            states.push(task.state);
        }
        let mut unsettled = Vec::new();
        for (name, call) in kept.calls {
            let Some(claim) = Claim::attempt(self.store.scope(), &name, now) else {
                continue;
            };
            if let Some(body) = call.body
                && now as i64 - call.since < MAX_SETTLED_MS
            {
                let call = Call::taken_up(call.key, name, claim);
                unsettled.push(Unsettled { call, body });
            }
        }
        let watch = Watch::resumed(states, options.timeout_ms, now);
        let (watch, failed) = self.run(watch, unsettled, options.delivery, on_update).await;
        let tasks = watch.into_tasks();
        match (tasks, failed) {
            (Ok(tasks), Some(mut error)) => {
                error.tasks = Some(tasks.into_iter().map(Some).collect());
                Err(error)
            }
            (tasks, _) => tasks,
        }
    }

    /// What the store has of this account: calls without an answer, oldest first, and tasks whose final state was not
    /// delivered.
    ///
    /// # Errors
    /// As [`Client::resume`] for the store.
    pub async fn pending(&self) -> Result<Vec<Pending>, Error> {
        let kept = self.kept("pending").await?;
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
        for (_, call) in kept.calls {
            add(None, call.key, call.since, call.body.as_deref().and_then(parse));
        }
        for task in kept.tasks {
            add(Some(task.state.task_id), task.key, task.state.created_at, None);
        }
        Ok(pending)
    }

    /// Removes a task from the store, so that [`Client::resume`] does not go on with it, or an open call by its
    /// idempotency key. It does not cancel anything.
    ///
    /// # Errors
    /// There is no store, or it failed.
    pub async fn forget(&self, id: &str) -> Result<(), Error> {
        self.require_store("forget")?;
        let mut names = vec![self.task_item(id)];
        for (name, text) in self
            .access(Access::List(&self.calls()))
            .await?
            .unwrap_or_default()
        {
            if OpenCall::read(&text).is_some_and(|call| call.key == id) {
                names.push(name);
            }
        }
        for name in names {
            self.access(Access::Remove(&name)).await?;
        }
        Ok(())
    }

    /// Removes a task that was delivered, as its caller acknowledges.
    #[doc(hidden)]
    pub async fn acknowledge(&self, task_id: &str) {
        self.forget_later(task_id);
        self.write_before_return().await;
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
    async fn kept(&self, method: &str) -> Result<Kept, Error> {
        self.require_store(method)?;
        let Some(items) = self.access(Access::List(&self.account())).await? else {
            return Err(Error::configuration(template!(
                "`{}` requires a `store` that lists its items: give it the function `getKeys(base)`.",
                method
            )));
        };
        let mut kept = Kept::default();
        for (name, text) in &items {
            if let Some(task) = KeptTask::read(text) {
                kept.tasks.push(task);
            } else if let Some(call) = OpenCall::read(text) {
                if is_answered(&call.key, &items) {
                    // Its removal failed.
                    self.writes.push([Step::Remove(name.clone())], None);
                } else {
                    kept.calls.push((name.clone(), call));
                }
            }
        }
        Ok(kept)
    }

    /// Sends an open call again, with its key and its body, and returns its task.
    ///
    /// # Errors
    /// It is still not known what became of it: a refusal says nothing about an earlier attempt.
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
            Ok((task, _)) => {
                self.end_call(&mut call, Some(&task));
                Ok(task)
            }
            Err(mut error) => {
                error.idempotency_key = Some(call.key);
                Err(error)
            }
        }
    }
}
