//! The rules of a request: every problem at once, each at its place.
//!
//! What the reference forbids is an error; what only other pages forbid, or what is merely
//! suspicious, is a warning.

mod dialogue;
mod fields;
mod files;
mod model;
mod prompt;
mod settings;
mod tags;

use super::issue::{Issue, IssueCode, Severity};
use super::mode::{Mode, detect_mode};
use super::tags::{Tag, parse_tags};
use super::value::Value;
use crate::text::template;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Adds an error; what it returns is for saying more.
    #[inline(never)]
    fn error(&mut self, code: IssueCode, message: String) -> &mut Issue {
        push(&mut self.errors, Issue::new(Severity::Error, code, message))
    }

    /// Adds a warning.
    #[inline(never)]
    fn warning(&mut self, code: IssueCode, message: String) -> &mut Issue {
        push(&mut self.warnings, Issue::new(Severity::Warning, code, message))
    }

    /// A field that has another type than it should.
    fn wrong_type(&mut self, field: &str, wanted: &str, seen: &Value) -> &mut Issue {
        let message = template!("`{}` must be {}, but it is {}.", field, wanted, seen.seen());
        self.error(IssueCode::InvalidType, message)
            .at(field)
            .actual(seen.clone())
    }

    /// A field that must be there and is not.
    fn required(&mut self, field: &str) -> &mut Issue {
        self.error(IssueCode::Required, template!("`{}` is missing.", field))
            .at(field)
    }

    /// A text of nothing but white space.
    fn blank(&mut self, field: &str) -> &mut Issue {
        self.error(IssueCode::Blank, template!("`{}` is blank.", field))
            .at(field)
    }
}

fn push(issues: &mut Vec<Issue>, issue: Issue) -> &mut Issue {
    let last = issues.len();
    issues.push(issue);
    &mut issues[last]
}

/// A prompt of more bytes is refused and not read further: it is ten times what 2000 tokens of English take.
const LONGEST_READ: usize = 100_000;

/// Checks a request. It sends nothing and changes nothing.
pub fn validate(request: &Value) -> Report {
    let mut report = Report::default();
    if !matches!(request, Value::Object(_)) {
        let message = template!("The request must be an object, but it is {}.", request.seen());
        report
            .error(IssueCode::InvalidType, message)
            .hint("Pass an object with at least `model` and `prompt`.")
            .actual(request.clone());
        return report;
    }
    report.mode = detect_mode(request);
    let prompt = request.get("prompt").and_then(Value::as_str);
    report.tags = prompt
        .filter(|prompt| prompt.len() <= LONGEST_READ)
        .map(parse_tags)
        .unwrap_or_default();
    model::check(request, &mut report);
    prompt::check(request, &mut report);
    files::check(request, &mut report);
    settings::check(request, &mut report);
    fields::check(request, &mut report);
    report
}
