//! Stories of processes that die, one after the other, with one store: what each does, and what must hold.

mod story;
mod verdict;

pub use story::Story;

use crate::common::{any_key, within};
use crate::fake_store::{FakeStore, StoreFaults, StoreHandle};
use crate::network::{Carrier, Wire};
use crate::server::Server;
use crate::time::{Host, Time};
use evolink_video::client::{Client, Submission};
use evolink_video::domain::{Config, Error, PollState, Task};
use fastrand::Rng;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use story::{CALM_MS, Deed, PROMPTS, request};

const WAIT_MS: Option<u32> = Some(3_600_000);

#[derive(Debug)]
enum End {
    Died,
    Hangs,
    Submission(Box<Submission>),
    Task(Box<Task>),
    Tasks(Vec<Task>),
    Error(Error),
}

#[derive(Default)]
struct Alarm(AtomicBool);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A story as it is told.
struct Teller {
    story: Story,
    time: Rc<Time>,
    wire: Rc<Wire>,
    store: Rc<FakeStore>,
    /// Ids that somebody was told, in whichever way.
    told: Rc<RefCell<Vec<String>>>,
    steps: usize,
    /// The order of each prompt that may not have been carried out, and the number of the next.
    open: [Option<usize>; 2],
    orders: usize,
    order_of: BTreeMap<usize, usize>,
    /// The key that the last order of a prompt had, once it was over.
    used: [Option<String>; 2],
    log: Vec<String>,
    wrong: Vec<String>,
}

