//! Updates the prompt when files are moved, removed or reordered.

use super::group::{Part, group, renumbered};
use super::phrase::phrase;
use super::wordings::folded;
use super::{Kind, Role, Tag, max_index, parse_tags};
use crate::domain::error::Error;
use crate::domain::issue::{Issue, IssueCode, Severity};
use crate::domain::json::{Json, ToJson};
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::text::{push_integer, slice};
use std::ops::Range;

/// A change of the files of one kind. Numbers are those of the tags, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retag {
    /// A file moves to another position; those in between shift.
    Move {
        /// Its old number.
        from: u32,
        /// Its new number.
        to: u32,
    },
    /// A file is removed; those after it move up.
    Remove(u32),
    /// The old number of each file in the new order. Files that are not named are removed.
    Order(Vec<u32>),
}

impl Retag {
    /// The new number of a file, or `None` if it is removed.
    fn target(&self, old: u32) -> Option<u32> {
        match self {
            Retag::Move { from, to } if old == *from => Some(*to),
            Retag::Move { from, to } if *from < old && old <= *to => Some(old - 1),
            Retag::Move { from, to } if *to <= old && old < *from => Some(old + 1),
            Retag::Move { .. } => Some(old),
            Retag::Remove(removed) if old == *removed => None,
            Retag::Remove(removed) => Some(old - u32::from(old > *removed)),
            Retag::Order(order) => order
                .iter()
                .position(|other| *other == old)
                .map(|at| at as u32 + 1),
        }
    }

    /// The name of the change in the npm package, and its numbers.
    fn numbers(&self) -> (&'static str, Vec<u32>) {
        match self {
            Retag::Move { from, to } => ("move", vec![*from, *to]),
            Retag::Remove(removed) => ("remove", vec![*removed]),
            Retag::Order(order) => ("order", order.clone()),
        }
    }

    fn check(&self, kind: Kind) -> Result<(), Error> {
        let (name, numbers) = self.numbers();
        let max = max_index(kind);
        let is_order = matches!(self, Retag::Order(_));
        for (at, number) in numbers.iter().enumerate() {
            let message = if !(1..=max).contains(number) {
                "`{change}` has number {received}, but {kind} numbers are from 1 to {limit}."
            } else if is_order && slice_has(&numbers, at, *number) {
                "`{change}` has {kind} {received} twice."
            } else {
                continue;
            };
            let params = Params::new()
                .text("change", name)
                .text("kind", kind.as_str())
                .number(LIMIT, max.into())
                .number(RECEIVED, (*number).into());
            let mut issue = Issue::new(Severity::Error, IssueCode::OutOfRange, message, params);
            issue.at(name);
            if is_order {
                issue.item(at);
            }
            issue.hint("Use the numbers of the tags, from 1, each only once.");
            return Err(Error::validation(vec![issue]));
        }
        Ok(())
    }
}

/// Whether a number stands before a place.
fn slice_has(numbers: &[u32], at: usize, number: u32) -> bool {
    numbers.iter().take(at).any(|other| *other == number)
}

/// A prompt whose tags follow their files.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Retagged {
    /// The new prompt.
    pub prompt: String,
    /// The tags whose file is removed, with their offsets in the old prompt. A file of a range has those of the range.
    pub dropped: Vec<Tag>,
    /// The text of the old prompt that was removed with each of them: the tag, and the phrase around it if that only
    /// speaks of its file.
    pub removed: Vec<String>,
    /// The files that have another number, as the old and the new one, by the old one.
    pub renumbered: Vec<(u32, u32)>,
}

