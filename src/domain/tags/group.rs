//! Files that are named together: "@Image1-3", "@Image1 to @Image4", "@Image1, 2 and 3", "@Image1, @Image2 and @Image4".

use super::clause::is_end;
use super::coverage::{LISTS, RANGES, is_range};
use super::grammar::continues_a_word;
use super::wordings::{GLUE, LEADING};
use super::{Kind, Tag, max_index};
use crate::text::{is_blank, push_integer, slice, strip_any_prefix, wordings};
use std::ops::Range;

/// A file of a group, or a range of them.
pub(super) struct Part {
    pub first: u32,
    pub last: u32,
    /// Its position in the prompt.
    pub bytes: Range<usize>,
    /// Separators between the ends of a range, and whether the last one is a tag.
    range: Option<(Range<usize>, bool)>,
    is_tag: bool,
}

impl Part {
    fn one(number: u32, bytes: Range<usize>, is_tag: bool) -> Self {
        Self {
            first: number,
            last: number,
            bytes,
            range: None,
            is_tag,
        }
    }

    pub fn is_range(&self) -> bool {
        self.range.is_some()
    }
}

/// What follows a number or a tag: a separator, and a tag or a number.
struct Next {
    /// The separator, with the spaces around it.
    gap: Range<usize>,
    is_range: bool,
    number: u32,
    end: usize,
    is_tag: bool,
}

/// The files that are named together from a tag on, and the place of the first tag that is not among them. `text` is
/// the prompt in lower case.
pub(super) fn group(text: &str, tags: &[Tag], from: usize) -> (Vec<Part>, usize) {
    let tag = &tags[from];
    let mut parts = vec![Part::one(tag.index, tag.bytes(), true)];
    let mut at = from + 1;
    while let Some(last) = parts.last_mut()
        && let Some(next) = next_of(text, tags.get(at), tag.kind, last)
    {
        if next.is_range {
            last.last = next.number;
            last.bytes.end = next.end;
            last.range = Some((next.gap, next.is_tag));
        } else {
            // "@Image1 and 2 are …", "@Image1, 2 and 3", but not "@Image1, 2 cats".
            let continues = !last.is_tag && next.number == last.last + 1;
            if !next.is_tag && !continues && !ends_name(slice(text, next.end..text.len())) {
                break;
            }
            let start = next.gap.end;
            parts.push(Part::one(next.number, start..next.end, next.is_tag));
        }
        at += usize::from(next.is_tag);
    }
    (parts, at)
}

fn next_of(text: &str, tag: Option<&Tag>, kind: Kind, last: &Part) -> Option<Next> {
    let from = last.bytes.end;
    let rest = slice(text, from..text.len());
    let start = rest.trim_ascii_start();
    let range = wordings(RANGES).find(|word| start.starts_with(word));
    let behind = match range {
        Some(word) => start.strip_prefix(word)?,
        None => {
            let behind = strip_any_prefix(start, &LISTS)?;
            // ", and"
            let next = behind.trim_ascii_start();
            strip_any_prefix(next, &LISTS).unwrap_or(behind)
        }
    };
    let end = text.len() - behind.trim_ascii_start().len();
    let gap = from..end;
    let next = match tag {
        Some(tag) if tag.start == end && tag.kind == kind => Next {
            gap,
            is_range: range.is_some(),
            number: tag.index,
            end: tag.end,
            is_tag: true,
        },
        _ => {
            let rest = slice(text, end..text.len());
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number = slice(rest, 0..length).parse::<u32>().ok()?;
            let behind = slice(rest, length..rest.len());
            // "1.5" is no file.
            let mut after = behind.bytes();
            let is_part = after.next().is_some_and(|byte| {
                continues_a_word(byte)
                    || byte == b'.' && after.next().is_some_and(|byte| byte.is_ascii_digit())
            });
            Next {
                gap,
                is_range: range.is_some(),
                number: (!is_part && last.last < number && number <= max_index(kind)).then_some(number)?,
                end: end + length,
                is_tag: false,
            }
        }
    };
    if !next.is_range {
        return Some(next);
    }
    // "@Image1 to @Image2" are two frames, "@Image1 to @Image5" is a range.
    let between = slice(text, next.gap.clone());
    let is_apart = next.number > last.last + 1 || !LEADING.contains(&between.trim_ascii());
    // "@Image1-3" is always a range; "@Image1 - 3" begins a sentence about three.
    let is_glued = !between
        .bytes()
        .any(|byte| byte == b' ' || byte.is_ascii_alphabetic())
        && !matches!(between, "到" | "至");
    let is_sure = next.is_tag || is_glued || ends_name(slice(text, next.end..text.len()));
    (last.range.is_none() && next.number > last.last && is_range(between) && is_apart && is_sure)
        .then_some(next)
}

