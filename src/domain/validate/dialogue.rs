//! Speech in the prompt, which the reference wants in double quotes.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::params::Params;
use crate::domain::tags::{clause_end, clause_start, is_json};
use crate::domain::value::Value;
use crate::text::{rfind_wording, slice, strip_any_prefix, trim_suffixes};

pub(super) fn check(request: &Value, prompt: &str, report: &mut Report) {
    if is_json(prompt) {
        return;
    }
    let silent = request.get("generate_audio").and_then(Value::as_bool) == Some(false);
    let quotes = read(prompt, silent);
    if let Some(at) = quotes.unclosed {
        let message = "`prompt` opens a quote but does not close it.";
        report
            .warning(IssueCode::UnclosedQuote, message, Params::new())
            .at("prompt")
            .hint("Close the quote, so that the API knows where the speech ends.")
            .span(at, at + mark_length(prompt, at));
    }
    if let Some((start, end)) = quotes.speech {
        let message = "`prompt` has quoted speech, but `generate_audio` is false, so it will not be heard.";
        report
            .warning(IssueCode::SilentDialogue, message, Params::new())
            .at("prompt")
            .hint("Set `generate_audio` to true, or remove the speech.")
            .span(start, end);
    }
}

/// Wordings beside a quote that is spoken.
const SPEECH: &str = "say*|said|ask*|shout*|whisper*|yell*|reply|replies|replied|answer*|speak*|spoke|tell*|told|sing*|narrat*|voice*|dialog*|sagt|dice|dit|diz|говор*|说|道|喊|问|唱|旁白|对白|台词|配音";

/// Wordings beside a quote that is written somewhere in the picture.
const WRITING: &str = "sign*|text|title*|label*|caption*|read|reading|writ*|word*|letter*|logo|named|called|写|字|标|牌|题|海报";

/// Whether a quote is spoken: by the nearest wording before it in its clause; without one, by a colon before
/// it or a wording of speech after it ("Hi," she says).
fn is_speech(before: &str, behind: &str) -> bool {
    let lead = trim_suffixes(before, &PAUSES);
    let pause = slice(before, lead.len()..before.len());
    let before = clause_end(lead).to_ascii_lowercase();
    let mut rest = behind;
    while let Some(shorter) = strip_any_prefix(rest, &PAUSES) {
        rest = shorter;
    }
    let behind = clause_start(rest).to_ascii_lowercase();
    let speech = rfind_wording(&before, SPEECH);
    match rfind_wording(&before, WRITING) {
        None if speech.is_none() => {
            let written = rfind_wording(&behind, WRITING).is_some();
            rfind_wording(pause, ":|：").is_some() || !written && rfind_wording(&behind, SPEECH).is_some()
        }
        writing => speech > writing,
    }
}

/// What may stand between a quote and the wording beside it.
const PAUSES: [&str; 5] = [" ", ",", ":", "，", "："];

/// Byte offsets of quotes.
#[derive(Default)]
struct Quotes {
    /// The first that is speech, its marks included; only in a silent video.
    speech: Option<(usize, usize)>,
    /// A quote that is opened and not closed.
    unclosed: Option<usize>,
}

/// The bytes of the mark at an offset.
fn mark_length(prompt: &str, at: usize) -> usize {
    let rest = slice(prompt, at..prompt.len());
    rest.chars().next().map_or(0, char::len_utf8)
}

fn read(prompt: &str, silent: bool) -> Quotes {
    let mut quotes = Quotes::default();
    // The first bytes of the marks.
    if !prompt
        .bytes()
        .any(|byte| matches!(byte, b'"' | 0xc2 | 0xe2 | 0xe3))
    {
        return quotes;
    }
    let mut open: Option<(char, usize)> = None;
    let mut before = ' ';
    for (byte, character) in prompt.char_indices() {
        match (character, open) {
            // 6" are inches.
            ('"', None) if before.is_ascii_digit() => {}
            ('"', None) => open = Some(('"', byte)),
            ('“', None) => open = Some(('”', byte)),
            ('「', None) => open = Some(('」', byte)),
            ('«', None) => open = Some(('»', byte)),
            ('„', None) => open = Some(('“', byte)),
            (close, Some((wanted, start))) if close == wanted => {
                let end = byte + close.len_utf8();
                let after = slice(prompt, end..prompt.len());
                if silent && quotes.speech.is_none() && is_speech(slice(prompt, 0..start), after) {
                    quotes.speech = Some((start, end));
                }
                open = None;
            }
            _ => {}
        }
        before = character;
    }
    quotes.unclosed = open.map(|(_, at)| at);
    quotes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first quote that is spoken.
    fn speech(prompt: &str) -> Option<String> {
        let (start, end) = read(prompt, true).speech?;
        Some(prompt[start..end].to_owned())
    }

    #[test]
    fn detects_speech_by_the_wording_next_to_a_quote() {
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
    fn json_is_not_speech() {
        for (prompt, is) in [
            (r#"{"shot":{"camera":"slow dolly","subject":"a cat"}}"#, true),
            (r#" [ {"say": "Hi"} ]"#, true),
            (r#"[Scene 1] He says "Hi""#, false),
            (r#"He says "Hi""#, false),
        ] {
            assert_eq!(is_json(prompt), is, "{prompt}");
        }
    }

    #[test]
    fn visible_text_is_not_speech() {
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
            r#"replace the "BELIEVE" lettering with "HOPE""#,
            r#"an "OPEN" sign, a voice in the distance"#,
            "招牌写着“营业中”",
            "街道旁的标语：“小心”",
        ] {
            assert_eq!(speech(prompt), None, "{prompt}");
        }
    }
}
