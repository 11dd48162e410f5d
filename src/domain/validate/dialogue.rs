//! Speech in the prompt, which the reference wants within double quotes.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::tags::{clause_end, clause_start};
use crate::domain::value::Value;
use crate::text::{after, last_of, slice, without};

pub(super) fn check(request: &Value, prompt: &str, report: &mut Report) {
    let silent = request.get("generate_audio") == Some(&Value::Bool(false));
    let quotes = read(prompt, silent);
    if let Some(at) = quotes.unclosed {
        report
            .warning(
                IssueCode::UnclosedQuote,
                "A quote in `prompt` is opened and not closed.".into(),
            )
            .at("prompt")
            .hint("Close it, so that the API knows where the speech ends.")
            .span(at, at + 1);
    }
    if let Some((start, end)) = quotes.speech {
        report
            .warning(
                IssueCode::SilentDialogue,
                "`prompt` has quoted speech, but `generate_audio` is false: nobody will be heard.".into(),
            )
            .at("prompt")
            .hint("Set `generate_audio` to true, or take the speech out.")
            .span(start, end);
    }
}

/// What says that a quote is speech, as wordings of [`last_of`].
const SPEECH: &str = "say*|said|ask*|shout*|whisper*|yell*|repl*|answer*|speak*|spoke|tell*|told|sing*|narrat*|voice*|dialog*|说|道|喊|问|唱|旁白|对白|台词|配音";

/// What says that it is to be seen.
const WRITING: &str = "sign*|text|title*|label*|caption*|read|reading|writ*|word*|letter*|logo|named|called|写|字|标|牌|题|海报";

/// Whether the wording beside a quote says that it is spoken: the nearest before it in its clause; a colon,
/// where none says; or words of speech behind it ("Hi," she says).
fn is_speech(before: &str, behind: &str) -> bool {
    let lead = without(before, &PAUSES);
    let pause = slice(before, lead.len()..before.len());
    let before = clause_end(lead).to_ascii_lowercase();
    let mut rest = behind;
    while let Some(shorter) = after(rest, &PAUSES) {
        rest = shorter;
    }
    let behind = clause_start(rest).to_ascii_lowercase();
    let speech = last_of(&before, SPEECH);
    match last_of(&before, WRITING) {
        None if speech.is_none() => last_of(pause, ":|：").is_some() || last_of(&behind, SPEECH).is_some(),
        writing => speech > writing,
    }
}

/// What may stand between a quote and the wording beside it.
const PAUSES: [&str; 5] = [" ", ",", ":", "，", "："];

/// In UTF-16 code units.
#[derive(Default)]
struct Quotes {
    /// The first that is speech, its marks included; looked for in a silent video only.
    speech: Option<(u32, u32)>,
    /// A quote that is opened and not closed.
    unclosed: Option<u32>,
}

fn read(prompt: &str, silent: bool) -> Quotes {
    let mut quotes = Quotes::default();
    // The first bytes of the marks.
    if !prompt.bytes().any(|byte| matches!(byte, b'"' | 0xe2 | 0xe3)) {
        return quotes;
    }
    let mut open: Option<(char, u32, usize)> = None;
    let mut units = 0;
    let mut before = ' ';
    for (byte, character) in prompt.char_indices() {
        match (character, open) {
            // 6" are inches.
            ('"', None) if before.is_ascii_digit() => {}
            ('"', None) => open = Some(('"', units, byte)),
            ('“', None) => open = Some(('”', units, byte)),
            ('「', None) => open = Some(('」', units, byte)),
            (close, Some((wanted, start, from))) if close == wanted => {
                let after = slice(prompt, byte + close.len_utf8()..prompt.len());
                if silent && quotes.speech.is_none() && is_speech(slice(prompt, 0..from), after) {
                    quotes.speech = Some((start, units + 1));
                }
                open = None;
            }
            _ => {}
        }
        before = character;
        units += character.len_utf16() as u32;
    }
    quotes.unclosed = open.map(|(_, at, _)| at);
    quotes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first quote that is spoken.
    fn speech(prompt: &str) -> Option<String> {
        let (start, end) = read(prompt, true).speech?;
        let units: Vec<u16> = prompt.encode_utf16().collect();
        String::from_utf16(&units[start as usize..end as usize]).ok()
    }

    #[test]
    fn speech_is_told_by_the_wording_beside_it() {
        for prompt in [
            r#"She says: "Hi""#,
            r#"The man stopped the woman and said: "Hi""#,
            r#"The man: "Hi""#,
            r#"He asks "Hi""#,
            r#"A whisper, "Hi""#,
            r#""Hi", she says"#,
            r#""Hi" is shouted from afar"#,
            r#"Narrator: "Hi""#,
            r#"The man reading a book says "Hi""#,
            r#"A deep voice: "Hi""#,
            r#"A sign reads "OPEN". Then he says "Hi""#,
            r#"A sign reads "OPEN" and he says "Hi""#,
        ] {
            assert_eq!(speech(prompt).as_deref(), Some("\"Hi\""), "{prompt}");
        }
        for prompt in [
            "她说：“好”",
            "男人喊“好”",
            "老人问道：“好”",
            "旁白：“好”",
            "“好”，她说",
        ] {
            assert_eq!(speech(prompt).as_deref(), Some("“好”"), "{prompt}");
        }
    }

    #[test]
    fn what_is_to_be_seen_is_no_speech() {
        for prompt in [
            r#"a sign reads "OPEN""#,
            r#"The title: "Dawn""#,
            r#"with the text "Sale""#,
            r#"a neon sign that says nothing but blinks: the words "OPEN""#,
            r#"a label: "Fragile""#,
            r#"a book called "Dawn""#,
            r#"a so-called "smart" house"#,
            r#"a "golden hour" look"#,
            r#"The caption is written as "Day 1""#,
            "招牌写着“营业中”",
            "街道旁的标语：“小心”",
        ] {
            assert_eq!(speech(prompt), None, "{prompt}");
        }
    }
}
