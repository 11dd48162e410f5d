//! One process of a tab: a client, its calls, and the writes that it does in the background.

use super::log::{CallInfo, End, Happening, Operation};
use super::story::{Known, Life, Order, REQUESTS, Step};
use super::world::World;
use crate::common::{new_scope, restored, within};
use crate::network::SimulatedTransport;
use crate::store::StoreHandle;
use crate::time::{BEGIN_MS, Time};
use evolink_video::client::{
    Client, Clock, Delivery, PollOptions, Submission, SubmitOptions, Target, WaitOptions,
};
use evolink_video::domain::{Config, Error, LocalFile, PollState, Task, Value, VideoRequest};
use fastrand::Rng;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

const MAX_POLLS: u32 = 50;
const MAX_POLL_PAUSE_MS: u64 = 300_000;

pub fn account_name(account: usize) -> String {
    format!("account {account}")
}

/// The clock of a process, which may be wrong.
struct ProcessClock {
    time: Rc<Time>,
    offset_ms: i64,
    jumps: Vec<(u64, i64)>,
    rng: RefCell<Rng>,
}

impl Clock for ProcessClock {
    fn now(&self) -> f64 {
        let elapsed = self.time.elapsed();
        let mut now = (BEGIN_MS + elapsed) as i64 + self.offset_ms;
        for (at, ms) in &self.jumps {
            now += if *at <= elapsed { *ms } else { 0 };
        }
        now as f64
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> {
        self.time.sleep(u64::from(ms))
    }

    fn random(&self) -> f64 {
        self.rng.borrow_mut().f64()
    }
}

type Background = RefCell<Vec<Pin<Box<dyn Future<Output = ()>>>>>;

/// A process.
pub struct Process {
    number: usize,
    account: usize,
    defers_writes: bool,
    world: Rc<World>,
    client: Client<SimulatedTransport, ProcessClock, StoreHandle>,
    /// What runs beside the script: writes and acknowledgments.
    background: Background,
}

impl Process {
    pub fn new(world: &Rc<World>, number: usize, account: usize, life: &Life) -> Rc<Self> {
        let story = &world.story;
        let config = Config {
            request_timeout_ms: story.timeout_ms,
            max_retries: story.max_retries,
            store_requests: story.store_requests,
            store_namespace: account_name(account),
            ..Config::default()
        };
        let clock = ProcessClock {
            time: Rc::clone(world.log.time()),
            offset_ms: life.clock_offset_ms,
            jumps: life.clock_jumps.clone(),
            rng: RefCell::new(Rng::with_seed(
                story.seed.wrapping_mul(1_000).wrapping_add(number as u64),
            )),
        };
        let transport = SimulatedTransport::new(&world.wire, account);
        let mut client =
            Client::new(config, transport, clock).with_store(StoreHandle::new(&world.store, new_scope()));
        if life.defers_writes {
            client = client.deferring_writes();
        }
        Rc::new(Self {
            number,
            account,
            defers_writes: life.defers_writes,
            world: Rc::clone(world),
            client,
            background: RefCell::default(),
        })
    }

    /// Does the steps of a script from the one of `next` on, and counts them there.
    pub async fn run(self: Rc<Self>, script: Vec<Step>, next: Rc<Cell<usize>>) {
        let steps = async {
            while let Some(step) = script.get(next.get()) {
                self.step(step).await;
                next.set(next.get() + 1);
            }
            self.flush().await;
        };
        let mut steps = pin!(steps);
        let mut is_done = false;
        poll_fn(|context| {
            loop {
                is_done = is_done || steps.as_mut().poll(context).is_ready();
                let mut running = self.background.take();
                let before = running.len();
                running.retain_mut(|future| future.as_mut().poll(context).is_pending());
                let has_ended = running.len() < before;
                let mut background = self.background.borrow_mut();
                let has_begun = !background.is_empty();
                running.append(&mut background);
                *background = running;
                match is_done && background.is_empty() {
                    true => return Poll::Ready(()),
                    // One of them may wait for another.
                    false if has_ended || has_begun => {}
                    false => return Poll::Pending,
                }
            }
        })
        .await;
    }

