//! The plan of a run, drawn from a seed: calls, faults, and the lifecycles of the tasks.

use crate::faults::{NetworkFaults, Outage};
use crate::server::{Ending, Lifecycle, ProgressPattern};
use crate::time::Jump;
use crate::wait_all::{BatchEndpoint, WaitAllPlan};
use fastrand::Rng;

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub timeout_ms: u32,
    pub max_retries: Option<u32>,
    pub calls: Vec<Call>,
    /// The lifecycles of the tasks, in the order of their creation.
    pub lifecycles: Vec<Lifecycle>,
    /// The age of the task that exists at the start.
    pub old_task_ms: u64,
    pub network: NetworkFaults,
    pub outages: Vec<Outage>,
    pub jumps: Vec<(u64, Jump)>,
    pub wakes: Vec<u64>,
    /// The tasks of the `watch_all` call, if there is one.
    pub wait_all: Option<WaitAllPlan>,
    pub batch: BatchEndpoint,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub operation: Operation,
    pub starts_at: u64,
    /// When the caller aborts.
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
    /// Waits by the task id alone.
    Wait,
    Watch,
    /// Single polls, as on hosts that cannot wait.
    PollLoop,
    /// An id that the server does not know.
    WaitUnknownId,
    /// Waits for several tasks.
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
        let lifecycles: Vec<Lifecycle> = (0..3).map(|_| lifecycle(rng)).collect();
        let endless = lifecycles.iter().any(|lifecycle| lifecycle.ends_at_ms.is_none());
        let mut calls = vec![call(rng, endless)];
        if rng.u32(..4) == 0 {
            let mut second = call(rng, endless);
            second.starts_at = [0, calls[0].starts_at, rng.u64(0..5_000)][rng.usize(..3)];
            calls.push(second);
        }
        let wait_all = (rng.u32(..5) == 0).then(|| WaitAllPlan::draw(rng));
        if let Some(plan) = &wait_all {
            calls[0].operation = Operation::WaitAll;
            let longest = plan.is_endless().then_some(900_000);
            calls[0].wait_ms = calls[0].wait_ms.or(longest);
        }
        let outages: Vec<Outage> = (0..rng.u32(..4)).map(|_| Outage::draw(rng)).collect();
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
            lifecycles,
            old_task_ms: rng.u64(0..300_000) * rng.u64(0..=1),
            network: NetworkFaults::draw(rng),
            outages,
            jumps,
            wakes,
            wait_all,
            batch: BatchEndpoint::draw(rng),
        }
    }

    /// The time after which there are no faults, if there is one.
    pub fn fault_free_after(&self) -> Option<u64> {
        let last = self.outages.iter().map(|outage| outage.to_ms).max();
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
        0 => WaitUnknownId,
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
        // Without a limit, the wait for a task that never finishes would never end.
        wait_ms: wait_ms.or(endless.then_some(900_000)),
    }
}

pub fn lifecycle(rng: &mut Rng) -> Lifecycle {
    use ProgressPattern::*;
    Lifecycle {
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
        progress: [Silent, Steady, Jump, Backwards, UnknownStatus, Invalid][rng.usize(..6)],
        links_late_ms: rng.u64(0..20_000) * rng.u64(0..=1),
        estimated_s: [None, Some(165), Some(rng.u32(0..600))][rng.usize(..3)],
        skew_s: [0, 0, 0, rng.i64(-100..100), 1_000_000][rng.usize(..5)],
    }
}

fn jump(rng: &mut Rng) -> Jump {
    let max_ms = [3_000, 100_000, 20_000_000][rng.usize(..3)];
    let ms = rng.u64(0..max_ms);
    match rng.u32(..4) {
        0 => Jump::Sleep(ms),
        1 => Jump::SleepWithTimers(ms),
        2 => Jump::SetClock(ms as i64),
        _ => Jump::SetClock(-(ms as i64)),
    }
}
