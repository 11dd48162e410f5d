//! Stories of processes that die, one after the other, with one store: what each does, and what must hold.

use crate::faults::{Burst, Network};
use crate::network::{Carrier, Exchange, Heard, Wire};
use crate::plan::life;
use crate::server::{Life, Server};
use crate::shelf::{Drawer, INDEX, Shelf, ShelfFaults};
use crate::time::{Host, Time};
use evolink_video::client::{Client, Submission};
use evolink_video::domain::{Charged, Config, Error, ErrorKind, PollState, Task, Value, VideoRequest};
use fastrand::Rng;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

const PROMPTS: [&str; 2] = ["A cat walks", "A dog runs"];
/// When everything works again.
const CALM_MS: u64 = 1_000_000;
const WAIT_MS: Option<u32> = Some(3_600_000);
/// The code of an error of the store.
const STORE_FAILED: &str = "store_failed";

#[derive(Clone, Debug)]
pub struct Story {
    pub seed: u64,
    timeout_ms: u32,
    max_retries: Option<u32>,
    steps: Vec<Step>,
    lives: Vec<Life>,
    network: Network,
    bursts: Vec<Burst>,
    shelf: ShelfFaults,
    slowest_ms: u64,
}

/// What one process does.
#[derive(Clone, Debug)]
struct Step {
    deed: Deed,
    /// How long it lives; `None`: to the end of what it does.
    dies_after: Option<u64>,
    pause_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Submit(usize),
    Generate(usize),
    Resume,
    /// Submits both requests at once.
    Both,
}

impl Deed {
    fn prompt(self) -> Option<usize> {
        match self {
            Deed::Submit(prompt) | Deed::Generate(prompt) => Some(prompt),
            Deed::Resume | Deed::Both => None,
        }
    }
}

#[derive(Debug)]
enum End {
    Died,
    Hangs,
    Submission(Box<Submission>),
    Task(Box<Task>),
    Tasks(Vec<Task>),
    Error(Error),
}

impl Story {
    pub fn draw(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed ^ 0xdead);
        let lives = (0..4).map(|_| {
            let mut life = life(rng);
            life.ends_at_ms = life.ends_at_ms.or(Some(300_000));
            life
        });
        let lives = lives.collect();
        let steps = (0..rng.usize(1..6)).map(|_| step(rng)).collect();
        let mut network = Network::draw(rng);
        network.until_ms = network.until_ms.min(CALM_MS);
        let bursts = (0..rng.u32(..3)).map(|_| Burst::draw(rng)).collect();
        Self {
            seed,
            timeout_ms: [1_000, 5_000, 60_000][rng.usize(..3)],
            max_retries: [None, Some(0), Some(2)][rng.usize(..3)],
            steps,
            lives,
            network,
            bursts,
            shelf: ShelfFaults::draw(rng),
            slowest_ms: [0, 20, 400][rng.usize(..3)],
        }
    }
}

fn step(rng: &mut Rng) -> Step {
    let prompt = usize::from(rng.u32(..4) == 0);
    let longest = [100, 1_500, 5_000, 300_000][rng.usize(..4)];
    Step {
        deed: match rng.u32(..6) {
            0..3 => Deed::Submit(prompt),
            3 => Deed::Generate(prompt),
            4 => Deed::Resume,
            _ => Deed::Both,
        },
        dies_after: (rng.u32(..4) > 0).then(|| rng.u64(0..longest)),
        pause_ms: rng.u64(0..60_000) * rng.u64(0..=1),
    }
}

