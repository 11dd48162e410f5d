//! What a seed stands for: who calls what and when, what goes wrong, and how the tasks go on.

use crate::faults::{Burst, Network};
use crate::many::{Batch, Many};
use crate::server::{Course, Ending, Life};
use crate::time::Jump;
use fastrand::Rng;

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub timeout_ms: u32,
    pub max_retries: Option<u32>,
    pub calls: Vec<Call>,
    /// Of the tasks, in the order of their creation.
    pub lives: Vec<Life>,
    /// How old the task is that was there before.
    pub old_task_ms: u64,
    pub network: Network,
    pub bursts: Vec<Burst>,
    pub jumps: Vec<(u64, Jump)>,
    pub wakes: Vec<u64>,
    /// What the call waits for that waits for many.
    pub many: Option<Many>,
    pub batch: Batch,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub operation: Operation,
    pub starts_at: u64,
    /// When the caller loses interest.
    pub aborts_at: Option<u64>,
    pub prompt: &'static str,
    pub key: Option<&'static str>,
    pub wait_ms: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Submit,
    Generate,
    Retrieve,
    /// By the id alone.
    Wait,
    Watch,
    /// Single polls, as a host does that cannot wait.
    PollLoop,
    /// An id that the server does not know.
    WaitForNothing,
    /// For many at once.
    WaitAll,
}

impl Operation {
    pub fn pays(self) -> bool {
        matches!(self, Operation::Submit | Operation::Generate)
    }

    pub fn waits(self) -> bool {
        !matches!(self, Operation::Submit | Operation::Retrieve)
    }
}

impl Plan {
    pub fn draw(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed);
        let lives: Vec<Life> = (0..3).map(|_| life(rng)).collect();
        let endless = lives.iter().any(|life| life.ends_at_ms.is_none());
        let mut calls = vec![call(rng, endless)];
        if rng.u32(..4) == 0 {
            let mut second = call(rng, endless);
            second.starts_at = [0, calls[0].starts_at, rng.u64(0..5_000)][rng.usize(..3)];
            calls.push(second);
        }
        let many = (rng.u32(..5) == 0).then(|| Many::draw(rng));
        if let Some(many) = &many {
            calls[0].operation = Operation::WaitAll;
            let longest = many.is_endless().then_some(900_000);
            calls[0].wait_ms = calls[0].wait_ms.or(longest);
        }
        let bursts: Vec<Burst> = (0..rng.u32(..4)).map(|_| Burst::draw(rng)).collect();
        let mut jumps: Vec<(u64, Jump)> = (0..rng.u32(..4).saturating_sub(1))
            .map(|_| (rng.u64(0..300_000), jump(rng)))
            .collect();
        jumps.sort_by_key(|(at, _)| *at);
        let wakes = match rng.u32(..5) {
            0 => (0..rng.u64(..20)).map(|_| rng.u64(0..300_000)).collect(),
            1 => (0..3_000).map(|n| n * 37).collect(),
            _ => Vec::new(),
        };
        Self {
            seed,
            timeout_ms: [1_000, 5_000, 60_000, 60_000][rng.usize(..4)],
            max_retries: [None, None, Some(0), Some(1), Some(6)][rng.usize(..5)],
            calls,
            lives,
            old_task_ms: rng.u64(0..300_000) * rng.u64(0..=1),
            network: Network::draw(rng),
            bursts,
            jumps,
            wakes,
            many,
            batch: Batch::draw(rng),
        }
    }

    /// After when nothing goes wrong any more, if that ever is.
    pub fn calm_after(&self) -> Option<u64> {
        let last = self.bursts.iter().map(|burst| burst.to_ms).max();
        let until = self.network.until_ms.max(last.unwrap_or(0));
        (until < u64::MAX && self.jumps.is_empty()).then_some(until)
    }
}

fn call(rng: &mut Rng, endless: bool) -> Call {
    use Operation::*;
    let operation = [
        Submit, Submit, Generate, Generate, Generate, Wait, Wait, Watch, PollLoop, Retrieve,
    ][rng.usize(..10)];
    let operation = match rng.u32(..50) {
        0 => WaitForNothing,
        _ => operation,
    };
    let wait_ms = [Some(900_000), Some(900_000), Some(rng.u32(0..200_000)), None][rng.usize(..4)];
    Call {
        operation,
        starts_at: rng.u64(0..20_000) * rng.u64(0..=1),
        aborts_at: match rng.u32(..5) {
            0 => Some(rng.u64(0..3_000)),
            1 => Some(rng.u64(0..400_000)),
            _ => None,
        },
        prompt: ["A cat walks", "A dog runs"][usize::from(rng.u32(..4) == 0)],
        key: [None, None, Some("the-key-of-the-caller")][rng.usize(..3)],
        // Without any limit, a task that never ends is waited for without end, and rightly so.
        wait_ms: wait_ms.or(endless.then_some(900_000)),
    }
}

pub fn life(rng: &mut Rng) -> Life {
    use Course::*;
    Life {
        ends_at_ms: match rng.u32(..10) {
            0 => None,
            1 => Some(rng.u64(0..2_000)),
            _ => Some(rng.u64(10_000..400_000)),
        },
        ending: [
            Ending::Completed,
            Ending::Completed,
            Ending::Completed,
            Ending::Failed,
            Ending::Cancelled,
        ][rng.usize(..5)],
        course: [Silent, Steady, Jump, Backwards, NewWord, Nonsense][rng.usize(..6)],
        links_late_ms: rng.u64(0..20_000) * rng.u64(0..=1),
        estimated_s: [None, Some(165), Some(rng.u32(0..600))][rng.usize(..3)],
        skew_s: [0, 0, 0, rng.i64(-100..100), 1_000_000][rng.usize(..5)],
    }
}

fn jump(rng: &mut Rng) -> Jump {
    let longest = [3_000, 100_000, 20_000_000][rng.usize(..3)];
    let ms = rng.u64(0..longest);
    match rng.u32(..4) {
        0 => Jump::Nap(ms),
        1 => Jump::FrozenNap(ms),
        2 => Jump::Set(ms as i64),
        _ => Jump::Set(-(ms as i64)),
    }
}
