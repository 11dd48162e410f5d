//! The synchronous functions of the rules.

use super::error::throwable;
use super::options::{allow, check_names};
use super::read::read;
use super::utf16::{convert_issues, convert_tags, prompt};
use super::write::write;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::params::{Params, RECEIVED};
use crate::domain::validate::MAX_STRING_BYTES;
use crate::domain::{
    self, CostOptions, Error, Issue, IssueCode, Kind, PriceTable, Report, Retag, Severity, ValidateOptions,
    Value,
};
use crate::text::template;
use wasm_bindgen::prelude::*;

/// Computes a function of the rules; `None` if there is none of that name.
pub(super) fn compute(
    name: &str,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Option<Result<JsValue, JsValue>> {
    Some(match name {
        "validate" => validate(first, second, third).map_err(|error| throwable(&error)),
        "parseTags" => parse_tags(first),
        "retag" => retag(first, second, third),
        "detectMode" => Ok(detect_mode(first)),
        "estimateTokens" => text(first, "prompt").map(|prompt| write(&domain::estimate_tokens(&prompt))),
        "resolveModel" => resolve_model(first),
        "estimateCost" => estimate_cost(first, second, third),
        _ => return None,
    })
}

fn validate(request: &JsValue, options: &JsValue, now: &JsValue) -> Result<JsValue, Error> {
    let request = read(request);
    let options = read(options);
    let mut validate_options = ValidateOptions {
        now: read(now).as_f64(),
        ..ValidateOptions::default()
    };
    // Any other value is not meant as options: `requests.map(validate)` passes an index.
    if matches!(options, Value::Object(_)) {
        check_names(&options, &["allow"], "validation")?;
        validate_options.allow = allow(&options)?.unwrap_or_default();
    }
    let mut report = domain::validate(&request, &validate_options);
    let prompt = prompt(&request);
    convert_tags(&mut report.tags, prompt);
    convert_issues(&mut report.errors, prompt);
    convert_issues(&mut report.warnings, prompt);
    Ok(write(&Validation { request, report }))
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

fn parse_tags(prompt: &JsValue) -> Result<JsValue, JsValue> {
    let prompt = text(prompt, "prompt")?;
    let mut tags = domain::parse_tags(&prompt);
    convert_tags(&mut tags, &prompt);
    Ok(write(&tags))
}

fn retag(prompt: &JsValue, kind: &JsValue, change: &JsValue) -> Result<JsValue, JsValue> {
    let prompt = text(prompt, "prompt")?;
    let name = text(kind, "kind")?;
    let kind = Kind::find(&name)
        .ok_or_else(|| wrong("kind", "\"image\", \"video\" or \"audio\"", &Value::String(name)))?;
    let change = read(change);
    let Some(retag) = read_change(&change) else {
        let wanted = "{ move: [1, 2] }, { remove: 1 } or { order: [2, 1] }";
        return Err(wrong("change", wanted, &change));
    };
    match domain::retag(&prompt, kind, &retag) {
        Ok(mut retagged) => {
            convert_tags(&mut retagged.dropped, &prompt);
            Ok(write(&retagged))
        }
        Err(error) => Err(throwable(&error)),
    }
}

/// A change of the files, with exactly one field.
fn read_change(change: &Value) -> Option<Retag> {
    let [(name, value)] = change.entries() else {
        return None;
    };
    let number = |value: &Value| value.as_integer().and_then(|number| u32::try_from(number).ok());
    match (name.as_ref(), value.as_array()) {
        ("move", Some([from, to])) => Some(Retag::Move {
            from: number(from)?,
            to: number(to)?,
        }),
        ("remove", None) => number(value).map(Retag::Remove),
        ("order", Some(items)) => {
            let mut order = Vec::new();
            for item in items {
                order.push(number(item)?);
            }
            Some(Retag::Order(order))
        }
        _ => None,
    }
}

fn resolve_model(request: &JsValue) -> Result<JsValue, JsValue> {
    let request = read(request);
    match domain::resolve_model(&request).or_else(|| request.get("model")?.as_str()) {
        Some(model) => Ok(model.into()),
        None => Err(wrong("request", "an object with a `model`", &request)),
    }
}

/// The package passes the known prices, because it contains them anyway. Here, they would add to every page.
fn estimate_cost(request: &JsValue, options: &JsValue, known: &JsValue) -> Result<JsValue, JsValue> {
    let options = read(options);
    if matches!(options, Value::Object(_)) {
        let names = ["inputVideoSeconds", "prices"];
        check_names(&options, &names, "cost estimate").map_err(|error| throwable(&error))?;
    }
    let input_video_seconds = match options.get("inputVideoSeconds") {
        None => None,
        Some(value) => match value.as_f64() {
            Some(seconds) if (0.0..1e6).contains(&seconds) => Some(seconds),
            _ => {
                return Err(wrong(
                    "inputVideoSeconds",
                    "a number of seconds from 0 to 999,999",
                    value,
                ));
            }
        },
    };
    let known = read(known);
    let prices = options.get("prices").unwrap_or(&known);
    let Some(prices) = PriceTable::read(prices) else {
        let wanted = "{ asOf, source, creditsPerUsd, prices }, like `prices`";
        return Err(wrong("prices", wanted, prices));
    };
    let cost = CostOptions {
        input_video_seconds,
        prices,
    };
    Ok(write(&domain::estimate_cost(&read(request), &cost)))
}

fn detect_mode(request: &JsValue) -> JsValue {
    match domain::detect_mode(&read(request)) {
        Some(mode) => mode.as_str().into(),
        None => JsValue::NULL,
    }
}

fn text(value: &JsValue, name: &'static str) -> Result<String, JsValue> {
    match read(value) {
        Value::String(text) if text.len() <= MAX_STRING_BYTES => Ok(text),
        received => {
            let expected = template!("a string of at most {} bytes", MAX_STRING_BYTES);
            Err(wrong(name, &expected, &received))
        }
    }
}

/// The error for an argument of the wrong type.
pub(super) fn wrong(name: &'static str, expected: &str, received: &Value) -> JsValue {
    let params = Params::new()
        .text("field", name)
        .text("expected", expected)
        .value(RECEIVED, received);
    let message = "`{field}` must be {expected}, but it is {received}.";
    let mut issue = Issue::new(Severity::Error, IssueCode::InvalidType, message, params);
    issue.at(name);
    throwable(&Error::validation(vec![issue]))
}
