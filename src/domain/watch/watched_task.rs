//! One task of a watch. Its times are milliseconds since the watch began.

use crate::domain::schedule::{DAY_MS, SHORTEST_MS};
use crate::domain::task_id::created_ms_of_id;
use crate::domain::{Error, ErrorKind, PollState, Task};

pub(super) struct WatchedTask {
    pub state: PollState,
    /// The task as it was last seen.
    pub seen: Option<Task>,
    pub turn: Turn,
    pub stop: Option<Stop>,
    /// Whether it was submitted just before the watch began.
    pub is_new: bool,
    /// Why the last read of it failed, if it did.
    pub failure: Option<Error>,
    /// Whether batch calls leave it out.
    pub is_read_alone: bool,
}

/// When a task is read next.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    Due {
        at_ms: f64,
        /// The earliest time for a read if there is a reason to hurry.
        earliest_ms: f64,
    },
    /// A read is in flight.
    Reading,
    /// It is not read any more.
    Done,
}

/// Why a task is not read any more although it is not final.
pub(super) enum Stop {
    /// It cannot be read.
    Failed(Error),
    /// The whole watch is refused.
    Refused,
}

impl WatchedTask {
    /// A task of which only the id is known: it is read immediately.
    pub fn new(state: PollState) -> Self {
        Self {
            state,
            seen: None,
            turn: Turn::IMMEDIATELY,
            stop: None,
            is_new: false,
            failure: None,
            is_read_alone: false,
        }
    }

    pub fn is_final(&self) -> bool {
        self.seen.as_ref().is_some_and(Task::is_final)
    }

    /// Whether the API itself, and not a proxy, responds that the task does not exist.
    pub fn is_gone(&self) -> bool {
        match &self.stop {
            Some(Stop::Failed(error)) => error.kind == ErrorKind::NotFound && error.is_of_api,
            _ => false,
        }
    }

    /// Whether the server may not know the task yet, so shortly after it was created.
    pub fn may_be_unknown_yet(&self, now: f64) -> bool {
        const NEW_MS: f64 = 30_000.0;
        let is_recent = |at: i64| (-(DAY_MS as f64)..NEW_MS).contains(&(now - at as f64));
        let is_new = self.is_new || created_ms_of_id(&self.state.task_id).is_some_and(is_recent);
        is_new && is_recent(self.state.started_at)
    }

    pub fn is_watched(&self) -> bool {
        self.stop.is_none() && !self.is_final()
    }

    /// When it is due; infinity if it is not.
    pub fn due_ms(&self) -> f64 {
        match self.turn {
            Turn::Due { at_ms, .. } => at_ms,
            _ => f64::INFINITY,
        }
    }

    /// Whether it may join a batch before it is due: a read that is a second or a fifth of its delay too early
    /// costs less than another call.
    pub fn may_come_along(&self, now_ms: f64) -> bool {
        match self.turn {
            Turn::Due { at_ms, earliest_ms } if !self.is_read_alone => {
                earliest_ms <= now_ms && at_ms - now_ms <= SHORTEST_MS + (at_ms - earliest_ms) / 5.0
            }
            _ => false,
        }
    }

    /// Reads it immediately, in another way.
    pub fn read_again(&mut self) {
        // The watch may have been refused meanwhile.
        if self.is_watched() {
            self.turn = Turn::IMMEDIATELY;
        }
    }

    /// Makes it due as early as it may be.
    pub fn hurry(&mut self, now_ms: f64) {
        if let Turn::Due { at_ms, earliest_ms } = &mut self.turn {
            *at_ms = at_ms.min(earliest_ms.max(now_ms));
        }
    }

    pub fn stop(&mut self, stop: Stop) {
        if self.is_watched() {
            self.stop = Some(stop);
            self.turn = Turn::Done;
        }
    }
}

impl Turn {
    const IMMEDIATELY: Self = Turn::Due {
        at_ms: 0.0,
        earliest_ms: 0.0,
    };
}
