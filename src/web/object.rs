//! Properties of JavaScript objects.

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

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

/// Sets a property.
///
/// # Errors
/// What the object threw.
pub fn set(holder: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue> {
    Reflect::set(holder, &name.into(), value).map(drop)
}
