//! The role that the wording around a tag gives to its file.
//!
//! A wording counts only within the clause of the tag, outside quoted speech, and not past the next tag. A wording
//! belongs to one tag: it is not read again for the next one. If there is one on each side, the side with a linking
//! word counts ("@Image1 as …", "… from @Image1"), else the nearer one. Tags of a list ("@Image1, @Image2 and @Image3
//! are the characters") or a range share the wording before or after it. A negation in the clause removes the role.
//! Without a wording there is no role: it is never guessed from a distance. `tests/roles.rs` measures precision and
//! recall.

use super::clause::{Clause, clause_end, clause_start, is_end, is_glue};
use super::coverage::is_range;
use super::grammar::tag_at;
use super::noun::{self, is_agent, last_word};
use super::wordings::{
    ACTIONS, ARTICLES, AS, BOTH_FRAMES, COPULAS, COUNTS, FILES, FROM, FROM_FRAME, LATE_NEGATIONS, LEADING,
    LISTING, MORPHING, NAMED, NEGATIONS, PRONOUNS, Side, folded, wordings_by_first_byte,
};
use super::{Kind, Role, Tag};
use crate::text::{
    ends_with_wording, fold, is_blank, match_end, match_positions, matches_at, rfind_wording, slice,
    strip_any_prefix, wordings,
};
use std::ops::Range;

/// The most tags that are read. No valid prompt has as many, and each takes microseconds.
const MAX_READ: usize = 500;

/// How many tags of other kinds may stand between a clip and its wording.
const NEIGHBORS: usize = 4;

/// Detects the role of each tag from the prompt that contains it.
pub(super) fn assign(prompt: &str, tags: &mut [Tag]) {
    if tags.is_empty() {
        return;
    }
    let text = unquoted(prompt);
    // Up to where the wordings belong to earlier tags.
    let mut taken = 0;
    let mut from = 0;
    while from < tags.len().min(MAX_READ) {
        let to = list_end(&text, tags, from);
        let before = taken..tags[from].start;
        let after = tags[to - 1].end..tags.get(to).map_or(text.len(), |next| next.start);
        let place = Place {
            text: &text,
            kind: tags[from].kind,
            lead: clause_end(slice(&text, before.clone())),
            behind: clause_start(slice(&text, after.clone())),
            before,
            after,
            own: own_text(tags, from, to, text.len()),
            is_next_alike: tags.get(to).is_some_and(|next| next.kind == tags[from].kind),
        };
        taken = place.after.start;
        let mut role = None;
        if !is_quoted(&text, &tags[from])
            && let Some(found) = place.read()
        {
            role = Some(found.role);
            taken = taken.max(found.end);
        }
        if role.is_none() && place.kind == Kind::Image && !place.is_alone() && !place.is_negated() {
            let is_somebody = is_subject(prompt, &place) || to > from + 1 && place.is_counted();
            role = match is_somebody {
                true => Some(Role::Character),
                false => noun::role(place.lead, place.behind),
            };
        }
        if from > 0 && role.is_none() && place.kind == Kind::Image && starts(&text, tags, from) {
            tags[from - 1].role = Some(Role::FirstFrame);
            role = Some(Role::LastFrame);
        }
        if from > 0 && place.kind == Kind::Image && leads(&text, tags, from) {
            role = role.or(Some(Role::LastFrame));
        }
        for tag in &mut tags[from..to] {
            tag.role = role;
        }
        if to - from == 2 && place.kind == Kind::Image && place.names_both_frames() {
            tags[from].role = Some(Role::FirstFrame);
            tags[from + 1].role = Some(Role::LastFrame);
        }
        from = to;
    }
    repeat_roles(tags);
}

/// Gives a file that is named again the role of its first mention.
fn repeat_roles(tags: &mut [Tag]) {
    let mut roles = Vec::new();
    for tag in tags {
        let same = roles
            .iter()
            .find(|(kind, index, _)| *kind == tag.kind && *index == tag.index);
        match (tag.role, same) {
            (None, Some((.., role))) => tag.role = Some(*role),
            // One entry for each file, of which there are few.
            (Some(role), None) => roles.push((tag.kind, tag.index, role)),
            _ => {}
        }
    }
}

/// The end of a list or a range of tags of one kind, which are read together.
fn list_end(text: &str, tags: &[Tag], from: usize) -> usize {
    let mut to = from + 1;
    while let Some(next) = tags.get(to) {
        let last = &tags[to - 1];
        let between = between(text, tags, to);
        // "@Image1 to @Image2" are two frames, "@Image1 to @Image5" is a range.
        let is_range = is_range(between) && (next.index > last.index + 1 || !LEADING.contains(&between));
        if next.kind != last.kind || !is_range && !LISTING.contains(&between) {
            break;
        }
        to += 1;
    }
    to
}

