//! Rust values as plain JavaScript values.

use crate::domain::Value;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A plain value. Everything goes out as a [`Value`], since each type that goes through serde by itself
/// brings a kilobyte along.
pub fn write(value: impl Into<Value>) -> JsValue {
    write_value(&value.into())
}

fn write_value(value: &Value) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Fails only for what serde cannot express, which no `Value` holds.
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}
