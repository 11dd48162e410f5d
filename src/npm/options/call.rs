//! The options of one call.

use super::{allow, check_names, function, not, whole};
use crate::client::SubmitOptions;
use crate::domain::config::{DEFAULT_WAIT_MS, check_idempotency_key};
use crate::domain::{Error, Value};

/// The options of one call.
#[derive(Debug)]
pub struct CallOptions {
    /// The options of a submission.
    pub submit: SubmitOptions,
    /// The time limit of the whole wait, in milliseconds; `None` for none.
    pub wait_ms: Option<u32>,
}

/// Reads the options of a call that takes the named ones.
///
/// # Errors
/// A configuration error that names the option.
pub fn read_call(options: &Value, names: &[&str]) -> Result<CallOptions, Error> {
    check_names(options, names, "call")?;
    function(options, "onUpdate")?;
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
    Ok(CallOptions {
        submit: SubmitOptions {
            idempotency_key,
            allow: allow(options)?,
            extra_fields,
        },
        wait_ms,
    })
}
