//! Runs a plan until every call has settled.

use crate::common::{restored, within};
use crate::network::{Exchange, Moment, SimulatedTransport, Wire};
use crate::plan::{Call, Operation, Plan};
use crate::server::Server;
use crate::time::{FakeClock, Time};
use evolink_video::client::{Client, Event, NoStore, PollOptions, Submission, SubmitOptions, Target};
use evolink_video::domain::{Config, Error, PollState, Task, VideoRequest};
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The outcome of a call.
#[derive(Debug)]
pub enum Outcome {
    Task(Box<Task>),
    Submission(Box<Submission>),
    Tasks(Vec<Task>),
    Error(Error),
    /// The caller stopped polling.
    StoppedPolling,
    Aborted,
    /// The call is pending, but no events remain.
    Hangs,
}

/// The record of a run.
pub struct Run {
    pub plan: Plan,
    pub journal: Vec<Exchange>,
    pub server: Server,
    /// The ids of the `watch_all` call.
    pub ids: Vec<String>,
    pub outcomes: Vec<(Outcome, Moment)>,
    /// The updates of each call.
    pub updates: Vec<Vec<Task>>,
    pub events: Vec<(u64, Event)>,
    /// Timers that are still running after every call has settled.
    pub timers_left: usize,
}

type Caller = Rc<Client<SimulatedTransport, FakeClock, NoStore, Box<dyn Fn(&Event)>>>;
type Updates = Rc<RefCell<Vec<Vec<Task>>>>;

/// A call that takes more steps hangs.
const MAX_STEPS: u32 = 200_000;

pub fn run(plan: Plan) -> Run {
    let time = Time::new(plan.seed);
    time.jumps.borrow_mut().extend(plan.jumps.iter().copied());
    time.wake_at(plan.wakes.iter().copied());
    let mut server = Server::new(plan.lifecycles.clone(), plan.batch);
    let old_task = server.add(0, plan.lifecycles[0].clone(), -(plan.old_task_ms as i64));
    let ids = match &plan.wait_all {
        Some(wait_all) => wait_all.ids(&mut server),
        None => Vec::new(),
    };
    let (network, outages) = (plan.network.clone(), plan.outages.clone());
    let wire = Wire::new(Rc::clone(&time), server, network, outages, plan.seed);
    let events = Rc::new(RefCell::new(Vec::new()));
    let config = Config {
        request_timeout_ms: plan.timeout_ms,
        max_retries: plan.max_retries,
        ..Config::default()
    };
    let observer: Box<dyn Fn(&Event)> = {
        let (events, time) = (Rc::clone(&events), Rc::clone(&time));
        Box::new(move |event| events.borrow_mut().push((time.elapsed(), event.clone())))
    };
    let client = Client::new(
        config,
        SimulatedTransport::new(&wire, 0),
        FakeClock(Rc::clone(&time)),
    )
    .on_event(observer);
    let client = Rc::new(client);
    let updates: Updates = Rc::new(RefCell::new(vec![Vec::new(); plan.calls.len()]));
    let mut calls: Vec<Option<Pin<Box<dyn Future<Output = Outcome>>>>> = Vec::new();
    for (number, call) in plan.calls.iter().enumerate() {
        let (client, updates, time) = (Rc::clone(&client), Rc::clone(&updates), Rc::clone(&time));
        let (call, old_task, ids) = (call.clone(), old_task.clone(), ids.clone());
        calls.push(Some(Box::pin(async move {
            time.sleep(call.starts_at).await;
            make_call(number, call, old_task, ids, client, updates, time).await
        })));
    }

    let mut outcomes: Vec<Option<(Outcome, Moment)>> = plan.calls.iter().map(|_| None).collect();
    let mut context = Context::from_waker(Waker::noop());
    for step in 0.. {
        for (number, slot) in calls.iter_mut().enumerate() {
            let Some(call) = slot else { continue };
            wire.caller.set(number);
            let aborted = plan.calls[number]
                .aborts_at
                .is_some_and(|at| at <= time.elapsed());
            let outcome = match (aborted, step < MAX_STEPS) {
                (true, _) => Poll::Ready(Outcome::Aborted),
                (false, true) => call.as_mut().poll(&mut context),
                (false, false) => Poll::Ready(Outcome::Hangs),
            };
            if let Poll::Ready(outcome) = outcome {
                *slot = None;
                outcomes[number] = Some((outcome, wire.now()));
            }
        }
        let live = calls.iter().zip(&plan.calls).filter(|(slot, _)| slot.is_some());
        let aborts = live.clone().filter_map(|(_, call)| call.aborts_at);
        match time.next().into_iter().chain(aborts).min() {
            _ if live.count() == 0 => break,
            Some(next) => time.advance(next),
            None => {
                for (slot, outcome) in calls.iter_mut().zip(&mut outcomes) {
                    if slot.take().is_some() {
                        *outcome = Some((Outcome::Hangs, wire.now()));
                    }
                }
            }
        }
    }
    // Abandoned requests may still arrive.
    wire.deliver(u64::MAX);
    drop(client);
    let timers_left = time.timers();
    let server = wire.server.replace(Server::new(Vec::new(), plan.batch));
    Run {
        journal: wire.journal.take(),
        server,
        ids,
        outcomes: outcomes.into_iter().flatten().collect(),
        updates: updates.take(),
        events: events.take(),
        timers_left,
        plan,
    }
}

