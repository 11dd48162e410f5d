//! Properties of JavaScript objects.

#[cfg(feature = "web")]
use js_sys::Function;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

/// A property of an object; `undefined` if it cannot be read.
pub fn property(holder: &JsValue, name: &str) -> JsValue {
    // Reading it would throw, and each caught exception takes a slot in the table of references for good.
    if holder.is_undefined() || holder.is_null() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(holder, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is a function.
#[cfg(feature = "web")]
pub fn function(holder: &JsValue, name: &str) -> Option<Function> {
    property(holder, name).dyn_into().ok()
}
