//! Duration, quality, aspect ratio, sound.

use super::{Report, one_of, wrong_type};
use crate::domain::issue::{Issue, IssueCode, Limit};
use crate::domain::limits::{ChoiceLimits, LIMITS};
use crate::domain::value::Value;

pub(super) fn check(request: &Value, report: &mut Report) {
    check_duration(request, report);
    check_choice("quality", &LIMITS.quality, request, report);
    check_choice("aspect_ratio", &LIMITS.aspect_ratio, request, report);
    match request.get("generate_audio") {
        None | Some(Value::Bool(_)) => {}
        Some(other) => report.add(
            wrong_type("generate_audio", "true or false", other)
                .hint("Use `true` or `false`, without quotes."),
        ),
    }
}

fn check_duration(request: &Value, report: &mut Report) {
    let (min, max) = (LIMITS.duration.min, LIMITS.duration.max);
    let hint = format!("Use a whole number of seconds from {min} to {max}, without quotes.");
    let issue = match request.get("duration") {
        None => return,
        Some(Value::Number(number)) => match number.as_integer() {
            Some(seconds) if (i64::from(min)..=i64::from(max)).contains(&seconds) => return,
            Some(seconds) => Issue::error(
                IssueCode::OutOfRange,
                format!("`duration` must be from {min} to {max} seconds, but it is {seconds}."),
            )
            .at("duration")
            .limit(Limit::Number(if seconds < i64::from(min) { min } else { max }))
            .actual(seconds),
            None => wrong_type("duration", "a whole number", &Value::Number(number.clone())),
        },
        Some(other) => wrong_type("duration", "a whole number", other),
    };
    report.add(issue.hint(hint));
}

fn check_choice(field: &str, choice: &ChoiceLimits, request: &Value, report: &mut Report) {
    let words = one_of(choice.values);
    match request.get(field) {
        None => {}
        Some(Value::String(text)) if choice.values.contains(&text.as_str()) => {}
        Some(Value::String(text)) => report.add(
            Issue::error(
                IssueCode::UnknownValue,
                format!(
                    "`{field}` must be {words}, but it is {}.",
                    Value::from(text.as_str()).seen()
                ),
            )
            .at(field)
            .hint(match choice.values.iter().find(|value| alike(value, text)) {
                Some(meant) => format!("Did you mean \"{meant}\"?"),
                None => format!("Use {words}."),
            })
            .limit(Limit::OneOf(choice.values))
            .actual(text.as_str()),
        ),
        Some(other) => report.add(wrong_type(field, "a string", other).hint(format!("Use {words}."))),
    }
}

/// The same but for case and punctuation: "1080P", "16/9".
fn alike(value: &str, text: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    plain(value) == plain(text)
}
