//! Whether and when to retry: decided by what happened, never by the wording of a message.

use crate::marks::mark;

/// The kind of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A submission, which costs money.
    Create,
    /// A read, which is free.
    Read,
}

impl Call {
    /// The default of `max_retries`.
    pub const fn default_retries(self) -> u32 {
        match self {
            Call::Create => 2,
            Call::Read => 4,
        }
    }
}

/// How an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The server answered with an error.
    Answered {
        /// The HTTP status.
        status: u16,
        /// How long the server asks to wait, in milliseconds.
        retry_after_ms: Option<u32>,
    },
    /// No answer: the connection failed, or the request timed out.
    Unanswered,
}

/// The longest `Retry-After` that is obeyed, in milliseconds. A longer one is left to the caller.
pub const MAX_RETRY_AFTER_MS: u32 = 60_000;

const FIRST_DELAY_MS: u32 = 500;
/// The same after 429: the server asked for less.
const FIRST_LIMITED_DELAY_MS: u32 = 2_000;
const LONGEST_DELAY_MS: u32 = 8_000;

/// The delay before the next attempt in milliseconds, or `None` to give up.
///
/// `retries` is the number of retries so far. `left_ms` is the rest of the time limit of the whole call, within
/// which the attempt must start; `None` without a limit. `random` is from 0 (included) to 1 (excluded).
///
/// A submission is retried with its idempotency key if it was refused before any charge (408, 429, 503 with
/// `Retry-After`), if no answer arrived, if a gateway answered in place of the server (502, 503, 504, 520 to 524),
/// and while the server is deciding (409). The key makes each of these safe.
pub fn delay_ms(
    call: Call,
    attempt: Attempt,
    retries: u32,
    max_retries: u32,
    left_ms: Option<u32>,
    random: f64,
) -> Option<u32> {
    if retries >= max_retries {
        mark!("no retries are left");
        return None;
    }
    let (status, asked) = match attempt {
        Attempt::Unanswered => (0, None),
        Attempt::Answered {
            status,
            retry_after_ms,
        } => {
            let is_transient = match status {
                408 | 429 | 502..=504 | 520..=524 => true,
                409 => call == Call::Create,
                500 => call == Call::Read,
                _ => false,
            };
            if !is_transient {
                mark!("the answer is final");
                return None;
            }
            (status, retry_after_ms)
        }
    };
    let delay = match asked {
        Some(ms) if ms > MAX_RETRY_AFTER_MS => {
            mark!("`Retry-After` is too long");
            return None;
        }
        // At least what the server asks for. Jitter separates clients that were refused together.
        Some(ms) => {
            let jitter = pause_ms(false, retries, random);
            (ms + jitter.min(ms / 4)).max(jitter)
        }
        None => pause_ms(status == 429, retries, random),
    };
    if left_ms.is_some_and(|left| delay >= left) {
        mark!("no time is left for a retry");
        return None;
    }
    Some(delay)
}

/// The pause after a failure, in milliseconds: a random part of a bound that doubles with each retry so far. If the
/// server limits the rate, the bound begins higher, and the pause is at least half of it.
pub fn pause_ms(is_limited: bool, retries: u32, random: f64) -> u32 {
    let (first, part) = if is_limited {
        (FIRST_LIMITED_DELAY_MS * 2, 0.5 + random / 2.0)
    } else {
        (FIRST_DELAY_MS, random)
    };
    let bound = (first << retries.min(10)).min(LONGEST_DELAY_MS);
    (f64::from(bound) * part) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after_ms: Option<u32>) -> Attempt {
        Attempt::Answered {
            status,
            retry_after_ms,
        }
    }

    #[test]
    fn by_default_a_create_is_retried_twice_and_a_read_four_times() {
        assert_eq!([Call::Create, Call::Read].map(Call::default_retries), [2, 4]);
    }

    #[test]
    fn retries_a_create_only_when_safe() {
        for (attempt, again) in [
            (Attempt::Unanswered, true),
            (answered(429, None), true),
            (answered(408, None), true),
            (answered(503, Some(1000)), true),
            (answered(503, None), true),
            (answered(502, Some(1000)), true),
            (answered(504, None), true),
            (answered(520, None), true),
            (answered(524, None), true),
            (answered(409, None), true),
            (answered(500, None), false),
            (answered(501, None), false),
            (answered(525, None), false),
            (answered(400, None), false),
            (answered(402, None), false),
        ] {
            assert_eq!(
                delay_ms(Call::Create, attempt, 0, 2, None, 0.5).is_some(),
                again,
                "{attempt:?}"
            );
        }
    }

    #[test]
    fn retries_a_read_after_every_transient_failure() {
        for status in [408, 429, 500, 502, 503, 504, 520, 524] {
            assert!(
                delay_ms(Call::Read, answered(status, None), 0, 4, None, 0.5).is_some(),
                "{status}"
            );
        }
        for status in [0, 301, 400, 401, 402, 403, 404, 409, 501] {
            assert!(
                delay_ms(Call::Read, answered(status, None), 0, 4, None, 0.5).is_none(),
                "{status}"
            );
        }
    }

    #[test]
    fn retry_after_is_the_minimum_delay_and_at_most_a_minute() {
        let delay = |ms| delay_ms(Call::Read, answered(429, Some(ms)), 0, 4, None, 0.99);
        assert!((5000..=6250).contains(&delay(5000).unwrap()));
        // The jitter is a quarter of it at most.
        let late = delay_ms(Call::Read, answered(503, Some(5_000)), 3, 4, None, 0.5);
        assert_eq!(late, Some(6_250));
        assert!(delay(MAX_RETRY_AFTER_MS).is_some());
        assert_eq!(delay(MAX_RETRY_AFTER_MS + 1), None);
    }

    #[test]
    fn after_429_without_retry_after_the_pause_begins_at_two_seconds() {
        let delay =
            |retries, random| delay_ms(Call::Create, answered(429, None), retries, 9, None, random).unwrap();
        assert_eq!([delay(0, 0.0), delay(0, 0.999_999)], [2_000, 3_999]);
        assert_eq!([delay(1, 0.0), delay(1, 0.999_999)], [4_000, 7_999]);
        assert_eq!([delay(5, 0.0), delay(5, 0.999_999)], [4_000, 7_999]);
    }

    #[test]
    fn makes_no_attempt_after_the_limit() {
        let delay = |left_ms| {
            let refused = answered(429, Some(5000));
            delay_ms(Call::Create, refused, 0, 2, left_ms, 0.0)
        };
        assert_eq!(
            [delay(None), delay(Some(5001)), delay(Some(5000)), delay(Some(0))],
            [Some(5000), Some(5000), None, None]
        );
    }

    #[test]
    fn delays_grow_exponentially_with_jitter_up_to_a_limit() {
        let longest =
            |retries| delay_ms(Call::Read, Attempt::Unanswered, retries, 99, None, 0.999_999).unwrap();
        assert_eq!(
            [longest(0), longest(1), longest(2), longest(50)],
            [499, 999, 1999, 7999]
        );
        assert_eq!(
            delay_ms(Call::Read, Attempt::Unanswered, 0, 99, None, 0.0),
            Some(0)
        );
        assert_eq!(delay_ms(Call::Read, Attempt::Unanswered, 4, 4, None, 0.5), None);
    }
}
