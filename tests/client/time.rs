//! Simulated time: it moves only when everybody waits, and then jumps to the next timer.
//!
//! Three readings of it differ, as they do on a laptop: the time that truly passed, which the server's
//! tasks go by; that of the timers, which stand still in some sleeps; and the wall clock, which somebody sets.

use evolink_video::client::Clock;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// When the world begins, in milliseconds since 1970.
pub const BEGIN_MS: u64 = 1_700_000_000_000;

/// What happens to the clocks of a host.
#[derive(Clone, Copy, Debug)]
pub enum Jump {
    /// It sleeps, and the timers that became due meanwhile are over when it wakes up.
    Nap(u64),
    /// It sleeps, and its timers too: they go on where they were.
    FrozenNap(u64),
    /// Somebody sets the wall clock forward, or back.
    Set(i64),
}

/// The time of one host.
pub struct Time {
    passed: Cell<u64>,
    frozen: Cell<u64>,
    set: Cell<i64>,
    timers: RefCell<Vec<u64>>,
    /// What is to happen to the clocks, by the time that truly passed, in order.
    pub jumps: RefCell<Vec<(u64, Jump)>>,
    /// When the page becomes visible or comes online, likewise.
    wakes: RefCell<Vec<u64>>,
    lots: RefCell<fastrand::Rng>,
}

/// A host's clock.
#[derive(Clone)]
pub struct Host(pub Rc<Time>);

impl Time {
    /// The lots that the host draws depend on the seed alone.
    pub fn new(seed: u64) -> Rc<Self> {
        Rc::new(Self {
            passed: Cell::new(0),
            frozen: Cell::new(0),
            set: Cell::new(0),
            timers: RefCell::default(),
            jumps: RefCell::default(),
            wakes: RefCell::default(),
            lots: RefCell::new(fastrand::Rng::with_seed(seed)),
        })
    }

    /// The page becomes visible or comes online then.
    pub fn wake_at(&self, times: impl IntoIterator<Item = u64>) {
        let mut wakes = self.wakes.borrow_mut();
        wakes.extend(times);
        wakes.sort_unstable();
    }

    /// Milliseconds that truly passed since the world began.
    pub fn elapsed(&self) -> u64 {
        self.passed.get()
    }

    /// The same by the timers.
    pub fn ticked(&self) -> u64 {
        self.passed.get() - self.frozen.get()
    }

    /// The wall clock.
    pub fn wall(&self) -> i64 {
        (BEGIN_MS + self.passed.get()) as i64 + self.set.get()
    }

    /// Timers that run.
    pub fn timers(&self) -> usize {
        self.timers.borrow().len()
    }

    /// When something happens next, if anything does.
    pub fn next(&self) -> Option<u64> {
        let timer = self.timers.borrow().iter().copied().min();
        let timer = timer.map(|due| self.passed.get().max(due + self.frozen.get()));
        let jump = self.jumps.borrow().first().map(|(at, _)| *at);
        timer.into_iter().chain(jump).min()
    }

    /// Goes on to a moment that is not past what happens next.
    pub fn advance(&self, to: u64) {
        self.passed.set(self.passed.get().max(to));
        let mut jumps = self.jumps.borrow_mut();
        while jumps.first().is_some_and(|(at, _)| *at <= self.passed.get()) {
            match jumps.remove(0).1 {
                Jump::Nap(ms) => self.passed.set(self.passed.get() + ms),
                Jump::FrozenNap(ms) => {
                    self.passed.set(self.passed.get() + ms);
                    self.frozen.set(self.frozen.get() + ms);
                }
                Jump::Set(ms) => self.set.set(self.set.get() + ms),
            }
        }
    }

    pub fn sleep(&self, ms: u64) -> Sleep<'_> {
        let due = self.ticked() + ms;
        self.timers.borrow_mut().push(due);
        Sleep { time: self, due }
    }
}

/// A timer; dropped, it is gone.
pub struct Sleep<'a> {
    time: &'a Time,
    due: u64,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.due <= self.time.ticked() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        let mut timers = self.time.timers.borrow_mut();
        if let Some(index) = timers.iter().position(|due| *due == self.due) {
            timers.swap_remove(index);
        }
    }
}

impl Clock for Host {
    fn now(&self) -> f64 {
        self.0.wall() as f64
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> {
        self.0.sleep(u64::from(ms))
    }

    fn wake(&self) -> impl Future<Output = ()> {
        let elapsed = self.0.elapsed();
        let wakes = self.0.wakes.borrow();
        // Searched by halves: who waits looks for the next one after each, of which there may be thousands.
        let next = wakes.get(wakes.partition_point(|at| *at <= elapsed));
        let sleep = next.map(|at| self.0.sleep(at - elapsed));
        async move {
            match sleep {
                Some(sleep) => sleep.await,
                None => std::future::pending().await,
            }
        }
    }

    fn random(&self) -> f64 {
        self.0.lots.borrow_mut().f64()
    }
}
