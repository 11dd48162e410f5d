//! Files that a prompt names without a tag of their own: by a range ("@Image1-3"), in a list ("@Image1, 2 and 3"), or
//! in words ("the second picture").

use super::clause::Clause;
use super::group::group;
use super::lexicon::Lexicon;
use super::typo::WORDS;
use super::{Kind, Tag};
use crate::text::{fold, slice, wordings};

/// Separators between the ends of a range.
pub(super) const RANGES: &str =
    "-|–|—|~|～|〜|…|...|to|through|thru|until|bis|hasta|até|à|до|إلى|至|到|から|부터|에서";

/// Separators between the numbers of a list.
pub(super) const LISTS: [&str; 19] = [
    ",", "&", "/", "+", "、", "，", "،", "and", "und", "et", "e", "y", "и", "和", "と", "و", "与", "와", "과",
];

/// Whether the text between two numbers makes them a range.
pub(super) fn is_range(between: &str) -> bool {
    let between = between.trim_ascii();
    wordings(RANGES).any(|words| words == between)
}

/// Whether the prompt names a file of this number, by a tag, a range or a list.
pub(crate) fn covers(prompt: &str, tags: &[Tag], kind: Kind, number: u32) -> bool {
    let text = fold(prompt);
    let mut at = 0;
    while let Some(tag) = tags.get(at) {
        let (parts, next) = group(&text, tags, at);
        at = next;
        if tag.kind == kind
            && parts
                .iter()
                .any(|part| (part.first..=part.last).contains(&number))
        {
            return true;
        }
    }
    false
}

/// Whether the prompt mentions files of this kind outside of its tags.
pub(crate) fn mentions(prompt: &str, kind: Kind) -> bool {
    let text = fold(prompt);
    let words = &KIND_WORDS[kind as usize];
    let mut starts = Clause::new(&text).starts.into_iter();
    starts.any(|at| !slice(&text, 0..at).ends_with('@') && words.longest(&text, at).is_some())
}

static KIND_WORDS: [Lexicon; 3] = [
    Lexicon::new(WORDS[0].1),
    Lexicon::new(WORDS[1].1),
    Lexicon::new(WORDS[2].1),
];

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::*;

    #[test]
    fn ranges_and_lists_name_every_file() {
        for (prompt, named) in [
            ("@Image1-3 are places", 3),
            ("@Image1-@Image3 are places", 3),
            ("@Image1 through @Image3", 3),
            ("@Image1 to @Image3 are places", 3),
            ("@Image1, 2 and 3", 3),
            ("@Image1/2/3", 3),
            ("@Image1、2、3", 3),
            ("@Image1から@Image3", 3),
            ("@Image1 bis 3", 3),
            ("@Image1, 2 people walk", 1),
            ("@Image1", 1),
            ("@Image1 walks for 3 seconds", 1),
        ] {
            let tags = parse_tags(prompt);
            for number in 2..=3 {
                let covered = covers(prompt, &tags, Kind::Image, number);
                assert_eq!(covered, number <= named, "{prompt} {number}");
            }
        }
    }

    #[test]
    fn words_for_files_are_mentions() {
        for prompt in [
            "@Image1 walks through the second picture",
            "las otras imágenes: imagen de fondo",
            "@Image1 と2枚目の画像",
        ] {
            assert!(mentions(prompt, Kind::Image), "{prompt}");
        }
        for prompt in ["@Image1 and @Image2", "imagine a cat"] {
            assert!(!mentions(prompt, Kind::Image), "{prompt}");
        }
    }
}
