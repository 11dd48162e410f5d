use crate::domain::config::DEFAULT_WAIT_MS;

/// Options of [`Client::submit`](super::Client::submit) and [`Client::generate`](super::Client::generate). End a
/// literal with `..Default::default()`: fields may be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmitOptions {
    /// The idempotency key: 16 to 96 characters of `A-Z a-z 0-9 . _ -`. Default: a random key for each call, or
    /// that of an earlier call with the same request that the store knows and that got no answer.
    pub idempotency_key: Option<String>,
}

/// Options of the calls that wait. End a literal with `..Default::default()`: fields may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitOptions {
    /// The limit of the whole wait in milliseconds; `None` for no limit. Default: 900,000 (15 minutes).
    pub timeout_ms: Option<u32>,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            timeout_ms: Some(DEFAULT_WAIT_MS),
        }
    }
}
