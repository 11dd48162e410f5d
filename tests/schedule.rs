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

fn named(name: &str) -> Cost {
    let curve = KNOWN.iter().find(|curve| curve.name == name);
    cost(curve.expect("there is such a curve"), 1)
}

#[test]
fn without_progress_it_is_near_the_optimum() {
    // The optimum for the distribution of the tasks is 49.3.
    let cost = named("none");
    assert!(cost.product() < 53.0, "{cost:?}");
}

#[test]
fn even_progress_saves_half_of_the_reads_and_most_of_the_delay() {
    let cost = named("even, 0 to 99");
    assert!(cost.reads < 11.0 && cost.delay_s < 0.7, "{cost:?}");
}

#[test]
fn no_progress_costs_more_than_none() {
    for (curves, seed) in [(&KNOWN[..], 3), (&HELD_OUT[..], 4)] {
        for curve in curves {
            // A straight line that has nothing to do with the end cannot be told from even progress before the end.
            let bound = if curve.name == "even by a guess of the duration" {
                95.0
            } else {
                60.0
            };
            let cost = cost(curve, seed);
            assert!(
                cost.product() < bound,
                "{}: {:.1} {cost:?}",
                curve.name,
                cost.product()
            );
        }
    }
}
