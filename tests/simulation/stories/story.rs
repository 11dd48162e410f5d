//! A story, drawn from a seed: the accounts, the tabs, what each does, when it crashes, and the faults.

use crate::faults::{NetworkFaults, Outage};
use crate::plan::lifecycle;
use crate::server::Lifecycle;
use crate::store::StorePlan;
use crate::time::BEGIN_MS;
use fastrand::Rng;

/// After this time there are no faults.
pub const FAULT_FREE_MS: u64 = 600_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: u64 = 86_400_000;

/// Prompts, and the digest of the file that a request has.
pub const REQUESTS: [(&str, Option<&str>); 4] = [
    ("A cat walks", None),
    ("A dog runs", None),
    ("@Image1 walks", Some("digest of a cat")),
    ("@Image1 walks", Some("digest of a dog")),
];

#[derive(Clone, Debug)]
pub struct Story {
    pub seed: u64,
    pub timeout_ms: u32,
    pub max_retries: Option<u32>,
    pub store_requests: bool,
    /// How long the URL of an upload works.
    pub upload_ms: u64,
    pub accounts: usize,
    pub tabs: Vec<Tab>,
    pub lifecycles: Vec<Lifecycle>,
    pub network: NetworkFaults,
    pub outages: Vec<Outage>,
    pub store: StorePlan,
    /// A task that the server creates and does not know any more.
    pub lost_task: Option<usize>,
}

/// A tab of a browser: one process after the other, which continue the same script.
#[derive(Clone, Debug)]
pub struct Tab {
    pub account: usize,
    pub starts_at: u64,
    pub script: Vec<Step>,
    /// The last one does not crash.
    pub lives: Vec<Life>,
}

#[derive(Clone, Debug)]
pub struct Life {
    pub crash_after: Option<u64>,
    /// The time until the next process starts, and whether it begins with the step that was interrupted.
    pub restart_ms: u64,
    pub repeats_step: bool,
    pub defers_writes: bool,
    /// How far the clock is off.
    pub clock_offset_ms: i64,
    /// When the clock is set, by how much, since the beginning of the story.
    pub clock_jumps: Vec<(u64, i64)>,
}

/// What a process does next.
#[derive(Clone, Debug)]
pub enum Step {
    Submit(Order),
    Generate(usize, Option<u32>),
    /// Two submissions concurrently.
    Both(Order, Order),
    Resume {
        told_by_update: bool,
        wait_ms: u32,
    },
    ReadResumed {
        updates: usize,
    },
    /// Waits for one of the tasks that the account knows.
    Wait(Known, u32),
    PollLoop(Known),
    Forget(Known),
    /// Forgets a call by its key.
    ForgetKey(usize),
    Pending,
    Pause(u64),
}

#[derive(Clone, Debug)]
pub struct Order {
    /// The request, as an index of `REQUESTS`.
    pub prompt: usize,
    pub key: Option<&'static str>,
}

/// A task that the account, or the other one, learned of.
#[derive(Clone, Debug)]
pub struct Known {
    pub index: usize,
    pub of_other_account: bool,
}

impl Story {
    pub fn draw(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed ^ 0xdead);
        let timeout_ms = [1_000, 5_000, 60_000][rng.usize(..3)];
        let accounts = rng.usize(1..=2);
        let lifecycles = (0..4).map(|_| {
            let mut lifecycle = lifecycle(rng);
            let end = lifecycle.ends_at_ms.unwrap_or(100_000);
            // Most are short, so that there are more orders and fewer reads.
            lifecycle.ends_at_ms = Some(end / [1, 4, 20, 20][rng.usize(..4)]);
            lifecycle
        });
        let lifecycles = lifecycles.collect();
        let tabs = (0..rng.usize(1..=4)).map(|_| Tab::draw(rng, accounts));
        let tabs = tabs.collect();
        let mut network = NetworkFaults::draw(rng);
        network.until_ms = network.until_ms.min(FAULT_FREE_MS);
        Self {
            seed,
            timeout_ms,
            max_retries: [None, Some(0), Some(2), Some(6)][rng.usize(..4)],
            store_requests: rng.u32(..8) > 0,
            upload_ms: [3 * DAY_MS, 5_000][rng.usize(..2)],
            accounts,
            tabs,
            lifecycles,
            network,
            outages: (0..rng.u32(..3)).map(|_| Outage::draw(rng)).collect(),
            store: StorePlan::draw(rng, timeout_ms),
            lost_task: (rng.u32(..16) == 0).then(|| rng.usize(..3)),
        }
    }
}

