//! The role of what a noun beside a tag names, if no wording does: "the sofa from @Image1", "the wizard (@Image1)".
//!
//! The end of the noun decides, as of "baker", or the last character in Chinese and Japanese. Otherwise its place does: a
//! noun after a preposition of places is a scene, one after a verb an object. What begins a clause may be anything.

use super::Role;
use super::clause::is_end;
use super::wordings::{
    AGENTS, AGENTS_ELSEWHERE, ARTICLES, BEFORE_TAGS, FILES, GLUE, LAST, NO_AGENTS, OF, PARTS, SAME, SOURCES,
    WHERE, WITHIN,
};
use crate::text::{ends_with_wording, slice, trim_suffixes, wordings};

/// What a noun of the clause before a tag or after it makes of the file; both in lower case.
pub(super) fn role(lead: &str, behind: &str) -> Option<Role> {
    let lead = lead.trim_ascii_end();
    if WITHIN.end(lead).is_some() {
        return Some(Role::Scene);
    }
    after(behind.trim_ascii_start())
        .or_else(|| by_end(trim_suffixes(lead, BEFORE_TAGS)))
        .or_else(|| phrase(lead))
}

/// "@Image1的气泡水", "@Image1の駅で": what the last character of the noun says, else the particle behind it.
fn after(behind: &str) -> Option<Role> {
    if SAME.occurs(behind) {
        return Some(Role::Object);
    }
    let part = PARTS.strip(behind)?.trim_ascii_start();
    if FILES.begins(part) {
        return None;
    }
    let mut found = None;
    for (count, character) in part.chars().take(7).enumerate() {
        let role = class(character, count > 0);
        match character {
            _ if role.is_some() => found = role,
            'を' | '을' | '를' => return found.or(Some(Role::Object)),
            'で' => return found.or(Some(Role::Scene)),
            _ if found.is_some() || !is_ideograph(character) => break,
            _ => {}
        }
    }
    found
}

/// The role of a noun by its last character.
fn by_end(noun: &str) -> Option<Role> {
    let mut letters = noun.chars().rev().skip_while(|last| *last == '子');
    let last = letters.next()?;
    class(last, letters.next().is_some_and(is_ideograph))
}

/// The role of a noun with this character at its end.
fn class(last: char, has_more: bool) -> Option<Role> {
    let mut list = 0;
    for other in LAST.chars() {
        list += usize::from(other == '|');
        if other == last && (list != 1 || has_more) {
            return [Role::Character, Role::Character, Role::Scene, Role::Object]
                .get(list)
                .copied();
        }
    }
    None
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// The noun phrase before a tag, in languages with spaces.
fn phrase(lead: &str) -> Option<Role> {
    let opened = lead.strip_suffix(['(', ',']);
    let from = SOURCES.end(lead).filter(|_| opened.is_none());
    let (mut rest, noun) = last_word(opened.or(from).unwrap_or(lead))?;
    if noun.len() < 3 || FILES.begins(noun) || GLUE.begins(noun) {
        return None;
    }
    let ends_in_place = !is_cyrillic(noun) || noun.ends_with(['е', 'и', 'у', 'х']);
    let mut is_living = is_agent(noun);
    // The article stands before up to three adjectives.
    for _ in 0..4 {
        let Some((before, word)) = last_word(rest) else {
            break;
        };
        if word.ends_with(is_end) || word.ends_with(':') {
            break;
        }
        // "в пекарне" is where, "в пальто" is not; "en bois" is what something is made of.
        if is_where(word) && word != "en" && ends_in_place {
            return Some(Role::Scene);
        }
        if ARTICLES.begins(word) {
            return if is_living {
                Some(Role::Character)
            } else {
                placed(before)
            };
        }
        // "the back of the rider (@Image1)"
        if from.is_none() && ends_with_wording(word, OF) {
            break;
        }
        is_living |= is_agent_elsewhere(word);
        rest = before;
    }
    (is_living && from.is_some()).then_some(Role::Character)
}

/// The role of a noun by what stands before its article: none at the start of a clause, where things act too.
fn placed(before: &str) -> Option<Role> {
    let (mut before, mut word) = last_word(before)?;
    if matches!(word, "de" | "a") {
        // "dentro de la", "junto a la"
        (before, word) = last_word(before).unwrap_or((before, word));
    }
    if word.ends_with(is_end) || word.ends_with(':') {
        return None;
    }
    // "@Video1 por el refresco" is an exchange.
    let is_place = word == "à" || is_where(word) && (word != "por" || !before.trim_ascii().is_empty());
    Some(if is_place { Role::Scene } else { Role::Object })
}

/// Whether a word ends as nouns for people do in languages with the adjectives behind them.
fn is_agent_elsewhere(word: &str) -> bool {
    ends_in(word, AGENTS_ELSEWHERE)
}

fn ends_in(word: &str, ends: &'static str) -> bool {
    wordings(ends).any(|end| word.len() > end.len() + 2 && word.ends_with(end))
}

/// Whether a noun ends as those for people do: "baker", "cyclist".
pub(super) fn is_agent(noun: &str) -> bool {
    (ends_in(noun, AGENTS) || is_agent_elsewhere(noun)) && !NO_AGENTS.begins(noun)
}

/// The last word of a text, and what stands before it.
pub(super) fn last_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_ascii_end();
    let at = text
        .bytes()
        .rposition(|byte| byte == b' ' || byte == b'\'')
        .map_or(0, |at| at + 1);
    let word = slice(text, at..text.len());
    (!word.is_empty()).then(|| (slice(text, 0..at.saturating_sub(1)), word))
}

