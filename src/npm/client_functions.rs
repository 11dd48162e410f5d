//! The synchronous functions that only the client's module has.

use super::client::{check_options, client};
use super::error::throwable;
use super::functions::wrong;
use super::operations::call_options;
use super::read::read;
use super::utf16::{convert_error, convert_issues, convert_tags, prompt};
use super::write::write;
use crate::domain::{Error, PollState};
use wasm_bindgen::prelude::*;

/// The synchronous functions of a client.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum ClientComputation {
    /// Checks the options of `new VideoClient(options)`, and returns them packed.
    CheckOptions,
    /// `client.prepare(request)`, after the setup of the client.
    Prepare,
    /// `progressEstimate(state, now)`
    ProgressEstimate,
}

/// Computes a function of up to three arguments.
///
/// # Errors
/// A `ConfigurationError` for options that cannot be used, a `ValidationError` for the other arguments.
#[wasm_bindgen(js_name = computeForClient)]
pub fn compute_for_client(
    function: ClientComputation,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Result<JsValue, JsValue> {
    match function {
        ClientComputation::CheckOptions => check_options(first),
        ClientComputation::Prepare => prepare(first, second, third).map_err(|error| throwable(&error)),
        ClientComputation::ProgressEstimate => progress_estimate(first, second),
    }
}

fn prepare(setup: &JsValue, request: &JsValue, options: &JsValue) -> Result<JsValue, Error> {
    let request = read(request);
    let prepared = client(setup)?.prepare_value(
        &request,
        &call_options(options, &["allow", "extraFields"])?.submit,
    );
    let mut prepared = prepared.map_err(|error| convert_error(error, &request))?;
    convert_tags(&mut prepared.tags, prompt(&request));
    convert_issues(&mut prepared.warnings, prompt(&request));
    Ok(write(&prepared))
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
