use super::Clock;

/// Time passed, by a wall clock that may jump: forward, as when a laptop slept, it counts; a clock that is
/// set back does not make a wait longer.
#[derive(Clone)]
pub(super) struct Stopwatch {
    last: f64,
    passed_ms: f64,
}

impl Stopwatch {
    pub fn start(clock: &impl Clock) -> Self {
        Self {
            last: clock.now(),
            passed_ms: 0.0,
        }
    }

    /// Milliseconds since the start.
    pub fn read(&mut self, clock: &impl Clock) -> f64 {
        let now = clock.now();
        self.passed_ms += (now - self.last).max(0.0);
        self.last = now;
        self.passed_ms
    }

    /// After a sleep until then: it has passed, even if the clock was set back meanwhile.
    pub fn slept_until(&mut self, ms: f64, clock: &impl Clock) {
        self.passed_ms = self.read(clock).max(ms);
    }

    /// What is left of a limit, in milliseconds; `None` if there is none.
    pub fn left_ms(&mut self, limit_ms: Option<u32>, clock: &impl Clock) -> Option<u32> {
        let passed = self.read(clock);
        limit_ms.map(|limit| (f64::from(limit) - passed).max(0.0) as u32)
    }
}
