//! The functions of the module that inspects files.

use super::error::create_error;
use super::write::write;
use crate::domain::json::{Json, ToJson};
use crate::domain::{IssueCode, Kind, ValidateOptions, Value};
use crate::js_object::property;
use crate::media::{CheckedFile, Inspector, Seen, Step, check_files};
use crate::text::template;
use js_sys::{Array, Reflect, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The inspections in progress, by the numbers that the scripts give them: another instance, which replaces one that
    /// trapped, must not take one for another's. A trap ends them all; the scripts begin them again.
    static INSPECTORS: RefCell<Vec<(u32, Inspector)>> = const { RefCell::new(Vec::new()) };
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
        "openFile" => Ok(open(number(first) as u32, number(second))),
        "supplyFile" => Ok(supply(number(first) as u32, number(second) as u64, third)),
        "closeFile" => {
            close(number(first) as u32);
            Ok(JsValue::UNDEFINED)
        }
        "checkFiles" => check(first, second, third),
        _ => return None,
    })
}

/// Begins an inspection of a file of so many bytes; `Infinity` if nobody knows.
fn open(id: u32, bytes: f64) -> JsValue {
    let mut inspector = Inspector::new(bytes as u64);
    let step = inspector.step();
    INSPECTORS.with_borrow_mut(|inspectors| inspectors.push((id, inspector)));
    write(&step)
}

/// Goes on with bytes that were read; `undefined` if a trap ended the inspection.
fn supply(id: u32, start: u64, bytes: &JsValue) -> JsValue {
    INSPECTORS.with_borrow_mut(|inspectors| {
        let Some((_, inspector)) = inspectors.iter_mut().find(|(of, _)| *of == id) else {
            return JsValue::UNDEFINED;
        };
        inspector.supply(start, &bytes.unchecked_ref::<Uint8Array>().to_vec());
        write(&inspector.step())
    })
}

fn close(id: u32) {
    INSPECTORS.with_borrow_mut(|inspectors| inspectors.retain(|(of, _)| *of != id));
}

impl ToJson for Step {
    fn write(&self, json: &mut Json) {
        json.open('{');
        match self {
            Step::Read { start, length } => {
                json.field("start", &(*start as i64));
                json.field("length", length);
            }
            Step::Done(info) => json.field("info", info),
        }
        json.close('}');
    }
}

/// The issues of files, each an object with its `path` and what an inspection found.
///
/// The few properties are read one by one: the reader of the other modules would be a tenth of this one.
fn check(request: &JsValue, files: &JsValue, given: &JsValue) -> Result<JsValue, JsValue> {
    let mut options = ValidateOptions {
        uploads: property(given, "uploads").is_truthy(),
        ..ValidateOptions::default()
    };
    for code in items(&property(given, "allow")) {
        match code.as_string().and_then(|code| IssueCode::find(&code)) {
            Some(code) if code.can_be_allowed() => options.allow.push(code),
            _ => return Err(create_error(&write(&WrongAllow))),
        }
    }
    let read: Vec<File> = items(files).map(|file| File::read(&file)).collect();
    let mut checked = Vec::new();
    for file in &read {
        checked.extend(file.checked());
    }
    let mut value = shape(request);
    for field in ["model", "aspect_ratio"] {
        if let Some(text) = text(request, field) {
            value.set(field, text.into());
        }
    }
    for kind in Kind::ALL {
        let files = property(request, kind.field());
        if !files.is_undefined() {
            value.set(kind.field(), shape(&files));
        }
    }
    Ok(write(&check_files(&value, &checked, &options)))
}

/// A value without what is in it, which the rules for files do not ask for: only how many items an array has.
fn shape(value: &JsValue) -> Value {
    if Array::is_array(value) {
        return Value::Array(items(value).map(|_| Value::Null).collect());
    }
    if value.is_object() {
        return Value::object([]);
    }
    if value.is_null() || value.is_undefined() {
        return Value::Null;
    }
    let kind = value.js_typeof().as_string().unwrap_or_default();
    Value::Foreign(template!("a {}", kind.as_str()))
}

/// What was found of a file.
struct File {
    field: Option<String>,
    index: f64,
    kind: Option<String>,
    format: Option<String>,
    reason: Option<String>,
    numbers: [f64; 5],
    animated: bool,
    estimated: bool,
}

impl File {
    fn read(file: &JsValue) -> Self {
        let path = property(file, "path");
        let number = |name| property(file, name).as_f64().unwrap_or_default();
        let is = |name| property(file, name).is_truthy();
        Self {
            field: text(&path, "0"),
            index: property(&path, "1").as_f64().unwrap_or_default(),
            kind: text(file, "kind"),
            format: text(file, "format"),
            reason: text(file, "reason"),
            numbers: ["bytes", "width", "height", "durationMs", "frameRate"].map(number),
            animated: is("animated"),
            estimated: is("estimated"),
        }
    }

    fn checked(&self) -> Option<CheckedFile<'_>> {
        let kind = Kind::ALL
            .iter()
            .find(|kind| self.field.as_deref() == Some(kind.field()))?;
        let [bytes, width, height, duration_ms, frame_rate] = self.numbers;
        Some(CheckedFile {
            kind: *kind,
            index: self.index as usize,
            seen: Seen {
                kind: self.kind.as_deref().unwrap_or_default(),
                format: self.format.as_deref().unwrap_or_default(),
                reason: self.reason.as_deref().unwrap_or_default(),
                bytes: bytes as u64,
                width: width as u32,
                height: height as u32,
                animated: self.animated,
                duration_ms: duration_ms as u64,
                estimated: self.estimated,
                frame_rate,
            },
        })
    }
}

fn text(of: &JsValue, name: &str) -> Option<String> {
    property(of, name).as_string()
}

/// The items of an array.
fn items(array: &JsValue) -> impl Iterator<Item = JsValue> {
    let array = array.clone();
    let length = property(&array, "length").as_f64().unwrap_or_default() as u32;
    (0..length).map(move |index| Reflect::get_u32(&array, index).unwrap_or_default())
}

/// The error of the option `allow`. Written here: the JSON of any error would bring that of tasks into the module.
struct WrongAllow;

impl ToJson for WrongAllow {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("name", &"ConfigurationError");
        json.field("code", &"invalid_option");
        json.field(
            "message",
            &"The option `allow` must be an array of issue codes other than \"required\" and \"invalid_type\".",
        );
        json.field("retryable", &false);
        json.field("charged", &"no");
        json.close('}');
    }
}
