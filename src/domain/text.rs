//! Slicing, searching and filling in without what the standard library's forms bring along.
//!
//! A slice that can panic prints the text it was cut from, and with it come Unicode's tables of
//! printable characters; the standard search is a two-way matcher. Together they weigh 9 KB brotli.
//! `format!` pads, aligns and counts characters.

use std::borrow::Cow;
use std::ops::Range;
use std::str::Bytes;

/// A template that is being filled in: a piece in the place of each "{}".
pub struct Filling {
    out: String,
    rest: &'static str,
}

// Each of these is there once, and not in each of the hundred messages.
impl Filling {
    /// Nothing is filled in yet.
    #[inline(never)]
    pub fn new(template: &'static str) -> Self {
        Self {
            out: String::new(),
            rest: template,
        }
    }

    /// The text before the next place.
    fn advance(&mut self) -> &mut String {
        let at = find(self.rest, "{}").unwrap_or(self.rest.len());
        self.out.push_str(slice(self.rest, 0..at));
        self.rest = slice(self.rest, at + 2..self.rest.len());
        &mut self.out
    }

    /// A text in the next place.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.advance().push_str(text);
    }

    /// The same, by the address of the text alone, which is shorter to pass.
    #[inline(never)]
    #[allow(clippy::ptr_arg, reason = "its length is not passed along")]
    pub fn string(&mut self, text: &String) {
        self.text(text);
    }

    /// A number in the next place.
    #[inline(never)]
    pub fn integer(&mut self, number: i64) {
        add_integer(number, self.advance());
    }

    /// The whole text.
    #[inline(never)]
    pub fn end(mut self) -> String {
        self.out.push_str(self.rest);
        self.out
    }
}

/// What [`text!`] fills in.
pub trait Piece {
    /// Puts it in the next place.
    fn fill(&self, filling: &mut Filling);
}

impl<P: Piece + ?Sized> Piece for &P {
    fn fill(&self, filling: &mut Filling) {
        (**self).fill(filling);
    }
}

impl Piece for str {
    fn fill(&self, filling: &mut Filling) {
        filling.text(self);
    }
}

impl Piece for String {
    fn fill(&self, filling: &mut Filling) {
        filling.string(self);
    }
}

impl Piece for Cow<'_, str> {
    fn fill(&self, filling: &mut Filling) {
        filling.text(self);
    }
}

impl Piece for i64 {
    fn fill(&self, filling: &mut Filling) {
        filling.integer(*self);
    }
}

impl Piece for u32 {
    fn fill(&self, filling: &mut Filling) {
        filling.integer(i64::from(*self));
    }
}

impl Piece for u16 {
    fn fill(&self, filling: &mut Filling) {
        filling.integer(i64::from(*self));
    }
}

impl Piece for usize {
    fn fill(&self, filling: &mut Filling) {
        filling.integer(*self as i64);
    }
}

/// Adds an integer to a text.
pub fn add_integer(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    add_digits(number.unsigned_abs(), out);
}

