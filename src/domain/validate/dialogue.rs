//! Speech in the prompt, which the reference wants within double quotes.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::value::Value;

pub(super) fn check(request: &Value, prompt: &str, report: &mut Report) {
    let speech = read(prompt);
    if let Some(at) = speech.unclosed {
        report
            .warning(
                IssueCode::UnclosedQuote,
                "A quote in `prompt` is opened and not closed.".into(),
            )
            .at("prompt")
            .hint("Close it, so that the API knows where the speech ends.")
            .span(at, at + 1);
    }
    if let (Some((start, end)), Some(Value::Bool(false))) = (speech.first, request.get("generate_audio")) {
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

/// In UTF-16 code units.
#[derive(Default)]
struct Speech {
    /// The first quoted speech, its quotes included.
    first: Option<(u32, u32)>,
    /// A quote that is opened and not closed.
    unclosed: Option<u32>,
}

fn read(prompt: &str) -> Speech {
    let mut speech = Speech::default();
    let mut open: Option<(char, u32)> = None;
    let mut units = 0;
    let mut before = ' ';
    for character in prompt.chars() {
        match (character, open) {
            // 6" are inches.
            ('"', None) if before.is_ascii_digit() => {}
            ('"', None) => open = Some(('"', units)),
            ('“', None) => open = Some(('”', units)),
            ('「', None) => open = Some(('」', units)),
            (close, Some((wanted, start))) if close == wanted => {
                speech.first.get_or_insert((start, units + 1));
                open = None;
            }
            _ => {}
        }
        before = character;
        units += character.len_utf16() as u32;
    }
    speech.unclosed = open.map(|(_, at)| at);
    speech
}
