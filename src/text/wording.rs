//! Wordings: words and phrases of several languages, searched for in a prompt.

use super::scan::{slice, split};

/// The wordings of a list, which are separated by "|".
pub fn wordings(list: &str) -> impl Iterator<Item = &str> {
    split(list, b'|')
}

/// Whether a wording occurs at this byte offset as whole words; a plural "s" may follow.
/// A "*" at its end matches any ending of the word. An end that is not ASCII matches any ending too: scripts without
/// spaces add particles.
pub fn matches_at(text: &str, wording: &str, at: usize) -> bool {
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
    let is_open = open || wording.last().is_some_and(|last| !last.is_ascii_alphabetic());
    let ends = is_open || !continues(text, end) || bytes.get(end) == Some(&b's') && !letter(end + 1);
    ends && !(is_alphabetic(slice(text, at..text.len())) && begins_within(text, at))
}

/// The end of a wording that occurs at this byte offset; with "*", that of the word.
pub fn match_end(text: &str, wording: &str, at: usize) -> usize {
    let Some(stem) = wording.strip_suffix('*') else {
        return at + wording.len();
    };
    let end = at + stem.len();
    let rest = slice(text, end..text.len());
    end + rest
        .char_indices()
        .find(|(at, _)| !continues(rest, *at))
        .map_or(rest.len(), |(at, _)| at)
}

/// Whether a text begins with a letter of a script that separates words.
fn is_alphabetic(text: &str) -> bool {
    matches!(
        text.chars().next(),
        Some('a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{400}'..='\u{4ff}')
    )
}

/// Whether the word before an offset goes on there.
fn continues(text: &str, at: usize) -> bool {
    is_alphabetic(slice(text, at..text.len()))
}

/// Whether a letter stands directly before an offset.
fn begins_within(text: &str, at: usize) -> bool {
    let before = slice(text, 0..at).bytes().rev();
    let length = before
        .take_while(|byte| byte & 0xc0 == 0x80)
        .fold(1, |length, _| length + 1);
    at > 0 && is_alphabetic(slice(text, at.saturating_sub(length)..at))
}

/// Whether a text ends with a wording of the list.
pub fn ends_with_wording(text: &str, list: &str) -> bool {
    wordings(list)
        .any(|wording| text.ends_with(wording) && matches_at(text, wording, text.len() - wording.len()))
}

/// The byte offset of the last occurrence of any wording of the list.
pub fn rfind_wording(text: &str, list: &str) -> Option<usize> {
    (0..text.len())
        .rev()
        .find(|at| wordings(list).any(|wording| matches_at(text, wording, *at)))
}
