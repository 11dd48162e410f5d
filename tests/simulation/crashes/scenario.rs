//! A scenario, drawn from a seed: what each process does, when it crashes, and the faults.

use crate::fake_store::StoreFaults;
use crate::faults::{NetworkFaults, Outage};
use crate::plan::lifecycle;
use crate::server::Lifecycle;
use evolink_video::domain::VideoRequest;
use fastrand::Rng;

pub const PROMPTS: [&str; 2] = ["A cat walks", "A dog runs"];
/// After this time there are no faults.
pub const FAULT_FREE_MS: u64 = 1_000_000;

#[derive(Clone, Debug)]
pub struct Scenario {
    pub seed: u64,
    pub timeout_ms: u32,
    pub max_retries: Option<u32>,
    pub steps: Vec<Step>,
    pub lifecycles: Vec<Lifecycle>,
    pub network: NetworkFaults,
    pub outages: Vec<Outage>,
    pub store: StoreFaults,
    pub max_latency_ms: u64,
}

/// What one process does.
#[derive(Clone, Debug)]
pub struct Step {
    pub action: Action,
    /// When it crashes, or `None` if it does not.
    pub crash_after: Option<u64>,
    pub pause_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Submit(usize),
    Generate(usize),
    Resume,
    /// Submits both requests concurrently.
    Both,
}

impl Action {
    pub fn prompt(self) -> Option<usize> {
        match self {
            Action::Submit(prompt) | Action::Generate(prompt) => Some(prompt),
            Action::Resume | Action::Both => None,
        }
    }
}

impl Scenario {
    pub fn draw(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed ^ 0xdead);
        let lifecycles = (0..4).map(|_| {
            let mut lifecycle = lifecycle(rng);
            lifecycle.ends_at_ms = lifecycle.ends_at_ms.or(Some(300_000));
            lifecycle
        });
        let lifecycles = lifecycles.collect();
        let steps = (0..rng.usize(1..6)).map(|_| step(rng)).collect();
        let mut network = NetworkFaults::draw(rng);
        network.until_ms = network.until_ms.min(FAULT_FREE_MS);
        let outages = (0..rng.u32(..3)).map(|_| Outage::draw(rng)).collect();
        Self {
            seed,
            timeout_ms: [1_000, 5_000, 60_000][rng.usize(..3)],
            max_retries: [None, Some(0), Some(2)][rng.usize(..3)],
            steps,
            lifecycles,
            network,
            outages,
            store: StoreFaults::draw(rng),
            max_latency_ms: [0, 20, 400][rng.usize(..3)],
        }
    }
}

fn step(rng: &mut Rng) -> Step {
    let prompt = usize::from(rng.u32(..4) == 0);
    let longest = [100, 1_500, 5_000, 300_000][rng.usize(..4)];
    Step {
        action: match rng.u32(..6) {
            0..3 => Action::Submit(prompt),
            3 => Action::Generate(prompt),
            4 => Action::Resume,
            _ => Action::Both,
        },
        crash_after: (rng.u32(..4) > 0).then(|| rng.u64(0..longest)),
        pause_ms: rng.u64(0..60_000) * rng.u64(0..=1),
    }
}

pub fn request(prompt: usize) -> VideoRequest {
    VideoRequest::new(PROMPTS[prompt])
}
