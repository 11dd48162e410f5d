//! The grammar of a tag.
//!
//! ```text
//! tag    = "@" kind index
//! kind   = "Image" | "Video" | "Audio"
//! index  = a number without leading zeros, from 1 to the most files that any model takes
//!
//! before : not an ASCII letter, digit or "_"    (me@Image1.com is an address), or the end of a tag
//! after  : not an ASCII letter, digit or "_"    (@Image1st is not a tag)
//! ```
//!
//! So `@Image1's`, `@Image1，` and `@Image1作为首帧` contain a tag, and so does `使用@Image1`.

use super::{Kind, Tag, max_index, role};
use crate::text::slice;

/// The well-formed tags of a prompt, in order, with their roles.
///
/// ```
/// let tags = evolink_video::domain::parse_tags("@Image1 as first frame");
/// assert_eq!((tags[0].index, tags[0].start, tags[0].end), (1, 0, 7));
/// ```
pub fn parse_tags(prompt: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut before = b' ';
    for (at, byte) in prompt.bytes().enumerate() {
        if byte == b'@'
            && (!continues_a_word(before) || tags.last().is_some_and(|tag: &Tag| tag.end == at))
            && let Some((kind, index, text)) = tag_at(slice(prompt, at..prompt.len()))
        {
            tags.push(Tag {
                kind,
                index,
                text: text.to_owned(),
                start: at,
                end: at + text.len(),
                role: None,
            });
        }
        before = byte;
    }
    role::assign(prompt, &mut tags);
    tags
}

/// The tag that the text begins with.
pub(super) fn tag_at(text: &str) -> Option<(Kind, u32, &str)> {
    for &kind in Kind::ALL {
        let Some(rest) = text.strip_prefix("@")?.strip_prefix(kind.word()) else {
            continue;
        };
        let mut index = 0;
        let mut length = 1 + kind.word().len();
        for byte in rest.bytes() {
            let digit = match byte {
                b'0' if index == 0 => return None,
                b'0'..=b'9' => u32::from(byte - b'0'),
                _ if continues_a_word(byte) => return None,
                _ => break,
            };
            index = index * 10 + digit;
            length += 1;
            if index > max_index(kind) {
                return None;
            }
        }
        return (index > 0).then(|| (kind, index, slice(text, 0..length)));
    }
    None
}

pub(super) fn continues_a_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(prompt: &str) -> Vec<String> {
        parse_tags(prompt).into_iter().map(|tag| tag.text).collect()
    }

    #[test]
    fn finds_tags_next_to_punctuation_and_chinese() {
        for prompt in [
            "@Image1's",
            "@Image1，",
            "@Image1作为首帧",
            "使用@Image1",
            "(@Image1)",
            "\r\n@Image1",
        ] {
            assert_eq!(texts(prompt), ["@Image1"], "{prompt}");
        }
    }

    #[test]
    fn ignores_text_that_is_not_a_tag() {
        for prompt in [
            "@Image31",
            "@Image100000000000",
            "@Image01",
            "@Image0",
            "@Image",
            "@image1",
            "@Image1st",
            "me@Image1.com",
            "@Video11",
            "@Audio11",
            "@ Image1",
            "＠Image1",
            "@Image１",
            "@Image1_a",
            "@",
            "",
            "@@",
        ] {
            assert_eq!(texts(prompt), [""; 0], "{prompt}");
        }
    }

    #[test]
    fn numbers_have_as_many_digits_as_a_model_allows() {
        for (prompt, kind, index) in [
            ("@Image10", Kind::Image, 10),
            ("@Image30，", Kind::Image, 30),
            ("@Video10", Kind::Video, 10),
            ("@Audio9", Kind::Audio, 9),
        ] {
            let tags = parse_tags(prompt);
            assert_eq!((tags[0].kind, tags[0].index), (kind, index), "{prompt}");
        }
    }

    #[test]
    fn offsets_are_bytes() {
        let prompt = "🎬 e\u{301} @Image2 and 𠮷@Audio3.";
        let tags = parse_tags(prompt);
        assert_eq!(tags.len(), 2);
        for tag in tags {
            assert_eq!(&prompt[tag.bytes()], tag.text);
        }
    }
}
