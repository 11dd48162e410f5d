//! Waiting for tasks: drives the [`Watch`] of the domain.

use super::calls::Reply;
use super::exchange::RetryBudget;
use super::race::{Either, race};
use super::resume::Unsettled;
use super::retrieve::check_task_id;
use super::submit::Submission;
use super::{Client, Clock, Delivery, Event, EventKind, Store, SubmitOptions, Transport, WaitOptions};
use crate::domain::retry::Call;
use crate::domain::stopwatch::Stopwatch;
use crate::domain::watch::{Action, Read, Watch, require_video};
use crate::domain::{Charged, Error, ErrorKind, PollState, Task, Value, VideoRequest};
use crate::marks::mark;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

/// A task to wait for or to poll.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Target {
    /// A task of which only the id is known. It is polled immediately.
    Id(String),
    /// A task as it was last seen. It is polled when the schedule says.
    Task(Box<Task>),
    /// A task of which an earlier poll returned the state. It is polled immediately.
    State(Box<PollState>),
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

impl From<PollState> for Target {
    fn from(state: PollState) -> Self {
        Target::State(Box::new(state))
    }
}

/// Everything that a client can wait for.
#[doc(hidden)]
pub enum Subject {
    /// One task.
    One(Target),
    /// Tasks by their ids.
    Many(Vec<String>),
    /// What the store has.
    Stored,
    /// The task of a request that is submitted first.
    Request(Value, SubmitOptions),
}

/// How a wait ended.
#[doc(hidden)]
pub struct Waited {
    watch: Box<Watch>,
    /// Why an open call of the store could not be settled.
    unsettled: Option<Error>,
    /// The answer to the submission, if there was one.
    pub submission: Option<Box<Submission>>,
}

impl Waited {
    /// The outcome of one task: the final task, however it ended.
    ///
    /// # Errors
    /// As [`Client::watch`].
    pub fn into_task(self) -> Result<Task, Error> {
        self.watch.into_task()
    }

    /// The video of one task.
    ///
    /// # Errors
    /// As [`Client::generate`].
    pub fn into_video(self) -> Result<Task, Error> {
        match self
            .submission
            .as_ref()
            .map(|submission| submission.idempotency_key.clone())
        {
            Some(key) => self.into_video_of(&key),
            None => self.watch.into_task().and_then(require_video),
        }
    }

    /// The video of a submission with this idempotency key.
    ///
    /// # Errors
    /// As [`Client::generate`].
    pub fn into_video_of(self, idempotency_key: &str) -> Result<Task, Error> {
        let outcome = self.watch.into_task().and_then(require_video);
        outcome.map_err(|mut error| {
            error.idempotency_key = Some(idempotency_key.to_owned());
            // The submission was accepted. A failed read does not undo that.
            if error.charged == Charged::No && error.kind != ErrorKind::TaskFailed {
                mark!("a failed read does not undo the charge");
                error.charged = Charged::Unknown;
            }
            error
        })
    }

    /// The outcome of many tasks, in the order of their ids.
    ///
    /// # Errors
    /// As [`Client::watch_all`] and [`Client::resume`].
    pub fn into_tasks(self) -> Result<Vec<Task>, Error> {
        let tasks = self.watch.into_tasks()?;
        match self.unsettled {
            Some(mut error) => {
                error.tasks = Some(tasks.into_iter().map(Some).collect());
                Err(error)
            }
            None => Ok(tasks),
        }
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Waits until the task is final, however it ends. Each change is passed to `on_update`, with the state that
    /// [`PollState::progress_estimate`] continues from.
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
        let waited = self
            .wait_for(Subject::One(target.into()), options, on_update)
            .await;
        self.write_before_return().await;
        waited?.into_task()
    }

    /// Waits until each of many tasks is final, however it ends, and passes each change to `on_update`. Batch
    /// calls read them where the server has that call, otherwise single reads do, at most 6 concurrently. The
    /// tasks are returned in the order of their ids.
    ///
    /// # Errors
    /// If some did not finish, once all others did: the error of the first of them, with every task as it was
    /// last seen.
    pub async fn watch_all(
        &self,
        task_ids: &[impl AsRef<str>],
        options: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Vec<Task>, Error> {
        let mut ids = Vec::new();
        for id in task_ids {
            ids.push(id.as_ref().to_owned());
        }
        let waited = self.wait_for(Subject::Many(ids), options, on_update).await;
        self.write_before_return().await;
        waited?.into_tasks()
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
        let waited = self
            .wait_for(Subject::One(target.into()), options, on_update)
            .await;
        self.write_before_return().await;
        waited?.into_video()
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
        let subject = Subject::Request(request.clone().into(), submit);
        let waited = self.wait_for(subject, wait, on_update).await;
        self.write_before_return().await;
        waited?.into_video()
    }

    /// Continues everything in the store, as [`Client::watch_all`] does: settles each open call with its
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
        let waited = self.wait_for(Subject::Stored, options, on_update).await;
        self.write_before_return().await;
        waited?.into_tasks()
    }

