//! The role that the wording around a tag gives to its file.
//!
//! A wording counts only within the clause of the tag, outside quoted speech, and not past the next tag. The
//! nearest wording counts; of two at the same distance, the one after the tag. Tags of a list ("@Image1,
//! @Image2 and @Image3 are the characters") share the wording before or after the list. A negation in the
//! clause removes the role. Without a wording there is no role: it is never guessed from a distance.
//! `tests/roles.rs` measures precision and recall.

use super::wordings::{LEADING, LISTING, NEGATIONS, Side, WORDINGS};
use super::{Kind, Role, Tag};
use crate::text::{find, match_positions, matches_at, slice, wordings};
use std::sync::OnceLock;

/// How far from its tag a wording may stand, in bytes: "replicate @Video1 camera movement" and "use the
/// first frame from @Image1" fit well, the other end of a long clause does not.
const REACH: usize = 48;

/// Reads the role of each tag from the prompt that they stand in.
pub(super) fn assign(prompt: &str, tags: &mut [Tag]) {
    if tags.is_empty() {
        return;
    }
    let text = unquoted(prompt);
    let mut from = 0;
    while from < tags.len() {
        // The tags of a list, and of one kind, are read together.
        let mut to = from + 1;
        while to < tags.len()
            && tags[to].kind == tags[from].kind
            && LISTING.contains(&between(&text, tags, to))
        {
            to += 1;
        }
        let start = from.checked_sub(1).map_or(0, |before| tags[before].bytes().end);
        let end = tags.get(to).map_or(text.len(), |next| next.start);
        let mut before = clause_end(slice(&text, start..tags[from].start));
        if from > 0 {
            // "@Image1 as first frame and @Image2 …": what stands before "and" is of the tag before.
            before = after_last(before, " and ");
        }
        let after = clause_start(slice(&text, tags[to - 1].bytes().end..end));
        let kind = tags[from].kind;
        let both = to - from == 2 && (names_both(before) || names_both(after));
        let role = if is_quoted(&text, &tags[from]) {
            None
        } else {
            nearest(kind, before, after)
        };
        let continues = from > 0
            && tags[from - 1].role == Some(Role::FirstFrame)
            && LEADING.contains(&between(&text, tags, from));
        for tag in &mut tags[from..to] {
            tag.role = if continues {
                role.or(Some(Role::LastFrame))
            } else {
                role
            };
        }
        if both && kind == Kind::Image {
            tags[from].role = Some(Role::FirstFrame);
            tags[from + 1].role = Some(Role::LastFrame);
        }
        from = to;
    }
}

/// The text between a tag and the one before it.
fn between<'a>(text: &'a str, tags: &[Tag], at: usize) -> &'a str {
    slice(text, tags[at - 1].bytes().end..tags[at].start).trim_ascii()
}

/// What follows the last of some words; all of it where there is none.
fn after_last<'a>(text: &'a str, words: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = find(rest, words) {
        rest = slice(rest, at + words.len()..rest.len());
    }
    rest
}

/// "first and last frame", for a list of two.
fn names_both(text: &str) -> bool {
    ["first and last", "start and end", "首尾帧", "首帧和尾帧"]
        .iter()
        .any(|words| find(text, words).is_some())
}

fn is_quoted(text: &str, tag: &Tag) -> bool {
    slice(text, tag.bytes()).starts_with(" ")
}

/// The prompt in lower case, with spaces for what is quoted: what people say is no instruction.
fn unquoted(prompt: &str) -> String {
    // What ends a quote, and what ends the search for it: an unclosed quote swallows nothing past its line.
    const QUOTES: [(&str, &[&str]); 3] = [("\"", &["\"", "\n"]), ("“", &["”", "\n"]), ("「", &["」", "\n"])];
    // Up to how much of the text is left there is no such end, as an earlier search has found.
    let mut barren = [usize::MAX; 3];
    let mut out = String::with_capacity(prompt.len());
    let mut rest = prompt;
    while let Some(open) = match_positions(rest, &["\"", "“", "「"]).next() {
        let from = slice(rest, open..rest.len());
        let kind = QUOTES.iter().position(|(opening, _)| from.starts_with(opening));
        let kind = kind.unwrap_or(0);
        let (opening, ends) = QUOTES[kind];
        let inner = open + opening.len();
        out.push_str(slice(rest, 0..inner));
        rest = slice(rest, inner..rest.len());
        if rest.len() > barren[kind] {
            continue;
        }
        let end = match_positions(rest, ends).next().unwrap_or(rest.len());
        let closed = slice(rest, end..rest.len());
        match closed.strip_prefix(ends[0]) {
            Some(after) => {
                out.extend(std::iter::repeat_n(' ', end));
                out.push_str(ends[0]);
                rest = after;
            }
            None => barren[kind] = closed.len(),
        }
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
    out
}

/// The role of the wording that stands nearest to the tag.
fn nearest(kind: Kind, before: &str, after: &str) -> Option<Role> {
    let (before, after) = (Clause::new(before), Clause::new(after));
    let mut best: Option<(usize, usize, Role)> = None;
    let mut offer = |distance: usize, length: usize, role: Role| {
        let better = match best {
            None => true,
            Some((least, longest, _)) => distance < least || distance == least && length > longest,
        };
        if better {
            best = Some((distance, length, role));
        }
    };
    for wording in each_wording() {
        if wording.kind != kind || (before.firsts | after.firsts) & wording.first == 0 {
            continue;
        }
        let (text, role) = (wording.text, wording.role);
        if wording.side != Side::Before
            && let Some(at) = after.positions(text).next()
        {
            offer(at, text.len(), role);
        }
        if wording.side != Side::After
            && let Some(at) = before.positions(text).next_back()
        {
            // As near as what follows, it counts less.
            offer(before.text.len() - at - text.len() + 1, text.len(), role);
        }
    }
    let (_, _, role) = best?;
    let negated = |clause: &Clause| NEGATIONS.iter().any(|no| clause.positions(no).next().is_some());
    (!negated(&before) && !negated(&after)).then_some(role)
}

struct Wording {
    /// The [`bit`] of its first byte.
    first: u64,
    kind: Kind,
    role: Role,
    side: Side,
    text: &'static str,
}

/// The table of wordings, one by one; to take its lists apart for each tag would take longer than all else.
fn each_wording() -> &'static [Wording] {
    static EACH: OnceLock<Vec<Wording>> = OnceLock::new();
    EACH.get_or_init(|| {
        let mut each = Vec::new();
        for &(kind, role, side, list) in WORDINGS {
            for text in wordings(list) {
                each.push(Wording {
                    first: text.bytes().next().map_or(0, bit),
                    kind,
                    role,
                    side,
                    text,
                });
            }
        }
        each
    })
}

