//! Values that JSON cannot express, in fields of any shape.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::params::Params;
use crate::domain::value::{Key, Value};

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

/// What in a value JSON cannot express.
pub(crate) fn not_json(value: &Value) -> Option<String> {
    match value {
        Value::Foreign(what) => Some(what.clone()),
        Value::Number(number) if !number.as_f64().is_finite() => Some(number.text()),
        Value::Array(items) => items.iter().find_map(not_json),
        Value::Object(entries) => entries.iter().find_map(|(_, value)| not_json(value)),
        _ => None,
    }
}
