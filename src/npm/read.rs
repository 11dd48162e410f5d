//! Reads JavaScript values.

use crate::domain::Value;
use crate::domain::json::parse_described;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/npm/values.js")]
extern "C" {
    fn encode(value: &JsValue) -> String;
}

/// Reads any value. It never throws and always returns, even for proxies, throwing getters, cycles and endless arrays.
pub fn read(value: &JsValue) -> Value {
    parse_described(&encode(value)).unwrap_or(Value::Null)
}