    /// Waits for anything.
    ///
    /// One function for all, since every future that awaits the run of a watch is kilobytes of WebAssembly.
    ///
    /// # Errors
    /// Of the submission, of the store, or an id is not one.
    #[doc(hidden)]
    pub async fn wait_for(
        &self,
        subject: Subject,
        options: WaitOptions,
        on_update: impl FnMut(&Task, &PollState),
    ) -> Result<Waited, Error> {
        let now = self.clock.now();
        let timeout_ms = options.timeout_ms;
        let mut submission = None;
        let mut unsettled = Vec::new();
        let watch = Box::new(match subject {
            Subject::One(Target::Id(id)) => {
                check_task_id(&id)?;
                Watch::one(&id, timeout_ms, now)
            }
            Subject::One(Target::Task(task)) => {
                self.knowing(Watch::one(&task.id, timeout_ms, now), *task, false)
            }
            Subject::One(Target::State(state)) => Watch::resumed(vec![*state], false, timeout_ms, now),
            Subject::Many(ids) => {
                for id in &ids {
                    check_task_id(id)?;
                }
                Watch::many(&ids, timeout_ms, now)
            }
            Subject::Stored => {
                let states;
                (states, unsettled) = self.stored(now).await?;
                Watch::resumed(states, true, timeout_ms, now)
            }
            Subject::Request(request, submit) => {
                let stopwatch = Stopwatch::start(now);
                let accepted = self.submit_within(&request, submit, timeout_ms).await?;
                let watch = Watch::one(&accepted.task.id, timeout_ms, self.clock.now());
                let watch = self.knowing(watch.started_with(stopwatch), accepted.task.clone(), true);
                submission = Some(Box::new(accepted));
                watch
            }
        });
        let (watch, unsettled) = self.run(watch, unsettled, options.delivery, on_update).await;
        Ok(Waited {
            watch,
            unsettled,
            submission,
        })
    }

    /// A watch of one task that was seen before.
    fn knowing(&self, mut watch: Watch, task: Task, is_news: bool) -> Watch {
        watch.handle_known(0, task, is_news, self.clock.now(), self.clock.random());
        watch
    }

    /// Does what a watch asks for until it finishes, settles open calls at the same time, and adds their tasks. Returns
    /// the watch, and the error of the first call that could not be settled.
    async fn run(
        &self,
        mut watch: Box<Watch>,
        unsettled: Vec<Unsettled>,
        delivery: Delivery,
        mut on_update: impl FnMut(&Task, &PollState),
    ) -> (Box<Watch>, Option<Error>) {
        let mut settling = Vec::new();
        for call in unsettled {
            settling.push(Box::pin(self.settle(call)));
        }
        let mut failed = None;
        {
            // Cancelled at the end of the block: no write waits for a read.
            let mut reads = Vec::new();
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
                        self.emit(EventKind::Poll { delay_ms }, 0, Some(task_id));
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
        (watch, failed)
    }

    pub(super) async fn read(&self, read: Read) -> (Read, Result<Vec<Task>, Error>) {
        let budget = RetryBudget {
            max_retries: 0,
            ..self.budget(Call::Read, read.limit_ms)
        };
        let single = read.task_ids.first().filter(|_| read.is_single);
        let request = match single {
            Some(id) => self.task_request(id),
            None => Ok(self.batch_request(&read.task_ids)),
        };
        let result = match request {
            Ok(request) => self.exchange(&request, &budget).await,
            Err(error) => Err(error),
        };
        let result = result.and_then(|(body, answer)| {
            let reply = Reply::new(body, answer);
            match single {
                Some(id) => reply.task(id).map(|task| vec![task]),
                None => reply.tasks(),
            }
        });
        (read, result)
    }
}

/// The output of the first future that completes, which is removed.
pub(super) async fn first_of<F: Future>(futures: &mut Vec<Pin<Box<F>>>) -> F::Output {
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
