//! The value that a wrong one most likely stands for.

use crate::domain::api::{ChoiceLimits, IntegerLimits};
use crate::domain::value::Value;
use crate::text::{digits, loosely_equal, parse_digits, split_once, trim_suffixes};

/// The whole number within its range that a string stands for: "5", "5.0", "5s", "5 seconds".
pub fn integer(text: &str, range: &IntegerLimits) -> Option<i64> {
    let number = parse_digits(trim_suffixes(
        text.trim_ascii(),
        &["second", "sec", "s", "S", " ", ".0"],
    ))?;
    (f64::from(range.min)..=f64::from(range.max))
        .contains(&number)
        .then_some(number as i64)
}

/// The choice that a value stands for: "1080P", "1080", 1080 and "1920x1080" are "1080p"; "16x9", 1.7778 and
/// "1920x1080" are "16:9".
pub fn choice(value: &Value, choice: &ChoiceLimits) -> Option<&'static str> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.text(),
        _ => return None,
    };
    let number = |text: &str| parse_digits(text.trim_ascii()).unwrap_or(f64::NAN);
    let (width, height) = match split_once(&text, b'x') {
        Some((width, height)) => (number(width), number(height)),
        None => (value.as_f64().unwrap_or(f64::NAN), 1.0),
    };
    let lines = if width < height { width } else { height };
    let is_meant = |choice: &&&str| {
        let (left, right) = split_once(choice, b':').unwrap_or((trim_suffixes(choice, &["p"]), ""));
        loosely_equal(choice, &text)
            || digits(&text).next().is_some() && digits(choice).eq(digits(&text))
            || (number(left) / number(right) - width / height).abs() < 0.04
            || right.is_empty() && number(left) == lines
    };
    choice.values.iter().find(is_meant).copied()
}
