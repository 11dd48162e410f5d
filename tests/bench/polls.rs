//! Reads for each task, and the delay from a task's completion to the read that sees it, in virtual time: this
//! schedule beside those of other clients, and over progress of many kinds. `npm run bench` prints it.

#[path = "curves.rs"]
mod curves;

use curves::{Curve, HELD_OUT, KNOWN, follow};
use evolink_video::domain::PollState;

const TASKS: usize = 20_000;
const SEED: u64 = 1;

/// The delay to the next read, from the state, the time and a random number.
type Schedule = (&'static str, fn(&PollState, f64, f64) -> f64);

const OURS: Schedule = ("evolink-video", |state, now, random| {
    f64::from(state.delay_ms(now, random))
});

/// The delays of other clients, from their documentation or source. None of them depends on progress.
const OTHERS: [Schedule; 5] = [
    ("fal, replicate: 500 ms", |_, _, _| 500.0),
    ("OpenAI, Vercel: 5 s", |_, _, _| 5_000.0),
    ("Runway: 6 s, jitter 1.5 s", |_, _, random| {
        6_000.0 + 1_500.0 * (2.0 * random - 1.0)
    }),
    ("the vendor's tools: 8 s", |_, _, _| 8_000.0),
    ("the vendor's examples: 3 s", |_, _, _| 3_000.0),
];

fn print(schedule: &Schedule, curve: &Curve, name: &str, seed: u64) {
    let cost = follow(curve, TASKS, seed, schedule.1);
    println!(
        "| {} | {name} | {:.1} | {:.2} s | {:.2} s | {:.1} |",
        schedule.0,
        cost.reads,
        cost.delay_s,
        cost.delay_95_s,
        cost.product(),
    );
}

fn main() {
    println!("| schedule | progress | reads, mean | delay, mean | delay, 95 % | reads times delay |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for curve in &KNOWN {
        print(&OURS, curve, curve.name, SEED);
    }
    for curve in &HELD_OUT {
        print(&OURS, curve, curve.name, SEED + 1);
    }
    for schedule in &OTHERS {
        print(schedule, &KNOWN[0], "any", SEED);
    }
}
