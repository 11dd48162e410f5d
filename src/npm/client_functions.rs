//! The synchronous functions that only the client's module has.

use super::client::{check_options, client};
use super::error::throwable;
use super::functions::wrong;
use super::operations::call_options;
use super::read::read;
use super::utf16::{convert_error, convert_issues, convert_tags, prompt};
use super::write::write;
use crate::domain::config::idempotency_key as domain_key;
use crate::domain::{Error, PollState};
use wasm_bindgen::prelude::*;

/// Computes a function of the client; `None` if there is none of that name.
pub(super) fn compute(
    name: &str,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Option<Result<JsValue, JsValue>> {
    Some(match name {
        "checkOptions" => check_options(first),
        "prepare" => prepare(first, second, third).map_err(|error| throwable(&error)),
        "idempotencyKey" => idempotency_key(first),
        "progressEstimate" => progress_estimate(first, second),
        _ => return None,
    })
}

fn prepare(setup: &JsValue, request: &JsValue, options: &JsValue) -> Result<JsValue, Error> {
    let request = read(request);
    let prepared = client(setup, None)?.prepare_value(
        &request,
        &call_options(options, &["allow", "extraFields"])?.submit,
    );
    let mut prepared = prepared.map_err(|error| convert_error(error, &request))?;
    convert_tags(&mut prepared.tags, prompt(&request));
    convert_issues(&mut prepared.warnings, prompt(&request));
    Ok(write(&prepared))
}

fn idempotency_key(parts: &JsValue) -> Result<JsValue, JsValue> {
    let parts = read(parts);
    let items = parts.as_array().unwrap_or_default();
    let mut texts = Vec::new();
    for item in items {
        texts.extend(item.as_str());
    }
    if items.is_empty() || texts.len() < items.len() {
        return Err(wrong("parts", "one or more strings", &parts));
    }
    Ok(domain_key(&texts).into())
}

fn progress_estimate(state: &JsValue, now: &JsValue) -> Result<JsValue, JsValue> {
    let state = read(state);
    let Some(known) = PollState::read(&state) else {
        return Err(wrong("state", "the state that `poll` or `onUpdate` gave", &state));
    };
    match now.as_f64() {
        Some(now) if now.is_finite() => Ok(known.progress_estimate(now).into()),
        _ => Err(wrong(
            "now",
            "milliseconds since 1970, as of Date.now()",
            &read(now),
        )),
    }
}
