//! Processes that run one after the other over one store, and crash at any time.

mod checks;
mod scenario;

pub use scenario::Scenario;

use crate::common::{any_key, within};
use crate::fake_store::{FakeStore, StoreFaults, StoreHandle};
use crate::network::{SimulatedTransport, Wire};
use crate::server::Server;
use crate::time::{FakeClock, Time};
use evolink_video::client::{Client, Submission};
use evolink_video::domain::{Config, Error, PollState, Task};
use fastrand::Rng;
use scenario::{Action, FAULT_FREE_MS, PROMPTS, request};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

const WAIT_MS: Option<u32> = Some(3_600_000);

#[derive(Debug)]
enum End {
    Crashed,
    Hangs,
    Submission(Box<Submission>),
    Task(Box<Task>),
    Tasks(Vec<Task>),
    Error(Error),
}

#[derive(Default)]
struct WakeFlag(AtomicBool);

impl Wake for WakeFlag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs a scenario.
struct Runner {
    scenario: Scenario,
    time: Rc<Time>,
    wire: Rc<Wire>,
    store: Rc<FakeStore>,
    /// The ids that a caller received in any way.
    known_ids: Rc<RefCell<Vec<String>>>,
    steps: usize,
    /// For each prompt the order whose outcome is still unknown to the caller.
    open: [Option<usize>; 2],
    /// The number of orders so far.
    orders: usize,
    order_of: BTreeMap<usize, usize>,
    /// For each prompt the key of its last settled order.
    settled_keys: [Option<String>; 2],
    log: Vec<String>,
    violations: Vec<String>,
}

/// All violations of a scenario, and its log.
pub fn violations(scenario: Scenario) -> (Vec<String>, String) {
    let time = Time::new(scenario.seed);
    let server = Server::new(
        scenario.lifecycles.clone(),
        crate::wait_all::BatchEndpoint::draw(&mut Rng::with_seed(scenario.seed)),
    );
    let (network, outages) = (scenario.network.clone(), scenario.outages.clone());
    let wire = Wire::new(Rc::clone(&time), server, network, outages, scenario.seed);
    let store = FakeStore::new(
        Rc::clone(&time),
        scenario.store,
        scenario.max_latency_ms,
        scenario.seed,
    );
    let mut runner = Runner {
        time,
        wire,
        store,
        known_ids: Rc::default(),
        steps: 0,
        open: [None; 2],
        orders: 0,
        order_of: BTreeMap::new(),
        settled_keys: [None, None],
        log: Vec::new(),
        violations: Vec::new(),
        scenario,
    };
    runner.run();
    let exchanges = runner.wire.journal.borrow();
    let exchanges = exchanges.iter().map(|exchange| {
        let (sent, end) = (
            exchange.sent.at,
            exchange.end.map(|(moment, end)| (moment.at, end)),
        );
        let request = &exchange.request;
        format!(
            "{sent} step {} {} {:?} {} {end:?}",
            request.call,
            request.url,
            request.key,
            exchange.status()
        )
    });
    let exchanges: Vec<String> = exchanges.collect();
    let log = format!(
        "{:#?}\n{}\n{}",
        runner.scenario,
        runner.log.join("\n"),
        exchanges.join("\n")
    );
    (runner.violations, log)
}

impl Runner {
    fn run(&mut self) {
        for step in self.scenario.steps.clone() {
            self.run_step(step.action, step.crash_after);
            self.advance(step.pause_ms);
        }
        self.advance(FAULT_FREE_MS);
        self.store.faults.set(StoreFaults::default());
        for prompt in 0..PROMPTS.len() {
            if self.open[prompt].is_some() {
                self.run_step(Action::Submit(prompt), None);
                let open = self.open[prompt];
                self.ensure(open.is_none(), || {
                    "a repeated call did not settle the order".into()
                });
            }
        }
        self.run_step(Action::Resume, None);
        self.wire.deliver(u64::MAX);
        self.check_one_charge_per_order();
        self.check_one_body_per_key();
        self.check_store_is_empty();
        self.check_charged_tasks_are_known();
    }

    fn advance(&mut self, ms: u64) {
        let time = Rc::clone(&self.time);
        let slept = self.drive(async { time.sleep(ms).await }, None);
        self.ensure(slept.is_ok(), || "the clock does not advance".into());
    }

    /// Polls a future until it completes, its process crashes, or no events remain.
    fn drive<F: Future>(&self, future: F, crash_after: Option<u64>) -> Result<F::Output, End> {
        let crash_at = crash_after.map(|ms| self.time.elapsed() + ms);
        let mut future = pin!(future);
        let woken = Arc::new(WakeFlag::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        loop {
            if crash_at.is_some_and(|at| at <= self.time.elapsed()) {
                return Err(End::Crashed);
            }
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Ok(output);
            }
            // One of two concurrent calls woke the other.
            if woken.0.swap(false, Ordering::Relaxed) {
                continue;
            }
            match self.time.next().into_iter().chain(crash_at).min() {
                Some(next) => self.time.advance(next),
                None => return Err(End::Hangs),
            }
        }
    }

