//! The prompt, and the files that its tags name.

use super::{Report, counted, required, wrong_type};
use crate::domain::issue::{Issue, IssueCode, Limit};
use crate::domain::limits::LIMITS;
use crate::domain::tags::Kind;
use crate::domain::tokens::estimate_tokens;
use crate::domain::value::Value;

pub(super) fn check(request: &Value, report: &mut Report) {
    let hint = "Describe the video in a sentence or more.";
    match request.get("prompt") {
        None => report.add(required("prompt", hint)),
        Some(Value::String(prompt)) if prompt.trim().is_empty() => {
            report.add(
                Issue::error(IssueCode::Blank, "`prompt` is blank.")
                    .at("prompt")
                    .hint(hint),
            );
        }
        Some(Value::String(prompt)) => {
            check_length(prompt, report);
            check_tags(request, report);
        }
        Some(other) => report.add(wrong_type("prompt", "a string", other).hint(hint)),
    }
}

/// The vendor's tokenizer is not known, so only a prompt that every tokenizer finds too long is refused.
fn check_length(prompt: &str, report: &mut Report) {
    let max = LIMITS.prompt.max_tokens;
    let tokens = estimate_tokens(prompt);
    let make = if tokens.low > max {
        Issue::error
    } else if tokens.estimate > max {
        Issue::warning
    } else {
        return;
    };
    report.add(
        make(
            IssueCode::TooLong,
            format!(
                "`prompt` has about {} tokens (between {} and {}), and at most {max} are allowed.",
                tokens.estimate, tokens.low, tokens.high
            ),
        )
        .at("prompt")
        .hint("Shorten the prompt.")
        .limit(Limit::Number(max))
        .actual(i64::from(tokens.estimate)),
    );
}

fn check_tags(request: &Value, report: &mut Report) {
    let mut issues = Vec::new();
    for tag in &report.tags {
        let kind: Kind = tag.kind;
        let given = request
            .get(kind.field())
            .and_then(Value::as_array)
            .map_or(0, <[Value]>::len);
        if tag.index as usize > given {
            let hint = match given {
                0 => format!("Add the file to `{}`, or take the tag out.", kind.field()),
                1 => format!(
                    "Did you mean `@{}1`? Or add the file to `{}`.",
                    kind.word(),
                    kind.field()
                ),
                _ => format!(
                    "Use `@{0}1` to `@{0}{given}`, or add the file to `{1}`.",
                    kind.word(),
                    kind.field()
                ),
            };
            issues.push(
                Issue::error(
                    IssueCode::TagWithoutAsset,
                    format!(
                        "`{}` stands in the prompt, but `{}` has {}.",
                        tag.text,
                        kind.field(),
                        counted(given, kind.noun())
                    ),
                )
                .at("prompt")
                .hint(hint)
                .span(tag.start, tag.end)
                .limit(Limit::Number(given as u32))
                .actual(i64::from(tag.index)),
            );
        }
    }
    issues.into_iter().for_each(|issue| report.add(issue));
}
