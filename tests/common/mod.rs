//! What several native tests need.

use evolink_video::domain::{Number, Value};
use serde_json::Value as Json;

/// JSON as the host reads it.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => {
            let float = number.as_f64().unwrap();
            Value::Number(Number::new(float, || float.to_string()))
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
