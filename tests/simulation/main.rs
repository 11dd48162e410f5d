//! Runs the client layer in simulated time against a model of the server, with faults everywhere.
//!
//! A seed determines a whole run: the calls, the faults, the tasks and the clocks. 2,000 seeds are run by default;
//! `SEEDS=100000` (or `npm run simulate -- --seeds 100000`) runs more, `SEED=4711` replays one and prints its trace.

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod invariants;
mod marks;
mod network;
mod plan;
mod run;
mod server;
mod store;
mod stories;
#[path = "../client/time.rs"]
mod time;
mod trace;
mod wait_all;

use plan::Plan;
use run::{Outcome, Run};
use std::collections::BTreeSet;
use std::panic::{RefUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use stories::{Story, tell};

const DEFAULT_SEEDS: u64 = 2_000;
/// Stop after this many failing seeds.
const MAX_FAILURES: usize = 5;

#[test]
fn invariants_hold_under_faults() {
    if let Some(seed) = env_number("SEED") {
        let run = run::run(Plan::draw(seed));
        println!("{}", trace::trace(&run));
        let wrong = invariants::violations(&run);
        assert!(wrong.is_empty(), "seed {seed}\n  {}", wrong.join("\n  "));
        return;
    }
    let seeds = env_number("SEEDS").unwrap_or(DEFAULT_SEEDS);
    report(
        seeds,
        failures(seeds, |seed| invariants::violations(&run::run(Plan::draw(seed)))),
    );
}

#[test]
fn processes_over_one_store_pay_once_and_lose_no_task() {
    if let Some(seed) = env_number("SEED") {
        let telling = tell(Story::draw(seed));
        println!("{}", telling.trace());
        let wrong = stories::violations(&telling);
        assert!(wrong.is_empty(), "seed {seed}\n  {}", wrong.join("\n  "));
        return;
    }
    let seeds = env_number("SEEDS").unwrap_or(DEFAULT_SEEDS);
    report(
        seeds,
        failures(seeds, |seed| stories::violations(&tell(Story::draw(seed)))),
    );
}

fn report(seeds: u64, failed: Vec<(u64, Vec<String>)>) {
    for (seed, wrong) in failed.iter().take(MAX_FAILURES) {
        eprintln!("seed {seed}\n  {}", wrong.join("\n  "));
        eprintln!("  replay it: npm run simulate -- --seed {seed}");
    }
    assert!(
        failed.is_empty(),
        "at least {} of {seeds} seeds failed",
        failed.len()
    );
}

/// The seeds that fail, on all cores.
fn failures(
    seeds: u64,
    violations: impl Fn(u64) -> Vec<String> + Sync + RefUnwindSafe,
) -> Vec<(u64, Vec<String>)> {
    let next = AtomicU64::new(0);
    let (next, violations) = (&next, &violations);
    let work = move || {
        let mut failed = Vec::new();
        while failed.len() < MAX_FAILURES {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                break;
            }
            let wrong = catch_unwind(|| violations(seed)).unwrap_or_else(|_| vec!["panics".into()]);
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
fn a_seed_is_deterministic() {
    for seed in 0..50 {
        let trace = || trace::trace(&run::run(Plan::draw(seed)));
        assert_eq!(trace(), trace(), "{seed}");
        let story = || tell(Story::draw(seed)).trace();
        assert_eq!(story(), story(), "{seed}");
    }
}

#[cfg(feature = "marks")]
#[test]
fn stories_reach_every_mark() {
    let mut missing = marks::all();
    let mut seeds = 0..4 * DEFAULT_SEEDS;
    while !missing.is_empty()
        && let Some(seed) = seeds.next()
    {
        for mark in tell(Story::draw(seed)).marks() {
            if missing.remove(mark) {
                println!("seed {seed}: {mark}");
            }
        }
    }
    assert!(missing.is_empty(), "no story reaches {missing:#?}");
}

#[test]
fn seeds_cover_every_outcome() {
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
        "several tasks",
        "aborted",
        "Answered",
        "Truncated",
        "ConnectionLost",
        "Abandoned",
    ]);
    // Stops early: most outcomes are common.
    let mut seeds = 0..DEFAULT_SEEDS;
    while !missing.is_empty()
        && let Some(seed) = seeds.next()
    {
        for outcome in outcomes_of(&run::run(Plan::draw(seed))) {
            missing.remove(outcome.as_str());
        }
    }
    assert!(missing.is_empty(), "no seed has the outcomes {missing:?}");
}

fn outcomes_of(run: &Run) -> Vec<String> {
    let outcomes = run.outcomes.iter().map(|(outcome, _)| match outcome {
        Outcome::Task(task) => task.status.as_str().into(),
        Outcome::Submission(submission) if submission.replayed => "a replay".into(),
        Outcome::Submission(_) => "a submission".into(),
        Outcome::Error(error) => error.kind.as_str().into(),
        Outcome::Tasks(_) => "several tasks".into(),
        Outcome::Aborted => "aborted".into(),
        other => format!("{other:?}"),
    });
    let ends = run.journal.iter().filter_map(|exchange| exchange.end);
    outcomes.chain(ends.map(|(_, end)| format!("{end:?}"))).collect()
}

fn env_number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}")),
    )
}
