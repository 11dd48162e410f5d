//! Wordings: words and phrases of several languages, searched for in a prompt.

use super::scan::split;

/// The wordings of a list, which are separated by "|".
pub fn wordings(list: &str) -> impl Iterator<Item = &str> {
    split(list, b'|')
}

/// Whether a wording occurs at this byte offset as whole words; a plural "s" may follow.
/// A "*" at its end matches any ending of the word. A wording with non-ASCII characters needs no word boundary.
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
    let ends = open || !letter(end) || bytes.get(end) == Some(&b's') && !letter(end + 1);
    !wording.iter().all(u8::is_ascii) || ends && !(at > 0 && letter(at - 1))
}

/// The byte offset of the last occurrence of any wording of the list.
pub fn rfind_wording(text: &str, list: &str) -> Option<usize> {
    (0..text.len())
        .rev()
        .find(|at| wordings(list).any(|wording| matches_at(text, wording, *at)))
}