    /// Runs one process until it ends or crashes.
    fn run_step(&mut self, action: Action, crash_after: Option<u64>) {
        if action == Action::Both {
            return self.run_both(crash_after);
        }
        let step = self.steps;
        self.steps += 1;
        self.wire.caller.set(step);
        let client = self.client();
        let listed = self.store.listed("task:");
        let (begin, overwrites) = (self.time.elapsed(), self.store.overwrites.get());
        let known_ids = Rc::clone(&self.known_ids);
        let mut on_update = |task: &Task, _: &PollState| known_ids.borrow_mut().push(task.id.clone());
        let work = async {
            match action {
                Action::Submit(prompt) => match client.submit(&request(prompt), any_key()).await {
                    Ok(submission) => End::Submission(Box::new(submission)),
                    Err(error) => End::Error(error),
                },
                Action::Generate(prompt) => {
                    let request = request(prompt);
                    match client
                        .generate(&request, any_key(), within(WAIT_MS), &mut on_update)
                        .await
                    {
                        Ok(task) => End::Task(Box::new(task)),
                        Err(error) => End::Error(error),
                    }
                }
                Action::Resume | Action::Both => match client.resume(within(WAIT_MS), &mut on_update).await {
                    Ok(tasks) => End::Tasks(tasks),
                    Err(error) => End::Error(error),
                },
            }
        };
        let end = self.drive(work, crash_after).unwrap_or_else(|end| end);
        let now = self.time.elapsed();
        self.log.push(format!(
            "{begin} to {now}: step {step}, {action:?}: {end:?}\n  {:?}",
            self.store.values.borrow()
        ));
        self.ensure(!matches!(end, End::Hangs), || format!("step {step} hangs"));
        self.record_ids(&end);
        self.check_task_is_stored(step, overwrites, &end);
        if let Some(prompt) = action.prompt() {
            self.check_call(step, prompt, &end);
        } else {
            self.check_resume(step, &listed, &end);
        }
    }

    fn client(&self) -> Client<SimulatedTransport, FakeClock, StoreHandle> {
        let config = Config {
            request_timeout_ms: self.scenario.timeout_ms,
            max_retries: self.scenario.max_retries,
            ..Config::default()
        };
        let (wire, time) = (Rc::clone(&self.wire), Rc::clone(&self.time));
        Client::new(config, SimulatedTransport(wire), FakeClock(time)).with_store(self.store.handle())
    }

    /// Runs one process that makes two concurrent calls.
    fn run_both(&mut self, crash_after: Option<u64>) {
        let step = self.steps;
        self.steps += 2;
        let client = self.client();
        let (begin, overwrites) = (self.time.elapsed(), self.store.overwrites.get());
        let requests = [request(0), request(1)];
        let mut ends = [None, None];
        let caller = &self.wire.caller;
        let work = async {
            let mut calls = requests
                .each_ref()
                .map(|request| Box::pin(client.submit(request, any_key())));
            poll_fn(|context| {
                for (number, call) in calls.iter_mut().enumerate() {
                    caller.set(step + number);
                    if ends[number].is_none()
                        && let Poll::Ready(end) = call.as_mut().poll(context)
                    {
                        ends[number] = Some(match end {
                            Ok(submission) => End::Submission(Box::new(submission)),
                            Err(error) => End::Error(error),
                        });
                    }
                }
                match ends.iter().all(Option::is_some) {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            })
            .await;
        };
        let hangs = matches!(self.drive(work, crash_after), Err(End::Hangs));
        self.ensure(!hangs, || format!("step {step} hangs"));
        let now = self.time.elapsed();
        self.log.push(format!(
            "{begin} to {now}: step {step}, both: {ends:?}\n  {:?}",
            self.store.values.borrow()
        ));
        for (number, end) in ends.into_iter().enumerate() {
            let end = end.unwrap_or(End::Crashed);
            self.record_ids(&end);
            self.check_task_is_stored(step, overwrites, &end);
            self.check_call(step + number, number, &end);
        }
    }

    fn record_ids(&self, end: &End) {
        let mut known_ids = self.known_ids.borrow_mut();
        match end {
            End::Submission(submission) => known_ids.push(submission.task.id.clone()),
            End::Task(task) => known_ids.push(task.id.clone()),
            End::Tasks(tasks) => known_ids.extend(tasks.iter().map(|task| task.id.clone())),
            End::Error(error) => known_ids.extend(error.task_id.clone()),
            End::Crashed | End::Hangs => {}
        }
    }
}
