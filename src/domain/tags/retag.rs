//! The prompt follows when files are moved, removed or reordered.

use super::{Kind, Tag, max_index, parse_tags};
use crate::domain::error::Error;
use crate::domain::issue::{Issue, IssueCode, Severity};
use crate::domain::json::{Json, ToJson};
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::text::{push_integer, slice};

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
            issue.hint("Use the numbers of the tags, from 1, each file once.");
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
    /// The tags whose file is removed, with their offsets in the old prompt. Their text is removed too.
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

/// Renumbers the tags of one kind after a change of the files. Every other character stays.
///
/// ```
/// use evolink_video::domain::{Kind, Retag, retag};
///
/// let swapped = retag("@Image1 to @Image2", Kind::Image, &Retag::Move { from: 2, to: 1 }).unwrap();
/// assert_eq!(swapped.prompt, "@Image2 to @Image1");
/// ```
///
/// # Errors
/// A number that is 0 or larger than any model allows, or an order that has a number twice.
pub fn retag(prompt: &str, kind: Kind, change: &Retag) -> Result<Retagged, Error> {
    change.check(kind)?;
    let mut out = String::with_capacity(prompt.len());
    let mut dropped = Vec::new();
    let mut done = 0;
    for tag in parse_tags(prompt) {
        if tag.kind != kind {
            continue;
        }
        out.push_str(slice(prompt, done..tag.start));
        done = tag.end;
        match change.target(tag.index) {
            Some(number) => {
                out.push('@');
                out.push_str(kind.word());
                push_integer(number.into(), &mut out);
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
