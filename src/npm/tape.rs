//! A value as one text: the form in which it comes from JavaScript, in one crossing.
//!
//! ```text
//! value   = "n" | "t" | "f"              null, true, false
//!         | "i" integer ";"              one that a float holds exactly
//!         | "d" bits text                any other number: its 64 bits in hexadecimal, and the way it is written
//!         | "s" text
//!         | "x" text                     what JSON has no form for, described for people
//!         | "[" *value "]"
//!         | "{" *(text value) "}"
//! text    = length ":" characters        the length in UTF-16 code units
//! ```
//!
//! Nothing is escaped, so that neither side looks at each character but to count.

use crate::domain::{Number, Value};
use crate::text::{cut, number};

/// Levels of one tree; `values.js` of the bindings stops there too.
const DEEPEST: u32 = 64;

/// The value that a tape holds, or `None` if it is none.
pub fn read(tape: &str) -> Option<Value> {
    let mut reader = Reader { rest: tape };
    let value = reader.value(DEEPEST)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, levels: u32) -> Option<Value> {
        Some(match self.take(1)? {
            "n" => Value::Null,
            "t" => Value::Bool(true),
            "f" => Value::Bool(false),
            "i" => Value::Number(Number::integer(self.integer(b';')?)?),
            "d" => {
                let bits = self
                    .take(16)?
                    .chars()
                    .try_fold(0, |bits, digit| Some(bits << 4 | u64::from(digit.to_digit(16)?)))?;
                let text = self.text()?;
                Value::Number(Number::new(f64::from_bits(bits), text))
            }
            "s" => Value::String(self.text()?.to_owned()),
            "x" => Value::Foreign(self.text()?.to_owned()),
            "[" => {
                let levels = levels.checked_sub(1)?;
                let mut items = Vec::new();
                while !self.ends("]") {
                    items.push(self.value(levels)?);
                }
                Value::Array(items)
            }
            "{" => {
                let levels = levels.checked_sub(1)?;
                let mut entries = Vec::new();
                while !self.ends("}") {
                    entries.push((self.text()?.to_owned().into(), self.value(levels)?));
                }
                Value::Object(entries)
            }
            _ => return None,
        })
    }

    /// Whether the list or the object ends here.
    fn ends(&mut self, mark: &str) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// An integer, and the mark behind it.
    fn integer(&mut self, mark: u8) -> Option<f64> {
        let negative = self.ends("-");
        let (digits, rest) = cut(self.rest, mark)?;
        self.rest = rest;
        number(digits).map(|value| if negative { -value } else { value })
    }

    fn text(&mut self) -> Option<&'a str> {
        let mut units = self.integer(b':')? as i64;
        let mut end = 0;
        while units > 0 {
            let (bytes, of) = match *self.rest.as_bytes().get(end)? {
                0..0x80 => (1, 1),
                0x80..0xe0 => (2, 1),
                0xe0..0xf0 => (3, 1),
                _ => (4, 2),
            };
            end += bytes;
            units -= of;
        }
        // Neither negative, nor within a pair.
        (units == 0).then(|| self.take(end))?
    }

    /// So many bytes.
    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (text, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tape_of_everything_is_read() {
        let tape = "{1:a[ntfi-5;]4:é🎬;s0:3:x:;x10:a functiond3fe00000000000003:0.5}";
        let value = read(&tape.replace("functiond", "function1:dd")).unwrap();
        assert_eq!(value.get("a").unwrap().to_json(), "[null,true,false,-5]");
        assert_eq!(value.get("é🎬;"), Some(&Value::from("")));
        assert_eq!(value.get("x:;"), Some(&Value::Foreign("a function".into())));
        let half = value.get("d").unwrap();
        assert_eq!((half.as_f64(), half.seen().as_str()), (Some(0.5), "0.5"));
    }

    #[test]
    fn what_is_no_tape_is_no_value() {
        let deep = "[".repeat(100_000);
        for tape in [
            "",
            "?",
            "nn",
            "i5",
            "i;5",
            "i99999999999999999999;",
            "s",
            "s1:",
            "s1:é!",
            "s1:🎬",
            "s-1:",
            "d00:",
            "[",
            "{",
            "{n}",
            "{1:a}",
            "]",
            &deep,
        ] {
            assert_eq!(read(tape), None, "{tape}");
        }
    }
}
