//! What several native tests need.

use evolink_video::domain::json::{ToJson, to_json};
use evolink_video::domain::{Number, Value};
use serde_json::Value as Json;

/// What is written as JSON, read again.
#[allow(dead_code, reason = "not every one of these tests does")]
pub fn reread(written: &dyn ToJson) -> Value {
    value(&serde_json::from_str(&to_json(written)).unwrap())
}

/// JSON as the host reads it.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => {
            let float = number.as_f64().unwrap();
            Value::Number(Number::new(float, &float.to_string()))
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(map) => Value::Object(
            map.iter()
                .map(|(name, item)| (name.clone().into(), value(item)))
                .collect(),
        ),
    }
}