/// Whether what follows a number is not what it counts.
fn ends_name(behind: &str) -> bool {
    let behind = behind.trim_ascii_start();
    // In other scripts, letters follow a number directly, and their linking words are known.
    behind
        .chars()
        .next()
        .is_none_or(|first| is_end(first) || first.is_ascii_punctuation())
        || GLUE.begins(behind)
}

/// The group with other numbers, or `None` if no file of it is left.
pub(super) fn renumbered(
    prompt: &str,
    kind: Kind,
    parts: &[Part],
    target: &dyn Fn(u32) -> Option<u32>,
) -> Option<String> {
    let mut kept = Vec::new();
    let mut gaps = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        if let Some(before) = at.checked_sub(1) {
            gaps.push(slice(prompt, parts[before].bytes.end..part.bytes.start));
        }
        let mut numbers: Vec<u32> = Vec::new();
        for number in (part.first..=part.last).filter_map(target) {
            let later = numbers.iter().position(|other| *other > number);
            numbers.insert(later.unwrap_or(numbers.len()), number);
        }
        if !numbers.is_empty() {
            kept.push((part, numbers));
        }
    }
    // The "and" of "A, B and C" is kept, whichever is removed.
    let gaps = &gaps[gaps.len() - kept.len().checked_sub(1)?..];
    let mut out = String::new();
    for (at, (part, numbers)) in kept.iter().enumerate() {
        if let Some(before) = at.checked_sub(1) {
            let gap = gaps[before];
            let word = gap
                .strip_prefix(',')
                .filter(|word| !is_blank(word) && parts.len() > 2 && kept.len() == 2);
            out.push_str(word.unwrap_or(gap));
        }
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        let is_run = last - first + 1 == numbers.len() as u32;
        match &part.range {
            Some((gap, is_tag))
                if is_run
                    && (numbers.len() > 2 || !LEADING.contains(&slice(prompt, gap.clone()).trim_ascii()))
                    && numbers.len() > 1 =>
            {
                push(kind, first, part.is_tag || at == 0, &mut out);
                out.push_str(slice(prompt, gap.clone()));
                push(kind, last, *is_tag, &mut out);
            }
            _ => {
                for (index, number) in numbers.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    push(kind, *number, part.is_tag || at == 0, &mut out);
                }
            }
        }
    }
    Some(out)
}

fn push(kind: Kind, number: u32, is_tag: bool, out: &mut String) {
    if is_tag {
        out.push('@');
        out.push_str(kind.word());
    }
    push_integer(number.into(), out);
}

#[cfg(test)]
mod tests {
    use super::super::{Retag, retag};
    use super::*;

    fn without(number: u32, prompt: &str) -> String {
        retag(prompt, Kind::Image, &Retag::Remove(number)).unwrap().prompt
    }

    #[test]
    fn a_range_follows_its_files() {
        for (prompt, number, expected) in [
            ("@Image1-3 are places", 1, "@Image1-2 are places"),
            ("@Image1-3 are places", 2, "@Image1-2 are places"),
            ("@Image1-3 are places", 4, "@Image1-3 are places"),
            ("@Image2-4 are places", 1, "@Image1-3 are places"),
            ("@Image1-2 are places", 1, "@Image1 are places"),
            ("@Image1 to 4 are places", 2, "@Image1 to 3 are places"),
            (
                "@Image1 to @Image4 are places",
                4,
                "@Image1 to @Image3 are places",
            ),
            ("@Image1 to @Image3 are places", 3, "@Image1, @Image2 are places"),
            ("@Image1~@Image4作为角色", 1, "@Image1~@Image3作为角色"),
            (
                "@Image1から@Image4はキャラクター",
                2,
                "@Image1から@Image3はキャラクター",
            ),
            // Two frames, and a sentence about three.
            ("@Image1 to @Image2, slowly", 3, "@Image1 to @Image2, slowly"),
            ("@Image2 - 3 cats walk", 1, "@Image1 - 3 cats walk"),
            ("@Image2-3.5 seconds", 1, "@Image1-3.5 seconds"),
            ("@Image2-3x", 1, "@Image1-3x"),
            ("@Image2-99", 1, "@Image1-99"),
        ] {
            assert_eq!(without(number, prompt), expected, "{prompt}");
        }
        let order = Retag::Order(vec![1, 2, 4, 3]);
        let result = retag("@Image1-3 are places", Kind::Image, &order).unwrap();
        assert_eq!(result.prompt, "@Image1, @Image2, @Image4 are places");
        assert_eq!(result.renumbered, [(3, 4)]);
        let order = Retag::Order(vec![3, 1, 2]);
        assert_eq!(
            retag("@Image1-3 walk", Kind::Image, &order).unwrap().prompt,
            "@Image1-3 walk"
        );
    }

