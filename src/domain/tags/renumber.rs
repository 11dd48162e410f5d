//! The prompt follows when files are reordered or removed.

use super::{Kind, Tag, parse_tags};
use crate::domain::error::Error;
use crate::domain::issue::{Issue, IssueCode, Severity};
use crate::domain::json::{Json, ToJson};
use crate::text::{slice, template};

/// A prompt whose tags follow their files, and the tags that had to go.
#[derive(Clone, Debug, PartialEq)]
pub struct Retagged {
    /// The new prompt.
    pub prompt: String,
    /// The tags whose file is gone, with their offsets in the old prompt. Their text is taken out.
    pub dropped: Vec<Tag>,
}

impl ToJson for Retagged {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("prompt", &self.prompt);
        json.field("dropped", &self.dropped);
        json.close('}');
    }
}

/// Renumbers the tags of one kind: `order[new index - 1]` is the old index, both from 1.
///
/// A tag whose old index is not in `order` is taken out; every other character stays. The identity
/// order changes nothing, and an order followed by its inverse gives the prompt back.
///
/// # Errors
/// An order that names an index twice, 0, or an index past the limit of the kind.
pub fn retag(prompt: &str, kind: Kind, order: &[u32]) -> Result<Retagged, Error> {
    let limit = kind.limits().max_count;
    let noun = kind.as_str();
    for (at, old) in order.iter().enumerate() {
        let message = if !(1..=limit).contains(old) {
            template!(
                "`order` names {} {}, but {}s count from 1 to {}.",
                noun,
                old,
                noun,
                limit
            )
        } else if order.iter().position(|other| other == old) < Some(at) {
            template!("`order` names {} {} twice.", noun, old)
        } else {
            continue;
        };
        let mut issue = Issue::new(Severity::Error, IssueCode::OutOfRange, message);
        issue
            .at("order")
            .item(at)
            .hint("Give the old index of each file, from 1, in the new order.")
            .actual(i64::from(*old).into());
        return Err(Error::validation(vec![issue]));
    }
    let mut out = String::with_capacity(prompt.len());
    let mut dropped = Vec::new();
    let mut done = 0;
    for tag in parse_tags(prompt) {
        if tag.kind != kind {
            continue;
        }
        out.push_str(slice(prompt, done..tag.byte));
        done = tag.bytes().end;
        match order.iter().position(|old| *old == tag.index) {
            Some(new) => {
                out.push('@');
                out.push_str(kind.word());
                out.push_str(&template!("{}", new + 1));
            }
            None => dropped.push(tag),
        }
    }
    out.push_str(slice(prompt, done..prompt.len()));
    Ok(Retagged { prompt: out, dropped })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt_of(prompt: &str, order: &[u32]) -> String {
        retag(prompt, Kind::Image, order).unwrap().prompt
    }

    #[test]
    fn tags_follow_their_files() {
        let prompt = "@Image1 to @Image2, @Video1 moves, @Image3作为风格";
        assert_eq!(
            prompt_of(prompt, &[3, 1, 2]),
            "@Image2 to @Image3, @Video1 moves, @Image1作为风格"
        );
        assert_eq!(prompt_of(prompt, &[1, 2, 3]), prompt);
        assert_eq!(prompt_of(&prompt_of(prompt, &[3, 1, 2]), &[2, 3, 1]), prompt);
    }

    #[test]
    fn a_tag_without_its_file_is_taken_out_and_told() {
        let result = retag("@Image1 then @Image2.", Kind::Image, &[2]).unwrap();
        assert_eq!(result.prompt, " then @Image1.");
        assert_eq!(result.dropped.len(), 1);
        assert_eq!((result.dropped[0].start, result.dropped[0].end), (0, 7));
    }

    #[test]
    fn a_bad_order_is_refused() {
        for order in [&[0][..], &[10], &[1, 1]] {
            assert!(retag("@Image1", Kind::Image, order).is_err(), "{order:?}");
        }
    }
}
