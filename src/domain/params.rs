//! The named values of a message, and the templates that name them.

use super::json::{Json, ToJson};
use super::url::redacted;
use super::value::{Key, Value};
use crate::text::{counted, find, first_chars, one_of, slice, split_once, truncated};

/// The values that a message was made of, by name, so that an app can word it for its own users.
///
/// Boxed, so that each step of building it passes a pointer: a hundred messages are built so.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(clippy::box_collection)]
pub struct Params(Box<Vec<(Key, Value)>>);

/// A longer string is cut off, because nobody would read it.
const MAX_CHARACTERS: usize = 10_000;

// Each method is compiled once, and not inlined at each of a hundred calls.
impl Params {
    /// No values.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a string. A URL is without its password and its query.
    #[inline(never)]
    pub(crate) fn text(mut self, name: &'static str, text: &str) -> Self {
        self.0.push((name.into(), shown_text(text)));
        self
    }

    /// Adds a value unchanged: one of the library's own, which contains no URL and is short.
    #[inline(never)]
    pub(crate) fn plain(mut self, name: &'static str, value: Value) -> Self {
        self.0.push((name.into(), value));
        self
    }

    /// Adds a number.
    #[inline(never)]
    pub(crate) fn number(mut self, name: &'static str, number: i64) -> Self {
        self.0.push((name.into(), number.into()));
        self
    }

    /// Adds a value. URLs in it are without password and query, long strings cut off.
    #[inline(never)]
    pub(crate) fn value(mut self, name: &'static str, value: &Value) -> Self {
        self.0.push((name.into(), shown_value(value)));
        self
    }

    /// Adds strings to choose from.
    pub(crate) fn choices(self, name: &'static str, choices: &[&str]) -> Self {
        self.value(name, &Value::texts(choices))
    }

    #[cfg(feature = "serde")]
    pub(crate) fn from_entries(entries: Vec<(Key, Value)>) -> Self {
        Self(Box::new(entries))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value)
    }

    /// The names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Fills a template: `{name}` becomes the value of that name, `{count kind}` becomes "1 image" or
    /// "3 images". What was received is shown as JSON, cut off where it is long.
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some(open) = find(rest, "{") {
            out.push_str(slice(rest, 0..open));
            let Some((names, after)) = split_once(slice(rest, open + 1..rest.len()), b'}') else {
                break;
            };
            rest = after;
            match split_once(names, b' ') {
                Some((count, noun)) => {
                    let count = self.get(count).and_then(Value::as_f64).unwrap_or_default();
                    out.push_str(&counted(count as usize, &self.shown(noun)));
                }
                None => out.push_str(&self.shown(names)),
            }
        }
        out.push_str(rest);
        out
    }

    fn shown(&self, name: &str) -> String {
        match self.get(name) {
            // To be copied as it is.
            Some(Value::String(text)) if name == SUGGESTION => text.clone(),
            Some(value) if name == SUGGESTION => value.to_json(),
            Some(Value::String(text)) if name != RECEIVED => quotable(text),
            Some(Value::Array(items)) if name != RECEIVED => {
                let mut words = Vec::new();
                for item in items {
                    words.push(item.as_str().unwrap_or_default());
                }
                one_of(&words)
            }
            Some(value) => value.seen(),
            None => String::new(),
        }
    }
}

/// A string as messages quote it: on one line, and without the backticks that would end the quotation.
fn quotable(text: &str) -> String {
    let mut out = String::new();
    for character in truncated(text).chars() {
        out.push(match character {
            '`' => '\'',
            _ if character.is_control() => ' ',
            _ => character,
        });
    }
    out
}

fn shown_value(value: &Value) -> Value {
    match value {
        Value::String(text) => shown_text(text),
        Value::Array(items) => items.iter().map(shown_value).collect(),
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| (name.clone(), shown_value(value)));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// A string as an issue shows it: a URL without password and query, and a long string cut off.
fn shown_text(text: &str) -> Value {
    let shown = match find(text, "://") {
        Some(_) => redacted(text),
        None => text.into(),
    };
    first_chars(&shown, MAX_CHARACTERS).into()
}

/// The name of the value that was received.
pub(crate) const RECEIVED: &str = "received";

/// The name of the value to use instead. Hints have it in full: a string as it is, others as JSON.
pub(crate) const SUGGESTION: &str = "suggestion";

/// The name of the limit that was exceeded, a number or the strings that are allowed.
pub(crate) const LIMIT: &str = "limit";

impl ToJson for Params {
    fn write(&self, json: &mut Json) {
        json.open('{');
        for (name, value) in self.iter() {
            json.field(name, value);
        }
        json.close('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_templates_by_name() {
        let params = Params::new()
            .text("field", "image_urls")
            .number("count", 3)
            .text("kind", "image")
            .choices("limit", &["480p", "720p"])
            .value("received", &"a\"b".into());
        assert_eq!(
            params.fill("`{field}` has {count kind}, not {limit}, but {received}."),
            r#"`image_urls` has 3 images, not 480p or 720p, but "a\"b"."#
        );
        assert_eq!(params.fill("no names"), "no names");
        assert_eq!(
            Params::new().number("n", 1).text("k", "file").fill("{n k}"),
            "1 file"
        );
    }
}
