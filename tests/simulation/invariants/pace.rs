//! Delays between requests stay within their bounds, and so does the number of requests.

use super::{Case, Check, LONGEST_PAUSE_MS, ensure};
use crate::network::{Exchange, ExchangeEnd};
use crate::plan::Operation;
use crate::time::Jump;

/// The schedule's shortest pause between two polls, including jitter, unless the task is estimated to be short.
const SHORTEST_MS: u64 = 920;
/// The polls that a short task may cost in addition, until the wait shows that it is not short.
const SHORT_TASK_READS: u64 = 35;
/// The longest pause before a retry without a `Retry-After`.
const LONGEST_RETRY_MS: u64 = 8_000;

impl Case<'_> {
    pub(super) fn respects_delays(&self) -> Check {
        for pair in self.exchanges.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            let Some((end, heard)) = before.end else { continue };
            let jumps = self.jumps_between(end.at, after.sent.at);
            // The client cannot distinguish a clock set forward from passed time.
            if jumps.iter().any(|jump| matches!(jump, Jump::SetClock(1..))) {
                continue;
            }
            let asked = match heard {
                ExchangeEnd::Answered | ExchangeEnd::Truncated => before.asked_ms().unwrap_or(0),
                _ => 0,
            };
            let (least, most) = self.pause_between(before, after, asked);
            let pause = after.sent.at - end.at;
            ensure(pause >= least, || {
                format!("{pause} ms after {}, minimum {least}", end.at)
            })?;
            ensure(!jumps.is_empty() || pause <= most + 1, || {
                format!("{pause} ms after {}, maximum {most}", end.at)
            })?;
        }
        Ok(())
    }

    /// The shortest and the longest pause between two exchanges, if the server asked for a pause.
    fn pause_between(&self, before: &Exchange, exchange: &Exchange, asked: u64) -> (u64, u64) {
        use Operation::*;
        let retry = (asked, LONGEST_RETRY_MS.max(asked * 5 / 4));
        match self.call.operation {
            _ if exchange.is_create() => retry,
            Retrieve => retry,
            // Between retries, or between two polls.
            PollLoop => (asked, LONGEST_PAUSE_MS.max(asked * 5 / 4)),
            // A wait that is shorter than the first pause reads once before its end.
            _ if before.is_create() && self.is_near_end(exchange) => (asked, LONGEST_PAUSE_MS.max(asked)),
            // A failed read is repeated soon.
            _ if before.failed() => (asked, LONGEST_PAUSE_MS.max(asked)),
            _ => (
                shortest_ms(self.expected_ms()).max(asked),
                LONGEST_PAUSE_MS.max(asked),
            ),
        }
    }

    fn is_near_end(&self, exchange: &Exchange) -> bool {
        let limit = self.call.wait_ms.map_or(u64::MAX, u64::from);
        self.duration(exchange.sent.at).saturating_add(LONGEST_PAUSE_MS) >= limit
    }

    /// The changes of the clocks in a period.
    pub(super) fn jumps_between(&self, from: u64, to: u64) -> Vec<Jump> {
        let jumps = self.run.plan.jumps.iter();
        let jumps = jumps.filter(|(at, _)| (from.saturating_sub(1)..=to).contains(at));
        jumps.map(|(_, jump)| *jump).collect()
    }

    pub(super) fn limits_requests(&self) -> Check {
        let retries = |default: u32| self.run.plan.max_retries.unwrap_or(default) as usize + 1;
        let creates = self.creates().count();
        ensure(creates <= retries(2), || format!("{creates} creates"))?;
        let reads = self.exchanges.len() - creates;
        let span = match (self.exchanges.first(), self.exchanges.last()) {
            (Some(first), Some(last)) => last.sent.at - first.sent.at,
            _ => 0,
        };
        let most = match self.call.operation {
            Operation::Submit => 0,
            Operation::Retrieve => retries(4),
            Operation::PollLoop => 200 * retries(4),
            _ => max_reads(span, self.expected_ms(), !self.run.plan.wakes.is_empty()),
        };
        let failed = self.exchanges.iter().filter(|exchange| exchange.failed()).count();
        let most = match self.call.operation.waits() {
            true => most_with_failures(most, failed),
            false => most,
        };
        ensure(reads <= most, || {
            format!("{reads} reads in {span} ms, limit {most}")
        })
    }

    /// The expected duration of the task according to the server, else to the API's documentation.
    fn expected_ms(&self) -> u64 {
        let server = &self.run.server;
        let task = server.task_of.get(&self.number).copied().unwrap_or(0);
        expected_ms(server.tasks[task].lifecycle.estimated_s)
    }
}

/// The expected duration of a task with this estimate.
pub(super) fn expected_ms(estimated_s: Option<u32>) -> u64 {
    u64::from(estimated_s.filter(|seconds| *seconds > 0).unwrap_or(165)) * 1000
}

/// The maximum number of reads if some fail: each of those costs one more.
pub(super) fn most_with_failures(most: usize, failed: usize) -> usize {
    most + failed
}

/// The schedule's shortest pause between two polls of a task by its expected duration, including jitter.
pub(super) fn shortest_ms(expected_ms: u64) -> u64 {
    SHORTEST_MS.min(expected_ms * 92 / 1000)
}

/// The maximum number of polls in a period: one in 0.92 s, more of a short task, and unless the page wakes the client up, about 60 in the
/// expected duration of the task, and ever fewer after 4.4 times that.
pub(super) fn max_reads(span_ms: u64, expected_ms: u64, wakes: bool) -> usize {
    let is_short = shortest_ms(expected_ms) < SHORTEST_MS;
    let fastest = span_ms / SHORTEST_MS + if is_short { SHORT_TASK_READS } else { 2 };
    let parts = span_ms as f64 / expected_ms as f64;
    let late = 100.0 * (parts / 4.4).max(1.0).ln();
    let calm = 30 + (parts.min(4.4) * 60.0 + late) as u64;
    (if wakes { fastest } else { fastest.min(calm) }) as usize
}
