//! Reads what JavaScript gives.

use crate::domain::{Value, tape};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/values.js")]
extern "C" {
    fn encode(value: &JsValue) -> String;
}

/// Reads a value, whatever it is: proxies, getters that throw, cycles, endless lists. Never throws, always ends.
pub fn read(value: &JsValue) -> Value {
    tape::read(&encode(value)).unwrap_or(Value::Null)
}

/// A property of an object of the caller; `undefined` if it cannot be read.
pub fn property(holder: &JsValue, name: &str) -> JsValue {
    // Reading it would throw, and each exception that is caught leaves a slot of the table of references taken.
    if holder.is_undefined() || holder.is_null() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(holder, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A function that an object of the caller holds.
pub fn function(holder: &JsValue, name: &str) -> Option<Function> {
    property(holder, name).dyn_into().ok()
}