impl Retagged {
    /// Records the changes of the files that are named together in a range of the old prompt.
    fn note(&mut self, prompt: &str, tags: &[Tag], parts: &[Part], range: &Range<usize>, change: &Retag) {
        let is_gone = parts
            .iter()
            .all(|part| (part.first..=part.last).all(|old| change.target(old).is_none()));
        for (at, part) in parts.iter().enumerate() {
            // With the separator, which is also removed.
            let next = parts.get(at + 1).map(|next| next.bytes.start);
            let start = match at.checked_sub(1) {
                None => range.start,
                Some(before) if next.is_none() && !is_gone => parts[before].bytes.end,
                Some(_) => part.bytes.start,
            };
            let whole = start..next.unwrap_or(range.end);
            for old in part.first..=part.last {
                let Some(number) = change.target(old) else {
                    let tag = file(tags, part, old);
                    self.removed
                        .push(match !part.is_range() || is_gone && old == part.first {
                            true => slice(prompt, whole.clone()).to_owned(),
                            false => tag.text.clone(),
                        });
                    self.dropped.push(tag);
                    continue;
                };
                let pair = (old, number);
                if number != old && !self.renumbered.contains(&pair) {
                    let later = self.renumbered.iter().position(|other| *other > pair);
                    self.renumbered
                        .insert(later.unwrap_or(self.renumbered.len()), pair);
                }
            }
        }
    }
}

/// The tag of a file, also if the prompt names it by a number or a range.
fn file(tags: &[Tag], part: &Part, index: u32) -> Tag {
    let kind = tags[0].kind;
    let own = tags.iter().find(|tag| tag.bytes() == part.bytes);
    own.cloned().unwrap_or_else(|| {
        let mut text = String::from("@");
        text.push_str(kind.word());
        push_integer(index.into(), &mut text);
        let (start, end) = (part.bytes.start, part.bytes.end);
        Tag {
            kind,
            index,
            text,
            start,
            end,
            role: None,
        }
    })
}

/// A file that has another number.
struct Renumbered {
    from: u32,
    to: u32,
}

impl ToJson for Renumbered {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("from", &self.from);
        json.field("to", &self.to);
        json.close('}');
    }
}

impl ToJson for Retagged {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("prompt", &self.prompt);
        json.field("dropped", &self.dropped);
        json.field("removed", &self.removed);
        let mut renumbered = Vec::new();
        for &(from, to) in &self.renumbered {
            renumbered.push(Renumbered { from, to });
        }
        json.field("renumbered", &renumbered);
        json.close('}');
    }
}

/// Renumbers the tags of one kind after a change of the files. A phrase that only speaks of a removed file goes with
/// its tag, and a separator with its entry of a list; every other character stays. A range is rewritten, as a list if
/// the files no longer follow each other.
///
/// If the only files are two frames, a swap leaves the prompt as it is: the API takes the first image as the first
/// frame, whatever its tag.
///
/// ```
/// use evolink_video::domain::{Kind, Retag, retag};
///
/// let swapped = retag("@Image1 to @Image2", Kind::Image, &Retag::Move { from: 2, to: 1 }).unwrap();
/// assert_eq!(swapped.prompt, "@Image2 to @Image1");
/// assert_eq!(swapped.renumbered, [(1, 2), (2, 1)]);
/// ```
///
/// # Errors
/// A number that is 0 or larger than any model allows, or an order that has a number twice.
pub fn retag(prompt: &str, kind: Kind, change: &Retag) -> Result<Retagged, Error> {
    change.check(kind)?;
    let tags = parse_tags(prompt);
    let mut retagged = Retagged {
        prompt: String::with_capacity(prompt.len()),
        dropped: Vec::new(),
        removed: Vec::new(),
        renumbered: Vec::new(),
    };
    let text = folded(prompt);
    let keeps = kind == Kind::Image && are_swapped_frames(&tags, change);
    let mut done = 0;
    let mut at = 0;
    while let Some(tag) = tags.get(at) {
        if tag.kind != kind || keeps {
            at += 1;
            continue;
        }
        let (parts, next) = group(&text, &tags, at);
        let mut range = tag.start..parts.last().map_or(tag.end, |part| part.bytes.end);
        let instead = renumbered(prompt, kind, &parts, &|old| change.target(old));
        if instead.is_none() {
            let end = range.end;
            range = phrase(prompt, &text, &tags, at..next, end);
        }
        // The phrase of the tag before may reach up to this one.
        range.start = range.start.max(done);
        retagged.prompt.push_str(slice(prompt, done..range.start));
        retagged.prompt.push_str(instead.as_deref().unwrap_or_default());
        retagged.note(prompt, &tags[at..next], &parts, &range, change);
        done = range.end.max(tag.end);
        at = next;
    }
    retagged.prompt.push_str(slice(prompt, done..prompt.len()));
    Ok(retagged)
}

