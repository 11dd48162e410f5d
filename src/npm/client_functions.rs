//! The synchronous functions that only the client's module has.

use super::client::client;
use super::error::throwable;
use super::functions::wrong;
use super::json::read_poll_state;
use super::read::read;
use super::utf16::{convert_error, convert_issues, convert_tags, prompt};
use super::write::write;
use crate::domain::Error;
use wasm_bindgen::prelude::*;

/// The synchronous functions of a client.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum ClientComputation {
    /// Checks the options of `new VideoClient(options)`.
    CheckOptions,
    /// `client.prepare(request)`, with the options before it.
    Prepare,
    /// `progressEstimate(state, now)`
    ProgressEstimate,
}

/// Computes a function of up to two arguments.
///
/// # Errors
/// A `ConfigurationError` for options that cannot be used, a `ValidationError` for the other arguments.
#[wasm_bindgen(js_name = computeForClient)]
pub fn compute_for_client(
    function: ClientComputation,
    first: &JsValue,
    second: &JsValue,
) -> Result<JsValue, JsValue> {
    match function {
        ClientComputation::CheckOptions => match client(first) {
            Ok(_) => Ok(JsValue::UNDEFINED),
            Err(error) => Err(throwable(&error)),
        },
        ClientComputation::Prepare => prepare(first, second).map_err(|error| throwable(&error)),
        ClientComputation::ProgressEstimate => progress_estimate(first, second),
    }
}

fn prepare(options: &JsValue, request: &JsValue) -> Result<JsValue, Error> {
    let request = read(request);
    let prepared = client(options)?.prepare_value(&request);
    let mut prepared = prepared.map_err(|error| convert_error(error, &request))?;
    convert_tags(&mut prepared.tags, prompt(&request));
    convert_issues(&mut prepared.warnings, prompt(&request));
    Ok(write(&prepared))
}

fn progress_estimate(state: &JsValue, now: &JsValue) -> Result<JsValue, JsValue> {
    let state = read(state);
    let Some(known) = read_poll_state(&state) else {
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
