//! Progress that tasks may report, and what it costs a schedule that reads it. Shared by the bench and by the test
//! that holds the schedule to its bounds.

use evolink_video::domain::{PollState, Task, Value};
use fastrand::Rng;

/// The vendor's estimate for a standard task, in seconds.
pub const ESTIMATE_S: u32 = 165;

/// What a schedule costs on average.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Reads for each task.
    pub reads: f64,
    /// Seconds from a task's completion to the read that sees it.
    pub delay_s: f64,
    /// The longest delay of 95 % of the tasks, in seconds.
    pub delay_95_s: f64,
}

impl Cost {
    /// Reads times mean delay. A schedule that reads all tasks twice as often costs the same by this measure.
    pub fn product(&self) -> f64 {
        self.reads * self.delay_s
    }
}

/// The progress of one task, from the part of its time that has passed. It may draw random numbers.
pub type Progress = Box<dyn FnMut(f64) -> f64>;

/// A kind of progress; each of its tasks is drawn separately.
pub struct Curve {
    pub name: &'static str,
    /// Draws a task's progress; the second argument is the task's duration in milliseconds.
    pub draw: fn(&mut Rng, f64) -> Progress,
    /// The most that it may cost, see [`Cost::product`].
    pub at_most: f64,
    /// Whether the API gives an estimate. Tasks without one take 3 s to 10 min, unlike standard tasks.
    pub is_estimated: bool,
}

impl Curve {
    const fn at_most(self, at_most: f64) -> Self {
        Self { at_most, ..self }
    }

    const fn without_estimate(self) -> Self {
        Self {
            is_estimated: false,
            ..self
        }
    }
}

/// Tasks without progress cost 50.8, and no schedule makes that less than 49.3 for their distribution. No form of
/// progress may cost much more.
const fn curve(name: &'static str, draw: fn(&mut Rng, f64) -> Progress) -> Curve {
    Curve {
        name,
        draw,
        at_most: 60.0,
        is_estimated: true,
    }
}

