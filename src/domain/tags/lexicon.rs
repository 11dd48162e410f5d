//! Lists of words, by their first byte.

use super::clause::Clause;
use crate::text::{match_end, matches_at, slice, wordings};
use std::sync::OnceLock;

/// A list of wordings, of which most are ruled out by their first byte: a prompt may have thousands of tags.
pub(super) struct Lexicon {
    list: &'static str,
    words: OnceLock<Vec<Vec<&'static str>>>,
}

impl Lexicon {
    pub const fn new(list: &'static str) -> Self {
        Self {
            list,
            words: OnceLock::new(),
        }
    }

    fn words(&self) -> &[Vec<&'static str>] {
        self.words.get_or_init(|| {
            let mut words = vec![Vec::new(); 64];
            for word in wordings(self.list) {
                words[bucket(word.as_bytes().first())].push(word);
            }
            words
        })
    }

    /// The words that occur at an offset.
    fn at<'a>(&self, text: &'a str, at: usize) -> impl Iterator<Item = &'static str> + use<'_, 'a> {
        let words = &self.words()[bucket(text.as_bytes().get(at))];
        words
            .iter()
            .copied()
            .filter(move |word| matches_at(text, word, at))
    }

    /// What follows a word that the text begins with.
    pub fn strip<'a>(&self, text: &'a str) -> Option<&'a str> {
        let end = self.longest(text, 0)?;
        Some(slice(text, end..text.len()))
    }

    pub fn begins(&self, text: &str) -> bool {
        self.at(text, 0).next().is_some()
    }

    /// The end of the longest word that occurs at an offset.
    pub fn longest(&self, text: &str, at: usize) -> Option<usize> {
        self.at(text, at).map(|word| match_end(text, word, at)).max()
    }

    pub fn occurs(&self, text: &str) -> bool {
        let starts = Clause::new(text).starts;
        starts.into_iter().any(|at| self.at(text, at).next().is_some())
    }

    /// The longest word that the text ends with.
    pub fn end<'a>(&self, text: &'a str) -> Option<&'a str> {
        let mut best = "";
        for word in self.words().iter().flatten() {
            if word.len() > best.len()
                && text.ends_with(word)
                && matches_at(text, word, text.len() - word.len())
            {
                best = word;
            }
        }
        text.strip_suffix(best).filter(|_| !best.is_empty())
    }
}

fn bucket(first: Option<&u8>) -> usize {
    first.map_or(0, |first| usize::from(first & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    static WORDS: Lexicon = Lexicon::new("in|shown in|danc*|の");

    #[test]
    fn finds_words_at_either_end_and_within() {
        assert_eq!(WORDS.strip("dancing alone"), Some(" alone"));
        assert_eq!(WORDS.end("the sofa shown in"), Some("the sofa "));
        assert!(WORDS.occurs("she dances"));
        assert!(!WORDS.occurs("inside"));
        assert!(WORDS.begins("の色"));
    }
}
