//! The phrase that only speaks of one tag: "@Image1 as first frame, ", "@Image2 and ".

use super::Tag;
use super::clause::{clause_end, clause_start, is_end, is_linked};
use super::role::between;
use super::wordings::LISTING;
use crate::text::slice;
use std::ops::Range;

/// What to take out of a prompt with a tag: its clause, if that has nothing but the tag, the wording of its role and
/// linking words; its place in a list; otherwise the tag alone. `tags` are all tags of the prompt, and `text` is what
/// [`folded`](super::wordings::folded) returns for it.
pub(super) fn phrase(prompt: &str, text: &str, tags: &[Tag], at: usize) -> Range<usize> {
    let tag = &tags[at];
    // Whether a tag continues a list.
    let continues =
        |at: usize| tags[at].kind == tags[at - 1].kind && LISTING.contains(&between(text, tags, at));
    if at + 1 < tags.len() && continues(at + 1) {
        return tag.start..tags[at + 1].start;
    }
    if at > 0 && continues(at) {
        return tags[at - 1].end..tag.end;
    }
    let (from, to) = (
        at.checked_sub(1).map_or(0, |last| tags[last].end),
        tags.get(at + 1).map_or(text.len(), |next| next.start),
    );
    let (lead, behind) = (slice(text, from..tag.start), slice(text, tag.end..to));
    let start = tag.start
        - clause_end(lead)
            .trim_start_matches(is_end)
            .trim_ascii_start()
            .len();
    let end = tag.end + clause_start(behind).len();
    // A clause that is cut off has more in it than the tag.
    let is_whole = |rest: &str| rest.is_empty() || rest.chars().next().is_some_and(is_end);
    let is_begun = slice(text, 0..start)
        .trim_ascii_end()
        .chars()
        .next_back()
        .is_none_or(is_end);
    let says_only_that = tag.role.is_some()
        && is_begun
        && is_whole(slice(text, end..text.len()))
        && is_linked(slice(text, start..tag.start), tag.kind)
        && is_linked(slice(text, tag.end..end), tag.kind);
    if !says_only_that {
        return tag.start..tag.end;
    }
    let rest = slice(prompt, end..prompt.len());
    let is_sentence_end = rest.starts_with(['.', '。', '!', '！']);
    let before = slice(prompt, 0..start).trim_ascii_end();
    if (rest.is_empty() || is_sentence_end) && before.ends_with([',', '，', '、', '،', ';', '；']) {
        // The end of a sentence that goes on before it.
        let length = before.chars().next_back().map_or(0, char::len_utf8);
        return before.len() - length..end;
    }
    let mark = rest.chars().next().map_or(0, char::len_utf8);
    let behind = slice(prompt, end + mark..prompt.len());
    start..prompt.len() - behind.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::super::wordings::folded;
    use super::*;

    #[test]
    fn takes_out_what_only_speaks_of_the_tag() {
        for (prompt, rest) in [
            (
                "@Image1 as first frame, replicate @Video1 camera movement",
                "replicate @Video1 camera movement",
            ),
            ("A cat runs, @Image1 as last frame.", "A cat runs."),
            ("use the first frame from @Image1, slow push in", "slow push in"),
            ("以@Image1为首帧，花从含苞到盛开", "花从含苞到盛开"),
            ("@Image1をキャラクターとして使用。走る", "走る"),
            ("@Image1 and @Image2 are the twins", "@Image2 are the twins"),
            ("Estilo: @Image1. Un gato duerme.", "Un gato duerme."),
            ("@Image1 as first frame", ""),
            // Unclear, so that only the tag goes.
            (
                "The woman from @Image1 walks through the rain",
                "The woman from  walks through the rain",
            ),
            ("@Image1 walks, @Image2 runs", " walks, @Image2 runs"),
        ] {
            let tags = parse_tags(prompt);
            let range = phrase(prompt, &folded(prompt), &tags, 0);
            assert_eq!(
                prompt[..range.start].to_owned() + &prompt[range.end..],
                rest,
                "{prompt}"
            );
        }
        let prompt = "@Image1, @Image2 and @Image3 are the twins";
        let range = phrase(prompt, &folded(prompt), &parse_tags(prompt), 2);
        assert_eq!(&prompt[range], " and @Image3");
    }
}
