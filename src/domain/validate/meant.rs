//! The value that a wrong one most likely stands for.

use crate::domain::api::{ChoiceLimits, IntegerLimits};
use crate::domain::value::Value;
use crate::text::{digits, loosely_equal, parse_digits, slice, split_once, trim_suffixes};

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
    let sides = sides(&text);
    let ratio = value.as_f64().or(sides.map(|(width, height)| width / height));
    let is_ratio = |choice: &str| {
        let (width, height) = split_once(choice, b':')?;
        let difference = parse_digits(width)? / parse_digits(height)? - ratio?;
        Some(difference.abs() < 0.04)
    };
    let lines = sides.map(|(width, height)| width.min(height));
    let is_meant = |choice: &&&str| {
        loosely_equal(choice, &text)
            || digits(&text).next().is_some() && digits(choice).eq(digits(&text))
            || is_ratio(choice) == Some(true)
            || lines.is_some() && parse_digits(trim_suffixes(choice, &["p"])) == lines
    };
    choice.values.iter().find(is_meant).copied()
}

/// The width and the height of a picture: "1920x1080", "1920 × 1080".
fn sides(text: &str) -> Option<(f64, f64)> {
    let text = text.trim_ascii();
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let end = text.bytes().position(|byte| !is_digit(byte))?;
    let start = end + text.bytes().skip(end).position(is_digit)?;
    Some((
        parse_digits(slice(text, 0..end))?,
        parse_digits(slice(text, start..text.len()))?,
    ))
}
