//! What was meant as a tag and is not one. Nobody knows whether the API binds it to a file.
//!
//! ```text
//! typo   = ("@" | "＠") [" "] word [" " | "_" | "-" | "#"] number     unless it is a tag
//!        | ("@" | "＠") ("image" | "video" | "audio") in any case, without a number
//!        | ("[" | "【") ["@"] word [" "] number ("]" | "】")
//! word   = one of WORDS in any case
//! number = digits, full-width ones too
//! ```
//!
//! Before and after stands what may stand before and after a tag.

use super::grammar::continues_a_word;
use super::{Kind, Tag, max_index};
use crate::text::{parse_digits, slice, strip_any_prefix, wordings};

/// Something that was meant as a tag.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Typo {
    /// As written.
    pub text: String,
    /// Byte offset in the prompt.
    pub start: usize,
    /// Byte offset of what follows it.
    pub end: usize,
    /// The kind of file that was meant.
    pub kind: Kind,
    /// The number that was given, if any.
    pub index: Option<u32>,
}

impl Typo {
    /// Whether only the number is wrong.
    pub fn is_out_of_range(&self) -> bool {
        let digits = self
            .text
            .strip_prefix("@")
            .and_then(|text| text.strip_prefix(self.kind.word()));
        digits.and_then(parse_digits).is_some()
            && !self
                .index
                .is_some_and(|index| (1..=max_index(self.kind)).contains(&index))
    }
}

/// Words in lower case; the longer ones first where one begins another.
const WORDS: &[(Kind, &str)] = &[
    (
        Kind::Image,
        "images|image|img|picture|photo|pic|bild|imagen|foto|图片|图像|照片|图",
    ),
    (Kind::Video, "videos|video|vid|clip|视频"),
    (Kind::Audio, "audios|audio|aud|sound|music|音频|音乐|声音"),
];

/// What was meant as a tag, in order; `tags` are the well-formed ones.
pub fn find_typos(prompt: &str, tags: &[Tag]) -> Vec<Typo> {
    let mut typos: Vec<Typo> = Vec::new();
    let mut before = b' ';
    let mut done = 0;
    for (at, byte) in prompt.bytes().enumerate() {
        // The first bytes of "@", "＠", "[" and "【".
        if matches!(byte, b'@' | 0xef | b'[' | 0xe3)
            && at >= done
            && !continues_a_word(before)
            && tags.binary_search_by_key(&at, |tag| tag.start).is_err()
            && let Some((kind, index, length)) = typo_at(slice(prompt, at..prompt.len()))
        {
            let text = slice(prompt, at..at + length);
            done = at + length;
            typos.push(Typo {
                text: text.to_owned(),
                start: at,
                end: done,
                kind,
                index,
            });
        }
        before = byte;
    }
    typos
}

/// The kind, the number and the length in bytes of the typo that the text begins with.
fn typo_at(text: &str) -> Option<(Kind, Option<u32>, usize)> {
    const AT: [&str; 2] = ["@", "＠"];
    let (bracket, mut rest) = if let Some(rest) = text.strip_prefix("[") {
        (Some("]"), rest)
    } else if let Some(rest) = text.strip_prefix("【") {
        (Some("】"), rest)
    } else {
        (None, strip_any_prefix(text, &AT)?)
    };
    if bracket.is_some() {
        rest = strip_any_prefix(rest, &AT).unwrap_or(rest);
    }
    rest = rest.strip_prefix(" ").unwrap_or(rest);
    let (kind, word, behind) = WORDS.iter().find_map(|(kind, words)| {
        let word = wordings(words).find(|word| {
            rest.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })?;
        Some((*kind, word, slice(rest, word.len()..rest.len())))
    })?;
    let (index, end) = digits(strip_any_prefix(behind, &[" ", "_", "-", "#"]).unwrap_or(behind));
    let end = match (index, bracket) {
        (Some(_), None) => end,
        (Some(_), Some(close)) => end.strip_prefix(close)?,
        // Without a number it counts only as the exact word of a tag: "@music" may be a name.
        (None, None) if matches!(word, "image" | "video" | "audio") => behind,
        (None, _) => return None,
    };
    let ends = bracket.is_some() || !end.bytes().next().is_some_and(continues_a_word);
    ends.then(|| (kind, index, text.len() - end.len()))
}

/// The number that a text begins with, and what follows it.
fn digits(text: &str) -> (Option<u32>, &str) {
    let mut value = None;
    for (byte, character) in text.char_indices() {
        let digit = match character {
            '0'..='9' => character as u32 - '0' as u32,
            '０'..='９' => character as u32 - '０' as u32,
            _ => return (value, slice(text, byte..text.len())),
        };
        value = Some(value.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::*;

    fn typos(prompt: &str) -> Vec<(String, Kind, Option<u32>)> {
        let found = find_typos(prompt, &parse_tags(prompt));
        for typo in &found {
            assert_eq!(&prompt[typo.start..typo.end], typo.text);
        }
        found
            .into_iter()
            .map(|typo| (typo.text, typo.kind, typo.index))
            .collect()
    }

    #[test]
    fn finds_common_typos() {
        for (text, kind, index) in [
            ("@image1", Kind::Image, Some(1)),
            ("@IMAGE1", Kind::Image, Some(1)),
            ("@img1", Kind::Image, Some(1)),
            ("@Image 1", Kind::Image, Some(1)),
            ("@ Image1", Kind::Image, Some(1)),
            ("@Image_1", Kind::Image, Some(1)),
            ("@Image01", Kind::Image, Some(1)),
            ("[Image1]", Kind::Image, Some(1)),
            ("[@Image1]", Kind::Image, Some(1)),
            ("【图片1】", Kind::Image, Some(1)),
            ("@图片1", Kind::Image, Some(1)),
            ("@bild1", Kind::Image, Some(1)),
            ("＠Image1", Kind::Image, Some(1)),
            ("@Image１", Kind::Image, Some(1)),
            ("@视频2", Kind::Video, Some(2)),
            ("@vid1", Kind::Video, Some(1)),
            ("@音乐1", Kind::Audio, Some(1)),
            ("@Image", Kind::Image, None),
            ("@Image0", Kind::Image, Some(0)),
            ("@Image31", Kind::Image, Some(31)),
            ("@Video11", Kind::Video, Some(11)),
        ] {
            for prompt in [
                text.to_owned(),
                format!("🎬 use {text}, please"),
                format!("使用{text}作为"),
            ] {
                assert_eq!(typos(&prompt), [(text.to_owned(), kind, index)], "{prompt}");
            }
        }
    }

    #[test]
    fn ignores_other_words() {
        for prompt in [
            "@Image1",
            "me@image1.com",
            "@music",
            "@imagine",
            "@videographer",
            "@",
            "[x]",
            "[image]",
            "@Image1st",
            "image 1",
            "@clipboard",
            "@pic",
        ] {
            assert_eq!(typos(prompt), [], "{prompt}");
        }
    }

    #[test]
    fn distinguishes_numbers_out_of_range_from_misspellings() {
        for (prompt, out) in [
            ("@Image0", true),
            ("@Image31", true),
            ("@Video11", true),
            ("@image10", false),
            ("@Image01", false),
        ] {
            let typo = &find_typos(prompt, &[])[0];
            assert_eq!(typo.is_out_of_range(), out, "{prompt}");
        }
    }
}