/// Whether the tags are those of a first and a last frame only, and the change swaps the two images.
fn are_swapped_frames(tags: &[Tag], change: &Retag) -> bool {
    let is_frame = |tag: &Tag| matches!(tag.role, Some(Role::FirstFrame | Role::LastFrame));
    change.target(1) == Some(2)
        && change.target(2) == Some(1)
        && tags.iter().any(is_frame)
        && tags
            .iter()
            .all(|tag| tag.kind == Kind::Image && tag.index <= 2 && (is_frame(tag) || tag.role.is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt_of(prompt: &str, change: Retag) -> String {
        retag(prompt, Kind::Image, &change).unwrap().prompt
    }

    #[test]
    fn retag_keeps_each_tag_on_its_file() {
        let prompt = "@Image1 to @Image2, @Video1 moves, @Image3作为风格";
        for (change, expected) in [
            (
                Retag::Order(vec![3, 1, 2]),
                "@Image2 to @Image3, @Video1 moves, @Image1作为风格",
            ),
            (Retag::Order(vec![1, 2, 3]), prompt),
            (
                Retag::Move { from: 3, to: 1 },
                "@Image2 to @Image3, @Video1 moves, @Image1作为风格",
            ),
            (
                Retag::Move { from: 1, to: 3 },
                "@Image3 to @Image1, @Video1 moves, @Image2作为风格",
            ),
            (Retag::Move { from: 2, to: 2 }, prompt),
            (Retag::Remove(4), prompt),
            (Retag::Remove(1), " to @Image1, @Video1 moves, @Image2作为风格"),
        ] {
            assert_eq!(prompt_of(prompt, change.clone()), expected, "{change:?}");
        }
    }

    #[test]
    fn removes_and_returns_tags_without_a_file() {
        for change in [Retag::Order(vec![2]), Retag::Remove(1)] {
            let result = retag("@Image1 then @Image2.", Kind::Image, &change).unwrap();
            assert_eq!(result.prompt, " then @Image1.");
            assert_eq!(result.dropped.len(), 1);
            assert_eq!((result.dropped[0].start, result.dropped[0].end), (0, 7));
        }
    }

    #[test]
    fn a_phrase_goes_with_its_file() {
        let result = retag(
            "@Image1 as first frame, @Image2 as character, @Video1 moves",
            Kind::Image,
            &Retag::Remove(1),
        )
        .unwrap();
        assert_eq!(result.prompt, "@Image1 as character, @Video1 moves");
        assert_eq!(result.removed, ["@Image1 as first frame, "]);
        assert_eq!(result.renumbered, [(2, 1)]);
    }

    #[test]
    fn a_swap_of_two_frames_leaves_the_prompt() {
        let swap = Retag::Move { from: 2, to: 1 };
        let prompt = "@Image1 as first frame, @Image2 as last frame";
        assert_eq!(prompt_of(prompt, swap.clone()), prompt);
        // Here the tags assign the roles.
        let prompt = "@Image1 as first frame, @Image2 as last frame, @Image3 as style";
        assert_ne!(prompt_of(prompt, swap), prompt);
    }

    #[test]
    fn rejects_numbers_above_the_limit() {
        for change in [
            Retag::Order(vec![0]),
            Retag::Order(vec![31]),
            Retag::Order(vec![1, 1]),
            Retag::Move { from: 0, to: 1 },
            Retag::Move { from: 1, to: 31 },
            Retag::Remove(0),
        ] {
            assert!(retag("@Image1", Kind::Image, &change).is_err(), "{change:?}");
        }
    }
}
