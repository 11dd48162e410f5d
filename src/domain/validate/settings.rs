//! Duration, quality, aspect ratio, sound.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::limits::{ChoiceLimits, LIMITS};
use crate::domain::value::Value;
use crate::text::{alike, number, one_of, template};

pub(super) fn check(request: &Value, report: &mut Report) {
    check_duration(request, report);
    check_choice("quality", &LIMITS.quality, request, report);
    check_choice("aspect_ratio", &LIMITS.aspect_ratio, request, report);
    match request.get("generate_audio") {
        None | Some(Value::Bool(_)) => {}
        Some(other) => {
            let said = other.as_str().unwrap_or_default();
            let meant = ["true", "false"].into_iter().find(|word| alike(word, said));
            report
                .wrong_type("generate_audio", "true or false", other)
                .hint(match meant {
                    Some(meant) => unquoted(meant),
                    None => "Use `true` or `false`.".to_owned(),
                });
        }
    }
}

fn check_duration(request: &Value, report: &mut Report) {
    let Some(value) = request.get("duration") else {
        return;
    };
    let (min, max) = (LIMITS.duration.min, LIMITS.duration.max);
    let seconds = match value {
        Value::Number(number) => number.as_integer(),
        _ => None,
    };
    let issue = match seconds {
        Some(seconds) if (i64::from(min)..=i64::from(max)).contains(&seconds) => return,
        Some(seconds) => {
            let message = template!(
                "`duration` must be from {} to {} seconds, but it is {}.",
                min,
                max,
                seconds
            );
            report
                .error(IssueCode::OutOfRange, message)
                .at("duration")
                .limit(if seconds < i64::from(min) { min } else { max })
                .actual(seconds.into())
        }
        None => report.wrong_type("duration", "a whole number", value),
    };
    let meant = value.as_str().and_then(|text| number(text.trim_ascii()));
    issue.hint(match meant {
        Some(meant) if (f64::from(min)..=f64::from(max)).contains(&meant) => {
            unquoted(&template!("{}", meant as u32))
        }
        _ => template!("Use a whole number of seconds from {} to {}.", min, max),
    });
}

/// What to write instead of a string that holds the right value.
fn unquoted(value: &str) -> String {
    template!("Use `{}`, without quotes.", value)
}

fn check_choice(field: &str, choice: &ChoiceLimits, request: &Value, report: &mut Report) {
    let Some(value) = request.get(field) else {
        return;
    };
    let words = one_of(choice.values);
    let Some(text) = value.as_str() else {
        report
            .wrong_type(field, "a string", value)
            .hint(template!("Use {}.", words));
        return;
    };
    if choice.values.contains(&text) {
        return;
    }
    let message = template!("`{}` must be {}, but it is {}.", field, words, value.seen());
    report
        .error(IssueCode::UnknownValue, message)
        .at(field)
        .hint(match choice.values.iter().find(|value| alike(value, text)) {
            Some(meant) => template!("Did you mean \"{}\"? It must be spelled so.", meant),
            None => template!("Use {}.", words),
        })
        .one_of(choice.values)
        .actual(value.clone());
}
