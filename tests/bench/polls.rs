//! Reads for each task, and the delay from a task's completion to the read that sees it, in virtual time: this
//! schedule compared with those of other clients, and with many kinds of progress. `npm run bench` prints it.

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

/// Prints a row, and returns the cost.
fn print(schedule: &Schedule, curve: &Curve, name: &str, at_most: &str, seed: u64) -> f64 {
    let cost = follow(curve, TASKS, seed, schedule.1);
    println!(
        "| {} | {name} | {:.1} | {:.2} s | {:.2} s | {:.1} | {at_most} |",
        schedule.0,
        cost.reads,
        cost.delay_s,
        cost.delay_95_s,
        cost.product(),
    );
    cost.product()
}

fn main() -> Result<(), String> {
    println!(
        "| schedule | progress | reads, mean | delay, mean | delay, 95 % | reads times delay | at most |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut missed = Vec::new();
    for (curves, seed) in [(&KNOWN[..], SEED), (&HELD_OUT[..], SEED + 1)] {
        for curve in curves {
            let at_most = curve.at_most.to_string();
            if print(&OURS, curve, curve.name, &at_most, seed) > curve.at_most {
                missed.push(curve.name);
            }
        }
    }
    for schedule in &OTHERS {
        print(schedule, &KNOWN[0], "any", "", SEED);
    }
    match missed[..] {
        [] => Ok(()),
        _ => Err(format!("cost too much: {}", missed.join("; "))),
    }
}
