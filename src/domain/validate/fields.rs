//! Fields that the API does not name: forwarded, if they can be.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::request::{FIELDS, NEWER_FIELDS};
use crate::domain::value::Value;

pub(super) fn check(request: &Value, report: &mut Report) {
    for (name, value) in request.entries() {
        if FIELDS.contains(&name.as_ref()) {
            continue;
        }
        if let Some(what) = not_json(value) {
            let message = format!("`{name}` cannot be sent as JSON: it holds {what}.");
            report
                .error(IssueCode::InvalidType, message)
                .at(name)
                .hint("Use text, finite numbers, booleans, lists and plain objects only.")
                .actual(value.clone());
        } else if !NEWER_FIELDS.contains(&name.as_ref()) {
            report
                .warning(
                    IssueCode::UnknownField,
                    format!("The API does not name a field `{name}`."),
                )
                .at(name)
                .hint("It is sent as it is. If it is a slip, it may cost money: check its spelling.")
                .actual(value.clone());
        }
    }
}

/// What in a value has no form in JSON.
fn not_json(value: &Value) -> Option<String> {
    match value {
        Value::Foreign(what) => Some(what.clone()),
        Value::Number(number) if !number.as_f64().is_finite() => Some(number.text()),
        Value::Array(items) => items.iter().find_map(not_json),
        Value::Object(entries) => entries.iter().find_map(|(_, value)| not_json(value)),
        _ => None,
    }
}