/// The curves that the schedule was developed with.
pub const KNOWN: [Curve; 37] = [
    curve("none", |_, _| Box::new(|_| 0.0)).at_most(55.0),
    // Delays by the root of the age alone, whatever standard tasks take, cost 72.
    curve("none, without an estimate", |_, _| Box::new(|_| 0.0))
        .at_most(68.0)
        .without_estimate(),
    curve("even, 0 to 99", |_, _| Box::new(|part| part * 99.0)).at_most(5.5),
    curve("even, 0 to 100", |_, _| Box::new(|part| part * 100.0)).at_most(8.0),
    curve("even, 0 to 99, rounded to the nearest", |_, _| {
        Box::new(|part| part * 99.0 + 0.5)
    })
    .at_most(15.0),
    curve("even, up to 1 % off", |rng, _| {
        let mut noise = rng.fork();
        Box::new(move |part| part * 99.0 + 2.0 * noise.f64() - 1.0)
    })
    .at_most(20.0),
    curve("even, 0 to 99, without an estimate", |_, _| {
        Box::new(|part| part * 99.0)
    })
    .at_most(12.0)
    .without_estimate(),
    curve("0, from half-time 65", |_, _| {
        Box::new(|part| if part < 0.5 { 0.0 } else { 65.0 })
    }),
    curve("10, then 65, then 95", |rng, _| {
        let (first, second, third) = (range(rng, 0.02, 0.2), range(rng, 0.3, 0.5), range(rng, 0.55, 0.8));
        Box::new(move |part| match part {
            part if part < first => 0.0,
            part if part < second => 10.0,
            part if part < third => 65.0,
            _ => 95.0,
        })
    }),
    curve("random steps", |rng, _| {
        let count = rng.usize(1..=6);
        let mut times = sorted(rng, count);
        let mut heights = sorted(rng, count);
        times.push(2.0);
        heights.insert(0, 0.0);
        Box::new(move |part| heights[times.partition_point(|time| *time <= part)] * 99.0)
    }),
    curve("stalls", |rng, _| {
        let count = rng.usize(1..=3);
        let starts = sorted(rng, count);
        let lengths: Vec<f64> = (0..count).map(|_| range(rng, 0.1, 0.4)).collect();
        let moving = move |part: f64| {
            let stalls = starts.iter().zip(&lengths);
            part - stalls
                .map(|(start, length)| (part - start).clamp(0.0, *length))
                .sum::<f64>()
        };
        let whole = moving(1.0).max(0.05);
        Box::new(move |part| moving(part).max(0.0) / whole * 99.0)
    }),
    curve("jumps back", |rng, _| {
        let count = rng.usize(1..=3);
        let times = sorted(rng, count);
        let fall = range(rng, 15.0, 50.0);
        Box::new(move |part| {
            let falls = times.iter().filter(|time| **time < part).count();
            (part * 99.0 - fall * falls as f64).max(0.0)
        })
    }),
    curve("runs ahead, then stays", |rng, _| {
        let full = range(rng, 0.3, 0.9);
        Box::new(move |part| (part / full).min(1.0) * 99.0)
    }),
    curve("runs ahead, slower and slower", |rng, _| {
        let rate = range(rng, 2.0, 5.0);
        Box::new(move |part| (1.0 - (-rate * part).exp()) * 99.0)
    }),
    curve("runs behind", |rng, _| {
        let last = range(rng, 0.4, 0.95);
        Box::new(move |part| part * last * 99.0)
    }),
    curve("runs behind, faster and faster", |rng, _| {
        let power = range(rng, 1.5, 3.0);
        Box::new(move |part| part.powf(power) * 99.0)
    }),
    curve("slow start", |rng, _| {
        let start = range(rng, 0.1, 0.5);
        Box::new(move |part| ((part - start) / (1.0 - start)).max(0.0) * 99.0)
    }),
    curve("noisy", |rng, _| {
        let mut noise = rng.fork();
        let by = range(rng, 3.0, 10.0);
        Box::new(move |part| part * 99.0 + by * (2.0 * noise.f64() - 1.0))
    }),
    curve("even, in tens", |_, _| {
        Box::new(|part| (part * 10.0).floor() * 10.0)
    }),
    curve("the age by the estimate", |_, ends_ms| {
        let rate = ends_ms / 1000.0 / f64::from(ESTIMATE_S);
        Box::new(move |part| part * rate * 100.0)
    }),
    curve("a random line through random points", |rng, _| {
        let count = rng.usize(2..=8);
        let (mut times, mut heights) = (sorted(rng, count), sorted(rng, count));
        times.insert(0, 0.0);
        heights.insert(0, 0.0);
        times.push(1.0);
        heights.push(1.0);
        Box::new(move |part| {
            let next = times.partition_point(|time| *time <= part).min(times.len() - 1);
            let (from, to) = (times[next - 1], times[next]);
            let share = (part - from) / (to - from).max(1e-9);
            (heights[next - 1] + (heights[next] - heights[next - 1]) * share.min(1.0)) * 99.0
        })
    }),
    curve("slow, fast, slow", |rng, _| {
        let steepness = range(rng, 4.0, 14.0);
        let middle = range(rng, 0.3, 0.7);
        Box::new(move |part| 99.0 / (1.0 + (-steepness * (part - middle)).exp()))
    }),
    curve("even, then starts over", |rng, _| {
        let again = range(rng, 0.2, 0.8);
        Box::new(move |part| match part {
            part if part < again => part * 99.0,
            _ => (part - again) / (1.0 - again) * 99.0,
        })
    }),
    curve("even, then stays", |rng, _| {
        let last = range(rng, 0.1, 0.95);
        Box::new(move |part| part.min(last) * 99.0)
    }),
    curve("stages of even progress", |rng, _| {
        let count = rng.usize(2..=4);
        let mut ends = sorted(rng, count);
        ends.push(1.0);
        Box::new(move |part| {
            let stage = ends.partition_point(|end| *end <= part).min(ends.len() - 1);
            let from = if stage == 0 { 0.0 } else { ends[stage - 1] };
            (part - from) / (ends[stage] - from).max(1e-9) * 99.0
        })
    }),
    curve("a random walk upwards", |rng, _| {
        let mut walk = rng.fork();
        let (mut height, mut last) = (0.0, 0.0);
        Box::new(move |part| {
            height += (part - last) * 99.0 * 3.0 * walk.f64() * walk.f64();
            last = part;
            height
        })
    }),
    curve("99 from a random time", |rng, _| {
        let time = rng.f64();
        Box::new(move |part| if part < time { 0.0 } else { 99.0 })
    }),
    curve("many small steps", |rng, _| {
        let count = rng.usize(8..=30);
        let times = sorted(rng, count);
        Box::new(move |part| {
            let steps = times.partition_point(|time| *time <= part);
            steps as f64 / times.len() as f64 * 99.0
        })
    }),
    curve("even, and seldom reported", |rng, _| {
        let every = range(rng, 0.05, 0.25);
        Box::new(move |part| (part / every).floor() * every * 99.0)
    }),
    curve("random pieces: rises, rests, steps and falls", |rng, _| {
        let count = rng.usize(2..=7);
        let mut starts = sorted(rng, count);
        starts.insert(0, 0.0);
        let pieces: Vec<(f64, f64)> = starts
            .iter()
            .map(|_| match rng.u32(..4) {
                0 => (0.0, 0.0),
                1 => (range(rng, 5.0, 40.0), 0.0),
                2 => (0.0, range(rng, 30.0, 150.0)),
                _ => (range(rng, -30.0, 0.0), range(rng, 0.0, 80.0)),
            })
            .collect();
        Box::new(move |part| {
            let mut height: f64 = 0.0;
            for (index, (step, slope)) in pieces.iter().enumerate() {
                let end = starts.get(index + 1).copied().unwrap_or(1.0).min(part);
                if end > starts[index] {
                    height = (height + step + slope * (end - starts[index])).clamp(0.0, 99.0);
                }
            }
            height
        })
    }),
    curve("a root", |rng, _| {
        let power = range(rng, 0.3, 0.8);
        Box::new(move |part| part.powf(power) * 99.0)
    }),
    curve("half a cosine", |_, _| {
        Box::new(|part| (1.0 - (std::f64::consts::PI * part).cos()) / 2.0 * 99.0)
    }),
    curve("a third, two thirds", |rng, _| {
        let times = sorted(rng, 2);
        Box::new(move |part| times.iter().filter(|time| **time < part).count() as f64 * 33.0)
    }),
    curve("even, in fives, 10 s late", |_, ends_ms| {
        let late = 10_000.0 / ends_ms;
        Box::new(move |part| ((part - late).max(0.0) * 20.0).floor() * 5.0)
    }),
    curve("even by a guess of the duration", |rng, ends_ms| {
        let guess_ms = range(rng, 40_000.0, 300_000.0);
        Box::new(move |part| part * ends_ms / guess_ms * 99.0)
    }),
    curve("a sawtooth", |rng, _| {
        let teeth = range(rng, 1.5, 6.0);
        Box::new(move |part| (part * teeth).fract() * 99.0)
    }),
    curve("any value at any time", |rng, _| {
        let mut values = rng.fork();
        Box::new(move |_| values.f64() * 100.0)
    }),
];

