//! Going on with what a store knows: open calls and tasks that were not delivered.

use super::claims::Claim;
use super::exchange::RetryBudget;
use super::journal::Call;
use super::store::Access;
use super::submit::idempotency_header;
use super::writes::Step;
use super::{Client, Clock, Event, Method, Store, Transport, WaitOptions};
use crate::domain::api::Endpoint;
use crate::domain::digest::digest;
use crate::domain::item::{KeptTask, OpenCall};
use crate::domain::retry::Call as CallKind;
use crate::domain::task::LINK_LIFETIME_MS;
use crate::domain::watch::Watch;
use crate::domain::{Error, PollState, Task, Value};
use crate::text::template;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

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
        for (_, call) in kept.calls {
            let body = call.body.as_deref();
            pending.push(Pending {
                task_id: None,
                idempotency_key: call.key,
                since: call.since,
                request: body.and_then(crate::domain::json::parse),
            });
        }
        for task in kept.tasks {
            pending.push(Pending {
                task_id: Some(task.state.task_id),
                idempotency_key: task.key,
                since: task.state.created_at,
                request: None,
            });
        }
        pending.sort_by_key(|one| one.since);
        Ok(pending)
    }

    /// Removes a task from the store, so that [`Client::resume`] does not go on with it, or an open call by its
    /// idempotency key. It does not cancel anything.
    ///
    /// # Errors
    /// There is no store, or it failed.
    pub async fn forget(&self, id: &str) -> Result<(), Error> {
        self.require_store("forget")?;
        self.access(Access::Remove(&self.task_item(id))).await?;
        let calls = self.calls();
        let digest = digest(&[id]);
        for name in self.access(Access::Keys(&calls)).await?.unwrap_or_default() {
            if name.starts_with(&calls) && name.ends_with(&digest) {
                self.access(Access::Remove(&name)).await?;
            }
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
        let Some(names) = self.access(Access::Keys(&self.account())).await? else {
            return Err(Error::configuration(template!(
                "`{}` requires a `store` that lists its items: give it the function `getKeys(base)`.",
                method
            )));
        };
        let (calls, tasks) = (self.calls(), self.tasks());
        let mut reads = Vec::new();
        for name in &names {
            if name.starts_with(&calls) || name.starts_with(&tasks) {
                reads.push(Box::pin(
                    async move { (name, self.access(Access::Get(name)).await) },
                ));
            }
        }
        let mut kept = Kept::default();
        for (name, text) in all(reads).await {
            let Some(text) = text?.and_then(|mut text| text.pop()) else {
                continue;
            };
            if name.starts_with(&tasks) {
                kept.tasks.extend(KeptTask::read(&text));
            } else if let Some(call) = OpenCall::read(&text) {
                kept.calls.push((name.clone(), call));
            }
        }
        // A call whose removal failed.
        let Kept { tasks, calls } = &mut kept;
        calls.retain(|(name, call)| {
            let is_answered = tasks.iter().any(|task| task.key == call.key);
            if is_answered {
                self.writes.push([Step::Remove(name.clone())], None);
            }
            !is_answered
        });
        tasks.sort_by_key(|task| task.state.created_at);
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

/// The outputs of futures that run concurrently, in their order.
async fn all<F: Future>(mut futures: Vec<Pin<Box<F>>>) -> Vec<F::Output> {
    let mut outputs = Vec::new();
    outputs.resize_with(futures.len(), || None);
    poll_fn(|context| {
        let mut is_pending = false;
        for (index, future) in futures.iter_mut().enumerate() {
            if outputs[index].is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => outputs[index] = Some(output),
                    Poll::Pending => is_pending = true,
                }
            }
        }
        if is_pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
