//! Promises as futures.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    fn promise_of(value: &JsValue) -> Result<Promise, JsValue>;
}

/// Awaits what a function of the host returned: a promise of any realm, a thenable, or a plain value.
pub async fn settled(returned: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise_of(&returned?)?).await
}
