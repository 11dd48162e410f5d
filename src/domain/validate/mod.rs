//! The rules of a request: every problem at once, each at its place.
//!
//! What the reference forbids is an error; what only other pages forbid, or what is merely
//! suspicious, is a warning.

mod fields;
mod files;
mod model;
mod prompt;
mod settings;

use super::issue::{Issue, IssueCode, Severity};
use super::mode::{Mode, detect_mode};
use super::tags::{Tag, parse_tags};
use super::value::Value;
use serde::Serialize;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// What keeps the request from being sent.
    pub errors: Vec<Issue>,
    /// What to look at.
    pub warnings: Vec<Issue>,
    /// What the API will make of the inputs, if they can be read.
    pub mode: Option<Mode>,
    /// The tags of the prompt.
    pub tags: Vec<Tag>,
}

impl Report {
    fn add(&mut self, issue: Issue) {
        match issue.severity {
            Severity::Error => self.errors.push(issue),
            Severity::Warning => self.warnings.push(issue),
        }
    }
}

/// Checks a request. It sends nothing and changes nothing.
pub fn validate(request: &Value) -> Report {
    let mut report = Report::default();
    if !matches!(request, Value::Object(_)) {
        report.add(
            Issue::error(
                IssueCode::InvalidType,
                format!("The request must be an object, but it is {}.", request.seen()),
            )
            .hint("Pass an object with at least `model` and `prompt`.")
            .actual(request.clone()),
        );
        return report;
    }
    report.mode = detect_mode(request);
    report.tags = request
        .get("prompt")
        .and_then(Value::as_str)
        .map(parse_tags)
        .unwrap_or_default();
    model::check(request, &mut report);
    prompt::check(request, &mut report);
    files::check(request, &mut report);
    settings::check(request, &mut report);
    fields::check(request, &mut report);
    report
}

/// A field that has another type than it should.
fn wrong_type(field: &str, wanted: &str, seen: &Value) -> Issue {
    Issue::error(
        IssueCode::InvalidType,
        format!("`{field}` must be {wanted}, but it is {}.", seen.seen()),
    )
    .at(field)
    .actual(seen.clone())
}

/// A field that must be there and is not.
fn required(field: &str, hint: &str) -> Issue {
    Issue::error(IssueCode::Required, format!("`{field}` is missing."))
        .at(field)
        .hint(hint)
}

/// Words for a list of choices: "480p, 720p or 1080p".
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => most.join(", ") + " or " + last,
    }
}

/// "1 image", "3 videos".
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