    /// Drops what runs in the background, as a crash does.
    pub fn stop(&self) {
        self.background.take();
    }

    /// Does what is left to write, as the host of a client that defers its writes.
    async fn flush(&self) {
        if !self.defers_writes {
            return;
        }
        let calls = self.world.log.calls.borrow().len();
        let last = (0..calls)
            .rev()
            .find(|call| self.world.log.calls.borrow()[*call].process == self.number);
        if let Some(last) = last {
            self.world.attributed(last, self.client.flush()).await;
        }
    }

    async fn step(self: &Rc<Self>, step: &Step) {
        match step {
            Step::Submit(order) => self.submit(order).await,
            Step::Both(one, other) => {
                let mut calls = [
                    Some(Box::pin(self.submit(one))),
                    Some(Box::pin(self.submit(other))),
                ];
                poll_fn(|context| {
                    for slot in &mut calls {
                        if slot
                            .as_mut()
                            .is_some_and(|call| call.as_mut().poll(context).is_ready())
                        {
                            *slot = None;
                        }
                    }
                    match calls.iter().all(Option::is_none) {
                        true => Poll::Ready(()),
                        false => Poll::Pending,
                    }
                })
                .await;
            }
            Step::Generate(prompt, wait_ms) => self.generate(*prompt, *wait_ms).await,
            Step::Resume {
                told_by_update,
                wait_ms,
            } => self.resume(*told_by_update, *wait_ms).await,
            Step::ReadResumed { updates } => self.read_resumed(*updates).await,
            Step::Wait(known, wait_ms) => {
                if let Some(id) = self.known(known) {
                    self.wait(id, *wait_ms).await;
                }
            }
            Step::PollLoop(known) => {
                if let Some(id) = self.known(known) {
                    self.poll_loop(id).await;
                }
            }
            Step::Forget(known) => {
                if let Some(id) = self.known(known) {
                    self.forget(id).await;
                }
            }
            Step::ForgetKey(index) => {
                let key = self.world.known_keys.borrow()[self.account].get(*index).cloned();
                if let Some(key) = key {
                    self.forget(key).await;
                }
            }
            Step::Pending => self.pending().await,
            Step::Pause(ms) => self.world.log.time().sleep(*ms).await,
        }
    }

    fn known(&self, known: &Known) -> Option<String> {
        let account = self.account ^ usize::from(known.of_other_account);
        let ids = self.world.known_ids.borrow();
        let ids = ids.get(account).filter(|ids| !ids.is_empty())?;
        Some(ids[known.index % ids.len()].clone())
    }

    /// Makes a call: all that it does is attributed to it.
    async fn call<F: Future<Output = End>>(
        self: &Rc<Self>,
        operation: Operation,
        work: impl FnOnce(usize) -> F,
    ) {
        let log = &self.world.log;
        let call = log.begin(CallInfo {
            process: self.number,
            account: self.account,
            operation,
            defers_writes: self.defers_writes,
        });
        let end = self.world.attributed(call, work(call)).await;
        log.push(Happening::Ended { call, end });
        self.write_in_background(call);
    }

    fn write_in_background(self: &Rc<Self>, call: usize) {
        if !self.defers_writes {
            return;
        }
        let process = Rc::clone(self);
        self.background.borrow_mut().push(Box::pin(async move {
            process.world.attributed(call, process.client.flush()).await;
        }));
    }

    fn give(&self, call: usize, id: &str, is_delivered: bool) {
        let mut known = self.world.known_ids.borrow_mut();
        let known = &mut known[self.account];
        if !known.iter().any(|other| other == id) {
            known.push(id.to_owned());
        }
        self.world.log.push(Happening::Given {
            call,
            task: id.to_owned(),
            is_delivered,
        });
    }

