//! The functions of the module that inspects files.

use super::error::create_error;
use super::options::allow;
use super::read::read;
use super::write::write;
use crate::domain::json::{Json, ToJson};
use crate::domain::{Kind, ValidateOptions, Value};
use crate::media::{CheckedFile, Inspector, Seen, Step, check_files};
use js_sys::Uint8Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The inspections in progress. A trap ends them all; the scripts begin them again.
    static INSPECTORS: RefCell<Vec<Option<Inspector>>> = const { RefCell::new(Vec::new()) };
}

/// Computes a function of the media module; `None` if there is none of that name.
pub(super) fn compute(
    name: &str,
    first: &JsValue,
    second: &JsValue,
    third: &JsValue,
) -> Option<Result<JsValue, JsValue>> {
    let number = |value: &JsValue| value.as_f64().unwrap_or_default();
    Some(match name {
        "openFile" => Ok(open(number(first))),
        "supplyFile" => Ok(supply(number(first) as usize, number(second) as u64, third)),
        "closeFile" => {
            close(number(first) as usize);
            Ok(JsValue::UNDEFINED)
        }
        "checkFiles" => check(first, second, third),
        _ => return None,
    })
}

/// Begins an inspection of a file of so many bytes; `Infinity` if nobody knows.
fn open(bytes: f64) -> JsValue {
    INSPECTORS.with_borrow_mut(|inspectors| {
        let mut inspector = Inspector::new(bytes as u64);
        let step = inspector.step();
        let id = match inspectors.iter().position(Option::is_none) {
            Some(free) => free,
            None => {
                inspectors.push(None);
                inspectors.len() - 1
            }
        };
        inspectors[id] = Some(inspector);
        write(&NextStep { id, step })
    })
}

/// Goes on with bytes that were read; `undefined` if a trap ended the inspection.
fn supply(id: usize, start: u64, bytes: &JsValue) -> JsValue {
    INSPECTORS.with_borrow_mut(|inspectors| {
        let Some(Some(inspector)) = inspectors.get_mut(id) else {
            return JsValue::UNDEFINED;
        };
        inspector.supply(start, &bytes.unchecked_ref::<Uint8Array>().to_vec());
        let step = inspector.step();
        write(&NextStep { id, step })
    })
}

fn close(id: usize) {
    INSPECTORS.with_borrow_mut(|inspectors| {
        if let Some(inspector) = inspectors.get_mut(id) {
            *inspector = None;
        }
    });
}

/// What an inspection wants.
struct NextStep {
    id: usize,
    step: Step,
}

impl ToJson for NextStep {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("id", &(self.id as u32));
        match &self.step {
            Step::Read { start, length } => {
                json.field("start", &(*start as i64));
                json.field("length", length);
            }
            Step::Done(info) => json.field("info", info),
        }
        json.close('}');
    }
}

/// The error of an option. Written here, since the JSON of any error would bring that of tasks into the module.
struct WrongOption(String);

impl ToJson for WrongOption {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("name", &"ConfigurationError");
        json.field("code", &"invalid_option");
        json.field("message", &self.0);
        json.field("retryable", &false);
        json.field("charged", &"no");
        json.close('}');
    }
}

/// The issues of files, each with its `path` and what an inspection found.
fn check(request: &JsValue, files: &JsValue, options: &JsValue) -> Result<JsValue, JsValue> {
    let (request, files, options) = (read(request), read(files), read(options));
    let allow = allow(&options).map_err(|error| create_error(&write(&WrongOption(error.message.clone()))))?;
    let options = ValidateOptions::allowing(allow.unwrap_or_default());
    let mut checked = Vec::new();
    for file in files.as_array().unwrap_or_default() {
        let path = file.get("path").and_then(Value::as_array).unwrap_or_default();
        let [field, index] = path else { continue };
        let Some(kind) = Kind::ALL.iter().find(|kind| field.as_str() == Some(kind.field())) else {
            continue;
        };
        checked.push(CheckedFile {
            kind: *kind,
            index: index.as_f64().unwrap_or_default() as usize,
            seen: Seen::read(file),
        });
    }
    Ok(write(&check_files(&request, &checked, &options)))
}
