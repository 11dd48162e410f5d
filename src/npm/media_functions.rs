//! The exports of the module that inspects files. They pass only numbers and strings: references to JavaScript values
//! would be a tenth of the module.

use crate::domain::json::{Json, ToJson, to_described_json};
use crate::domain::{IssueCode, Kind, ValidateOptions, Value};
use crate::media::{CheckedFile, Inspector, Seen, Step, check_files};
use crate::text::{split_once, template};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The inspections in progress, by the numbers that the scripts give them: another instance, which replaces one that
    /// trapped, must not take one for another's. A trap ends them all; the scripts begin them again.
    static INSPECTORS: RefCell<Vec<(u32, Inspector)>> = const { RefCell::new(Vec::new()) };
}

/// Continues an inspection with the requested bytes from `start` on. Starts it, and ignores them, if it is new or
/// a trap ended it. The file has `size` bytes; `Infinity` if unknown.
#[wasm_bindgen(js_name = stepFile)]
pub fn step_file(id: u32, size: f64, start: f64, bytes: &[u8], is_local: bool) -> String {
    INSPECTORS.with_borrow_mut(|inspectors| {
        let known = inspectors.iter().position(|(of, _)| *of == id);
        let at = known.unwrap_or(inspectors.len());
        if known.is_none() {
            let size = size as u64;
            let inspector = if is_local {
                Inspector::new(size)
            } else {
                Inspector::of_stream(size)
            };
            inspectors.push((id, inspector));
        }
        let inspector = &mut inspectors[at].1;
        if known.is_some() {
            inspector.supply(start as u64, bytes);
        }
        to_described_json(&inspector.step())
    })
}

/// Ends an inspection.
#[wasm_bindgen(js_name = closeFile)]
pub fn close_file(id: u32) {
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

/// The issues of files; nothing if `allow` contains a code that cannot be allowed. Numbers and lines are those that
/// pkg-template/media/check.js writes.
#[wasm_bindgen(js_name = checkFiles)]
pub fn check(numbers: &[f64], lines: &[u8]) -> String {
    let mut wire = Wire {
        numbers,
        lines: std::str::from_utf8(lines).unwrap_or_default(),
    };
    let mut options = ValidateOptions {
        uploads: wire.is(),
        ..ValidateOptions::default()
    };
    for _ in 0..wire.count() {
        match IssueCode::find(wire.line()) {
            Some(code) if code.can_be_allowed() => options.allow.push(code),
            _ => return String::new(),
        }
    }
    let mut request = wire.shape();
    for field in ["model", "aspect_ratio"] {
        if wire.is() {
            request.set(field, wire.line().into());
        }
    }
    for kind in Kind::ALL {
        if wire.is() {
            request.set(kind.field(), wire.shape());
        }
    }
    let files: Vec<_> = (0..wire.count()).map(|_| wire.file()).collect();
    to_described_json(&check_files(&request, &files, &options))
}

/// The unread numbers and lines.
struct Wire<'a> {
    numbers: &'a [f64],
    lines: &'a str,
}

impl<'a> Wire<'a> {
    fn number(&mut self) -> f64 {
        let Some((number, rest)) = self.numbers.split_first() else {
            return 0.0;
        };
        self.numbers = rest;
        *number
    }

    fn count(&mut self) -> usize {
        self.number() as usize
    }

    fn is(&mut self) -> bool {
        self.number() != 0.0
    }

    /// The next line, each of which has an end.
    fn line(&mut self) -> &'a str {
        let (line, rest) = split_once(self.lines, b'\n').unwrap_or_default();
        self.lines = rest;
        line
    }

    /// A value without its contents, which the rules for files do not need. Only the length of an array is kept.
    fn shape(&mut self) -> Value {
        let items = self.count();
        match self.line() {
            "object" => Value::object([]),
            "array" => Value::Array((0..items).map(|_| Value::Null).collect()),
            "null" | "undefined" => Value::Null,
            kind => Value::Foreign(template!("a {}", kind)),
        }
    }

    /// What was found of a file.
    fn file(&mut self) -> CheckedFile<'a> {
        CheckedFile {
            kind: Kind::ALL.get(self.count()).copied().unwrap_or(Kind::Image),
            index: self.count(),
            seen: Seen {
                kind: self.line(),
                format: self.line(),
                reason: self.line(),
                bytes: self.number() as u64,
                width: self.number() as u32,
                height: self.number() as u32,
                duration_ms: self.number() as u64,
                frame_rate: self.number(),
                animated: self.is(),
                estimated: self.is(),
            },
        }
    }
}