/// Other kinds of curves, written after the schedule and never used to tune it.
pub const HELD_OUT: [Curve; 9] = [
    curve("even to half or twice the duration", |rng, _| {
        let scale = 2.0_f64.powf(range(rng, -1.0, 1.0));
        Box::new(move |part| part * scale * 99.0)
    }),
    curve("even to 1 min", |_, ends_ms| {
        Box::new(move |part| part * ends_ms / 60_000.0 * 99.0)
    }),
    curve("even to 5 min", |_, ends_ms| {
        Box::new(move |part| part * ends_ms / 300_000.0 * 99.0)
    }),
    curve(
        "0 in a queue, then even by a guess of the duration",
        |rng, ends_ms| {
            let (queued_ms, guess_ms) = (range(rng, 0.0, 60_000.0), range(rng, 30_000.0, 200_000.0));
            Box::new(move |part| (part * ends_ms - queued_ms).max(0.0) / guess_ms * 99.0)
        },
    ),
    curve("even to 90, then stays", |rng, _| {
        let full = range(rng, 0.5, 1.0);
        Box::new(move |part| (part / full).min(1.0) * 90.0)
    }),
    curve("even from 50", |_, _| Box::new(|part| 50.0 + part * 49.0)),
    curve("even, in threes", |_, _| {
        Box::new(|part| (part * 33.0).floor() * 3.0)
    }),
    curve("even, then twice as fast", |rng, _| {
        let turn = range(rng, 0.2, 0.9);
        Box::new(move |part| (part + (part - turn).max(0.0)) / (2.0 - turn) * 99.0)
    }),
    curve("from 99 down to 0", |_, _| Box::new(|part| (1.0 - part) * 99.0)),
];

