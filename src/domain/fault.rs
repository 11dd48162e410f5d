//! Reads the error of a server, in any known format.

use super::api::{ERROR_FIELDS, ErrorFieldRole, find_code};
use super::json;
use super::url::redacted_text;
use super::value::{Key, Value};
use crate::text::{find, shortened, slice};

/// What the server's error object contains besides its code and its message.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Particulars {
    /// The field of the request that is wrong.
    pub param: Option<String>,
    /// The class of errors: the server's `type`.
    pub error_type: Option<String>,
    /// What the server suggests.
    pub suggestion: Option<String>,
    /// Other fields of up to 4 KB, without the secrets of URLs.
    pub details: Vec<(Key, Value)>,
}

/// An error as a server describes it.
#[derive(Debug, Default)]
pub(crate) struct Fault {
    /// In lower case.
    pub code: Option<String>,
    /// A string in place of a code that is not a code.
    sentence: Option<String>,
    pub message: Option<String>,
    /// The HTTP status that the code comes with; 0 if it is not known.
    pub code_status: u16,
    /// The same, or the HTTP status in place of a code, or that of the type.
    pub status: u16,
    pub request_id: Option<String>,
    pub particulars: Particulars,
}

impl Fault {
    /// Reads the error of an answer: `{error: {code, message, ...}}`, `{success, code, msg}`,
    /// `{error, error_description}`.
    pub fn of_answer(answer: &Value) -> Self {
        match answer.get("error") {
            Some(error @ Value::Object(_)) => Self::read(error),
            _ => Self::read(answer),
        }
    }

    /// Reads an error object, or a string in place of one.
    pub fn read(error: &Value) -> Self {
        let mut fault = Self::default();
        // The JSON as a whole, so that no text in it is missed.
        let safe = json::parse(&redacted_text(&bounded(error).to_json())).unwrap_or(Value::Null);
        if let Value::String(_) = safe {
            fault.take(ErrorFieldRole::Code, &safe);
        }
        let Value::Object(entries) = safe else {
            return fault.completed();
        };
        for (name, value) in entries {
            match ERROR_FIELDS.iter().find(|row| row.name == name.as_ref()) {
                Some(row) => fault.take(row.role, &value),
                None => {
                    if name == "request_id" {
                        set(&mut fault.request_id, value.as_str());
                    }
                    if value != Value::Null {
                        fault.particulars.details.push((name, value));
                    }
                }
            }
        }
        fault.completed()
    }

    /// Derives what is not said from what is.
    fn completed(mut self) -> Self {
        let fault = &mut self;
        let sentence = fault.sentence.take();
        set(&mut fault.message, sentence.as_deref());
        let status_of = |code: Option<&str>| code.and_then(find_code).map_or(0, |row| row.status);
        let error_type = fault.particulars.error_type.as_deref();
        fault.code_status = status_of(fault.code.as_deref());
        for status in [fault.code_status, status_of(error_type)] {
            if fault.status == 0 {
                fault.status = status;
            }
        }
        if fault.code.is_none() {
            fault.code = error_type
                .filter(|word| is_code(word))
                .map(str::to_ascii_lowercase);
        }
        let message = fault.message.as_deref().unwrap_or_default();
        set(&mut fault.request_id, request_id_in(message));
        self
    }

    fn take(&mut self, role: ErrorFieldRole, value: &Value) {
        let Some(text) = value.as_str() else {
            if let (ErrorFieldRole::Code, Some(status @ 400..=599)) = (role, value.as_integer()) {
                self.status = status as u16;
            }
            return;
        };
        const LONGEST: usize = 1_000;
        let text = shortened(text.trim_ascii(), LONGEST);
        let field = match role {
            ErrorFieldRole::Code if is_code(&text) => {
                return set(&mut self.code, Some(&text.to_ascii_lowercase()));
            }
            ErrorFieldRole::Code => &mut self.sentence,
            ErrorFieldRole::Message => &mut self.message,
            ErrorFieldRole::Type => &mut self.particulars.error_type,
            ErrorFieldRole::Param => &mut self.particulars.param,
            ErrorFieldRole::Suggestion => &mut self.particulars.suggestion,
            ErrorFieldRole::Success => return,
        };
        set(field, Some(&text));
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.code.is_none() && self.message.is_none() && self.status == 0
    }
}

/// An error object whose strings and details are cut to a size that an error can keep.
fn bounded(error: &Value) -> Value {
    const LONGEST: usize = 4_096;
    let shorter = |value: &Value| match value {
        Value::String(text) => Some(Value::String(shortened(text, LONGEST).into())),
        other if other.to_json().len() > LONGEST => None,
        other => Some(other.clone()),
    };
    let Value::Object(entries) = error else {
        return shorter(error).unwrap_or(Value::Null);
    };
    let mut kept = Vec::new();
    for (name, value) in entries.iter().take(MAX_DETAILS) {
        if let Some(value) = shorter(value) {
            kept.push((name.clone(), value));
        }
    }
    Value::Object(kept)
}

/// How many fields of an error object are read.
const MAX_DETAILS: usize = 50;

/// The first text that is not empty counts.
fn set(field: &mut Option<String>, text: Option<&str>) {
    if let (None, Some(text)) = (&field, text)
        && !text.is_empty()
    {
        *field = Some(text.to_owned());
    }
}

/// Whether a string can be a code, and is not a sentence or a number.
fn is_code(text: &str) -> bool {
    const LONGEST: usize = 64;
    let mut has_letter = false;
    for byte in text.bytes() {
        has_letter |= byte.is_ascii_alphabetic();
        if !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.' | b':') {
            return false;
        }
    }
    has_letter && text.len() <= LONGEST
}

/// The id in `... (request id: 20261005abcd)`.
fn request_id_in(message: &str) -> Option<&str> {
    const MARK: &str = "(request id: ";
    let start = find(message, MARK)? + MARK.len();
    let rest = slice(message, start..message.len());
    let id = slice(rest, 0..find(rest, ")")?);
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_kept_up_to_a_size() {
        for (length, is_kept) in [(4_000, true), (5_000, false)] {
            let items = Value::Array(vec![Value::from("x"); length / 4]);
            let error = Value::object([("code", Some("bad".into())), ("seen", Some(items))]);
            let fault = Fault::read(&error);
            assert_eq!(fault.particulars.details.len(), usize::from(is_kept), "{length}");
            assert_eq!(fault.code.as_deref(), Some("bad"));
        }
    }
}