/// The range between the tags of the same kind before and after a list of tags.
fn own_text(tags: &[Tag], from: usize, to: usize, length: usize) -> Range<usize> {
    let kind = tags[from].kind;
    let first = from.saturating_sub(NEIGHBORS);
    let start = first.checked_sub(1).map_or(0, |outer| tags[outer].end);
    let before = tags[first..from].iter().rev().find(|tag| tag.kind == kind);
    let end = tags.get(to + NEIGHBORS).map_or(length, |outer| outer.start);
    let after = tags[to..].iter().take(NEIGHBORS).find(|tag| tag.kind == kind);
    before.map_or(start, |tag| tag.end)..after.map_or(end, |tag| tag.start)
}

/// The text between a tag and the one before it.
pub(super) fn between<'a>(text: &'a str, tags: &[Tag], at: usize) -> &'a str {
    slice(text, tags[at - 1].end..tags[at].start).trim_ascii()
}

/// Whether the video leads from the tag before to this one: "from @Image1 to @Image2", "@Image1 turns into @Image2".
fn leads(text: &str, tags: &mut [Tag], at: usize) -> bool {
    let between = between(text, tags, at);
    let before = &mut tags[at - 1];
    if before.kind != Kind::Image || !LEADING.iter().any(|words| between.ends_with(words)) {
        return false;
    }
    let is_whole = LEADING.contains(&between);
    let morphs = before.role.is_none() && !is_whole && rfind_wording(between, MORPHING).is_some();
    if morphs {
        before.role = Some(Role::FirstFrame);
    }
    morphs || is_whole && before.role == Some(Role::FirstFrame)
}

/// "From @Image1 to @Image2".
fn starts(text: &str, tags: &[Tag], at: usize) -> bool {
    let before = &tags[at - 1];
    let lead = clause_end(slice(text, 0..before.start))
        .trim_start_matches(is_end)
        .trim_ascii();
    LEADING.contains(&between(text, tags, at))
        && before.kind == Kind::Image
        && before.role.is_none()
        && wordings(FROM_FRAME).any(|word| word == lead)
}

fn is_quoted(text: &str, tag: &Tag) -> bool {
    slice(text, tag.bytes()).starts_with(" ")
}

/// The prompt in lower case, with spaces instead of quoted speech, which is not an instruction.
fn unquoted(prompt: &str) -> String {
    if is_json(prompt) {
        return folded(prompt);
    }
    // What ends a quote, and what ends the search for it: an unclosed quote swallows nothing past its line.
    const QUOTES: [(&str, &[&str]); 5] = [
        ("\"", &["\"", "\n"]),
        ("“", &["”", "\n"]),
        ("「", &["」", "\n"]),
        ("«", &["»", "\n"]),
        ("„", &["“", "\n"]),
    ];
    // Up to how much of the text is left there is no such end, as an earlier search has found.
    let mut barren = [usize::MAX; 5];
    let mut out = String::with_capacity(prompt.len());
    let mut rest = prompt;
    while let Some(open) = match_positions(rest, &["\"", "“", "「", "«", "„"]).next() {
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
                match slice(rest, 0..end) {
                    tag if is_tag(tag) => out.push_str(tag),
                    _ => out.extend(std::iter::repeat_n(' ', end)),
                }
                out.push_str(ends[0]);
                rest = after;
            }
            None => barren[kind] = closed.len(),
        }
    }
    out.push_str(rest);
    folded(&out)
}

fn is_tag(quoted: &str) -> bool {
    tag_at(quoted.trim_ascii()).is_some_and(|(_, _, text)| text == quoted.trim_ascii())
}

/// Whether a prompt is written as JSON, whose quotes are no speech.
pub(crate) fn is_json(prompt: &str) -> bool {
    let rest = prompt.trim_ascii_start();
    let rest = strip_any_prefix(rest, &["{", "["]).unwrap_or_default();
    matches!(rest.trim_ascii_start().bytes().next(), Some(b'"' | b'{' | b'['))
}

/// The place of a tag or a list of tags.
struct Place<'a> {
    text: &'a str,
    kind: Kind,
    /// From the tag before, or the wording that belongs to it.
    before: Range<usize>,
    /// Up to the next tag.
    after: Range<usize>,
    /// What is between the tags of this kind before and after.
    own: Range<usize>,
    /// Whether the next tag is of the same kind.
    is_next_alike: bool,
    /// The clause before the tag.
    lead: &'a str,
    /// The clause after it.
    behind: &'a str,
}

