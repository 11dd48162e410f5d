//! How many reads a schedule takes, and how long after its completion a task is noticed: ours beside those
//! of other clients, in virtual time over the same tasks. Prints a table; `npm run bench` runs it.

use evolink_video::domain::{PollState, Task, Value};
use proptest::test_runner::{RngAlgorithm, TestRng};

const TASKS: usize = 20_000;
/// What the API says of a standard task, in seconds.
const ESTIMATE_S: u32 = 165;

/// How a task's progress goes, from the part of its time that is over.
type Curve = (&'static str, fn(f64) -> u32);

const CURVES: [Curve; 3] = [
    ("even: 0 to 99", |part| (part * 99.0) as u32),
    (
        "a jump: 0, from half-time on 65",
        |part| if part < 0.5 { 0 } else { 65 },
    ),
    ("none: 0 until the end", |_| 0),
];

struct Lots(TestRng);

impl Lots {
    /// From 0 (included) to 1 (excluded).
    fn draw(&mut self) -> f64 {
        use proptest::prelude::Rng;
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Milliseconds: log-normal with a median of 120 s and a sigma of 0.5, from 20 s to 12 min.
    fn task_ms(&mut self) -> f64 {
        loop {
            let normal =
                (-2.0 * (1.0 - self.draw()).ln()).sqrt() * (std::f64::consts::TAU * self.draw()).cos();
            let ms = 120_000.0 * (0.5 * normal).exp();
            if (20_000.0..=720_000.0).contains(&ms) {
                return ms;
            }
        }
    }
}

/// The delay to the next look, from the state, the time and a random number.
type Schedule = (&'static str, fn(&PollState, f64, f64) -> f64);

/// The peers' delays are those of their documentation or source.
const SCHEDULES: [Schedule; 6] = [
    ("evolink-video", |state, now, random| {
        f64::from(state.delay_ms(now, random))
    }),
    ("fal, replicate: 500 ms", |_, _, _| 500.0),
    ("OpenAI, Vercel: 5 s", |_, _, _| 5_000.0),
    ("Runway: 6 s, jitter 1.5 s", |_, _, random| {
        6_000.0 + 1_500.0 * (2.0 * random - 1.0)
    }),
    ("the vendor's tools: 8 s", |_, _, _| 8_000.0),
    ("the vendor's examples: 3 s", |_, _, _| 3_000.0),
];

fn seen(progress: u32) -> Task {
    let info = Value::object([("estimated_time", Some(ESTIMATE_S.into()))]);
    let task = Value::object([
        ("id", Some("task-1".into())),
        ("status", Some("processing".into())),
        ("progress", Some(progress.into())),
        ("task_info", Some(info)),
    ]);
    Task::read(task).expect("it has an id and a status")
}

/// Reads, and milliseconds from completion to notice.
fn follow(ends: f64, curve: &Curve, schedule: &Schedule, lots: &mut Lots) -> (u32, f64) {
    let mut state = PollState::new("task-1", 0.0);
    state.observe(&mut seen(0), 0.0, 0.0);
    let mut now = 0.0;
    loop {
        now += schedule.1(&state, now, lots.draw());
        state.reads += 1;
        if now >= ends {
            return (state.reads, now - ends);
        }
        state.observe(&mut seen(curve.1(now / ends)), now, now);
    }
}

fn main() {
    println!(
        "| schedule | progress | reads, mean | delay, mean | delay, 95 % |\n| --- | --- | --- | --- | --- |"
    );
    for schedule in &SCHEDULES {
        let mut all = (0, Vec::new());
        let mut rows = Vec::new();
        for curve in &CURVES {
            // The same tasks for each, from a fixed seed.
            let mut lots = Lots(TestRng::deterministic_rng(RngAlgorithm::ChaCha));
            let lengths: Vec<f64> = (0..TASKS).map(|_| lots.task_ms()).collect();
            let followed = lengths
                .iter()
                .map(|ends| follow(*ends, curve, schedule, &mut lots));
            let (reads, delays): (Vec<u32>, Vec<f64>) = followed.unzip();
            let reads: u32 = reads.iter().sum();
            all.0 += reads;
            all.1.extend_from_slice(&delays);
            rows.push((curve.0, reads, delays));
        }
        rows.insert(0, ("all three", all.0, all.1));
        // A fixed delay does not look at progress.
        let told = if schedule.0 == SCHEDULES[0].0 {
            rows.len()
        } else {
            1
        };
        for (curve, reads, mut delays) in rows.into_iter().take(told) {
            delays.sort_by(f64::total_cmp);
            let count = delays.len() as f64;
            println!(
                "| {} | {curve} | {:.1} | {:.2} s | {:.2} s |",
                schedule.0,
                f64::from(reads) / count,
                delays.iter().sum::<f64>() / count / 1000.0,
                delays[(count * 0.95) as usize] / 1000.0,
            );
        }
    }
}
