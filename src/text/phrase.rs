//! Phrases of messages.

use super::scan::beginning;
use super::template;
use std::borrow::Cow;

/// A text as a message shows it: whole, or its first 59 characters.
pub fn shortened(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 60;
    if beginning(text, LONGEST).len() == text.len() {
        return text.into();
    }
    template!("{}…", beginning(text, LONGEST - 1)).into()
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
    template!("{} {}{}", count, noun, if count == 1 { "" } else { "s" })
}
