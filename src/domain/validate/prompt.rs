//! `prompt`: its length, its tags, its dialogue.

use super::context::Context;
use super::{MAX_PROMPT_BYTES, Report, dialogue, tags};
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::tokens::estimate_tokens;
use crate::domain::value::Value;
use crate::text::is_blank;

const FIELD: &str = "prompt";

pub(super) fn check(context: &Context, report: &mut Report) {
    let issue = match context.get(FIELD) {
        Some(Value::String(prompt)) if !is_blank(prompt) => {
            check_length(prompt, context, report);
            if prompt.len() <= MAX_PROMPT_BYTES {
                tags::check(context, prompt, report);
                dialogue::check(context.request, prompt, report);
            }
            return;
        }
        Some(Value::String(_)) => report.blank(FIELD),
        Some(other) => report.wrong_type(FIELD, "a string", other),
        None => report.required(FIELD),
    };
    issue.hint("Describe the video in a sentence or more.");
}

/// The vendor's tokenizer is not known, so only a prompt that every tokenizer finds too long is an error.
fn check_length(prompt: &str, context: &Context, report: &mut Report) {
    const HINT: &str = "Shorten the prompt.";
    if prompt.len() > MAX_PROMPT_BYTES {
        let params = Params::new()
            .number(RECEIVED, prompt.len() as i64)
            .number(LIMIT, MAX_PROMPT_BYTES as i64);
        let message = "`prompt` has {received} bytes. A prompt of more than {limit} bytes is not checked.";
        report
            .error(IssueCode::TooLong, message, params)
            .at(FIELD)
            .hint(HINT);
        return;
    }
    let limit = context.limits.prompt.max_tokens;
    let tokens = estimate_tokens(prompt);
    if tokens.estimate <= limit {
        return;
    }
    let params = Params::new()
        .number(RECEIVED, tokens.estimate.into())
        .number("low", tokens.low.into())
        .number("high", tokens.high.into())
        .number(LIMIT, limit.into());
    let message = "`prompt` has about {received} tokens ({low} to {high}), but at most {limit} are allowed.";
    let issue = if tokens.low > limit {
        report.error(IssueCode::TooLong, message, params)
    } else {
        report.warning(IssueCode::TooLong, message, params)
    };
    issue.at(FIELD).hint(HINT);
}
