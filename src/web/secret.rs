//! What errors and answers must not show: the API key, and the secrets of URLs.

use super::object::property;
use crate::domain::url::redacted_text;
use js_sys::{JSON, JsString, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A string, with the methods that take a JavaScript string.
    type AnyString;

    #[wasm_bindgen(method)]
    fn includes(this: &AnyString, text: &JsString) -> bool;

    #[wasm_bindgen(method, js_name = replaceAll)]
    fn replace_all(this: &AnyString, text: &JsString, by: &str) -> JsString;
}

/// How deep the causes of a cause are checked. Deeper ones are dropped.
const MAX_DEPTH: u32 = 4;

/// A text without the API key, which some servers repeat when they refuse it. A key shorter than any real one is
/// not redacted, since its letters may be part of a word.
pub fn without_key(key: Option<&JsString>, text: JsString) -> JsString {
    match key {
        Some(key) if holds_key(key, &text) => text.unchecked_ref::<AnyString>().replace_all(key, "***"),
        _ => text,
    }
}

fn holds_key(key: &JsString, text: &JsString) -> bool {
    const SHORTEST: u32 = 8;
    key.length() >= SHORTEST && text.unchecked_ref::<AnyString>().includes(key)
}

/// What a function of the host or of the caller threw, as it is if it shows no secret. Otherwise an error with the
/// same name and code, and with a message that shows none.
pub fn safe_cause(key: Option<&JsString>, thrown: JsValue) -> JsValue {
    checked(key, thrown, MAX_DEPTH)
}

fn checked(key: Option<&JsString>, thrown: JsValue, depth: u32) -> JsValue {
    if let Some(text) = thrown.dyn_ref::<JsString>() {
        return safe_text(key, text).into();
    }
    if !thrown.is_object() {
        return thrown;
    }
    let said = property(&thrown, "message").dyn_into().unwrap_or_default();
    let message = safe_text(key, &said);
    let inner = property(&thrown, "cause");
    let safe_inner = match depth {
        0 => JsValue::UNDEFINED,
        _ => checked(key, inner.clone(), depth - 1),
    };
    if message == said && safe_inner == inner && !key.is_some_and(|key| shows_key(key, &thrown)) {
        return thrown;
    }
    let safe = js_sys::Error::new("");
    let set = |name: &str, value: &JsValue| drop(Reflect::set(&safe, &name.into(), value));
    set("message", &message);
    for name in ["name", "code"] {
        let value = property(&thrown, name);
        if value.is_string() {
            set(name, &value);
        }
    }
    if !safe_inner.is_undefined() {
        set("cause", &safe_inner);
    }
    safe.into()
}

fn safe_text(key: Option<&JsString>, text: &JsString) -> JsString {
    redacted_text(&String::from(without_key(key, text.clone()))).into()
}

/// Whether the stack or another property shows the key: an error may hold its whole request.
fn shows_key(key: &JsString, thrown: &JsValue) -> bool {
    let stack = property(thrown, "stack").dyn_into().unwrap_or_default();
    let Ok(properties) = JSON::stringify(thrown) else {
        // Cyclic, or a getter throws.
        return true;
    };
    holds_key(key, &stack) || properties.is_string() && holds_key(key, &properties)
}