    /// Records the tasks of an error, of which final ones are delivered.
    fn give_error(&self, call: usize, error: &Error) -> End {
        let several = error.tasks.iter().flatten().flatten();
        for task in error.task.iter().chain(several) {
            self.give(call, &task.id, task.is_final());
        }
        if let Some(key) = &error.idempotency_key {
            let mut known = self.world.known_keys.borrow_mut();
            if !known[self.account].contains(key) {
                known[self.account].push(key.clone());
            }
        }
        error.into()
    }

    async fn submit(self: &Rc<Self>, order: &Order) {
        let (prompt, key) = (order.prompt, order.key.map(str::to_owned));
        let options = SubmitOptions {
            idempotency_key: key.clone(),
            ..SubmitOptions::default()
        };
        self.call(Operation::Submit { prompt, key }, |call| async move {
            let submitted = match REQUESTS[prompt] {
                (text, None) => self.client.submit(&VideoRequest::new(text), options).await,
                (text, Some(digest)) => self.submit_file(text, digest, options).await,
            };
            match submitted {
                Ok(submission) => {
                    self.give(call, &submission.task.id, false);
                    End::Done
                }
                Err(error) => self.give_error(call, &error),
            }
        })
        .await;
    }

    /// Submits a request with a file as the npm package does: it repeats an earlier call that the store knows by the
    /// digest of the file, or else uploads the file.
    async fn submit_file(
        &self,
        prompt: &str,
        digest: &str,
        options: SubmitOptions,
    ) -> Result<Submission, Error> {
        let file = LocalFile::new(digest, "", 1);
        let of = |image: Value| {
            let mut request = Value::from(VideoRequest::new(prompt));
            request.set("image_urls", Value::Array(vec![image]));
            request
        };
        let described = of(Value::File(Box::new(file.clone())));
        let repeated = self.client.submit_within(&described, options.clone(), None).await;
        if !matches!(&repeated, Err(error) if error.code == "not_uploaded") {
            return self.written(repeated).await;
        }
        let identity = self.client.prepare_value(&described, &options)?.body;
        let uploaded = self.client.upload_file(&file, true).await?;
        let options = SubmitOptions {
            identity: Some(identity),
            expires_at: Some((BEGIN_MS + self.world.log.now() + self.world.story.upload_ms) as f64),
            ..options
        };
        let request = of(uploaded.url.as_str().into());
        self.written(self.client.submit_within(&request, options, None).await)
            .await
    }

    /// The result of a submission, after its writes if the client does not defer them.
    async fn written<T>(&self, result: T) -> T {
        if !self.defers_writes {
            self.client.flush().await;
        }
        result
    }

    async fn generate(self: &Rc<Self>, prompt: usize, wait_ms: Option<u32>) {
        self.call(Operation::Generate { prompt }, |call| async move {
            let request = VideoRequest::new(REQUESTS[prompt].0);
            let on_update = |task: &Task, _: &PollState| self.give(call, &task.id, false);
            let options = within(Some(wait_ms.unwrap_or(1_800_000)));
            let generated = self
                .client
                .generate(&request, SubmitOptions::default(), options, on_update);
            match generated.await {
                Ok(task) => {
                    self.give(call, &task.id, true);
                    End::Done
                }
                Err(error) => {
                    if let Some(id) = &error.task_id {
                        self.give(call, id, false);
                    }
                    self.give_error(call, &error)
                }
            }
        })
        .await;
    }

    async fn resume(self: &Rc<Self>, told_by_update: bool, wait_ms: u32) {
        self.call(Operation::Resume { told_by_update }, |call| async move {
            let delivery = match told_by_update {
                true => Delivery::Update,
                false => Delivery::Result,
            };
            let options = WaitOptions {
                delivery,
                ..within(Some(wait_ms))
            };
            let on_update = |task: &Task, _: &PollState| {
                self.give(call, &task.id, told_by_update && task.is_final());
            };
            match self.client.resume(options, on_update).await {
                Ok(tasks) => {
                    for task in tasks {
                        self.give(call, &task.id, true);
                    }
                    End::Done
                }
                Err(error) => self.give_error(call, &error),
            }
        })
        .await;
    }

