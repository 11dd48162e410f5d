//! Slices and searches that cannot panic.
//!
//! A slice that can panic prints the string it was cut from, and with it come Unicode's tables of
//! printable characters; the standard search is a two-way matcher. Together they weigh 9 KB brotli.

use std::ops::Range;

/// A part of a text; empty if the range is not within it.
pub fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Where a text first holds another, in bytes.
pub fn find(text: &str, wanted: &str) -> Option<usize> {
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let first = wanted.first()?;
    let places = (text.len() + 1).saturating_sub(wanted.len());
    // The first byte alone rules out nearly every place, and costs no call.
    let mut starts = text
        .iter()
        .take(places)
        .enumerate()
        .filter(|(_, byte)| *byte == first);
    starts
        .find(|(at, _)| text.get(*at..).is_some_and(|rest| rest.starts_with(wanted)))
        .map(|(at, _)| at)
}

/// What stands before and after the first place of a mark of ASCII.
pub fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    Some((slice(text, 0..at), slice(text, at + 1..text.len())))
}

/// What stands before and after the last place of a mark of ASCII.
pub fn cut_last(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == mark)?;
    Some((slice(text, 0..at), slice(text, at + 1..text.len())))
}

/// The parts of a text between the places of a mark of ASCII; one at least.
pub fn split(text: &str, mark: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, after) = cut(text, mark).map_or((text, None), |(part, after)| (part, Some(after)));
        rest = after;
        Some(part)
    })
}

/// What follows the one of some beginnings that a text has.
pub fn after<'a>(text: &'a str, beginnings: &[&str]) -> Option<&'a str> {
    beginnings
        .iter()
        .find_map(|beginning| text.strip_prefix(*beginning))
}

/// Where one of some marks stands in a text, in bytes.
pub fn places(text: &str, marks: &'static [&'static str]) -> impl DoubleEndedIterator<Item = usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).filter(move |at| {
        let rest = bytes.get(*at..).unwrap_or_default();
        marks
            .iter()
            .any(|mark| rest.first() == mark.as_bytes().first() && rest.starts_with(mark.as_bytes()))
    })
}

/// A text without these ends, be they there many times.
pub fn without<'a>(text: &'a str, ends: &[&str]) -> &'a str {
    let mut rest = text;
    while let Some(shorter) = ends.iter().find_map(|end| rest.strip_suffix(end)) {
        rest = shorter;
    }
    rest
}

/// The first characters of a text: all of it, if it has no more.
pub fn beginning(text: &str, characters: usize) -> &str {
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

/// Whether a text is nothing but white space.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}
