//! Rust values as plain JavaScript objects.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// A plain object: `None` is `null`, a map is an object.
pub fn write(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Fails only for what serde cannot express, which none of the crate's types is.
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}