/// A wording beside a tag, as byte offsets in the text.
struct Found {
    role: Role,
    start: usize,
    end: usize,
}

impl<'a> Place<'a> {
    /// Whether the clause contains only the tag, and no sentence follows it.
    fn is_alone(&self) -> bool {
        is_blank(self.lead) && is_blank(slice(self.text, self.after.clone()))
    }

    /// The wording that gives the place its role.
    fn read(&self) -> Option<Found> {
        let (lead, behind) = (self.lead, self.behind);
        if self.is_alone() {
            return None;
        }
        let before = self.nearest(lead, self.before.end - lead.len(), true);
        let mut after = self.nearest(behind, self.after.start, false);
        let binds_after = AS.begins(behind.trim_ascii_start());
        // "@Image1@Image2 fight scene": what follows is of neither.
        let is_glued = slice(self.text, 0..self.before.end).ends_with(|last: char| last.is_ascii_digit());
        if is_glued && !binds_after {
            return None;
        }
        let binds_before = FROM.end(lead.trim_ascii_end()).is_some();
        // The next tag stands in the same clause.
        let is_shared = behind.len() == self.after.len() && self.is_next_alike;
        if let Some(found) = &after
            && is_shared
            && !binds_after
            && is_glue(slice(self.text, found.end..self.after.end))
            && (before.is_some() || !is_glue(slice(self.text, self.after.start..found.start)))
        {
            after = None;
        }
        // "the framing of @Image1: …"
        let is_described = behind.starts_with([':', '：', '(', '（']) && binds_before;
        let chosen = match (before, after) {
            (Some(before), Some(after)) => {
                let distances = (self.before.end - before.end, after.start - self.after.start);
                let is_after = binds_after && !is_described || !binds_before && distances.1 <= distances.0;
                Some(if is_after { after } else { before })
            }
            (before, after) => before.or(after),
        };
        let chosen = match self.kind {
            Kind::Image => chosen,
            _ => chosen.or_else(|| self.in_sentence()),
        };
        chosen
            .filter(|found| !self.is_denied(found))
            .map(|found| self.heard(found))
    }

    /// "警报声", "吉他声": 声 is a voice only of people.
    fn heard(&self, mut found: Found) -> Found {
        let word = slice(self.text, found.start..found.end);
        let last = slice(self.text, 0..found.start)
            .chars()
            .next_back()
            .unwrap_or(' ');
        if word == "声" && matches!(last, '\u{4e00}'..='\u{9fff}') && !"人男女童嗓原".contains(last) {
            found.role = Role::SoundEffect;
        }
        found
    }

    /// "Two robots, @Image1 and @Image2, play chess".
    fn is_counted(&self) -> bool {
        let lead = slice(self.text, self.before.clone()).trim_ascii_end();
        let Some(phrase) = lead.strip_suffix([',', '(', ':', '，', '（', '：', '、']) else {
            return false;
        };
        let phrase = clause_end(phrase);
        COUNTS.occurs(phrase) && !FILES.occurs(phrase)
    }

    /// The wording of a clip or a sound in another clause of its sentence: "in @Video1, change the season".
    fn in_sentence(&self) -> Option<Found> {
        const ENDS: &[&str] = &[".", "!", "?", "\n", "。", "！", "？", "؟"];
        let read = |before: Range<usize>, after: Range<usize>| {
            let after = slice(self.text, after);
            let end = match_positions(after, ENDS).next().unwrap_or(after.len());
            let before = slice(self.text, before);
            let start = match_positions(before, ENDS).last().unwrap_or_default();
            let before = slice(before, start..before.len());
            self.nearest(slice(after, 0..end), self.after.start, false)
                .or_else(|| self.nearest(before, self.before.end - before.len(), true))
        };
        read(self.before.clone(), self.after.clone())
            .or_else(|| read(self.own.start..self.before.end, self.after.start..self.own.end))
    }

    /// Whether the prompt rejects a wording.
    fn is_denied(&self, found: &Found) -> bool {
        let start = self.before.end - self.lead.len();
        let up_to = found.start.max(self.before.end);
        let leads = ends_with_wording(slice(self.text, 0..found.start).trim_ascii_end(), "no|无|無");
        leads || self.is_negated() || NEGATIONS.occurs(slice(self.text, start..up_to))
    }

    /// Whether the prompt rejects the tag itself.
    fn is_negated(&self) -> bool {
        let lead = self.lead;
        NEGATIONS.occurs(lead)
            || LATE_NEGATIONS.occurs(self.behind)
            || self.kind == Kind::Image && ends_with_wording(lead.trim_ascii_end(), "no")
    }

