//! The prompt: its length, its tags, its dialogue.

use super::{LONGEST_READ, Report, dialogue, tags};
use crate::domain::issue::IssueCode;
use crate::domain::limits::LIMITS;
use crate::domain::tokens::estimate_tokens;
use crate::domain::value::Value;
use crate::text::{is_blank, template};

pub(super) fn check(request: &Value, report: &mut Report) {
    let issue = match request.get("prompt") {
        Some(Value::String(prompt)) if !is_blank(prompt) => {
            check_length(prompt, report);
            if prompt.len() <= LONGEST_READ {
                tags::check(request, prompt, report);
                dialogue::check(request, prompt, report);
            }
            return;
        }
        Some(Value::String(_)) => report.blank("prompt"),
        Some(other) => report.wrong_type("prompt", "a string", other),
        None => report.required("prompt"),
    };
    issue.hint("Describe the video in a sentence or more.");
}

/// The vendor's tokenizer is not known, so only a prompt that every tokenizer finds too long is refused.
fn check_length(prompt: &str, report: &mut Report) {
    if prompt.len() > LONGEST_READ {
        let message = template!(
            "`prompt` has {} bytes, and at most {} are read.",
            prompt.len(),
            LONGEST_READ
        );
        report
            .error(IssueCode::TooLong, message)
            .at("prompt")
            .hint("Shorten the prompt.")
            .limit(LONGEST_READ as u32)
            .actual((prompt.len() as i64).into());
        return;
    }
    let max = LIMITS.prompt.max_tokens;
    let tokens = estimate_tokens(prompt);
    if tokens.estimate <= max {
        return;
    }
    let message = template!(
        "`prompt` has about {} tokens (between {} and {}), and at most {} are allowed.",
        tokens.estimate,
        tokens.low,
        tokens.high,
        max
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
