//! Waiting for tasks: drives the [`Watch`] of the domain.

use super::exchange::RetryBudget;
use super::race::{Either, race};
use super::resume::Unsettled;
use super::retrieve::check_task_id;
use super::submit::Submission;
use super::{Client, Clock, Delivery, Event, Store, SubmitOptions, Transport, WaitOptions};
use crate::domain::retry::Call;
use crate::domain::stopwatch::Stopwatch;
use crate::domain::watch::{Action, Read, Watch, require_video};
use crate::domain::{Charged, Error, ErrorKind, PollState, Task, Value, VideoRequest};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// A task to wait for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Target {
    /// A task of which only the id is known. It is polled immediately.
    Id(String),
    /// A task as it was last seen. It is polled when the schedule says.
    Task(Box<Task>),
}

impl From<&str> for Target {
    fn from(id: &str) -> Self {
        Target::Id(id.to_owned())
    }
}

impl From<String> for Target {
    fn from(id: String) -> Self {
        Target::Id(id)
    }
}

impl From<Task> for Target {
    fn from(task: Task) -> Self {
        Target::Task(Box::new(task))
    }
}

impl From<Submission> for Target {
    fn from(submission: Submission) -> Self {
        submission.task.into()
    }
}

/// The result of [`Client::poll`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct PollResult {
    /// The task.
    pub task: Task,
    /// The state to pass to the next poll.
    pub state: PollState,
    /// When to poll next, in milliseconds from now; `None` if the task is final, or completed without links for half
    /// a minute.
    pub delay_ms: Option<u32>,
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Reads a task once, for hosts that cannot wait.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn poll(&self, mut state: PollState) -> Result<PollResult, Error> {
        let asked_at = self.clock.now();
        let mut task = self.retrieve(&state.task_id).await?;
        state.reads += 1;
        state.observe(&mut task, asked_at, self.clock.now());
        if task.is_final() {
            self.forget_later(&task.id);
            self.write_before_return().await;
        }
        let is_over = task.is_final() || state.lacks_links();
        let delay_ms = (!is_over).then(|| state.delay_ms(self.clock.now(), self.clock.random()));
        Ok(PollResult {
            task,
            state,
            delay_ms,
        })
    }

    /// A fresh state for [`Client::poll`].
    pub fn poll_state(&self, task_id: &str) -> PollState {
        PollState::new(task_id, self.clock.now())
    }

    /// Waits until the task is final, however it ends. Each change is passed to `on_update`, with the state that
    /// [`PollState::progress_estimate`] goes on from.
    ///
    /// A failed read is repeated until the time is up, unless the answer is final: 401, and 403 and 404 of the API
    /// itself. A task that was created less than half a minute ago may not be found yet.
    ///
    /// # Errors
    /// Such an answer, or that the time is up, with the task as it was last seen.
    pub async fn watch(
        &self,
        target: impl Into<Target>,
        options: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let watch = match target.into() {
            Target::Id(id) => {
                check_task_id(&id)?;
                Watch::one(&id, options.timeout_ms, self.clock.now())
            }
            Target::Task(task) => {
                let watch = Watch::one(&task.id, options.timeout_ms, self.clock.now());
                self.knowing(watch, *task, false)
            }
        };
        self.run_alone(watch, options.delivery, on_update)
            .await
            .into_task()
    }

    /// A watch of one task that was seen before.
    fn knowing(&self, mut watch: Watch, task: Task, is_news: bool) -> Watch {
        watch.handle_known(0, task, is_news, self.clock.now(), self.clock.random());
        watch
    }

    /// Waits until each of many tasks is final, however it ends, and passes each change to `on_update`. Batch
    /// calls read them where the server has that call, otherwise single reads do, at most 6 concurrently. The
    /// tasks are returned in the order of their ids.
    ///
    /// # Errors
    /// If some did not finish, once all others did: why the first of them did not, with every task as it was
    /// last seen.
    pub async fn watch_all(
        &self,
        task_ids: &[impl AsRef<str>],
        options: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Vec<Task>, Error> {
        for id in task_ids {
            check_task_id(id.as_ref())?;
        }
        let watch = Watch::many(task_ids, options.timeout_ms, self.clock.now());
        self.run_alone(watch, options.delivery, on_update)
            .await
            .into_tasks()
    }

    /// Waits for the video.
    ///
    /// # Errors
    /// As [`Client::watch`]; also if the task failed or was cancelled.
    pub async fn wait(
        &self,
        target: impl Into<Target>,
        options: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        require_video(self.watch(target, options, on_update).await?)
    }

    /// Submits, then waits for the video.
    ///
    /// # Errors
    /// As [`Client::submit`] and [`Client::wait`]; every error has the idempotency key. `timeout_ms` limits both
    /// together.
    pub async fn generate(
        &self,
        request: &VideoRequest,
        submit: SubmitOptions,
        wait: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let request = request.clone().into();
        self.generate_value(&request, submit, wait, on_update).await
    }

    /// [`Client::generate`] for a request that need not be one.
    #[doc(hidden)]
    pub async fn generate_value(
        &self,
        request: &Value,
        submit: SubmitOptions,
        wait: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Task, Error> {
        let timeout_ms = wait.timeout_ms;
        let stopwatch = Stopwatch::start(self.clock.now());
        let Submission {
            task,
            idempotency_key,
            ..
        } = self.submit_within(request, submit, timeout_ms).await?;
        let watch = Watch::one(&task.id, timeout_ms, self.clock.now()).started_with(stopwatch);
        let watch = self.knowing(watch, task, true);
        let outcome = self.run_alone(watch, wait.delivery, on_update).await.into_task();
        outcome.and_then(require_video).map_err(|mut error| {
            error.idempotency_key = Some(idempotency_key);
            // The submission was accepted. A failed read does not undo that.
            if error.charged == Charged::No && error.kind != ErrorKind::TaskFailed {
                error.charged = Charged::Unknown;
            }
            error
        })
    }

    /// Runs a watch without open calls beside it.
    async fn run_alone(
        &self,
        watch: Watch,
        delivery: Delivery,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Watch {
        self.run(watch, Vec::new(), delivery, on_update).await.0
    }

    /// Does what a watch asks for until it finishes, settles open calls beside it, and adds their tasks. Returns the
    /// watch, and why the first of the calls that could not be settled could not.
    pub(super) async fn run(
        &self,
        mut watch: Watch,
        unsettled: Vec<Unsettled>,
        delivery: Delivery,
        mut on_update: impl FnMut(&Task, &PollState),
    ) -> (Watch, Option<Error>) {
        let mut reads = Vec::new();
        let mut settling = Vec::new();
        for call in unsettled {
            settling.push(Box::pin(self.settle(call)));
        }
        let mut failed = None;
        {
            // One future for the whole wait: an access that is dropped is repeated.
            let mut writing = pin!(self.write_whenever());
            loop {
                let sleep_ms = match watch.next_action(self.clock.now()) {
                    Action::Read(read) => {
                        reads.push(Box::pin(self.read(read)));
                        continue;
                    }
                    Action::Update { task, state } => {
                        on_update(task, state);
                        self.record_later(task, state);
                        if delivery == Delivery::Update && task.is_final() {
                            self.forget_later(&task.id);
                        }
                        continue;
                    }
                    Action::Scheduled { task_id, delay_ms } => {
                        let task_id = task_id.to_owned();
                        (self.observer)(&Event::Poll { task_id, delay_ms });
                        continue;
                    }
                    Action::Sleep(ms) => ms,
                    Action::Finish if settling.is_empty() => break,
                    // Their attempts have a limit of their own.
                    Action::Finish => u32::MAX,
                };
                let rest = race(self.clock.wake(), self.clock.sleep(sleep_ms));
                let results = race(first_of(&mut reads), first_of(&mut settling));
                let Either::First(first) = race(race(results, rest), &mut writing).await else {
                    continue;
                };
                let now = self.clock.now();
                match first {
                    Either::First(Either::First((read, result))) => {
                        watch.handle_read(read, result, now, self.clock.random());
                    }
                    Either::First(Either::Second(Ok(task))) => {
                        watch.handle_created(task, now, self.clock.random());
                    }
                    Either::First(Either::Second(Err(error))) => {
                        failed.get_or_insert(error);
                    }
                    Either::Second(Either::First(())) => watch.handle_wake(now),
                    Either::Second(Either::Second(())) => watch.handle_sleep_end(now),
                }
            }
        }
        if delivery != Delivery::Acknowledged {
            for id in watch.settled_ids(self.clock.now()) {
                self.forget_later(id);
            }
        }
        self.write_before_return().await;
        (watch, failed)
    }

    async fn read(&self, read: Read) -> (Read, Result<Vec<Task>, Error>) {
        let budget = RetryBudget {
            call: Call::Read,
            max_retries: 0,
            limit_ms: read.limit_ms,
            in_doubt: false,
        };
        let result = match read.task_ids.first() {
            Some(id) if read.is_single => self.read_task(id, &budget).await.map(|task| vec![task]),
            _ => self.read_tasks(&read.task_ids, &budget).await,
        };
        (read, result)
    }
}

/// The output of the first future that completes, which is removed.
async fn first_of<F: Future>(futures: &mut Vec<Pin<Box<F>>>) -> F::Output {
    poll_fn(|context| {
        for index in 0..futures.len() {
            if let Poll::Ready(output) = futures[index].as_mut().poll(context) {
                drop(futures.swap_remove(index));
                return Poll::Ready(output);
            }
        }
        Poll::Pending
    })
    .await
}
