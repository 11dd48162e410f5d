//! Rust values as plain JavaScript values.

use crate::domain::json::{ToJson, to_described_json};
use wasm_bindgen::prelude::*;

// What throws here, as with no stack left, is a failure within the library, and no value.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn decode(json: &str) -> JsValue;
}

/// A plain value, as one text that the host reads: one crossing, where each field would be one.
pub fn write(value: &dyn ToJson) -> JsValue {
    decode(&to_described_json(value))
}