/// Whether a word is one of [`WHERE`], without a further ending.
fn is_where(word: &str) -> bool {
    WHERE.longest(word, 0) == Some(word.len())
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().any(|letter| matches!(letter, 'а'..='я'))
}

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::*;
    use Role::{Character, FirstFrame, LastFrame, Object, Scene, SoundEffect, Voice};

    fn roles(prompt: &str) -> Vec<Option<Role>> {
        parse_tags(prompt).into_iter().map(|tag| tag.role).collect()
    }

    #[test]
    fn a_noun_has_the_role_of_its_place() {
        for (prompt, role) in [
            ("She opens the crate from @Image1", Some(Object)),
            ("She opens the old wooden crate (@Image1)", Some(Object)),
            ("She opens, at last, the crate @Image1", None),
            ("She waits by the crate from @Image1", Some(Scene)),
            ("The crate from @Image1 falls", None),
            ("Advert: the crate from @Image1 falls", None),
            ("It falls. The crate from @Image1 opens", None),
            ("She opens the image from @Image1", None),
            ("Ella corre por el muelle de @Image1", Some(Scene)),
            ("Cambia en @Video1 por el refresco de @Image1", Some(Object)),
            ("Espera dentro de la nave de @Image1", Some(Scene)),
            ("Espera junto a la reja de @Image1", Some(Scene)),
            ("Elle va jusqu'à l'arche de @Image1", Some(Scene)),
            ("Il ouvre un coffre en bois de @Image1", Some(Object)),
            ("Gruda nas costas do tatu (@Image1)", None),
            ("Он ждёт в пекарне с @Image1", Some(Scene)),
            ("Он в плащ с @Image1", None),
            ("Плащ с @Image1", None),
            ("She walks through @Image1", Some(Scene)),
        ] {
            assert_eq!(roles(prompt)[prompt.matches('@').count() - 1], role, "{prompt}");
        }
    }

    #[test]
    fn the_end_of_a_noun_may_name_somebody() {
        for (prompt, role) in [
            ("She hugs the juggler from @Image1", Some(Character)),
            ("She lifts the sweater from @Image1", Some(Object)),
            ("Abraza al buceador tranquilo de @Image1", Some(Character)),
            ("Il salue le jongleur de @Image1", Some(Character)),
            ("Позови дрессировщик с @Image1", Some(Character)),
            // Too short for an ending.
            ("She lifts the ier from @Image1", Some(Object)),
        ] {
            assert_eq!(roles(prompt), [role], "{prompt}");
        }
    }

    #[test]
    fn the_last_character_of_a_noun_decides() {
        for (prompt, role) in [
            ("@Image1的气泡水", None),
            ("@Image1的大帽子", Some(Object)),
            ("大帽子@Image1", Some(Object)),
            ("@Image1中的图书馆里", Some(Scene)),
            ("@Image1的放映师打开灯", Some(Character)),
            ("@Image1这只橘猫趴着", Some(Character)),
            ("@Image1的图片", None),
            // 家 alone is a home.
            ("@Image1的家", None),
            ("@Image1的画家", Some(Character)),
            ("充电宝、吹风机@Image1", Some(Object)),
            ("跳的人是@Image1", Some(Character)),
            ("お椀は@Image1", None),
            ("@Image1のソファを置く", Some(Object)),
            ("@Image1のカフェで会う", Some(Scene)),
            ("@Image1の駅で会う", Some(Scene)),
            ("@Image1のカフェが開く", None),
            ("@Image1의 립스틱을 바른다", Some(Object)),
        ] {
            assert_eq!(roles(prompt), [role], "{prompt}");
        }
    }

    #[test]
    fn frames_names_and_counts_give_roles() {
        for (prompt, expected) in [
            (
                "From @Image1 to @Image2: a seed grows",
                [Some(FirstFrame), Some(LastFrame)],
            ),
            ("Slowly from @Image1 to @Image2", [None, None]),
            ("Lena ist @Image1, Paul ist @Image2", [Some(Character); 2]),
            ("Two snails, @Image1 and @Image2, race", [Some(Character); 2]),
            ("Snails, @Image1 and @Image2, race", [None; 2]),
            ("Two files, @Image1 and @Image2, as you like", [None; 2]),
            ("Two snails. @Image1 and @Image2", [None; 2]),
        ] {
            assert_eq!(roles(prompt), expected, "{prompt}");
        }
    }

    #[test]
    fn a_sound_is_a_voice_only_of_people() {
        assert_eq!(roles("钟声用@Audio1"), [Some(SoundEffect)]);
        assert_eq!(roles("女声用@Audio1"), [Some(Voice)]);
        assert_eq!(roles("声音用@Audio1"), [Some(Voice)]);
    }

    #[test]
    fn a_clip_has_a_wording_beyond_tags_of_other_kinds() {
        for (prompt, role) in [
            (
                "The camera circles @Image1 as in @Video1",
                Some(Role::CameraMovement),
            ),
            ("The camera circles @Image1. As in @Video1", None),
            (
                "The camera circles @Image1, @Image2, @Image3, @Image4 and @Image5 as in @Video1",
                None,
            ),
        ] {
            assert_eq!(*roles(prompt).last().unwrap(), role, "{prompt}");
        }
    }
}
