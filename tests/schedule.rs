//! Holds the poll schedule to its bounds on reads and delay, over progress of many kinds.

#[allow(dead_code, reason = "the bench prints more")]
#[path = "bench/curves.rs"]
mod curves;

use curves::{Cost, Curve, HELD_OUT, KNOWN, follow};

const TASKS: usize = 4_000;

fn cost(curve: &Curve, seed: u64) -> Cost {
    follow(curve, TASKS, seed, |state, now, random| {
        f64::from(state.delay_ms(now, random))
    })
}

#[test]
fn no_progress_costs_more_than_its_bound() {
    let mut missed = Vec::new();
    for (curves, seed) in [(&KNOWN[..], 3), (&HELD_OUT[..], 4)] {
        for curve in curves {
            let cost = cost(curve, seed);
            if cost.product() > curve.at_most {
                missed.push(format!("{}: {:.1} {cost:?}", curve.name, cost.product()));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn even_progress_saves_half_of_the_reads_and_most_of_the_delay() {
    let curve = KNOWN.iter().find(|curve| curve.name == "even, 0 to 99");
    let cost = cost(curve.expect("there is such a curve"), 1);
    assert!(cost.reads < 11.3 && cost.delay_s < 0.5, "{cost:?}");
}
