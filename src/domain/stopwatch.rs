//! Elapsed time by a wall clock that may jump.

/// Measures elapsed time. A forward jump of the clock counts, since a laptop may have slept; a backward jump
/// does not extend a wait.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    last: f64,
    elapsed_ms: f64,
}

impl Stopwatch {
    /// Starts at `now`, in milliseconds since 1970.
    pub fn start(now: f64) -> Self {
        Self {
            last: now,
            elapsed_ms: 0.0,
        }
    }

    /// Milliseconds since the start.
    pub fn read(&mut self, now: f64) -> f64 {
        self.elapsed_ms += (now - self.last).max(0.0);
        self.last = now;
        self.elapsed_ms
    }

    /// Records that a sleep until `ms` after the start has ended, even if the clock was set back meanwhile.
    pub fn slept_until(&mut self, ms: f64, now: f64) {
        self.elapsed_ms = self.read(now).max(ms);
    }

    /// The rest of a limit, in milliseconds; `None` without a limit.
    pub fn left_ms(&mut self, limit_ms: Option<u32>, now: f64) -> Option<u32> {
        let elapsed_ms = self.read(now);
        limit_ms.map(|limit| (f64::from(limit) - elapsed_ms).max(0.0) as u32)
    }
}
