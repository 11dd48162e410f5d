//! A value from outside: a request, an option, an answer of the server.

use super::json::{Json, ToJson, quoted, to_json};
use super::local_file::LocalFile;
use crate::text::{template, truncated};
use std::borrow::Cow;

/// JSON, and the other values that a JavaScript object may contain.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// Well-formed text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object, its entries in the order they came; an entry that is `undefined` is left out. If a name occurs
    /// twice, the last entry counts, as in `JSON.parse`.
    Object(Vec<(Key, Value)>),
    /// The description of a value that JSON cannot express: "a function", "an instance of Map", "NaN".
    Foreign(String),
    /// A file that is not uploaded yet, in place of a URL. It has no form in JSON either.
    File(Box<LocalFile>),
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
    /// A number and its text, which is kept only if the value is not an integer that `f64` holds exactly.
    pub fn new(value: f64, text: &str) -> Self {
        Self::integer(value).unwrap_or_else(|| Self {
            value,
            text: Some(text.into()),
        })
    }

    /// An integer that `f64` holds exactly, if it is one.
    pub fn integer(value: f64) -> Option<Self> {
        let exact = value.abs() <= MAX_SAFE_INTEGER && value == (value as i64) as f64;
        exact.then_some(Self { value, text: None })
    }

    /// As a float.
    pub fn as_f64(&self) -> f64 {
        self.value
    }

    /// As an integer, if it is one: `5.0` is 5.
    pub fn as_integer(&self) -> Option<i64> {
        self.text.is_none().then_some(self.value as i64)
    }

    /// The way it is written in JavaScript and in JSON.
    pub fn text(&self) -> String {
        match &self.text {
            Some(text) => text.as_ref().into(),
            None => template!("{}", self.value as i64),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::integer(value as f64).unwrap_or_else(|| Self::new(value as f64, &template!("{}", value)))
    }
}

impl Value {
    /// An object of these fields; one without a value is left out.
    pub fn object<const N: usize>(fields: [(&'static str, Option<Value>); N]) -> Self {
        let mut entries = Vec::new();
        for (name, value) in fields {
            if let Some(value) = value {
                entries.push((name.into(), value));
            }
        }
        Value::Object(entries)
    }

    /// A list of texts.
    pub fn texts(texts: &[impl AsRef<str>]) -> Self {
        let mut items = Vec::new();
        for text in texts {
            items.push(text.as_ref().into());
        }
        Value::Array(items)
    }

    /// The entry of an object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()
            .iter()
            .rfind(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// Sets an entry of an object; anything else stays as it is.
    pub fn set(&mut self, key: &str, value: Value) {
        let Value::Object(entries) = self else { return };
        match entries.iter_mut().rfind(|(name, _)| name == key) {
            Some(entry) => entry.1 = value,
            None => entries.push((key.to_owned().into(), value)),
        }
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

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of a whole number.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Number(number) => number.as_integer(),
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

    /// How a message shows the value: `"1080P"`, `5.5`, `null`, `an object`.
    pub(crate) fn seen(&self) -> String {
        match self {
            Value::Null => "null".into(),
            Value::Bool(value) => if *value { "true" } else { "false" }.into(),
            Value::Number(number) => number.text(),
            Value::String(text) => quoted(&truncated(text)),
            Value::Array(_) => "an array".into(),
            Value::Object(_) => "an object".into(),
            Value::Foreign(what) => what.clone(),
            Value::File(file) => file.seen(),
        }
    }

    /// The JSON text. A value that JSON cannot express becomes `null`, as with `JSON.stringify`.
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

impl ToJson for Value {
    fn write(&self, json: &mut Json) {
        match self {
            Value::Null => json.word("null"),
            Value::Bool(value) => value.write(json),
            Value::Number(number) => match &number.text {
                None => json.integer(number.value as i64),
                Some(text) if number.value.is_finite() => json.word(text),
                Some(text) => json.foreign(text),
            },
            Value::String(text) => text.write(json),
            Value::Array(items) => items.write(json),
            Value::Object(entries) => {
                json.open('{');
                for (name, value) in entries {
                    json.field(name, value);
                }
                json.close('}');
            }
            Value::Foreign(what) => json.foreign(what),
            Value::File(file) => json.foreign(&file.seen()),
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
