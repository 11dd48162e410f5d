//! The client layer under simulated time against a model of the server, with faults on every edge.
//!
//! A seed stands for a whole story: the calls, the faults, the tasks and the clocks. By default 2,000 of them;
//! `SEEDS=100000` (or `npm run simulate -- --seeds 100000`) takes more, `SEED=4711` replays one and prints it.

#[path = "../common/mod.rs"]
mod common;
mod fake_store;
mod faults;
mod invariants;
mod many;
mod network;
mod plan;
mod run;
mod server;
mod survival;
#[path = "../client/time.rs"]
mod time;
mod trace;

use plan::Plan;
use run::{Outcome, Run};
use std::collections::BTreeSet;
use std::panic::{RefUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use survival::Story;

const DEFAULT_SEEDS: u64 = 2_000;
/// After so many failing seeds there is enough to look into.
const ENOUGH: usize = 5;

#[test]
fn the_client_keeps_its_promises_whatever_goes_wrong() {
    if let Some(seed) = number("SEED") {
        let run = run::run(Plan::draw(seed));
        println!("{}", trace::trace(&run));
        let wrong = invariants::broken(&run);
        assert!(wrong.is_empty(), "seed {seed}\n  {}", wrong.join("\n  "));
        return;
    }
    let seeds = number("SEEDS").unwrap_or(DEFAULT_SEEDS);
    report(
        seeds,
        failures(seeds, |seed| invariants::broken(&run::run(Plan::draw(seed)))),
    );
}

#[test]
fn nothing_is_paid_twice_and_no_task_is_lost_whenever_a_process_dies() {
    if let Some(seed) = number("SEED") {
        let (wrong, log) = survival::broken(Story::draw(seed));
        println!("{log}");
        assert!(wrong.is_empty(), "seed {seed}\n  {}", wrong.join("\n  "));
        return;
    }
    let seeds = number("SEEDS").unwrap_or(DEFAULT_SEEDS);
    report(
        seeds,
        failures(seeds, |seed| survival::broken(Story::draw(seed)).0),
    );
}

fn report(seeds: u64, failed: Vec<(u64, Vec<String>)>) {
    for (seed, wrong) in failed.iter().take(ENOUGH) {
        eprintln!("seed {seed}\n  {}", wrong.join("\n  "));
        eprintln!("  replay it: npm run simulate -- --seed {seed}");
    }
    assert!(
        failed.is_empty(),
        "{} of {seeds} seeds failed, at least",
        failed.len()
    );
}

/// The seeds that fail, on all cores.
fn failures(
    seeds: u64,
    broken: impl Fn(u64) -> Vec<String> + Sync + RefUnwindSafe,
) -> Vec<(u64, Vec<String>)> {
    let next = AtomicU64::new(0);
    let (next, broken) = (&next, &broken);
    let work = move || {
        let mut failed = Vec::new();
        while failed.len() < ENOUGH {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                break;
            }
            let wrong = catch_unwind(|| broken(seed)).unwrap_or_else(|_| vec!["it panics".into()]);
            if !wrong.is_empty() {
                failed.push((seed, wrong));
            }
        }
        failed
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut failed: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    failed.sort_by_key(|(seed, _)| *seed);
    failed
}

#[test]
fn a_seed_replays_exactly() {
    for seed in 0..50 {
        let story = || trace::trace(&run::run(Plan::draw(seed)));
        assert_eq!(story(), story(), "{seed}");
    }
}

/// A simulation in which little happens proves little.
#[test]
fn the_seeds_meet_every_way_that_a_call_can_end() {
    let mut missing = BTreeSet::from([
        "RateLimitError",
        "InsufficientCreditsError",
        "AuthenticationError",
        "PermissionDeniedError",
        "NotFoundError",
        "BadRequestError",
        "ServerError",
        "ConnectionError",
        "RequestTimeoutError",
        "OutcomeUnknownError",
        "TaskFailedError",
        "TaskCancelledError",
        "WaitTimeoutError",
        "completed",
        "a submission",
        "a replay",
        "many",
        "aborted",
        "Answer",
        "CutOff",
        "Broken",
        "GivenUp",
    ]);
    // No more seeds than it takes: the rare ones come late.
    let mut seeds = 0..DEFAULT_SEEDS;
    while !missing.is_empty()
        && let Some(seed) = seeds.next()
    {
        for sight in sights(&run::run(Plan::draw(seed))) {
            missing.remove(sight.as_str());
        }
    }
    assert!(missing.is_empty(), "none meets {missing:?}");
}

fn sights(run: &Run) -> Vec<String> {
    let outcomes = run.outcomes.iter().map(|(outcome, _)| match outcome {
        Outcome::Task(task) => task.status.as_str().into(),
        Outcome::Submission(submission) if submission.replayed => "a replay".into(),
        Outcome::Submission(_) => "a submission".into(),
        Outcome::Error(error) => error.kind.as_str().into(),
        Outcome::Tasks(_) => "many".into(),
        Outcome::Aborted => "aborted".into(),
        other => format!("{other:?}"),
    });
    let heard = run.journal.iter().filter_map(|exchange| exchange.end);
    outcomes
        .chain(heard.map(|(_, heard)| format!("{heard:?}")))
        .collect()
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")),
    )
}
