//! Writes JSON field by field, without an intermediate value.

use crate::text::{push_hex, push_integer, slice};

/// A value that can be written as JSON.
pub trait ToJson {
    /// Writes it.
    fn write(&self, json: &mut Json);

    /// Whether an object leaves the field out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// The JSON text of a value. A value that JSON cannot express becomes `null`, as with `JSON.stringify`.
pub fn to_json(value: &dyn ToJson) -> String {
    written(value, false)
}

/// The JSON text of a value. A value that JSON cannot express becomes its description, as a string.
pub fn to_described_json(value: &dyn ToJson) -> String {
    written(value, true)
}

fn written(value: &dyn ToJson, describes: bool) -> String {
    let mut json = Json {
        describes,
        ..Json::default()
    };
    value.write(&mut json);
    json.text
}

/// A JSON text that is being written.
#[derive(Default)]
pub struct Json {
    text: String,
    /// Whether values that JSON cannot express are described.
    describes: bool,
    /// Whether the open array or object has an element already.
    is_next: bool,
}

impl Json {
    /// A field of the open object, unless it is absent.
    pub fn field(&mut self, name: &str, value: &dyn ToJson) {
        if !value.is_absent() {
            self.comma();
            write_string(name, self.describes, &mut self.text);
            self.text.push(':');
            value.write(self);
        }
    }

    /// An item of the open list.
    pub fn item(&mut self, value: &dyn ToJson) {
        self.comma();
        value.write(self);
    }

    fn comma(&mut self) {
        if self.is_next {
            self.text.push(',');
        }
        self.is_next = true;
    }

    /// Opens a list by `[`, an object by `{`.
    pub fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.is_next = false;
    }

    /// Closes what is open.
    pub fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.is_next = true;
    }

    /// `null`, `true`, `false`, or a number that JSON has a form for.
    pub fn word(&mut self, word: &str) {
        self.text.push_str(word);
    }

    /// An integer.
    pub fn integer(&mut self, integer: i64) {
        push_integer(integer, &mut self.text);
    }

    /// The description of a value that JSON cannot express.
    pub fn foreign(&mut self, what: &str) {
        if self.describes {
            what.write(self);
        } else {
            self.word("null");
        }
    }
}

/// A string as JSON, in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_string(text, false, &mut out);
    out
}

/// Writes a string. If JavaScript gets it, the characters that the reader put in place of halves of surrogate pairs
/// become halves again.
fn write_string(text: &str, restores: bool, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // What needs no escape is copied in one piece.
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\' || byte == 0xf4 && restores)
    {
        out.push_str(slice(rest, 0..at));
        let mut end = at + 1;
        match rest.as_bytes()[at..] {
            [0xf4, 0x8f, high @ 0x80..0xa0, low, ..] => {
                out.push_str("\\ud");
                let unit = 0x800 | u32::from(high & 0x1f) << 6 | u32::from(low & 0x3f);
                out.push(char::from_digit(unit >> 8, 16).unwrap_or_default());
                push_hex(unit as u8, out);
                end = at + 4;
            }
            [0xf4, ..] => {
                end = at + 4;
                out.push_str(slice(rest, at..end));
            }
            [mark, ..] => {
                out.push('\\');
                match mark {
                    b'\n' => out.push('n'),
                    b'\r' => out.push('r'),
                    b'\t' => out.push('t'),
                    control if control < b' ' => {
                        out.push_str("u00");
                        push_hex(control, out);
                    }
                    mark => out.push(mark.into()),
                }
            }
            [] => {}
        }
        rest = slice(rest, end..rest.len());
    }
    out.push_str(rest);
    out.push('"');
}

impl ToJson for str {
    fn write(&self, json: &mut Json) {
        write_string(self, json.describes, &mut json.text);
    }
}

impl ToJson for String {
    fn write(&self, json: &mut Json) {
        self.as_str().write(json);
    }
}

impl ToJson for bool {
    fn write(&self, json: &mut Json) {
        json.word(if *self { "true" } else { "false" });
    }
}

impl ToJson for i64 {
    fn write(&self, json: &mut Json) {
        json.integer(*self);
    }
}

impl ToJson for u32 {
    fn write(&self, json: &mut Json) {
        json.integer(i64::from(*self));
    }
}

impl<V: ToJson + ?Sized> ToJson for &V {
    fn write(&self, json: &mut Json) {
        (**self).write(json);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// `null` as an item of a list; as a field it is left out.
impl<V: ToJson> ToJson for Option<V> {
    fn write(&self, json: &mut Json) {
        match self {
            Some(value) => value.write(json),
            None => json.word("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// A field that is `null` where it has no value.
pub struct OrNull<V>(pub Option<V>);

impl<V: ToJson> ToJson for OrNull<V> {
    fn write(&self, json: &mut Json) {
        self.0.write(json);
    }
}

impl<V: ToJson> ToJson for [V] {
    fn write(&self, json: &mut Json) {
        json.open('[');
        for value in self {
            json.item(value);
        }
        json.close(']');
    }
}

impl<V: ToJson> ToJson for Vec<V> {
    fn write(&self, json: &mut Json) {
        self.as_slice().write(json);
    }
}
