//! Simulated time. It stands still until all futures wait, then jumps to the next timer.
//!
//! It has three clocks that can differ, as on a laptop: real time, which the server's tasks follow; the timers,
//! which some kinds of sleep suspend; and the wall clock, which the user can set.

use evolink_video::client::Clock;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// The wall clock at the start, in milliseconds since 1970.
pub const BEGIN_MS: u64 = 1_700_000_000_000;

/// A change of the host's clocks.
#[derive(Clone, Copy, Debug)]
pub enum Jump {
    /// The host sleeps; timers that become due meanwhile fire when it wakes up.
    Sleep(u64),
    /// The host sleeps, and its timers are suspended.
    SleepWithTimers(u64),
    /// The user sets the wall clock forward or back.
    SetClock(i64),
}

/// The time of one host.
pub struct Time {
    elapsed: Cell<u64>,
    suspended: Cell<u64>,
    wall_offset: Cell<i64>,
    timers: RefCell<Vec<u64>>,
    /// The changes of the clocks with their real time, in order.
    pub jumps: RefCell<Vec<(u64, Jump)>>,
    /// The real times at which the page becomes visible or comes online, in order.
    wakes: RefCell<Vec<u64>>,
    rng: RefCell<fastrand::Rng>,
}

/// A [`Clock`] over the simulated time.
#[derive(Clone)]
pub struct FakeClock(pub Rc<Time>);

impl Time {
    /// The random numbers depend on the seed only.
    pub fn new(seed: u64) -> Rc<Self> {
        Rc::new(Self {
            elapsed: Cell::new(0),
            suspended: Cell::new(0),
            wall_offset: Cell::new(0),
            timers: RefCell::default(),
            jumps: RefCell::default(),
            wakes: RefCell::default(),
            rng: RefCell::new(fastrand::Rng::with_seed(seed)),
        })
    }

    /// Adds times at which the page becomes visible or comes online.
    pub fn wake_at(&self, times: impl IntoIterator<Item = u64>) {
        let mut wakes = self.wakes.borrow_mut();
        wakes.extend(times);
        wakes.sort_unstable();
    }

    /// Real time since the start, in milliseconds.
    pub fn elapsed(&self) -> u64 {
        self.elapsed.get()
    }

    /// The time that the timers have counted, in milliseconds.
    pub fn timer_time(&self) -> u64 {
        self.elapsed.get() - self.suspended.get()
    }

    /// The wall clock, in milliseconds since 1970.
    pub fn wall(&self) -> i64 {
        (BEGIN_MS + self.elapsed.get()) as i64 + self.wall_offset.get()
    }

    /// The number of running timers.
    pub fn timers(&self) -> usize {
        self.timers.borrow().len()
    }

    /// The real time of the next event, if there is one.
    pub fn next(&self) -> Option<u64> {
        let timer = self.timers.borrow().iter().copied().min();
        let timer = timer.map(|due| self.elapsed.get().max(due + self.suspended.get()));
        let jump = self.jumps.borrow().first().map(|(at, _)| *at);
        timer.into_iter().chain(jump).min()
    }

    /// Advances to a time, which must not be after the next event.
    pub fn advance(&self, to: u64) {
        self.elapsed.set(self.elapsed.get().max(to));
        let mut jumps = self.jumps.borrow_mut();
        while jumps.first().is_some_and(|(at, _)| *at <= self.elapsed.get()) {
            match jumps.remove(0).1 {
                Jump::Sleep(ms) => self.elapsed.set(self.elapsed.get() + ms),
                Jump::SleepWithTimers(ms) => {
                    self.elapsed.set(self.elapsed.get() + ms);
                    self.suspended.set(self.suspended.get() + ms);
                }
                Jump::SetClock(ms) => self.wall_offset.set(self.wall_offset.get() + ms),
            }
        }
    }

    pub fn sleep(&self, ms: u64) -> Sleep<'_> {
        let due = self.timer_time() + ms;
        self.timers.borrow_mut().push(due);
        Sleep { time: self, due }
    }
}

/// A timer. Dropping it cancels it.
pub struct Sleep<'a> {
    time: &'a Time,
    due: u64,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.due <= self.time.timer_time() {
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

impl Clock for FakeClock {
    fn now(&self) -> f64 {
        self.0.wall() as f64
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> {
        self.0.sleep(u64::from(ms))
    }

    fn wake(&self) -> impl Future<Output = ()> {
        let elapsed = self.0.elapsed();
        let wakes = self.0.wakes.borrow();
        // A binary search, since there may be thousands, and each wait searches again.
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
        self.0.rng.borrow_mut().f64()
    }
}
