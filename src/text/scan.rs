//! Slicing and searching that cannot panic.
//!
//! The standard library's slicing panics with the string in its message, which pulls in Unicode's tables
//! of printable characters; its search is a two-way matcher. Together they add 9 KB (brotli).

use std::ops::Range;

/// A substring; empty if the range is out of bounds or splits a character.
pub fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The byte offset of the first occurrence.
pub fn find(text: &str, wanted: &str) -> Option<usize> {
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let first = wanted.first()?;
    let offsets = (text.len() + 1).saturating_sub(wanted.len());
    // The first byte alone rules out nearly every offset, without a call.
    let mut starts = text
        .iter()
        .take(offsets)
        .enumerate()
        .filter(|(_, byte)| *byte == first);
    starts
        .find(|(at, _)| text.get(*at..).is_some_and(|rest| rest.starts_with(wanted)))
        .map(|(at, _)| at)
}

/// [`str::split_once`] for an ASCII delimiter.
pub fn split_once(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == delimiter)?;
    Some((slice(text, 0..at), slice(text, at + 1..text.len())))
}

/// [`str::rsplit_once`] for an ASCII delimiter.
pub fn rsplit_once(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == delimiter)?;
    Some((slice(text, 0..at), slice(text, at + 1..text.len())))
}

/// [`str::split`] for an ASCII delimiter.
pub fn split(text: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, after) =
            split_once(text, delimiter).map_or((text, None), |(part, after)| (part, Some(after)));
        rest = after;
        Some(part)
    })
}

/// The rest after the first of the prefixes that the string starts with.
pub fn strip_any_prefix<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| text.strip_prefix(*prefix))
}

/// The byte offsets at which any of the patterns occurs.
pub fn match_positions(
    text: &str,
    patterns: &'static [&'static str],
) -> impl DoubleEndedIterator<Item = usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).filter(move |at| {
        let rest = bytes.get(*at..).unwrap_or_default();
        patterns
            .iter()
            .any(|pattern| rest.first() == pattern.as_bytes().first() && rest.starts_with(pattern.as_bytes()))
    })
}

/// Removes any of the suffixes, repeatedly.
pub fn trim_suffixes<'a>(text: &'a str, suffixes: &[&str]) -> &'a str {
    let mut rest = text;
    while let Some(shorter) = suffixes.iter().find_map(|suffix| rest.strip_suffix(suffix)) {
        rest = shorter;
    }
    rest
}

/// At most this many characters from the start.
pub fn first_chars(text: &str, characters: usize) -> &str {
    let mut count = 0;
    for (at, byte) in text.bytes().enumerate() {
        // The first byte of a character.
        if byte & 0xc0 != 0x80 {
            if count == characters {
                return slice(text, 0..at);
            }
            count += 1;
        }
    }
    text
}

/// Whether a string is empty or whitespace only.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
