//! The phrase that is only about one tag: "@Image1 as first frame, ", "@Image2 and ".

use super::Tag;
use super::clause::{clause_end, clause_start, is_end, is_linked};
use crate::text::slice;
use std::ops::Range;

/// What to remove from a prompt with files that are named together: their clause, if it contains only the tags, the
/// wording of their role and linking words; otherwise the tags alone. `tags` are all tags of the prompt, of which those
/// of a range of places go, up to an end in bytes, and `text` is what [`folded`](super::wordings::folded) returns for it.
pub(super) fn phrase(
    prompt: &str,
    text: &str,
    tags: &[Tag],
    gone: Range<usize>,
    until: usize,
) -> Range<usize> {
    let tag = &tags[gone.start];
    let (from, to) = (
        gone.start.checked_sub(1).map_or(0, |last| tags[last].end),
        tags.get(gone.end).map_or(text.len(), |next| next.start),
    );
    let (lead, behind) = (slice(text, from..tag.start), slice(text, until..to));
    let start = tag.start
        - clause_end(lead)
            .trim_start_matches(is_end)
            .trim_ascii_start()
            .len();
    let end = until + clause_start(behind).len();
    // A clause that is cut off contains more than the tag.
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
        && is_linked(slice(text, until..end), tag.kind);
    if !says_only_that {
        return tag.start..until;
    }
    let rest = slice(prompt, end..prompt.len());
    let is_sentence_end = rest.starts_with(['.', '。', '!', '！']);
    let before = slice(prompt, 0..start).trim_ascii_end();
    if (rest.is_empty() || is_sentence_end) && before.ends_with([',', '，', '、', '،', ';', '；']) {
        // The end of a sentence that begins before it.
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
            ("Estilo: @Image1. Un gato duerme.", "Un gato duerme."),
            ("@Image1 as first frame", ""),
            // Unclear, so only the tag is removed.
            (
                "The woman from @Image1 walks through the rain",
                "The woman from  walks through the rain",
            ),
            ("@Image1 walks, @Image2 runs", " walks, @Image2 runs"),
        ] {
            let tags = parse_tags(prompt);
            let range = phrase(prompt, &folded(prompt), &tags, 0..1, tags[0].end);
            assert_eq!(
                prompt[..range.start].to_owned() + &prompt[range.end..],
                rest,
                "{prompt}"
            );
        }
        let prompt = "@Image1 and @Image2 are the twins. They walk.";
        let tags = parse_tags(prompt);
        let range = phrase(prompt, &folded(prompt), &tags, 0..2, tags[1].end);
        assert_eq!(&prompt[range.end..], "They walk.");
    }
}
