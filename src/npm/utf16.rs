//! Offsets as JavaScript counts them: the domain has bytes of UTF-8, a JavaScript string has UTF-16 code units.

#[cfg(feature = "npm-client")]
use crate::domain::Error;
use crate::domain::{Issue, Tag, Value};

/// Turns the offsets of tags from bytes into UTF-16 code units.
pub fn convert_tags(tags: &mut [Tag], prompt: &str) {
    let mut offsets = Offsets::of(prompt);
    for tag in tags {
        tag.start = offsets.at(tag.start);
        tag.end = offsets.at(tag.end);
    }
}

/// Turns the spans of issues from bytes into UTF-16 code units.
pub fn convert_issues(issues: &mut [Issue], prompt: &str) {
    let mut offsets = Offsets::of(prompt);
    for issue in issues {
        issue.span = issue
            .span
            .map(|(start, end)| (offsets.at(start), offsets.at(end)));
    }
}

/// The prompt of a request.
pub fn prompt(request: &Value) -> &str {
    request.get("prompt").and_then(Value::as_str).unwrap_or_default()
}

/// Turns the spans of a validation error from bytes into UTF-16 code units.
#[cfg(feature = "npm-client")]
pub fn convert_error(mut error: Error, request: &Value) -> Error {
    if let Some(issues) = &mut error.issues {
        convert_issues(issues, prompt(request));
    }
    error
}

/// A place in a prompt, counted both ways. Offsets mostly grow, so each is counted from the one before.
struct Offsets<'a> {
    prompt: &'a [u8],
    byte: usize,
    units: usize,
}

impl<'a> Offsets<'a> {
    fn of(prompt: &'a str) -> Self {
        Self {
            prompt: prompt.as_bytes(),
            byte: 0,
            units: 0,
        }
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.units) = (0, 0);
        }
        while self.byte < byte
            && let Some(next) = self.prompt.get(self.byte)
        {
            self.units += match next {
                0x80..0xc0 => 0,
                0..0xf0 => 1,
                _ => 2,
            };
            self.byte += 1;
        }
        self.units
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_tags;

    #[test]
    fn offsets_are_in_utf16_units() {
        let prompt = "🎬 e\u{301} @Image2 and 𠮷@Audio3.";
        let units: Vec<u16> = prompt.encode_utf16().collect();
        let mut tags = parse_tags(prompt);
        convert_tags(&mut tags, prompt);
        for tag in tags {
            assert_eq!(String::from_utf16(&units[tag.start..tag.end]).unwrap(), tag.text);
        }
        let mut offsets = Offsets::of(prompt);
        assert_eq!(
            [offsets.at(4), offsets.at(0), offsets.at(4), offsets.at(99)],
            [2, 0, 2, units.len()]
        );
    }
}