fn range(rng: &mut Rng, from: f64, to: f64) -> f64 {
    from + (to - from) * rng.f64()
}

fn sorted(rng: &mut Rng, count: usize) -> Vec<f64> {
    let mut numbers: Vec<f64> = (0..count).map(|_| rng.f64()).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

/// The duration of a standard task in milliseconds: log-normal with a median of 120 s and a sigma of 0.5, from 20 s
/// to 12 min.
fn standard_duration_ms(rng: &mut Rng) -> f64 {
    loop {
        let normal = (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (std::f64::consts::TAU * rng.f64()).cos();
        let ms = 120_000.0 * (0.5 * normal).exp();
        if (20_000.0..=720_000.0).contains(&ms) {
            return ms;
        }
    }
}

/// The duration of a task of unknown kind in milliseconds: log-uniform from 3 s to 10 min.
fn any_duration_ms(rng: &mut Rng) -> f64 {
    3_000.0 * 200.0_f64.powf(rng.f64())
}

/// An answer about an unfinished task.
fn answer(progress: u32, estimate_s: Option<u32>) -> Task {
    let info = Value::object([("estimated_time", estimate_s.map(Value::from))]);
    let task = Value::object([
        ("id", Some("task-1".into())),
        ("status", Some("processing".into())),
        ("progress", Some(progress.into())),
        ("task_info", Some(info)),
    ]);
    Task::read(task).expect("it has an id and a status")
}

/// Follows tasks from their creation to the read that sees their end. `delay_ms` gets the state, the time and a
/// random number.
pub fn follow(
    curve: &Curve,
    tasks: usize,
    seed: u64,
    delay_ms: impl Fn(&PollState, f64, f64) -> f64,
) -> Cost {
    let mut rng = Rng::with_seed(seed);
    let mut reads = 0;
    let mut delays = Vec::new();
    let estimate_s = curve.is_estimated.then_some(ESTIMATE_S);
    // Created once, because parsing them is most of the work.
    let answers: Vec<Task> = (0..=100).map(|progress| answer(progress, estimate_s)).collect();
    for _ in 0..tasks {
        let ends_ms = if curve.is_estimated {
            standard_duration_ms(&mut rng)
        } else {
            any_duration_ms(&mut rng)
        };
        let mut progress = (curve.draw)(&mut rng, ends_ms);
        let mut state = PollState::new("task-1", 0.0);
        let mut seen = |state: &mut PollState, now: f64| {
            let percent = progress(now / ends_ms).clamp(0.0, 99.0) as usize;
            state.observe(&mut answers[percent].clone(), now, now);
        };
        seen(&mut state, 0.0);
        let mut now = 0.0;
        loop {
            now += delay_ms(&state, now, rng.f64());
            reads += 1;
            if now >= ends_ms {
                delays.push((now - ends_ms) / 1000.0);
                break;
            }
            seen(&mut state, now);
        }
    }
    delays.sort_by(f64::total_cmp);
    Cost {
        reads: f64::from(reads) / tasks as f64,
        delay_s: delays.iter().sum::<f64>() / tasks as f64,
        delay_95_s: delays[tasks * 95 / 100],
    }
}
