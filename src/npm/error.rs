//! Errors as instances of the package's classes.

use super::write::write;
use crate::domain::Error;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    /// Creates an error of the class `fields.name`.
    #[wasm_bindgen(js_name = createError)]
    pub fn create_error(fields: &JsValue) -> JsValue;
}

/// The JavaScript error.
pub fn throwable(error: &Error) -> JsValue {
    let fields = write(error);
    if let Some(cause) = error
        .cause
        .as_ref()
        .and_then(|cause| cause.downcast_ref::<JsValue>())
    {
        let _ = Reflect::set(&fields, &"cause".into(), cause);
    }
    create_error(&fields)
}
