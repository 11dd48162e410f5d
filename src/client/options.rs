use crate::domain::config::DEFAULT_WAIT_MS;
use crate::domain::{IssueCode, Value};

/// Options of [`Client::submit`](super::Client::submit) and [`Client::generate`](super::Client::generate). End a
/// literal with `..Default::default()`: fields may be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SubmitOptions {
    /// The idempotency key: 16 to 96 characters of `A-Z a-z 0-9 . _ -`. Default: a random key for each call, or
    /// that of an earlier call with the same request that the store knows and that got no answer.
    pub idempotency_key: Option<String>,
    /// Errors of the validation to turn into warnings, instead of those of [`Config`](crate::domain::Config).
    pub allow: Option<Vec<IssueCode>>,
    /// Fields that this version does not know. They are sent unchanged, without checks. A name that this version
    /// knows is a configuration error.
    pub extra_fields: Vec<(String, Value)>,
    /// The longest sleep before another attempt, in milliseconds: beyond it, the error has `retry_after_ms` instead.
    /// Default: `None`, which is the minute that any call sleeps at most.
    pub max_sleep_ms: Option<u32>,
    /// The body with digests in place of the URLs of uploaded files, which differ from upload to upload: the store
    /// finds an earlier call by it.
    #[doc(hidden)]
    pub identity: Option<String>,
    /// When the URL of an uploaded file expires, in milliseconds since 1970: the first of them.
    #[doc(hidden)]
    pub expires_at: Option<f64>,
}

/// Options of the calls that wait. End a literal with `..Default::default()`: fields may be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitOptions {
    /// The limit of the whole wait in milliseconds; `None` for no limit. Default: 900,000 (15 minutes).
    pub timeout_ms: Option<u32>,
    /// When a final task counts as delivered, so that the store need not have it any more. Default:
    /// [`Delivery::Result`].
    pub delivery: Delivery,
}

/// When a final task counts as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// When the call returns.
    Result,
    /// When `on_update` has returned.
    Update,
    /// When the caller says so with [`Client::forget`](super::Client::forget).
    Acknowledged,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            timeout_ms: Some(DEFAULT_WAIT_MS),
            delivery: Delivery::Result,
        }
    }
}
