//! Phrases for messages.

use super::scan::first_chars;
use super::template;
use std::borrow::Cow;

/// A string for a message: unchanged up to 60 characters, else its first 59 and an ellipsis.
pub fn truncated(text: &str) -> Cow<'_, str> {
    shortened(text, 60)
}

/// A string unchanged up to a number of characters, else its beginning and an ellipsis.
pub fn shortened(text: &str, longest: usize) -> Cow<'_, str> {
    if first_chars(text, longest).len() == text.len() {
        return text.into();
    }
    template!("{}…", first_chars(text, longest - 1)).into()
}

/// Joins choices: "480p, 720p or 1080p".
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
    template!("{} {}{}", count, noun, if count == 1 { "" } else { "s" })
}
