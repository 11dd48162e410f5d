//! The synchronous functions that only the client's module has.

use super::client::{check_options, client};
use super::error::throwable;
use super::functions::wrong;
use super::operations::{call_options, check_call, check_call_of};
use super::options::{not, whole};
use super::read::read;
use super::utf16::{convert_error, convert_issues, convert_tags, prompt};
use super::write::write;
use crate::client as calls;
use crate::domain::config::idempotency_key as domain_key;
use crate::domain::digest::FileDigest;
use crate::domain::error::validation_message as domain_message;
use crate::domain::{Error, Kind, LocalFile, PollState, Value};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Computes a function of the client; `None` if there is none of that name.
pub(super) fn compute(
    name: &str,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Option<Result<JsValue, JsValue>> {
    let computed = match name {
        "prepare" => prepare(first, second, third),
        "checkCall" => check_call_of(first, second),
        "checkUpload" => check_upload(first, second, third),
        "checkStored" => check_stored(first, second),
        "sha256" => Ok(sha256(first)),
        _ => {
            return Some(match name {
                "checkOptions" => check_options(first),
                "idempotencyKey" => idempotency_key(first),
                "validationMessage" => Ok(validation_message(first)),
                "progressEstimate" => progress_estimate(first, second),
                _ => return None,
            });
        }
    };
    Some(computed.map_err(|error| throwable(&error)))
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

/// The message of a validation error with these issues, some of which the scripts found in files.
fn validation_message(issues: &JsValue) -> JsValue {
    let issues = read(issues);
    let mut told = Vec::new();
    for issue in issues.as_array().unwrap_or_default() {
        let text = |name| issue.get(name).and_then(Value::as_str);
        told.push((text("message").unwrap_or_default(), text("hint")));
    }
    domain_message(&told).into()
}

/// Checks an upload: its file, whether it goes to the files API, and its options.
fn check_upload(file: &JsValue, is_ours: &JsValue, options: &JsValue) -> Result<JsValue, Error> {
    const NAMES: &[&str] = &["kind", "name", "onProgress", "dedupe", "bytes", "mediaType"];
    check_call(options, NAMES)?;
    let options = read(options);
    for name in ["name", "mediaType"] {
        if let Some(value) = options.get(name).filter(|value| value.as_str().is_none()) {
            return Err(not(name, "a string", value));
        }
    }
    if let Some(value) = options.get("dedupe").filter(|value| value.as_bool().is_none()) {
        return Err(not("dedupe", "true or false", value));
    }
    whole(&options, "bytes", 0)?;
    let kind = match options.get("kind") {
        None => None,
        Some(value) => match value.as_str().and_then(Kind::find) {
            Some(kind) => Some(kind),
            None => return Err(not("kind", "\"image\", \"video\" or \"audio\"", value)),
        },
    };
    let file = LocalFile::read(&read(file));
    calls::check_upload(&file, kind, is_ours.as_bool().unwrap_or(true))?;
    Ok(JsValue::UNDEFINED)
}

/// Checks what the option `files.put` returned.
fn check_stored(setup: &JsValue, stored: &JsValue) -> Result<JsValue, Error> {
    let is_local = client(setup, None)?.is_local();
    calls::check_stored(&read(stored), is_local)?;
    Ok(JsValue::UNDEFINED)
}

/// The SHA-256 digest of bytes, for hosts without WebCrypto.
fn sha256(bytes: &JsValue) -> JsValue {
    /// So that the memory of the module does not grow by the size of a file, for good.
    const CHUNK: u32 = 64 * 1024;
    let bytes = bytes.unchecked_ref::<Uint8Array>();
    let mut digest = FileDigest::default();
    let mut at = 0;
    while at < bytes.length() {
        let end = at.saturating_add(CHUNK);
        digest.add(&bytes.subarray(at, end).to_vec());
        at = end;
    }
    digest.hex().into()
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
        return Err(wrong("state", "the `state` of `poll` or `onUpdate`", &state));
    };
    match now.as_f64() {
        Some(now) if now.is_finite() => Ok(known.progress_estimate(now).into()),
        _ => Err(wrong(
            "now",
            "milliseconds since 1970, such as Date.now()",
            &read(now),
        )),
    }
}