impl Tab {
    fn draw(rng: &mut Rng, accounts: usize) -> Self {
        let crashes = [0, 1, 1, 2, 3][rng.usize(..5)];
        Self {
            account: rng.usize(..accounts),
            starts_at: rng.u64(0..5_000) * rng.u64(0..=1),
            script: (0..rng.usize(1..=5)).map(|_| Step::draw(rng)).collect(),
            lives: (0..=crashes)
                .map(|life| Life::draw(rng, life < crashes))
                .collect(),
        }
    }
}

impl Life {
    fn draw(rng: &mut Rng, crashes: bool) -> Self {
        let longest = [100, 1_500, 5_000, 60_000][rng.usize(..4)];
        let clock_offset_ms = match rng.u32(..12) {
            // It starts in 1970.
            0 => -(BEGIN_MS as i64),
            1 => rng.i64(-30 * HOUR_MS..30 * HOUR_MS),
            _ => 0,
        };
        let jumps = rng.usize(0..4).saturating_sub(1);
        let mut clock_jumps: Vec<(u64, i64)> = (0..jumps)
            .map(|_| {
                let most = [600_000, 2 * HOUR_MS][rng.usize(..2)];
                (rng.u64(0..100_000), rng.i64(-most..=most))
            })
            .collect();
        clock_jumps.sort_unstable();
        Self {
            crash_after: crashes.then(|| rng.u64(0..longest)),
            restart_ms: rng.u64(0..10_000) * rng.u64(0..=1),
            repeats_step: rng.u32(..3) > 0,
            defers_writes: rng.bool(),
            clock_offset_ms,
            clock_jumps,
        }
    }
}

impl Step {
    fn draw(rng: &mut Rng) -> Self {
        let known = |rng: &mut Rng| Known {
            index: rng.usize(..8),
            of_other_account: rng.u32(..12) == 0,
        };
        let wait_ms = [1_800_000, 1_800_000, 5_000][rng.usize(..3)];
        match rng.u32(..24) {
            0..=6 => Step::Submit(Order::draw(rng)),
            7..=9 => {
                let wait_ms = (rng.u32(..4) == 0).then(|| rng.u32(0..5_000));
                Step::Generate(prompt(rng), wait_ms)
            }
            10..=12 => Step::Both(Order::draw(rng), Order::draw(rng)),
            13 => Step::Resume {
                told_by_update: true,
                wait_ms,
            },
            14 | 15 => Step::Resume {
                told_by_update: false,
                wait_ms,
            },
            16 | 17 => Step::ReadResumed {
                updates: rng.usize(1..4),
            },
            18 => Step::Wait(known(rng), wait_ms),
            19 => Step::PollLoop(known(rng)),
            20 => match rng.u32(..3) {
                0 => Step::Forget(known(rng)),
                1 => Step::ForgetKey(rng.usize(..4)),
                _ => Step::Pending,
            },
            21 if rng.u32(..10) == 0 => Step::Pause(DAY_MS + rng.u64(0..DAY_MS)),
            _ => {
                let longest = [2_000, 60_000][rng.usize(..2)];
                Step::Pause(rng.u64(0..longest))
            }
        }
    }
}

impl Order {
    fn draw(rng: &mut Rng) -> Self {
        Self {
            // A third of the orders have a file.
            prompt: match rng.u32(..6) {
                0 => 2,
                1 => 3,
                _ => prompt(rng),
            },
            key: match rng.u32(..8) {
                0 => Some(["the-key-of-the-caller", "another-key-of-the-caller"][rng.usize(..2)]),
                _ => None,
            },
        }
    }
}

fn prompt(rng: &mut Rng) -> usize {
    usize::from(rng.u32(..4) == 0)
}
