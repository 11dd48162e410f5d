//! Typed values into and out of JavaScript.

use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::{Error, Serializer};
use wasm_bindgen::JsValue;

/// Reads a plain JavaScript value, such as a [`VideoRequest`](crate::domain::VideoRequest) from a form.
///
/// # Errors
/// The value has a different structure.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value)
}

/// Writes a value as plain JavaScript, with objects and not maps.
///
/// # Errors
/// JavaScript cannot represent the value.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, Error> {
    value.serialize(&Serializer::json_compatible())
}
