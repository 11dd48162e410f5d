//! The prompt, and the files that its tags name.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::limits::LIMITS;
use crate::domain::text::counted;
use crate::domain::tokens::estimate_tokens;
use crate::domain::value::Value;

pub(super) fn check(request: &Value, report: &mut Report) {
    let issue = match request.get("prompt") {
        Some(Value::String(prompt)) if !prompt.trim().is_empty() => {
            check_length(prompt, report);
            return check_tags(request, report);
        }
        Some(Value::String(_)) => report.blank("prompt"),
        Some(other) => report.wrong_type("prompt", "a string", other),
        None => report.required("prompt"),
    };
    issue.hint("Describe the video in a sentence or more.");
}

/// The vendor's tokenizer is not known, so only a prompt that every tokenizer finds too long is refused.
fn check_length(prompt: &str, report: &mut Report) {
    let max = LIMITS.prompt.max_tokens;
    let tokens = estimate_tokens(prompt);
    if tokens.estimate <= max {
        return;
    }
    let message = format!(
        "`prompt` has about {} tokens (between {} and {}), and at most {max} are allowed.",
        tokens.estimate, tokens.low, tokens.high
    );
    let issue = if tokens.low > max {
        report.error(IssueCode::TooLong, message)
    } else {
        report.warning(IssueCode::TooLong, message)
    };
    issue
        .at("prompt")
        .hint("Shorten the prompt.")
        .limit(max)
        .actual(i64::from(tokens.estimate).into());
}

fn check_tags(request: &Value, report: &mut Report) {
    for tag in report.tags.clone() {
        let (field, word) = (tag.kind.field(), tag.kind.word());
        let given = request
            .get(field)
            .and_then(Value::as_array)
            .map_or(0, <[Value]>::len);
        if tag.index as usize <= given {
            continue;
        }
        let message = format!(
            "`{}` stands in the prompt, but `{field}` has {}.",
            tag.text,
            counted(given, tag.kind.as_str())
        );
        report
            .error(IssueCode::TagWithoutAsset, message)
            .at("prompt")
            .hint(match given {
                0 => format!("Add the file to `{field}`, or take the tag out."),
                1 => format!("Did you mean `@{word}1`? Or add the file to `{field}`."),
                _ => format!("Use `@{word}1` to `@{word}{given}`, or add the file to `{field}`."),
            })
            .span(tag.start, tag.end)
            .limit(given as u32)
            .actual(i64::from(tag.index).into());
    }
}
