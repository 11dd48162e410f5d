//! Reads what JavaScript gives.

use super::tape;
use crate::domain::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/npm/values.js")]
extern "C" {
    fn encode(value: &JsValue) -> String;
}

/// Reads a value, whatever it is: proxies, getters that throw, cycles, endless lists. Never throws, always ends.
pub fn read(value: &JsValue) -> Value {
    tape::read(&encode(value)).unwrap_or(Value::Null)
}
