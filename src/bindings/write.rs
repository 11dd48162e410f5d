//! Rust values as plain JavaScript values.

use crate::domain::Value;
use wasm_bindgen::prelude::*;

// What throws here, as with no stack left, is a failure within the library, and no value.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn decode(json: &str) -> JsValue;
}

#[wasm_bindgen(module = "/src/bindings/values.js")]
extern "C" {
    #[wasm_bindgen(js_name = decodeMarked)]
    fn decode_marked(json: &str) -> JsValue;
}

/// A plain value, as one text that the host reads: one crossing, where each field would be one.
pub fn write(value: impl Into<Value>) -> JsValue {
    write_value(&value.into())
}

fn write_value(value: &Value) -> JsValue {
    if value.is_json() {
        decode(&value.to_json())
    } else {
        decode_marked(&value.to_marked_json('='))
    }
}
