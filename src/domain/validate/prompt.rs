//! `prompt`: its length, its tags, its dialogue.

use super::context::Context;
use super::{MAX_PROMPT_BYTES, Report, dialogue, meant, tags};
use crate::domain::api::{FIELDS, Field, Kind, Shape, reference_limits};
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::tokens::estimate_tokens;
use crate::domain::url::Url;
use crate::domain::value::Value;
use crate::text::{is_blank, match_positions, slice, split_once, trim_suffixes, wordings};

const FIELD: &str = "prompt";

pub(super) fn check(context: &Context, report: &mut Report) {
    let issue = match context.get(FIELD) {
        Some(Value::String(prompt)) if !is_blank(prompt) => {
            check_length(prompt, context, report);
            if prompt.len() <= MAX_PROMPT_BYTES {
                check_fields(prompt, context, report);
                tags::check(context, prompt, report);
                dialogue::check(context.request, prompt, report);
            }
            return;
        }
        Some(Value::String(_)) => report.blank(FIELD),
        Some(other) => report.wrong_type(FIELD, "a string", other),
        None => report.required(FIELD),
    };
    issue.hint("Describe the video in one or more sentences.");
}

/// Options such as `--ar 16:9` and URLs of files, which the API reads in fields only.
fn check_fields(prompt: &str, context: &Context, report: &mut Report) {
    for start in match_positions(prompt, &["--", "http:", "https:"]) {
        let rest = slice(prompt, start..prompt.len());
        let (word, rest) = split_word(rest);
        let (field, suggestion) = match word.strip_prefix("--") {
            Some(option) => {
                let (name, value) =
                    split_once(option, b'=').unwrap_or((option, split_word(rest.trim_ascii()).0));
                match meant_field(name, value, context) {
                    Some((field, value)) => (field, Some(value)),
                    None => continue,
                }
            }
            None => match file_field(word) {
                Some(field) => (field, None),
                None => continue,
            },
        };
        if report.is_full() {
            return;
        }
        let params = Params::new().text("field", field).text(RECEIVED, word);
        let message = "`prompt` contains {received}, which the API reads only in `{field}`.";
        let issue = report
            .warning(IssueCode::FieldInPrompt, message, params)
            .at(FIELD)
            .span(start, start + word.len());
        match suggestion {
            Some(value) => issue.suggest(value, "Set `{field}` to `{suggestion}` instead."),
            None => issue.hint("Move it to `{field}`."),
        };
    }
}

/// The text up to white space, and what follows.
fn split_word(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| byte <= b' ').unwrap_or(text.len());
    (slice(text, 0..end), slice(text, end..text.len()))
}

/// The field and the value that an option stands for.
fn meant_field(name: &str, value: &str, context: &Context) -> Option<(&'static str, Value)> {
    let value = trim_suffixes(value, &[",", "."]);
    let is_named = |field: &&Field| field.name == name || wordings(field.guesses).any(|guess| guess == name);
    let field = FIELDS.iter().find(is_named)?;
    let meant = match field.shape {
        Shape::Integer { limits, .. } => meant::integer(value, limits(context.limits)?)?.into(),
        Shape::Choice(limits) => meant::choice(&value.into(), limits(context.limits)?)?.into(),
        _ => return None,
    };
    Some((field.name, meant))
}

/// The field for the file of a URL, if its ending shows the kind.
fn file_field(url: &str) -> Option<&'static str> {
    let url = trim_suffixes(url, &[",", ".", ")", "\"", "'"]);
    let extension = Url::parse(url)?.extension()?;
    let is_of = |kind: &&Kind| {
        reference_limits()
            .of(**kind)
            .formats
            .contains(&extension.as_str())
    };
    Kind::ALL.iter().find(is_of).map(|kind| kind.field())
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
