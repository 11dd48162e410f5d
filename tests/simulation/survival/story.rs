//! A story: what each process does and when it dies, and what goes wrong meanwhile. Drawn from a seed.

use crate::fake_store::StoreFaults;
use crate::faults::{Burst, Network};
use crate::plan::life;
use crate::server::Life;
use evolink_video::domain::VideoRequest;
use fastrand::Rng;

pub const PROMPTS: [&str; 2] = ["A cat walks", "A dog runs"];
/// When everything works again.
pub const CALM_MS: u64 = 1_000_000;

#[derive(Clone, Debug)]
pub struct Story {
    pub seed: u64,
    pub timeout_ms: u32,
    pub max_retries: Option<u32>,
    pub steps: Vec<Step>,
    pub lives: Vec<Life>,
    pub network: Network,
    pub bursts: Vec<Burst>,
    pub store: StoreFaults,
    pub slowest_ms: u64,
}

/// What one process does.
#[derive(Clone, Debug)]
pub struct Step {
    pub deed: Deed,
    /// How long it lives; `None`: to the end of what it does.
    pub dies_after: Option<u64>,
    pub pause_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Submit(usize),
    Generate(usize),
    Resume,
    /// Submits both requests at once.
    Both,
}

impl Deed {
    pub fn prompt(self) -> Option<usize> {
        match self {
            Deed::Submit(prompt) | Deed::Generate(prompt) => Some(prompt),
            Deed::Resume | Deed::Both => None,
        }
    }
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
            store: StoreFaults::draw(rng),
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

pub fn request(prompt: usize) -> VideoRequest {
    VideoRequest::new(PROMPTS[prompt])
}
