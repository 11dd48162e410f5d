//! A value that came from outside: a request, an option, an answer of the server.

use super::text::{shortened, slice, text};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;

/// JSON, and what a JavaScript object may hold besides.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Any number, `NaN` and the infinities included.
    Number(Number),
    /// Well-formed text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object, its entries in the order they came; an entry that is `undefined` is left out.
    Object(Vec<(Key, Value)>),
    /// What JSON has no form for, described for people: "a function", "a Map", "an empty slot".
    Foreign(String),
}

/// The name of an entry; those that the library writes itself are not copied.
pub type Key = Cow<'static, str>;

/// A number, together with the way its source writes it.
///
/// The text is kept only where it is not that of an integer, so that neither messages nor request
/// bodies need a float formatter (several kilobytes of tables in the module).
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    value: f64,
    text: Option<Box<str>>,
}

/// The largest integer that JavaScript, and so JSON in practice, keeps exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

impl Number {
    /// `text` is asked for only if the value is not an integer that `f64` holds exactly.
    pub fn new(value: f64, text: impl FnOnce() -> String) -> Self {
        let plain = value.abs() <= MAX_SAFE_INTEGER && value == (value as i64) as f64;
        let text = (!plain).then(|| text().into_boxed_str());
        Self { value, text }
    }

    /// As a float.
    pub fn as_f64(&self) -> f64 {
        self.value
    }

    /// As an integer, if it is one: `5.0` is 5.
    pub fn as_integer(&self) -> Option<i64> {
        self.text.is_none().then_some(self.value as i64)
    }

    /// The way it is written in JavaScript and, if finite, in JSON.
    pub fn text(&self) -> String {
        match &self.text {
            Some(text) => text.clone().into(),
            None => text!("{}", self.value as i64),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::new(value as f64, || text!("{}", value))
    }
}

impl Value {
    /// An object of these fields; one without a value is left out.
    pub fn object<const N: usize>(fields: [(&'static str, Option<Value>); N]) -> Self {
        let fields = fields.into_iter();
        Value::Object(
            fields
                .filter_map(|(name, value)| Some((name.into(), value?)))
                .collect(),
        )
    }

    /// The entry of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The entries of an object; none for anything else.
    pub fn entries(&self) -> &[(Key, Value)] {
        match self {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(number.as_f64()),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// What a message says was seen: `"1080P"`, `5.5`, `null`, `an object`.
    pub fn seen(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Bool(value) => if *value { "true" } else { "false" }.into(),
            Value::Number(number) => number.text(),
            Value::String(text) => quoted(&shortened(text)),
            Value::Array(_) => "an array".into(),
            Value::Object(_) => "an object".into(),
            Value::Foreign(what) => what.clone(),
        }
    }

    /// Whether JSON has a form for all of it.
    pub fn is_json(&self) -> bool {
        match self {
            Value::Number(number) => number.value.is_finite(),
            Value::Array(items) => items.iter().all(Value::is_json),
            Value::Object(entries) => entries.iter().all(|(_, value)| value.is_json()),
            Value::Foreign(_) => false,
            _ => true,
        }
    }

    /// The JSON text. What JSON has no form for becomes `null`, as `JSON.stringify` has it.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(None, &mut out);
        out
    }

    /// The JSON text of a value whatever it holds: each string in it begins with the mark; one that does not
    /// is `NaN` or an infinity. What is described for people is a string.
    pub fn to_marked_json(&self, mark: char) -> String {
        let mut out = String::new();
        self.write_json(Some(mark), &mut out);
        out
    }

    fn write_json(&self, mark: Option<char>, out: &mut String) {
        match self {
            Value::Number(number) if number.value.is_finite() => out.push_str(&number.text()),
            Value::Number(number) if mark.is_some() => write_string(None, &number.text(), out),
            Value::Foreign(what) if mark.is_some() => write_string(mark, what, out),
            Value::Null | Value::Number(_) | Value::Foreign(_) => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::String(text) => write_string(mark, text, out),
            Value::Array(items) => {
                let mut before = "[";
                for item in items {
                    out.push_str(before);
                    item.write_json(mark, out);
                    before = ",";
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Value::Object(entries) => {
                let mut before = "{";
                for (key, value) in entries {
                    out.push_str(before);
                    write_string(None, key, out);
                    *out += ":";
                    value.write_json(mark, out);
                    before = ",";
                }
                out.push_str(if entries.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Number(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        i64::from(value).into()
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().map(Into::into).collect()
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Value::Array(items.into_iter().collect())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(number) => serializer.serialize_f64(number.value),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => serializer.collect_seq(items),
            Value::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Value::Foreign(what) => serializer.serialize_str(what),
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(None, text, &mut out);
    out
}

fn write_string(mark: Option<char>, text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    *out += "\"";
    out.extend(mark);
    let mut rest = text;
    // What needs no escape is copied in one piece.
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
    {
        out.push_str(slice(rest, 0..at));
        out.push('\\');
        match rest.as_bytes()[at] {
            b'\n' => out.push('n'),
            b'\r' => out.push('r'),
            b'\t' => out.push('t'),
            control if control < b' ' => {
                out.push_str("u00");
                out.push(HEX[usize::from(control >> 4)] as char);
                out.push(HEX[usize::from(control & 15)] as char);
            }
            mark => out.push(mark.into()),
        }
        rest = slice(rest, at + 1..rest.len());
    }
    out.push_str(rest);
    *out += "\"";
}
