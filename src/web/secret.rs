//! Removes what errors and answers must not show: the API key, and the secrets of URLs.

use crate::domain::url::redacted_text;
use crate::js_object::property;
use crate::text::{push_hex, template};
use js_sys::{JSON, JsString, Reflect, RegExp};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A string, with the methods that take a JavaScript string.
    type AnyString;

    #[wasm_bindgen(method, js_name = replaceAll)]
    fn replace_all(this: &AnyString, pattern: &JsValue, by: &str) -> JsString;
}

/// The length of the shortest key that is redacted.
const SHORTEST: u32 = 8;

/// A text without the API key, which some servers repeat when they refuse it. A key shorter than any real one is
/// not redacted, since its letters may be part of a word.
pub fn without_key(key: Option<&JsString>, text: JsString) -> JsString {
    match key {
        Some(key) if key.length() >= SHORTEST => text.unchecked_ref::<AnyString>().replace_all(key, "***"),
        _ => text,
    }
}

/// [`without_key`] of JSON, in which some servers escape the key's characters: `\/` and `\u002f` for a slash.
pub fn without_escaped_key(key: Option<&JsString>, text: JsString) -> JsString {
    let text = without_key(key, text);
    let Some(key) = key.filter(|key| key.length() >= SHORTEST && text.includes("\\", 0)) else {
        return text;
    };
    let mut pattern = String::new();
    for character in String::from(key).bytes() {
        let mut hex = String::new();
        push_hex(character, &mut hex);
        pattern.push_str(&template!("(?:\\\\?\\x{}|\\\\u00{})", hex, hex));
    }
    text.unchecked_ref::<AnyString>()
        .replace_all(&RegExp::new(&pattern, "gi"), "***")
}

/// What a function of the host or of the caller threw: unchanged if neither it nor its causes show a secret. Otherwise
/// an error with the same name and code, and with a message that shows none.
pub fn safe_cause(key: Option<&JsString>, thrown: JsValue) -> JsValue {
    /// How many causes of causes are looked at.
    const MAX_DEPTH: u32 = 4;
    let message = text_of(property(&thrown, "message"), &thrown);
    let safe_message = safe_text(key, &message);
    let mut is_safe = safe_message == message;
    let mut cause = thrown.clone();
    let mut depth = 0;
    while is_safe && cause.is_object() {
        let message = text_of(property(&cause, "message"), &cause);
        is_safe = depth < MAX_DEPTH
            && safe_text(key, &message) == message
            && !key.is_some_and(|key| shows_key(key, &cause));
        cause = property(&cause, "cause");
        depth += 1;
    }
    if is_safe {
        return thrown;
    }
    let safe = js_sys::Error::new("");
    for (name, value) in [
        ("message", safe_message.into()),
        ("name", property(&thrown, "name")),
        ("code", property(&thrown, "code")),
    ] {
        if value.is_string() {
            let _ = Reflect::set(&safe, &name.into(), &value);
        }
    }
    safe.into()
}

/// A property that is a string; else the value itself if that is one.
fn text_of(property: JsValue, value: &JsValue) -> JsString {
    property
        .dyn_into()
        .unwrap_or_else(|_| value.dyn_ref::<JsString>().cloned().unwrap_or_default())
}

fn safe_text(key: Option<&JsString>, text: &JsString) -> JsString {
    redacted_text(&String::from(without_key(key, text.clone()))).into()
}

/// Whether the stack or another property shows the key: an error may hold its whole request.
fn shows_key(key: &JsString, thrown: &JsValue) -> bool {
    let Ok(properties) = JSON::stringify(thrown) else {
        // Cyclic, or a getter throws.
        return true;
    };
    let stack = text_of(property(thrown, "stack"), &JsValue::UNDEFINED);
    let holds_key = |text: &JsString| without_key(Some(key), text.clone()) != *text;
    holds_key(&stack) || properties.is_string() && holds_key(&properties)
}
