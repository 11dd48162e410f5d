//! Whether and when to retry: decided by what happened, never by the wording of a message.

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
const LONGEST_DELAY_MS: u32 = 8_000;

/// The delay before the next attempt in milliseconds, or `None` to give up.
///
/// `retries` is the number of retries so far. `left_ms` is the rest of the time limit of the whole call, within
/// which the attempt must start; `None` without a limit. `random` is from 0 (included) to 1 (excluded).
///
/// A submission is retried with its idempotency key after 408, 429 and 503 with `Retry-After`, which refuse it, and
/// if no answer arrived. It is not retried after any other answer.
pub fn delay_ms(
    call: Call,
    attempt: Attempt,
    retries: u32,
    max_retries: u32,
    left_ms: Option<u32>,
    random: f64,
) -> Option<u32> {
    if retries >= max_retries {
        return None;
    }
    let asked = match (call, attempt) {
        (_, Attempt::Unanswered) => None,
        (
            _,
            Attempt::Answered {
                status: 408 | 429,
                retry_after_ms,
            },
        ) => retry_after_ms,
        (
            _,
            Attempt::Answered {
                status: 503,
                retry_after_ms: Some(ms),
            },
        ) => Some(ms),
        (
            Call::Read,
            Attempt::Answered {
                status: 500 | 502 | 503 | 504,
                retry_after_ms,
            },
        ) => retry_after_ms,
        _ => return None,
    };
    // Full jitter: a random part of a bound that doubles.
    let bound = (FIRST_DELAY_MS << retries.min(10)).min(LONGEST_DELAY_MS);
    let jitter = (f64::from(bound) * random) as u32;
    let delay = match asked {
        Some(ms) if ms > MAX_RETRY_AFTER_MS => return None,
        // At least what the server asks for. Jitter separates clients that were refused together.
        Some(ms) => (ms + jitter.min(ms / 4)).max(jitter),
        None => jitter,
    };
    left_ms.is_none_or(|left| delay < left).then_some(delay)
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
    fn retries_a_create_only_when_safe() {
        for (attempt, again) in [
            (Attempt::Unanswered, true),
            (answered(429, None), true),
            (answered(408, None), true),
            (answered(503, Some(1000)), true),
            (answered(503, None), false),
            (answered(500, None), false),
            (answered(502, Some(1000)), false),
            (answered(504, None), false),
            (answered(400, None), false),
            (answered(402, None), false),
            (answered(409, None), false),
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
        for status in [408, 429, 500, 502, 503, 504] {
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
        assert!(delay(MAX_RETRY_AFTER_MS).is_some());
        assert_eq!(delay(MAX_RETRY_AFTER_MS + 1), None);
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
