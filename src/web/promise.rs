use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    fn promise_of(value: &JsValue) -> Result<Promise, JsValue>;
}

/// Awaits whatever a host gave: a promise of any realm, a thenable, a plain value.
pub async fn settled(given: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise_of(&given?)?).await
}