    #[test]
    fn a_file_of_a_range_is_named_by_its_tag() {
        let result = retag("@Image1-3 are places", Kind::Image, &Retag::Remove(2)).unwrap();
        let dropped = &result.dropped[0];
        assert_eq!((dropped.index, dropped.text.as_str()), (2, "@Image2"));
        assert_eq!((dropped.start, dropped.end), (0, 9));
        assert_eq!(result.removed, ["@Image2"]);
        assert_eq!(result.renumbered, [(3, 2)]);
    }

    #[test]
    fn a_list_keeps_its_last_separator() {
        for (prompt, [first, second, third]) in [
            (
                "@Image1, @Image2 and @Image3 fight",
                ["@Image1 and @Image2 fight"; 3],
            ),
            ("@Image1, @Image2, and @Image3", ["@Image1 and @Image2"; 3]),
            ("@Image1, @Image2 und @Image3", ["@Image1 und @Image2"; 3]),
            ("@Image1, @Image2 y @Image3", ["@Image1 y @Image2"; 3]),
            ("@Image1, @Image2 e @Image3", ["@Image1 e @Image2"; 3]),
            ("@Image1, @Image2 et @Image3", ["@Image1 et @Image2"; 3]),
            ("@Image1, @Image2 и @Image3", ["@Image1 и @Image2"; 3]),
            ("@Image1、@Image2和@Image3", ["@Image1和@Image2"; 3]),
            ("@Image1、@Image2と@Image3", ["@Image1と@Image2"; 3]),
            ("@Image1, @Image2와 @Image3", ["@Image1와 @Image2"; 3]),
            ("@Image1، @Image2 و@Image3", ["@Image1 و@Image2"; 3]),
            ("@Image1, 2 and 3 fight", ["@Image1 and 2 fight"; 3]),
            ("@Image1/2/3", ["@Image1/2"; 3]),
            ("@Image1, @Image2", ["@Image1", "@Image1", "@Image1, @Image2"]),
            (
                "@Image1 and 2 are twins",
                [
                    "@Image1 are twins",
                    "@Image1 are twins",
                    "@Image1 and 2 are twins",
                ],
            ),
            // What is counted.
            (
                "@Image3, 2 cats",
                ["@Image2, 2 cats", "@Image2, 2 cats", ", 2 cats"],
            ),
            (
                "@Image3 and 4 cats",
                ["@Image2 and 4 cats", "@Image2 and 4 cats", " and 4 cats"],
            ),
        ] {
            assert_eq!(without(1, prompt), first, "{prompt}");
            assert_eq!(without(2, prompt), second, "{prompt}");
            assert_eq!(without(3, prompt), third, "{prompt}");
        }
        let order = Retag::Order(vec![2]);
        let result = retag("@Image1, @Image2 and @Image3 fight", Kind::Image, &order).unwrap();
        assert_eq!(result.prompt, "@Image1 fight");
        assert_eq!(result.removed, ["@Image1, ", " and @Image3"]);
        let result = retag(
            "@Image1 and @Image2 are the twins. They walk.",
            Kind::Image,
            &Retag::Order(vec![]),
        )
        .unwrap();
        assert_eq!(result.prompt, "They walk.");
        assert_eq!(result.removed, ["@Image1 and ", "@Image2 are the twins. "]);
    }
}
