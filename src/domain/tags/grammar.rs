//! What a tag is.
//!
//! ```text
//! tag    = "@" kind index
//! kind   = "Image" | "Video" | "Audio"
//! index  = one digit from 1 to the kind's limit: 9 images, 3 videos, 3 audios
//!
//! before : not an ASCII letter, digit or "_"    (me@Image1.com is an address), or the end of a tag
//! after  : not an ASCII letter, digit or "_"    (@Image12 is not @Image1 and a 2)
//! ```
//!
//! So `@Image1's`, `@Image1，` and `@Image1作为首帧` hold a tag, and `使用@Image1` too.

use super::{Kind, Tag, role};
use crate::text::{slice, units_from};

/// The well-formed tags of a prompt, in order, with their roles.
pub fn parse_tags(prompt: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut before = b' ';
    let mut units: u32 = 0;
    for (at, byte) in prompt.bytes().enumerate() {
        if byte == b'@'
            && (!continues_a_word(before) || tags.last().is_some_and(|tag: &Tag| tag.bytes().end == at))
            && let Some((kind, index, text)) = tag_at(slice(prompt, at..prompt.len()))
        {
            tags.push(Tag {
                kind,
                index,
                text: text.to_owned(),
                start: units,
                end: units + text.len() as u32,
                role: None,
                byte: at,
            });
        }
        before = byte;
        units += units_from(byte);
    }
    role::assign(prompt, &mut tags);
    tags
}

/// The tag that the text begins with.
fn tag_at(text: &str) -> Option<(Kind, u32, &str)> {
    for &kind in Kind::ALL {
        let Some(rest) = text.strip_prefix("@")?.strip_prefix(kind.word()) else {
            continue;
        };
        let mut after = rest.bytes();
        let index = u32::from(after.next().filter(u8::is_ascii_digit)? - b'0');
        let ends = !after.next().is_some_and(continues_a_word);
        let counted = (1..=kind.limits().max_count).contains(&index);
        return (ends && counted).then(|| (kind, index, slice(text, 0..kind.word().len() + 2)));
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
    fn finds_tags_beside_punctuation_and_chinese() {
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
    fn leaves_what_is_no_tag() {
        for prompt in [
            "@Image12",
            "@Image0",
            "@Image",
            "@image1",
            "@Image1st",
            "me@Image1.com",
            "@Video4",
            "@Audio4",
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
    fn counts_offsets_in_utf16() {
        let prompt = "🎬 e\u{301} @Image2 and 𠮷@Audio3.";
        let units: Vec<u16> = prompt.encode_utf16().collect();
        let tags = parse_tags(prompt);
        assert_eq!(tags.len(), 2);
        for tag in tags {
            let slice = &units[tag.start as usize..tag.end as usize];
            assert_eq!(String::from_utf16(slice).unwrap(), tag.text);
            assert_eq!(&prompt[tag.bytes()], tag.text);
        }
    }
}