/// The text beside a tag, and where in it a wording can begin.
struct Clause<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The bytes at the starts, as a set of [`bit`]s: most wordings begin with none of them.
    firsts: u64,
}

impl<'a> Clause<'a> {
    fn new(text: &'a str) -> Self {
        let (mut starts, mut firsts) = (Vec::new(), 0);
        let mut within = false;
        for (at, byte) in text.bytes().enumerate() {
            if byte > b' ' && !(within && byte.is_ascii()) {
                starts.push(at);
                firsts |= bit(byte);
            }
            within = byte.is_ascii_alphabetic();
        }
        Self { text, starts, firsts }
    }

    /// Where a wording stands, in order.
    fn positions(&self, wording: &str) -> impl DoubleEndedIterator<Item = usize> {
        let possible = wording
            .as_bytes()
            .first()
            .is_some_and(|first| self.firsts & bit(*first) != 0);
        let starts: &[usize] = if possible { &self.starts } else { &[] };
        starts
            .iter()
            .copied()
            .filter(move |at| matches_at(self.text, wording, *at))
    }
}

fn bit(byte: u8) -> u64 {
    1 << (byte & 63)
}

/// What ends a clause.
const ENDS: &[&str] = &[",", ".", ";", "!", "?", "\n", "\r", "，", "。", "；", "！", "？"];

/// The start of a text, up to the end of its clause or the reach.
pub(crate) fn clause_start(text: &str) -> &str {
    let mut end = text.len().min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let near = slice(text, 0..end);
    slice(near, 0..match_positions(near, ENDS).next().unwrap_or(end))
}

/// The end of a text, from the start of its clause or the reach.
pub(crate) fn clause_end(text: &str) -> &str {
    let mut start = text.len().saturating_sub(REACH);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let near = slice(text, start..text.len());
    slice(
        near,
        match_positions(near, ENDS).next_back().unwrap_or(0)..near.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::*;

    fn roles(prompt: &str) -> Vec<Option<Role>> {
        parse_tags(prompt).into_iter().map(|tag| tag.role).collect()
    }

    #[test]
    fn detects_the_wordings_of_the_reference() {
        assert_eq!(
            roles("@Image1 as first frame, replicate @Video1 camera movement, @Audio1 for BGM rhythm"),
            [
                Some(Role::FirstFrame),
                Some(Role::CameraMovement),
                Some(Role::BackgroundMusic)
            ]
        );
        for (prompt, role) in [
            ("@Image2 as last frame", Role::LastFrame),
            ("@Image1 as character", Role::Character),
            ("@Image1 as style reference", Role::Style),
            ("@Image1 as scene", Role::Scene),
            ("@Image1 as object", Role::Object),
            ("@Image1 as composition reference", Role::Composition),
            ("replicate @Video1 choreography", Role::Choreography),
            ("use the first frame from @Image1", Role::FirstFrame),
            ("@Image1作为首帧", Role::FirstFrame),
        ] {
            assert_eq!(roles(prompt), [Some(role)], "{prompt}");
        }
    }

    #[test]
    fn ignores_distant_wordings() {
        for prompt in [
            "@Image1",
            "a cat beside @Image1, shot in a painterly style",
            "the camera moves. @Video1 plays",
            "@Image1 shows a person who walks slowly along the wide sandy beach until the last frame",
        ] {
            assert_eq!(roles(prompt), [None], "{prompt}");
        }
    }

    #[test]
    fn tags_in_a_list_share_a_wording() {
        let first_and_last = [Some(Role::FirstFrame), Some(Role::LastFrame)];
        assert_eq!(
            roles("@Image1 and @Image2 as first and last frame"),
            first_and_last
        );
        assert_eq!(roles("start from @Image1, end on @Image2"), first_and_last);
        assert_eq!(roles("morph from @Image1 to @Image2"), first_and_last);
        assert_eq!(
            roles("@Image1, @Image2 and @Image3 are the characters"),
            [Some(Role::Character); 3]
        );
    }

    #[test]
    fn wordings_without_word_boundaries_start_outside_ascii() {
        // What `Clause::starts` rests on.
        for wording in WORDINGS.iter().flat_map(|(.., wordings)| wordings.split('|')) {
            let stem = wording.strip_suffix('*').unwrap_or(wording);
            assert!(stem.is_ascii() || !stem.as_bytes()[0].is_ascii(), "{wording}");
        }
    }

    #[test]
    fn ignores_speech_and_negations() {
        for prompt in [
            "he says \"use @Image1 as first frame\"",
            "she says \"the last frame\" to @Image1",
            "do not use @Image1 as the first frame",
            "不要用@Image1作为首帧",
        ] {
            assert_eq!(roles(prompt), [None], "{prompt}");
        }
    }
}
