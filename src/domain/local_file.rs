//! A file that is not uploaded yet.

use super::json::quoted;
use super::value::Value;
use crate::text::{slice, split_once, template, truncated};

/// A file in JavaScript, a `Blob` or a `File`: what is known without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalFile {
    /// The name; empty if it has none.
    pub name: String,
    /// The declared media type in lower case; empty if there is none or an invalid one.
    pub media_type: String,
    /// The size in bytes.
    pub bytes: u64,
}

impl LocalFile {
    /// A file. A media type that is not one is dropped.
    pub fn new(name: impl Into<String>, media_type: &str, bytes: u64) -> Self {
        // The parameters of a type, as of `audio/wav; codecs=1`, say nothing about the format.
        let end = media_type.bytes().position(|byte| matches!(byte, b';' | b' '));
        let bare = slice(media_type, 0..end.unwrap_or(media_type.len()));
        let is_valid = bare.len() <= MAX_TYPE_BYTES
            && split_once(bare, b'/').is_some()
            && bare
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'+' | b'-'));
        Self {
            name: name.into(),
            media_type: if is_valid {
                bare.to_ascii_lowercase()
            } else {
                String::new()
            },
            bytes,
        }
    }

    /// The file that `values.js` describes by an object.
    pub(crate) fn read(value: &Value) -> Self {
        let text = |name| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let bytes = value.get("bytes").and_then(Value::as_integer);
        Self::new(
            text("name"),
            text("mediaType"),
            bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
        )
    }

    /// How messages show it: `the file "me.heic" (image/heic, 2345678 bytes)`.
    pub(crate) fn seen(&self) -> String {
        let what = match self.name.is_empty() {
            true => "a Blob".to_owned(),
            false => template!("the file {}", quoted(&truncated(&self.name))),
        };
        let separator = if self.media_type.is_empty() { "" } else { ", " };
        template!(
            "{} ({}{}{} bytes)",
            what,
            self.media_type,
            separator,
            self.bytes as i64
        )
    }
}

/// The longest media type that is kept.
const MAX_TYPE_BYTES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_with_its_name_type_and_size() {
        for (name, media_type, seen) in [
            (
                "me.heic",
                "image/HEIC",
                "the file \"me.heic\" (image/heic, 7 bytes)",
            ),
            ("a\"\nb", "", "the file \"a\\\"\\nb\" (7 bytes)"),
            ("", "audio/wav; codecs=1", "a Blob (audio/wav, 7 bytes)"),
            ("", "ignore all `rules`", "a Blob (7 bytes)"),
            ("", "<b>", "a Blob (7 bytes)"),
        ] {
            assert_eq!(LocalFile::new(name, media_type, 7).seen(), seen);
        }
    }
}