/// Everything that is wrong with a story, and how it went.
pub fn broken(story: Story) -> (Vec<String>, String) {
    let time = Time::new(story.seed);
    let server = Server::new(
        story.lives.clone(),
        crate::many::Batch::draw(&mut Rng::with_seed(story.seed)),
    );
    let (network, bursts) = (story.network.clone(), story.bursts.clone());
    let wire = Wire::new(Rc::clone(&time), server, network, bursts, story.seed);
    let store = FakeStore::new(Rc::clone(&time), story.store, story.slowest_ms, story.seed);
    let mut teller = Teller {
        time,
        wire,
        store,
        told: Rc::default(),
        steps: 0,
        open: [None; 2],
        orders: 0,
        order_of: BTreeMap::new(),
        used: [None, None],
        log: Vec::new(),
        wrong: Vec::new(),
        story,
    };
    teller.tell();
    let exchanges = teller.wire.journal.borrow();
    let exchanges = exchanges.iter().map(|exchange| {
        let (sent, end) = (exchange.sent.at, exchange.end.map(|(end, heard)| (end.at, heard)));
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
        teller.story,
        teller.log.join("\n"),
        exchanges.join("\n")
    );
    (teller.wrong, log)
}

impl Teller {
    fn tell(&mut self) {
        for step in self.story.steps.clone() {
            self.take(step.deed, step.dies_after);
            self.pass(step.pause_ms);
        }
        self.pass(CALM_MS);
        self.store.faults.set(StoreFaults::default());
        for prompt in 0..PROMPTS.len() {
            if self.open[prompt].is_some() {
                self.take(Deed::Submit(prompt), None);
                let open = self.open[prompt];
                self.ensure(open.is_none(), || "a repetition did not settle a call".into());
            }
        }
        self.take(Deed::Resume, None);
        self.wire.deliver(u64::MAX);
        self.ensure_one_charge_each();
        self.ensure_one_body_for_a_key();
        self.ensure_nothing_is_left();
        self.ensure_nothing_is_lost();
    }

    fn pass(&mut self, ms: u64) {
        let time = Rc::clone(&self.time);
        let slept = self.drive(async { time.sleep(ms).await }, None);
        self.ensure(slept.is_ok(), || "time stands still".into());
    }

    /// Until it is over, or its process dies, or nothing happens any more.
    fn drive<F: Future>(&self, future: F, dies_after: Option<u64>) -> Result<F::Output, End> {
        let dies_at = dies_after.map(|ms| self.time.elapsed() + ms);
        let mut future = pin!(future);
        let alarm = Arc::new(Alarm::default());
        let waker = Waker::from(Arc::clone(&alarm));
        let mut context = Context::from_waker(&waker);
        loop {
            if dies_at.is_some_and(|at| at <= self.time.elapsed()) {
                return Err(End::Died);
            }
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Ok(output);
            }
            // One of two calls woke the other.
            if alarm.0.swap(false, Ordering::Relaxed) {
                continue;
            }
            match self.time.next().into_iter().chain(dies_at).min() {
                Some(next) => self.time.advance(next),
                None => return Err(End::Hangs),
            }
        }
    }

    /// One process, from its beginning to its end.
    fn take(&mut self, deed: Deed, dies_after: Option<u64>) {
        if deed == Deed::Both {
            return self.take_both(dies_after);
        }
        let step = self.steps;
        self.steps += 1;
        self.wire.caller.set(step);
        let client = self.client();
        let listed = self.store.listed("task:");
        let (begin, overwrites) = (self.time.elapsed(), self.store.overwrites.get());
        let told = Rc::clone(&self.told);
        let mut on_update = |task: &Task, _: &PollState| told.borrow_mut().push(task.id.clone());
        let work = async {
            match deed {
                Deed::Submit(prompt) => match client.submit(&request(prompt), any_key()).await {
                    Ok(submission) => End::Submission(Box::new(submission)),
                    Err(error) => End::Error(error),
                },
                Deed::Generate(prompt) => {
                    let request = request(prompt);
                    match client
                        .generate(&request, any_key(), within(WAIT_MS), &mut on_update)
                        .await
                    {
                        Ok(task) => End::Task(Box::new(task)),
                        Err(error) => End::Error(error),
                    }
                }
                Deed::Resume | Deed::Both => match client.resume(within(WAIT_MS), &mut on_update).await {
                    Ok(tasks) => End::Tasks(tasks),
                    Err(error) => End::Error(error),
                },
            }
        };
        let end = self.drive(work, dies_after).unwrap_or_else(|end| end);
        let now = self.time.elapsed();
        self.log.push(format!(
            "{begin} to {now}: step {step}, {deed:?}: {end:?}\n  {:?}",
            self.store.values.borrow()
        ));
        self.ensure(!matches!(end, End::Hangs), || format!("step {step} hangs"));
        self.hear(&end);
        self.judge_list(step, overwrites, &end);
        if let Some(prompt) = deed.prompt() {
            self.judge_call(step, prompt, &end);
        } else {
            self.judge_resume(step, &listed, &end);
        }
    }

    fn client(&self) -> Client<Carrier, Host, StoreHandle> {
        let config = Config {
            request_timeout_ms: self.story.timeout_ms,
            max_retries: self.story.max_retries,
            ..Config::default()
        };
        let (wire, time) = (Rc::clone(&self.wire), Rc::clone(&self.time));
        Client::new(config, Carrier(wire), Host(time)).with_store(self.store.handle())
    }

    /// One process that makes two calls at once.
    fn take_both(&mut self, dies_after: Option<u64>) {
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
        let hangs = matches!(self.drive(work, dies_after), Err(End::Hangs));
        self.ensure(!hangs, || format!("step {step} hangs"));
        let now = self.time.elapsed();
        self.log.push(format!(
            "{begin} to {now}: step {step}, both: {ends:?}\n  {:?}",
            self.store.values.borrow()
        ));
        for (number, end) in ends.into_iter().enumerate() {
            let end = end.unwrap_or(End::Died);
            self.hear(&end);
            self.judge_list(step, overwrites, &end);
            self.judge_call(step + number, number, &end);
        }
    }

    fn hear(&self, end: &End) {
        let mut told = self.told.borrow_mut();
        match end {
            End::Submission(submission) => told.push(submission.task.id.clone()),
            End::Task(task) => told.push(task.id.clone()),
            End::Tasks(tasks) => told.extend(tasks.iter().map(|task| task.id.clone())),
            End::Error(error) => told.extend(error.task_id.clone()),
            End::Died | End::Hangs => {}
        }
    }
}