fn add_digits(number: u64, out: &mut String) {
    if number > 9 {
        add_digits(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Adds a byte to a text as two hexadecimal digits.
pub fn add_hex(byte: u8, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(DIGITS[usize::from(byte >> 4)] as char);
    out.push(DIGITS[usize::from(byte & 15)] as char);
}

/// `format!` of nothing but "{}", for texts and integers.
macro_rules! text {
    ($template:literal, $($piece:expr),+ $(,)?) => {{
        if false {
            // So that the compiler counts the pieces.
            let _ = format_args!($template, $($piece),+);
        }
        let mut filling = $crate::domain::text::Filling::new($template);
        $($crate::domain::text::Piece::fill(&$piece, &mut filling);)+
        filling.end()
    }};
}
pub(crate) use text;

/// A part of a text; empty if the range is not within it.
pub fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The UTF-16 code units of the character that begins with a byte; none for one within a character.
pub fn units_from(byte: u8) -> u32 {
    match byte {
        0x80..0xc0 => 0,
        0..0xf0 => 1,
        _ => 2,
    }
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

/// The number that a text of nothing but digits is.
pub fn number(text: &str) -> Option<f64> {
    let digit = |value: f64, byte: u8| {
        byte.is_ascii_digit()
            .then(|| value * 10.0 + f64::from(byte - b'0'))
    };
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0.0, digit)
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

/// Whether a text is nothing but white space.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// The wordings of a list, which stand apart by "|".
pub fn wordings(list: &str) -> impl Iterator<Item = &str> {
    split(list, b'|')
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

/// Whether a wording stands at a place of a text as whole words, a plural's "s" allowed.
/// A "*" stands for any ending of the word; a wording with characters beyond ASCII stands anywhere.
pub fn stands(text: &str, wording: &str, at: usize) -> bool {
    let (bytes, wording) = (text.as_bytes(), wording.as_bytes());
    if bytes.get(at) != wording.first() {
        return false;
    }
    let (wording, open) = match wording {
        [stem @ .., b'*'] => (stem, true),
        whole => (whole, false),
    };
    if !bytes.get(at..).is_some_and(|rest| rest.starts_with(wording)) {
        return false;
    }
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let end = at + wording.len();
    let ends = open || !letter(end) || bytes.get(end) == Some(&b's') && !letter(end + 1);
    !wording.iter().all(u8::is_ascii) || ends && !(at > 0 && letter(at - 1))
}

/// Where the last of some wordings stands in a text.
pub fn last_of(text: &str, list: &str) -> Option<usize> {
    (0..text.len())
        .rev()
        .find(|at| wordings(list).any(|wording| stands(text, wording, *at)))
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

/// A text as a message shows it: whole, or its first 59 characters.
pub fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    if beginning(text, LONGEST).len() == text.len() {
        return text.into();
    }
    text!("{}…", beginning(text, LONGEST - 1)).into()
}

/// Words for a list of choices: "480p, 720p or 1080p".
pub fn one_of(words: &[&str]) -> String {
    let mut out = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            out.push_str(if index + 1 == words.len() { " or " } else { ", " });
        }
        out.push_str(word);
    }
    out
}

/// "1 image", "3 videos".
pub fn counted(count: usize, noun: &str) -> String {
    text!("{} {}{}", count, noun, if count == 1 { "" } else { "s" })
}

/// The same but for case and punctuation: "1080P", "16/9", "api_key".
pub fn alike(one: &str, other: &str) -> bool {
    fn letter(bytes: &mut Bytes) -> Option<u8> {
        for byte in bytes {
            if byte.is_ascii_alphanumeric() {
                return Some(byte.to_ascii_lowercase());
            }
        }
        None
    }
    let (mut one, mut other) = (one.bytes(), other.bytes());
    loop {
        let next = letter(&mut one);
        if next != letter(&mut other) {
            return false;
        }
        if next.is_none() {
            return true;
        }
    }
}

/// Letters to insert, delete or replace to make one word the other; at most `FAR`.
pub fn distance(one: &str, other: &str) -> usize {
    const FAR: usize = 9;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) >= FAR {
        return FAR;
    }
    let mut row = Vec::new();
    for cell in 0..other.len() + 1 {
        row.push(cell);
    }
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = i;
        for (cell, b) in other.iter().enumerate() {
            let [left, above] = [if cell == 0 { i + 1 } else { row[cell] }, row[cell + 1]];
            row[cell] = left;
            let best = (diagonal + usize::from(a != b)).min(left + 1).min(above + 1);
            diagonal = above;
            row[cell + 1] = best;
        }
        row[0] = i + 1;
    }
    row.last().copied().unwrap_or(FAR).min(FAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        for (one, other, letters) in [
            ("prompt", "prompt", 0),
            ("prompt", "promt", 1),
            ("duration", "durration", 1),
            ("quality", "qualty", 1),
            ("model", "mdoel", 2),
            ("", "abc", 3),
            ("seed", "prompt", 6),
        ] {
            assert_eq!(
                (distance(one, other), distance(other, one)),
                (letters, letters),
                "{one} {other}"
            );
        }
    }
}
