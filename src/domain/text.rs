//! Slicing and searching without what the standard library's forms bring along.
//!
//! A slice that can panic prints the text it was cut from, and with it come Unicode's tables of
//! printable characters; the standard search is a two-way matcher. Together they weigh 9 KB brotli.

use std::ops::Range;

/// A part of a text; empty if the range is not within it.
pub fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Where a text first holds another, in bytes.
pub fn find(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes()
        .windows(wanted.len().max(1))
        .position(|window| window == wanted.as_bytes())
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
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The same but for case and punctuation: "1080P", "16/9", "api_key".
pub fn alike(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> Vec<u8> {
        text.bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| byte.to_ascii_lowercase())
            .collect()
    };
    plain(one) == plain(other)
}
