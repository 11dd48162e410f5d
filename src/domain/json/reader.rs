//! A strict reader of JSON (RFC 8259), and of JSON with descriptions.

use crate::domain::LocalFile;
use crate::domain::value::{Key, Number, Value};
use crate::text::slice;

/// The character for U+D800, the first that can be half of a surrogate pair.
const FIRST_HALF: u32 = 0x10_f000;

/// Nested arrays and objects; deeper JSON is refused, because each level takes stack.
const MAX_DEPTH: u32 = 128;

/// The largest power of ten that `f64` holds exactly.
const MAX_EXACT_POWER: i32 = 22;

/// The value of a JSON text, or `None` if it is not JSON.
///
/// A number keeps its text. Half of a surrogate pair, which a `String` cannot hold, becomes a character from
/// U+10F000, and that half again where JavaScript gets the value.
/// If a name occurs twice, the last value counts, as in `JSON.parse`.
pub fn parse(json: &str) -> Option<Value> {
    read(json, false)
}

/// The value of a JSON text in which `!` before a string makes it a [`Value::Foreign`], and before an object a
/// [`Value::File`]: `[1,!"a function",!{"name":"a.jpg"}]`.
pub fn parse_described(json: &str) -> Option<Value> {
    read(json, true)
}

fn read(json: &str, is_described: bool) -> Option<Value> {
    let mut reader = Reader {
        json,
        at: 0,
        is_described,
    };
    let value = reader.value(MAX_DEPTH)?;
    reader.skip_space();
    (reader.at == json.len()).then_some(value)
}

struct Reader<'a> {
    json: &'a str,
    at: usize,
    is_described: bool,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<Value> {
        self.skip_space();
        match self.peek()? {
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'"' => self.string().map(Value::String),
            b'!' if self.is_described => {
                self.at += 1;
                match self.peek()? {
                    b'{' => {
                        let file = self.object(depth.checked_sub(1)?)?;
                        Some(Value::File(Box::new(LocalFile::read(&file))))
                    }
                    _ => self.name().map(Value::Foreign),
                }
            }
            b'[' => self.array(depth.checked_sub(1)?),
            b'{' => self.object(depth.checked_sub(1)?),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: u32) -> Option<Value> {
        let mut items = Vec::new();
        self.at += 1;
        if !self.closes(b']') {
            loop {
                items.push(self.value(depth)?);
                if !self.continues(b']')? {
                    break;
                }
            }
        }
        Some(Value::Array(items))
    }

    fn object(&mut self, depth: u32) -> Option<Value> {
        let mut entries: Vec<(Key, Value)> = Vec::new();
        self.at += 1;
        if !self.closes(b'}') {
            loop {
                self.skip_space();
                let name = self.name()?;
                self.skip_space();
                self.eat(b':')?;
                entries.push((name.into(), self.value(depth)?));
                if !self.continues(b'}')? {
                    break;
                }
            }
        }
        Some(Value::Object(entries))
    }

    /// Whether an empty array or object closes here.
    fn closes(&mut self, bracket: u8) -> bool {
        self.skip_space();
        self.eat(bracket).is_some()
    }

    /// Whether another item follows; otherwise the bracket must.
    fn continues(&mut self, bracket: u8) -> Option<bool> {
        self.skip_space();
        match self.eat(b',') {
            Some(()) => Some(true),
            None => self.eat(bracket).map(|()| false),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        let rest = slice(self.json, self.at..self.json.len());
        self.at += word.len();
        rest.starts_with(word).then_some(value)
    }

    /// A string, if one begins here.
    fn name(&mut self) -> Option<String> {
        (self.peek()? == b'"').then(|| self.string())?
    }

    /// The string whose quote is here.
    fn string(&mut self) -> Option<String> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            out.push_str(slice(self.json, start..self.at));
            let mark = self.peek()?;
            self.at += 1;
            match mark {
                b'"' => return Some(out),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let unit = self.hex4()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit).or_else(|| half(unit));
        }
        let after = self.at;
        if slice(self.json, after..self.json.len()).starts_with("\\u") {
            self.at += 2;
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                return char::from_u32(0x1_0000 + ((unit - 0xd800) << 10 | (low - 0xdc00)));
            }
            self.at = after;
        }
        half(unit)
    }

    fn hex4(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        let negative = self.eat(b'-').is_some();
        let leading = self.at;
        let mut mantissa = 0.0;
        let mut power = 0;
        let digits = self.digits(&mut mantissa);
        if digits == 0 || digits > 1 && self.json.as_bytes().get(leading) == Some(&b'0') {
            return None;
        }
        if self.eat(b'.').is_some() {
            let decimals = self.digits(&mut mantissa);
            if decimals == 0 {
                return None;
            }
            power -= decimals;
        }
        if self.eat(b'e').or_else(|| self.eat(b'E')).is_some() {
            let below = self.eat(b'-').is_some();
            if !below {
                let _ = self.eat(b'+');
            }
            let mut exponent = 0.0;
            if self.digits(&mut exponent) == 0 {
                return None;
            }
            let exponent = exponent as i32;
            power = if below {
                power.saturating_sub(exponent)
            } else {
                power.saturating_add(exponent)
            };
        }
        let value = scale(mantissa, power);
        let text = slice(self.json, start..self.at);
        let value = if negative { -value } else { value };
        Some(Value::Number(Number::new(value, text)))
    }

    /// Reads digits into a value; how many there were.
    fn digits(&mut self, value: &mut f64) -> i32 {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            *value = *value * 10.0 + f64::from(digit - b'0');
            self.at += 1;
        }
        i32::try_from(self.at - start).unwrap_or(i32::MAX)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }
}

