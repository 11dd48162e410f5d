//! Values that JSON cannot express, in fields of any shape.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params};
use crate::domain::value::{Key, Value};
use crate::text::template;

/// Whether a field can be sent as JSON; otherwise there is an error.
pub(super) fn check_json(name: &Key, value: &Value, report: &mut Report) -> bool {
    let Some(what) = not_json(value) else { return true };
    let params = Params::new().text("field", name).text("value", &what);
    report
        .error(
            IssueCode::InvalidType,
            "`{field}` cannot be sent as JSON: it contains {value}.",
            params,
        )
        .at(name.clone())
        .hint("Use strings, finite numbers, booleans, arrays and plain objects only.");
    false
}

/// The longest string of a request, in bytes. No field of the API needs a hundredth of it, and checking and sending
/// longer ones would block a page. Strings from JavaScript are cut off behind so many UTF-16 units (`values.js`), so
/// a longer one must not be sent.
pub const MAX_STRING_BYTES: usize = 262_144;

/// Adds the error that a field contains a string which is too long, if it does.
pub(super) fn check_strings(name: &Key, value: &Value, report: &mut Report) {
    if !has_long_string(value) {
        return;
    }
    let params = Params::new()
        .text("field", name)
        .number(LIMIT, MAX_STRING_BYTES as i64);
    report
        .error(
            IssueCode::InvalidType,
            "`{field}` contains a string of more than {limit} bytes, which is not sent.",
            params,
        )
        .at(name.clone())
        .hint("Shorten it. For a file, use its URL.");
}

/// Whether a value contains a string of more than [`MAX_STRING_BYTES`].
fn has_long_string(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() > MAX_STRING_BYTES,
        Value::Array(items) => items.iter().any(has_long_string),
        Value::Object(entries) => entries.iter().any(|(_, value)| has_long_string(value)),
        _ => false,
    }
}

/// What in a value cannot be sent.
pub(crate) fn not_sendable(value: &Value) -> Option<String> {
    if has_long_string(value) {
        return Some(template!("a string of more than {} bytes", MAX_STRING_BYTES));
    }
    not_json(value)
}

/// What in a value JSON cannot express.
fn not_json(value: &Value) -> Option<String> {
    match value {
        Value::Foreign(what) => Some(what.clone()),
        Value::File(file) => Some(file.seen()),
        Value::Number(number) if !number.as_f64().is_finite() => Some(number.text()),
        Value::Array(items) => items.iter().find_map(not_json),
        Value::Object(entries) => entries.iter().find_map(|(_, value)| not_json(value)),
        _ => None,
    }
}
