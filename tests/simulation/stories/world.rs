//! What the processes of a story share: the time, the network, the server, the store and the log.

use super::log::{Happening, Log};
use super::process::Process;
use super::story::{FAULT_FREE_MS, Life, Step, Story, Tab};
use crate::network::Wire;
use crate::server::Server;
use crate::store::{MAX_STALE_MS, SharedStore};
use crate::time::Time;
use crate::wait_all::BatchEndpoint;
use fastrand::Rng;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Waker};

/// A story that takes more steps, or longer, hangs.
const MAX_STEPS: u32 = 500_000;
const MAX_MS: u64 = 30 * 86_400_000;

pub struct World {
    pub story: Story,
    pub wire: Rc<Wire>,
    pub log: Rc<Log>,
    pub store: Rc<SharedStore>,
    /// The ids that the callers of each account were given.
    pub known_ids: RefCell<Vec<Vec<String>>>,
    /// The keys that errors reported to each account.
    pub known_keys: RefCell<Vec<Vec<String>>>,
    processes: Cell<usize>,
}

impl World {
    pub fn new(story: Story) -> Rc<Self> {
        let seed = story.seed;
        let time = Time::new(seed);
        let batch = BatchEndpoint::draw(&mut Rng::with_seed(seed));
        let mut server = Server::new(story.lifecycles.clone(), batch);
        server.lost_task = story.lost_task;
        let wire = Wire::new(time, server, story.network.clone(), story.outages.clone(), seed);
        let log = Log::new(&wire);
        Rc::new(Self {
            store: SharedStore::new(story.store, &log, seed),
            known_ids: RefCell::new(vec![Vec::new(); story.accounts]),
            known_keys: RefCell::new(vec![Vec::new(); story.accounts]),
            processes: Cell::new(0),
            story,
            wire,
            log,
        })
    }

    /// Polls a future as a part of a call.
    pub async fn attributed<F: Future>(&self, call: usize, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| {
            let before = self.wire.caller.replace(call);
            let polled = future.as_mut().poll(context);
            self.wire.caller.set(before);
            polled
        })
        .await
    }

    /// Runs the story. Returns whether it hangs.
    pub fn run(self: &Rc<Self>) -> bool {
        let hangs = self.run_tabs(&self.story.tabs);
        let end = FAULT_FREE_MS.max(self.log.now()) + MAX_STALE_MS + 1_000;
        self.log.time().advance(end);
        self.wire.deliver(u64::MAX);
        self.store.deliver();
        self.store.has_faults.set(false);
        self.log.push(Happening::Finale);
        let finale: Vec<Tab> = (0..self.story.accounts)
            .map(|account| self.finale(account))
            .collect();
        let hangs = self.run_tabs(&finale) || hangs;
        self.wire.deliver(u64::MAX);
        self.log.push(Happening::TheEnd);
        hangs
    }

    /// A tab that continues everything.
    fn finale(&self, account: usize) -> Tab {
        Tab {
            account,
            starts_at: self.log.now(),
            script: vec![
                Step::Resume {
                    told_by_update: false,
                    wait_ms: 3_600_000,
                },
                // Until reads are up to date.
                Step::Pause(MAX_STALE_MS + 1_000),
                Step::Pending,
            ],
            lives: vec![Life {
                crash_after: None,
                restart_ms: 0,
                repeats_step: false,
                defers_writes: true,
                clock_offset_ms: 0,
                clock_jumps: Vec::new(),
            }],
        }
    }

    fn run_tabs(self: &Rc<Self>, tabs: &[Tab]) -> bool {
        let mut running: Vec<RunningTab> = tabs.iter().map(RunningTab::new).collect();
        for _ in 0..MAX_STEPS {
            self.store.deliver();
            self.wire.deliver(self.log.now());
            for tab in &mut running {
                tab.advance(self);
            }
            running.retain(|tab| !matches!(tab.state, State::Done));
            if running.is_empty() {
                return false;
            }
            let own = running.iter().filter_map(RunningTab::next_event).min();
            let Some(next) = self.log.time().next().into_iter().chain(own).min() else {
                return true;
            };
            if next > MAX_MS {
                return true;
            }
            self.log.time().advance(next);
        }
        true
    }
}

enum State {
    /// Until this time.
    Waiting(u64),
    Running {
        number: usize,
        process: Rc<Process>,
        crash_at: Option<u64>,
        future: Pin<Box<dyn Future<Output = ()>>>,
    },
    Done,
}

/// A tab in its current process.
struct RunningTab<'a> {
    plan: &'a Tab,
    /// The next process.
    life: usize,
    next_step: Rc<Cell<usize>>,
    state: State,
}

impl<'a> RunningTab<'a> {
    fn new(plan: &'a Tab) -> Self {
        Self {
            plan,
            life: 0,
            next_step: Rc::new(Cell::new(0)),
            state: State::Waiting(plan.starts_at),
        }
    }

    fn next_event(&self) -> Option<u64> {
        match self.state {
            State::Waiting(until) => Some(until),
            State::Running { crash_at, .. } => crash_at,
            State::Done => None,
        }
    }

    fn advance(&mut self, world: &Rc<World>) {
        let now = world.log.now();
        if matches!(self.state, State::Waiting(until) if until <= now) {
            self.start(world);
        }
        let State::Running {
            number,
            process,
            crash_at,
            future,
        } = &mut self.state
        else {
            return;
        };
        let number = *number;
        if crash_at.is_some_and(|at| at <= now) {
            process.stop();
            self.state = State::Done;
            world.log.push(Happening::Crashed { process: number });
            let life = &self.plan.lives[self.life - 1];
            if !life.repeats_step {
                self.next_step.set(self.next_step.get() + 1);
            }
            self.state = State::Waiting(now + life.restart_ms);
        } else if future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
        {
            self.state = State::Done;
            world.log.push(Happening::Exited { process: number });
        }
    }

    fn start(&mut self, world: &Rc<World>) {
        let life = &self.plan.lives[self.life];
        self.life += 1;
        let number = world.processes.get();
        world.processes.set(number + 1);
        world.log.push(Happening::Started { process: number });
        let process = Process::new(world, number, self.plan.account, life);
        let script = self.plan.script.clone();
        self.state = State::Running {
            number,
            process: Rc::clone(&process),
            crash_at: life.crash_after.map(|ms| world.log.now() + ms),
            future: Box::pin(process.run(script, Rc::clone(&self.next_step))),
        };
    }
}
