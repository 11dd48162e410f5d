//! Reads a JavaScript value, whatever it is: proxies, getters that throw, cycles, endless lists.

use crate::domain::config::FUNCTION;
use crate::domain::{Number, Value};
use js_sys::{Array, Function, JsString, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn own_keys(object: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// "[object Map]"
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn brand(value: &JsValue) -> Result<String, JsValue>;

    #[wasm_bindgen(js_name = String)]
    fn text_of(number: &JsValue) -> String;
}

/// Values in one tree. A request has a few dozen; an endless or cyclic one ends here.
const MOST_VALUES: u32 = 20_000;
/// Levels of one tree.
const DEEPEST: u32 = 64;

/// Reads a value once, field by field. Never throws, always ends.
pub fn read(value: &JsValue) -> Value {
    Reader { left: MOST_VALUES }.value(value, DEEPEST)
}

/// A property of an object of the caller; `undefined` if it cannot be read.
pub fn property(holder: &JsValue, name: &str) -> JsValue {
    Reflect::get(holder, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A function that an object of the caller holds.
pub fn function(holder: &JsValue, name: &str) -> Option<Function> {
    property(holder, name).dyn_into().ok()
}

struct Reader {
    left: u32,
}

impl Reader {
    fn value(&mut self, value: &JsValue, levels: u32) -> Value {
        if let Some(text) = value.as_string() {
            return string(value, text);
        }
        if let Some(number) = value.as_f64() {
            return Value::Number(Number::new(number, || text_of(value)));
        }
        if let Some(truth) = value.as_bool() {
            return Value::Bool(truth);
        }
        if value.is_null() {
            return Value::Null;
        }
        Value::Foreign(if value.is_undefined() {
            "undefined".into()
        } else if value.is_function() {
            FUNCTION.into()
        } else if value.is_bigint() {
            "a BigInt".into()
        } else if value.is_symbol() {
            "a symbol".into()
        } else if levels == 0 {
            "an object nested too deep, or within itself".into()
        } else {
            match self.object(value, levels - 1) {
                Ok(value) => return value,
                Err(Unreadable(why)) => why,
            }
        })
    }

    fn object(&mut self, object: &JsValue, levels: u32) -> Result<Value, Unreadable> {
        if is_array(object)? {
            let length = Reflect::get(object, &"length".into())?.as_f64().unwrap_or(0.0) as u32;
            let mut items = Vec::new();
            for index in 0..length {
                self.spend()?;
                let item = Reflect::get_u32(object, index).ok();
                items.push(item.map_or_else(throws, |item| self.value(&item, levels)));
            }
            return Ok(Value::Array(items));
        }
        let brand = brand(object)?;
        let class = brand
            .strip_prefix("[object ")
            .and_then(|rest| rest.strip_suffix(']'));
        if class != Some("Object") {
            return Err(Unreadable(format!(
                "an instance of {}",
                class.unwrap_or("an unknown class")
            )));
        }
        let mut entries = Vec::new();
        for key in own_keys(object)? {
            self.spend()?;
            let value = match Reflect::get(object, &key) {
                Ok(value) if value.is_undefined() => continue,
                Ok(value) => self.value(&value, levels),
                Err(_) => throws(),
            };
            let Value::String(key) = string(&key, key.as_string().unwrap_or_default()) else {
                return Err(Unreadable(
                    "an object with half a surrogate pair in a field's name".into(),
                ));
            };
            entries.push((key.into(), value));
        }
        Ok(Value::Object(entries))
    }

    fn spend(&mut self) -> Result<(), Unreadable> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| Unreadable("an object too large, or without an end".into()))?;
        Ok(())
    }
}

/// Why an object cannot be read, as it stands in a message: "but it is …".
struct Unreadable(String);

impl From<JsValue> for Unreadable {
    fn from(_: JsValue) -> Self {
        Self("an object that throws when it is read".into())
    }
}

fn throws() -> Value {
    Value::Foreign("a property that throws when it is read".into())
}

/// Half an emoji: JavaScript lets a string hold one, UTF-8 does not, and it would be sent as "�".
fn string(value: &JsValue, text: String) -> Value {
    if text
        .chars()
        .any(|character| character == char::REPLACEMENT_CHARACTER)
        && !value.unchecked_ref::<JsString>().is_valid_utf16()
    {
        return Value::Foreign("broken text, with half a surrogate pair such as a cut-off emoji".into());
    }
    Value::String(text)
}
