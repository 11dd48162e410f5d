//! The functions of the package that answer at once.

use super::client::client;
use super::error::throwable;
use super::read::read;
use super::write::write;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::tags::Kind;
use crate::domain::{self, Error, Issue, IssueCode, PollState, Report, Severity, Value};
use crate::text::template;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// What is computed at once, without a request being sent.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Computation {
    /// `validate(request)`
    Validate,
    /// `parseTags(prompt)`
    ParseTags,
    /// `retag(prompt, kind, order)`
    Retag,
    /// `detectMode(request)`
    DetectMode,
    /// `estimateTokens(prompt)`
    EstimateTokens,
    /// `progressEstimate(state, now)`
    ProgressEstimate,
    /// Checks the options of `new VideoClient(options)`.
    CheckOptions,
    /// `client.prepare(request)`, with the options before it.
    Prepare,
}

/// Computes a function of up to three arguments.
///
/// One export for all, since each costs its own way in and out.
///
/// # Errors
/// The JavaScript error: an argument of the wrong type, options that cannot be used, a request that is not valid.
#[wasm_bindgen]
pub fn compute(
    function: Computation,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Result<JsValue, JsValue> {
    match function {
        Computation::Validate => Ok(validate(first)),
        Computation::ParseTags => Ok(write(&domain::parse_tags(&text(first, "prompt")?))),
        Computation::Retag => retag(first, second, third),
        Computation::DetectMode => Ok(detect_mode(first)),
        Computation::EstimateTokens => Ok(write(&domain::estimate_tokens(&text(first, "prompt")?))),
        Computation::ProgressEstimate => progress_estimate(first, second),
        Computation::CheckOptions => match client(first) {
            Ok(_) => Ok(JsValue::UNDEFINED),
            Err(error) => Err(throwable(&error)),
        },
        Computation::Prepare => match client(first).and_then(|client| client.prepare_value(&read(second))) {
            Ok(prepared) => Ok(write(&prepared)),
            Err(error) => Err(throwable(&error)),
        },
    }
}

fn validate(request: &JsValue) -> JsValue {
    let request = read(request);
    let report = domain::validate(&request);
    write(&Validation { request, report })
}

/// A request to send, or errors.
struct Validation {
    request: Value,
    report: Report,
}

impl ToJson for Validation {
    fn write(&self, json: &mut Json) {
        let valid = self.report.errors.is_empty();
        json.open('{');
        json.field("valid", &valid);
        json.field("request", &valid.then_some(&self.request));
        json.field("errors", &(!valid).then_some(&self.report.errors));
        json.field("mode", &OrNull(self.report.mode));
        json.field("tags", &self.report.tags);
        json.field("warnings", &self.report.warnings);
        json.close('}');
    }
}

fn retag(prompt: &JsValue, kind: &JsValue, order: &JsValue) -> Result<JsValue, JsValue> {
    let prompt = text(prompt, "prompt")?;
    let name = text(kind, "kind")?;
    let kind = Kind::ALL.iter().copied().find(|kind| kind.as_str() == name);
    let kind =
        kind.ok_or_else(|| wrong("kind", "\"image\", \"video\" or \"audio\"", &Value::String(name)))?;
    let order = read(order);
    let mut indices = Vec::new();
    let Some(items) = order.as_array() else {
        return Err(wrong("order", "an array of whole numbers", &order));
    };
    for item in items {
        let index = match item {
            Value::Number(number) => number.as_integer().and_then(|index| u32::try_from(index).ok()),
            _ => None,
        };
        let Some(index) = index else {
            return Err(wrong("order", "an array of whole numbers", &order));
        };
        indices.push(index);
    }
    match domain::retag(&prompt, kind, &indices) {
        Ok(retagged) => Ok(write(&retagged)),
        Err(error) => Err(throwable(&error)),
    }
}

fn detect_mode(request: &JsValue) -> JsValue {
    let mode = domain::detect_mode(&read(request));
    // A word or nothing: what serde's way out is cheap for.
    mode.serialize(&Serializer::json_compatible()).unwrap_or_default()
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

fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value
        .as_string()
        .ok_or_else(|| wrong(name, "a string", &read(value)))
}

/// An argument of the wrong type.
fn wrong(name: &str, wanted: &str, seen: &Value) -> JsValue {
    let message = template!("`{}` must be {}, but it is {}.", name, wanted, seen.seen());
    let mut issue = Issue::new(Severity::Error, IssueCode::InvalidType, message);
    issue.at(name).actual(seen.clone());
    throwable(&Error::validation(vec![issue]))
}