/// Makes a call according to its plan.
async fn make_call(
    number: usize,
    call: Call,
    old_task: String,
    ids: Vec<String>,
    client: Caller,
    updates: Updates,
    time: Rc<Time>,
) -> Outcome {
    let request = VideoRequest::new(call.prompt);
    let submit = SubmitOptions {
        idempotency_key: call.key.map(str::to_owned),
        ..SubmitOptions::default()
    };
    let mut on_update = |task: &Task, _: &PollState| updates.borrow_mut()[number].push(task.clone());
    let result = match call.operation {
        Operation::Submit => {
            return match client.submit(&request, submit).await {
                Ok(submission) => Outcome::Submission(Box::new(submission)),
                Err(error) => Outcome::Error(error),
            };
        }
        Operation::Generate => {
            client
                .generate(&request, submit, within(call.wait_ms), &mut on_update)
                .await
        }
        Operation::Retrieve => client.retrieve(&old_task).await,
        Operation::Wait => client.wait(old_task, within(call.wait_ms), &mut on_update).await,
        Operation::Watch => client.watch(old_task, within(call.wait_ms), &mut on_update).await,
        Operation::WaitUnknownId => {
            let target = "task-unified-0-unknown";
            client.wait(target, within(call.wait_ms), &mut on_update).await
        }
        Operation::WaitAll => {
            return match client.watch_all(&ids, within(call.wait_ms), &mut on_update).await {
                Ok(tasks) => Outcome::Tasks(tasks),
                Err(error) => Outcome::Error(error),
            };
        }
        Operation::PollLoop => return poll_loop(number, old_task, client, updates, time).await,
    };
    match result {
        Ok(task) => Outcome::Task(Box::new(task)),
        Err(error) => Outcome::Error(error),
    }
}

/// Polls, stores the state as JSON, and polls again after the returned delay.
async fn poll_loop(
    number: usize,
    task_id: String,
    client: Caller,
    updates: Updates,
    time: Rc<Time>,
) -> Outcome {
    let mut target = Target::from(task_id);
    for _ in 0..200 {
        let polled = match client.poll(target, PollOptions::default()).await {
            Ok(polled) => polled,
            Err(error) => return Outcome::Error(error),
        };
        if let Some(task) = &polled.task {
            updates.borrow_mut()[number].push(task.clone());
        }
        let Some(delay_ms) = polled.delay_ms else {
            return match (polled.task, polled.error) {
                (Some(task), None) => Outcome::Task(Box::new(task)),
                (_, Some(error)) => Outcome::Error(error),
                (None, None) => Outcome::StoppedPolling,
            };
        };
        target = restored(&polled.state).into();
        time.sleep(u64::from(delay_ms)).await;
    }
    Outcome::StoppedPolling
}
