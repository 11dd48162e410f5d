//! The options of one call.

use super::client::headers;
use super::{allow, check_names, function, not, whole};
use crate::client::{PollOptions, SubmitOptions};
use crate::domain::config::{DEFAULT_WAIT_MS, check_idempotency_key};
use crate::domain::{Error, Value};

/// The options of one call.
#[derive(Debug)]
pub struct CallOptions {
    /// The options of a submission.
    pub submit: SubmitOptions,
    /// The time limit of the whole wait, in milliseconds; `None` for none.
    pub wait_ms: Option<u32>,
    /// Headers besides those of the client.
    pub headers: Vec<(String, String)>,
    /// Instead of the client's.
    pub request_timeout_ms: Option<u32>,
    /// Instead of the client's.
    pub max_retries: Option<u32>,
    /// The options of a poll.
    pub poll: PollOptions,
    /// The body of `request`.
    pub body: Option<Value>,
}

/// The options of every call.
const COMMON: &[&str] = &["signal", "headers", "requestTimeoutMs", "maxRetries"];

/// Reads the options of a call that takes the named ones besides those of every call.
///
/// # Errors
/// A configuration error that names the option.
pub fn read_call(options: &Value, names: &[&str]) -> Result<CallOptions, Error> {
    check_names(options, &[COMMON, names].concat(), "call")?;
    for name in ["onUpdate", "onUpload", "onProgress"] {
        function(options, name)?;
    }
    let idempotency_key = match options.get("idempotencyKey") {
        None => None,
        Some(Value::String(key)) => Some(check_idempotency_key(key)?.to_owned()),
        Some(other) => return Err(not("idempotencyKey", "a string", other)),
    };
    let wait_ms = match options.get("timeoutMs") {
        Some(Value::Null) => None,
        _ => Some(whole(options, "timeoutMs", 1)?.unwrap_or(DEFAULT_WAIT_MS)),
    };
    let extra_fields = match options.get("extraFields") {
        None => Vec::new(),
        Some(Value::Object(entries)) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
        Some(other) => return Err(not("extraFields", "a plain object", other)),
    };
    let max_sleep_ms = whole(options, "maxSleepMs", 0)?;
    Ok(CallOptions {
        submit: SubmitOptions {
            idempotency_key,
            allow: allow(options)?,
            extra_fields,
            max_sleep_ms,
            identity: None,
            expires_at: None,
        },
        wait_ms,
        headers: headers(options)?,
        request_timeout_ms: whole(options, "requestTimeoutMs", 1)?,
        max_retries: whole(options, "maxRetries", 0)?,
        poll: max_sleep_ms.map_or(PollOptions::default(), |max_sleep_ms| PollOptions {
            max_sleep_ms,
        }),
        body: options.get("body").cloned(),
    })
}