fn request(prompt: usize) -> Value {
    VideoRequest {
        prompt: PROMPTS[prompt].into(),
        ..VideoRequest::default()
    }
    .into()
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
    shelf: Rc<Shelf>,
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
    let shelf = Shelf::new(Rc::clone(&time), story.shelf, story.slowest_ms, story.seed);
    let mut teller = Teller {
        time,
        wire,
        shelf,
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
        self.shelf.faults.set(ShelfFaults::default());
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

    fn ensure(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            let what = what();
            self.wrong.push(what);
        }
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
        let listed = self.shelf.listed("task:");
        let (begin, overwrites) = (self.time.elapsed(), self.shelf.overwrites.get());
        let told = Rc::clone(&self.told);
        let mut on_update = |task: &Task, _: &PollState| told.borrow_mut().push(task.id.clone());
        let work = async {
            match deed {
                Deed::Submit(prompt) => match client.submit(&request(prompt), None).await {
                    Ok(submission) => End::Submission(Box::new(submission)),
                    Err(error) => End::Error(error),
                },
                Deed::Generate(prompt) => {
                    let request = request(prompt);
                    match client.generate(&request, None, WAIT_MS, &mut on_update).await {
                        Ok(task) => End::Task(Box::new(task)),
                        Err(error) => End::Error(error),
                    }
                }
                Deed::Resume | Deed::Both => match client.resume(WAIT_MS, &mut on_update).await {
                    Ok(tasks) => End::Tasks(tasks),
                    Err(error) => End::Error(error),
                },
            }
        };
        let end = self.drive(work, dies_after).unwrap_or_else(|end| end);
        let now = self.time.elapsed();
        self.log.push(format!(
            "{begin} to {now}: step {step}, {deed:?}: {end:?}\n  {:?}",
            self.shelf.texts.borrow()
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

    fn client(&self) -> Client<Carrier, Host> {
        let config = Config {
            timeout_ms: self.story.timeout_ms,
            max_retries: self.story.max_retries,
            ..Config::default()
        };
        let (wire, time) = (Rc::clone(&self.wire), Rc::clone(&self.time));
        Client::new(config, Carrier(wire), Host(time)).with_store(Drawer(Rc::clone(&self.shelf)))
    }

    /// One process that makes two calls at once.
    fn take_both(&mut self, dies_after: Option<u64>) {
        let step = self.steps;
        self.steps += 2;
        let client = self.client();
        let (begin, overwrites) = (self.time.elapsed(), self.shelf.overwrites.get());
        let requests = [request(0), request(1)];
        let mut ends = [None, None];
        let caller = &self.wire.caller;
        let work = async {
            let mut calls = requests
                .each_ref()
                .map(|request| Box::pin(client.submit(request, None)));
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
            self.shelf.texts.borrow()
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

    fn judge_call(&mut self, step: usize, prompt: usize, end: &End) {
        let creates: Vec<(String, bool)> = self
            .wire
            .journal
            .borrow()
            .iter()
            .filter(|exchange| exchange.request.call == step && exchange.is_create())
            .map(|exchange| {
                let heard = matches!(exchange.end, Some((_, Heard::Answer)));
                let key = exchange.request.key.clone().unwrap_or_default();
                (key, heard && exchange.status() == 200)
            })
            .collect();
        if let End::Error(error) = end
            && error.code == STORE_FAILED
        {
            self.ensure(creates.is_empty(), || {
                format!("step {step} sends, though the store failed")
            });
            self.ensure(error.charged == Charged::No, || {
                "what was not sent may be charged".into()
            });
            return;
        }
        let order = self.open[prompt].unwrap_or(self.orders);
        self.orders = self.orders.max(order + 1);
        self.order_of.insert(step, order);
        let Some((key, _)) = creates.first().cloned() else {
            // It died before it sent anything.
            self.open[prompt] = Some(order);
            return;
        };
        let again = self.used[prompt].as_ref() == Some(&key);
        let is_good = self.story.shelf.is_good();
        self.ensure(!again || !is_good, || {
            format!("step {step} takes up the key of a call that is over")
        });
        let is_open = match end {
            // Its last words: whoever forgot the key has written down the task, or never had one.
            End::Died | End::Hangs => self.shelf.has_key(&key) || !creates.iter().any(|(_, heard)| *heard),
            End::Error(error) => error.kind == ErrorKind::OutcomeUnknown,
            _ => false,
        };
        self.open[prompt] = is_open.then_some(order);
        if !is_open {
            self.used[prompt] = Some(key);
        }
    }

    /// A task is listed, unless others wrote over the list as often as the client writes it anew.
    fn judge_list(&mut self, step: usize, overwrites: u32, end: &End) {
        let End::Submission(submission) = end else { return };
        let excused = !self.story.shelf.obeys() || self.shelf.overwrites.get() - overwrites >= 3;
        let id = &submission.task.id;
        let is_listed = self.shelf.listed("task:").contains(id);
        self.ensure(is_listed || excused, || {
            format!("step {step}: {id} is not listed")
        });
    }

    fn judge_resume(&mut self, step: usize, listed: &[String], end: &End) {
        match end {
            End::Tasks(tasks) => {
                let ids: Vec<&String> = tasks.iter().map(|task| &task.id).collect();
                let all = ids == listed.iter().collect::<Vec<_>>();
                self.ensure(all, || format!("step {step} resumes {ids:?} of {listed:?}"));
            }
            End::Error(error) if error.code != STORE_FAILED => {
                let count = error.tasks.as_ref().map_or(0, Vec::len);
                self.ensure(count == listed.len(), || {
                    format!("step {step} resumes {count} of {listed:?}")
                });
            }
            _ => {}
        }
    }

    fn ensure_one_charge_each(&mut self) {
        let mut charges: BTreeMap<usize, usize> = BTreeMap::new();
        for charge in &self.wire.server.borrow().charges {
            let order = self.order_of.get(&charge.call).copied();
            *charges.entry(order.unwrap_or(usize::MAX)).or_default() += 1;
        }
        let twice: Vec<_> = charges.iter().filter(|(_, count)| **count > 1).collect();
        let what = format!("charges of one order: {twice:?} of {:?}", self.order_of);
        self.ensure(twice.is_empty(), || what);
    }

    fn ensure_one_body_for_a_key(&mut self) {
        let mut bodies: BTreeMap<String, String> = BTreeMap::new();
        let mut shared = None;
        let is_create = |exchange: &&Exchange| exchange.is_create();
        for exchange in self.wire.journal.borrow().iter().filter(is_create) {
            let request = &exchange.request;
            let (key, body) = (request.key.clone().unwrap_or_default(), request.body.clone());
            let body = body.unwrap_or_default();
            if *bodies.entry(key.clone()).or_insert_with(|| body.clone()) != body {
                shared = Some(key);
            }
        }
        self.ensure(shared.is_none(), || {
            format!("two requests with the key {shared:?}")
        });
    }

    fn ensure_nothing_is_left(&mut self) {
        let texts = self.shelf.texts.borrow().clone();
        // A word for a call that is over does no harm, and goes after a day; it stays where a process died, or
        // the store failed, while it was being removed.
        let died = self.story.steps.iter().any(|step| step.dies_after.is_some());
        let holds = match self.story.shelf.is_good() {
            true => {
                let words = self.shelf.listed("").len();
                texts.keys().all(|name| name == INDEX)
                    && (words == 0 || died && words == self.shelf.listed("call:").len())
            }
            false => self.shelf.listed("task:").is_empty(),
        };
        self.ensure(holds, || format!("the store keeps {texts:?}"));
    }

    /// Whatever was charged, somebody is told of.
    fn ensure_nothing_is_lost(&mut self) {
        if !self.story.shelf.is_good() {
            return;
        }
        let server = self.wire.server.borrow();
        let told = self.told.borrow();
        let charged = server.charges.iter().map(|charge| &server.tasks[charge.task].id);
        let lost: Vec<String> = charged.filter(|id| !told.contains(id)).cloned().collect();
        drop((server, told));
        self.ensure(lost.is_empty(), || format!("nobody is told of {lost:?}"));
    }
}