    async fn read_resumed(self: &Rc<Self>, updates: usize) {
        self.call(Operation::ReadResumed { updates }, |call| async move {
            let told = RefCell::new(VecDeque::new());
            let options = WaitOptions {
                delivery: Delivery::Acknowledged,
                ..within(Some(1_800_000))
            };
            let on_update = |task: &Task, _: &PollState| told.borrow_mut().push_back(task.clone());
            let mut resumed = Box::pin(self.client.resume(options, on_update));
            let mut left = updates;
            poll_fn(|context| {
                let end = resumed.as_mut().poll(context);
                while left > 0
                    && let Some(task) = told.borrow_mut().pop_front()
                {
                    left -= 1;
                    self.give(call, &task.id, task.is_final());
                    if task.is_final() {
                        self.acknowledge(call, task.id);
                    }
                }
                match end {
                    _ if left == 0 => Poll::Ready(End::Done),
                    Poll::Ready(Err(error)) => Poll::Ready((&error).into()),
                    Poll::Ready(Ok(_)) => Poll::Ready(End::Done),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await
        })
        .await;
    }

    fn acknowledge(self: &Rc<Self>, call: usize, id: String) {
        let process = Rc::clone(self);
        process.client.forget_later(&id);
        self.background.borrow_mut().push(Box::pin(async move {
            process.world.attributed(call, process.client.flush()).await;
        }));
    }

    async fn wait(self: &Rc<Self>, id: String, wait_ms: u32) {
        self.call(Operation::Wait { id: id.clone() }, |call| async move {
            let on_update = |task: &Task, _: &PollState| self.give(call, &task.id, false);
            match self.client.watch(id, within(Some(wait_ms)), on_update).await {
                Ok(task) => {
                    self.give(call, &task.id, true);
                    End::Done
                }
                Err(error) => self.give_error(call, &error),
            }
        })
        .await;
    }

    async fn poll_loop(self: &Rc<Self>, id: String) {
        let mut target = Target::from(id.clone());
        for _ in 0..MAX_POLLS {
            let next = RefCell::new(None);
            let last = target.clone();
            self.call(Operation::Poll { id: id.clone() }, |call| {
                let next = &next;
                async move {
                    let polled = match self.client.poll(last, PollOptions::default()).await {
                        Ok(polled) => polled,
                        Err(error) => return self.give_error(call, &error),
                    };
                    if let Some(task) = &polled.task {
                        self.give(call, &task.id, task.is_final());
                    }
                    let delay_ms = polled.delay_ms;
                    next.replace(delay_ms.map(|ms| (ms, restored(&polled.state))));
                    match &polled.error {
                        Some(error) => self.give_error(call, error),
                        None => End::Done,
                    }
                }
            })
            .await;
            let Some((delay_ms, state)) = next.take() else {
                return;
            };
            target = state.into();
            // A date in `Retry-After` is decades ahead of a clock that starts in 1970.
            let pause_ms = u64::from(delay_ms).min(MAX_POLL_PAUSE_MS);
            self.world.log.time().sleep(pause_ms).await;
        }
    }

    async fn forget(self: &Rc<Self>, id: String) {
        self.call(Operation::Forget { id: id.clone() }, |call| async move {
            match self.client.forget(&id).await {
                Ok(()) => End::Done,
                Err(error) => self.give_error(call, &error),
            }
        })
        .await;
    }

    async fn pending(self: &Rc<Self>) {
        self.call(Operation::Pending, |call| async move {
            match self.client.pending().await {
                Ok(pending) => {
                    let calls = pending.into_iter().filter(|one| one.task_id.is_none());
                    End::Pending(calls.map(|one| one.idempotency_key).collect())
                }
                Err(error) => self.give_error(call, &error),
            }
        })
        .await;
    }
}