    /// The wording of a clause that is nearest to the tag; if several are equally near, the longest.
    fn nearest(&self, clause: &str, offset: usize, is_before: bool) -> Option<Found> {
        let mut best: Option<Found> = None;
        let table = wordings_by_first_byte();
        for at in Clause::new(clause).starts {
            let first = clause.as_bytes().get(at).copied().unwrap_or_default();
            for wording in &table[usize::from(first)] {
                let opposite = if is_before { Side::After } else { Side::Before };
                if wording.kind != self.kind
                    || wording.side == opposite
                    || !matches_at(clause, &wording.text, at)
                {
                    continue;
                }
                let (start, end) = (offset + at, offset + match_end(clause, &wording.text, at));
                let is_better = best.as_ref().is_none_or(|best| match is_before {
                    true => end > best.end || end == best.end && start < best.start,
                    false => start < best.start || start == best.start && end > best.end,
                });
                let gap = if is_before {
                    end..self.before.end
                } else {
                    self.after.start..start
                };
                if is_better && (wording.side != Side::Near || is_glue(slice(self.text, gap))) {
                    best = Some(Found {
                        role: wording.role,
                        start,
                        end,
                    });
                }
            }
        }
        best
    }

    /// "first and last frame", for a list of two.
    fn names_both_frames(&self) -> bool {
        [self.lead, self.behind]
            .iter()
            .any(|text| rfind_wording(text, BOTH_FRAMES).is_some())
    }
}

/// Whether a text begins with a capital letter and a small one.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    let is_capital = letters
        .next()
        .is_some_and(|letter| matches!(letter, 'A'..='Z' | 'À'..='Þ' | 'А'..='Я'));
    is_capital
        && letters
            .next()
            .is_some_and(|letter| matches!(letter, 'a'..='z' | 'ß'..='ÿ' | 'а'..='я'))
}

/// "Mia (@Image1)", "Captain Oru = @Image1", "the baker, @Image2": a name or the noun of somebody who acts.
fn is_named_before(prompt: &str, place: &Place) -> bool {
    let lead = slice(prompt, place.before.clone()).trim_ascii_end();
    let copula = last_word(lead).filter(|(_, word)| ends_with_wording(word, COPULAS));
    let phrase = match copula {
        Some((phrase, _)) => phrase,
        None => match lead.strip_suffix(['(', '=', '（', ',']) {
            Some(phrase) => phrase,
            None => return false,
        },
    };
    let Some((before, noun)) = last_word(phrase) else {
        return false;
    };
    if is_agent(noun) && !lead.ends_with("is") {
        return true;
    }
    // A noun with an article is not a name, even if it is capitalized.
    let has_article = last_word(before).is_some_and(|(_, word)| ARTICLES.begins(&fold(word)));
    !lead.ends_with(',') && is_name(noun) && !has_article
}

/// Whether an image is that of somebody, without a wording of a role: "@Image1 walks", "@Image1 is Mia", "@Image1. She …".
fn is_subject(prompt: &str, place: &Place) -> bool {
    let behind = place.behind;
    let after = slice(place.text, place.after.clone());
    let rest = after.trim_ascii_start();
    if ACTIONS.begins(rest) {
        return true;
    }
    if is_named_before(prompt, place) {
        return true;
    }
    let name = NAMED.strip(rest).map(|behind| {
        let start = place.after.end - behind.len();
        slice(prompt, start..prompt.len()).trim_ascii_start()
    });
    if name.is_some_and(is_name) {
        return true;
    }
    // The clause has nothing but the tag, and the next sentence begins with a pronoun.
    let next = slice(place.text, place.after.start + behind.len()..place.after.end);
    let next = next.trim_start_matches(is_end).trim_ascii_start();
    is_glue(place.lead) && is_glue(behind) && PRONOUNS.begins(next)
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
            "@Image1 flickers and glows and shimmers slowly along the wide sandy beach until the last frame",
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
    fn tags_without_a_space_between_have_no_wording_behind_them() {
        assert_eq!(roles("@Image1@Image2@Image3 fight scene"), [None; 3]);
        assert_eq!(
            roles("@Image1@Image2 as last frame"),
            [None, Some(Role::LastFrame)]
        );
    }

    #[test]
    fn a_clip_has_the_wording_of_its_sentence() {
        for (prompt, role) in [
            ("In @Video1, change the season to winter.", Some(Role::Editing)),
            (
                "One long crane shot, as seen in @Video1.",
                Some(Role::CameraMovement),
            ),
            ("See @Video1. Change the season.", None),
            ("The camera rests. See @Video1.", None),
        ] {
            assert_eq!(roles(prompt), [role], "{prompt}");
        }
        assert_eq!(roles("See @Image1, change the season, the hero"), [None]);
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
