//! The clause that contains a tag.

use super::Kind;
use super::wordings::{GLUE, wordings_by_first_byte};
use crate::text::{match_end, matches_at, slice};

/// The longest distance of a wording from its tag, in characters: "replicate @Video1 camera movement" and "use the
/// first frame from @Image1" fit well, the other end of a long clause does not.
const REACH: usize = 48;

/// Whether a character ends a clause.
pub(super) fn is_end(character: char) -> bool {
    matches!(
        character,
        ',' | '.' | ';' | '!' | '?' | '\n' | '\r' | '，' | '、' | '。' | '；' | '！' | '？' | '،' | '؛' | '؟'
    )
}

/// The start of a text, up to the end of its clause or the reach.
pub(crate) fn clause_start(text: &str) -> &str {
    for (count, (at, character)) in text.char_indices().enumerate() {
        if count == REACH || is_end(character) {
            return slice(text, 0..at);
        }
    }
    text
}

/// The end of a text, from the start of its clause or the reach. It begins with the mark that ended the clause before.
pub(crate) fn clause_end(text: &str) -> &str {
    let mut start = text.len();
    for (count, (at, character)) in text.char_indices().rev().enumerate() {
        if count == REACH {
            break;
        }
        start = at;
        if is_end(character) {
            break;
        }
    }
    slice(text, start..text.len())
}

/// Whether a text consists only of words that link a role to its tag, and punctuation.
pub(super) fn is_glue(text: &str) -> bool {
    consists_of(text, |at| GLUE.longest(text, at))
}

/// Whether a text consists only of wordings of roles for this kind, linking words and punctuation.
pub(super) fn is_linked(text: &str, kind: Kind) -> bool {
    consists_of(text, |at| {
        let first = text.as_bytes().get(at).copied().unwrap_or_default();
        let mut best = GLUE.longest(text, at);
        for wording in &wordings_by_first_byte()[usize::from(first)] {
            if wording.kind == kind && matches_at(text, &wording.text, at) {
                best = best.max(Some(match_end(text, &wording.text, at)));
            }
        }
        best
    })
}

/// Whether a text consists of words, whose ends a function returns, and punctuation.
fn consists_of(text: &str, word: impl Fn(usize) -> Option<usize>) -> bool {
    let mut at = 0;
    while let Some(first) = slice(text, at..text.len()).chars().next() {
        let is_punctuation = match first.is_ascii() {
            true => !first.is_ascii_alphanumeric(),
            false => PUNCTUATION.contains(&first),
        };
        at = match word(at) {
            Some(end) => end,
            None if is_punctuation => at + first.len_utf8(),
            None => return false,
        };
    }
    true
}

/// Punctuation between words, besides ASCII.
const PUNCTUATION: [char; 15] = [
    '\u{a0}', '’', '—', '–', '（', '）', '：', '「', '」', '【', '】', '《', '》', '“', '”',
];

/// The text next to a tag, and where in it a wording can begin.
pub(super) struct Clause {
    pub starts: Vec<usize>,
}

impl Clause {
    pub fn new(text: &str) -> Self {
        let mut starts = Vec::new();
        let mut within = false;
        for (at, byte) in text.bytes().enumerate() {
            // The first byte of a character, but not inside of an ASCII word.
            if byte > b' ' && byte & 0xc0 != 0x80 && !(within && byte.is_ascii()) {
                starts.push(at);
            }
            within = byte.is_ascii_alphabetic();
        }
        Self { starts }
    }
}