/// The character for half of a surrogate pair, of the private use area.
fn half(unit: u32) -> Option<char> {
    char::from_u32(FIRST_HALF + (unit - 0xd800))
}

/// `value * 10^power`: exact for the numbers that APIs send, within a few units in the last place for others.
fn scale(value: f64, power: i32) -> f64 {
    let mut scaled = value;
    let mut left = power.unsigned_abs();
    // Beyond that, the value is always 0 or infinite.
    let mut steps = 40;
    while left > 0 && steps > 0 {
        let step = left.min(MAX_EXACT_POWER as u32);
        let mut factor = 1.0;
        for _ in 0..step {
            factor *= 10.0;
        }
        scaled = if power < 0 {
            scaled / factor
        } else {
            scaled * factor
        };
        left -= step;
        steps -= 1;
    }
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::to_described_json;

    #[test]
    fn parses_the_same_json_as_serde_json() {
        for json in [
            "null",
            " true ",
            "[]",
            "{}",
            "[1,-2,3.5,-0.25,123456789012345678901234567890]",
            r#"{"a":{"b":["\u00e9\ud83c\udfac\n\/","x"]},"c":null}"#,
            "\"\u{1f3ac}\"",
            "[0,0.1,1E-2]",
        ] {
            let value = parse(json).unwrap_or_else(|| panic!("{json}"));
            let written: serde_json::Value = serde_json::from_str(&value.to_json()).unwrap();
            assert_eq!(
                written,
                serde_json::from_str::<serde_json::Value>(json).unwrap(),
                "{json}"
            );
        }
    }

    #[test]
    fn rejects_invalid_json() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        for json in [
            "",
            " ",
            "nul",
            "[1,]",
            "[1 2]",
            "{a:1}",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            ".5",
            "-",
            "+1",
            "1e",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\n\"",
            "[",
            "{",
            "]",
            "1 2",
            "<html>",
            "NaN",
            &deep,
        ] {
            assert_eq!(parse(json), None, "{json}");
        }
    }

    #[test]
    fn parses_the_same_numbers_as_std() {
        for text in [
            "0",
            "-0",
            "5.0",
            "13.5",
            "0.199",
            "1.34",
            "6.251",
            "1e22",
            "165",
            "1761313744",
            "2e-7",
        ] {
            let value = parse(text).unwrap().as_f64().unwrap();
            assert_eq!(value, text.parse::<f64>().unwrap(), "{text}");
        }
        assert_eq!(parse("1e999999999999").unwrap().as_f64(), Some(f64::INFINITY));
        assert_eq!(parse("1e-999").unwrap().as_f64(), Some(0.0));
    }

    #[test]
    fn half_of_a_surrogate_pair_survives_where_javascript_gets_it() {
        for json in [
            r#""\ud83c""#,
            r#""\udfac""#,
            r#"["a\ud800b","\udfff\u0000"]"#,
            r#"{"\udc00":"\ud83cA\ud83c"}"#,
        ] {
            assert_eq!(to_described_json(&parse(json).unwrap()), json);
        }
        // Other characters are written as they are.
        for text in ["\u{10f800}", "\u{100000}", "\u{10ffff}", "\u{1f3ac}"] {
            assert_eq!(to_described_json(&text), format!("\"{text}\""));
        }
        // What is sent is not JavaScript's.
        assert_eq!(Value::from("\u{10f000}").to_json(), "\"\u{10f000}\"");
    }
}
