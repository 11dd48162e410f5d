//! What a validation found.

use crate::domain::api::Mode;
use crate::domain::issue::{Issue, IssueCode, Severity};
use crate::domain::params::{Params, RECEIVED};
use crate::domain::tags::Tag;
use crate::domain::value::Value;

/// The issues of a request, its mode and its tags.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Report {
    /// What keeps the request from being sent.
    pub errors: Vec<Issue>,
    /// What may be wrong.
    pub warnings: Vec<Issue>,
    /// What the API will make of the inputs, if they can be read.
    pub mode: Option<Mode>,
    /// The tags of the prompt.
    pub tags: Vec<Tag>,
}

/// A loop over what a request contains stops at so many issues.
const MAX_ISSUES: usize = 100;

impl Report {
    /// Adds an error.
    #[inline(never)]
    pub(super) fn error(&mut self, code: IssueCode, message: &str, params: Params) -> &mut Issue {
        push(
            &mut self.errors,
            Issue::new(Severity::Error, code, message, params),
        )
    }

    /// Adds a warning.
    #[inline(never)]
    pub(super) fn warning(&mut self, code: IssueCode, message: &str, params: Params) -> &mut Issue {
        push(
            &mut self.warnings,
            Issue::new(Severity::Warning, code, message, params),
        )
    }

    /// Adds the error that a field has the wrong type.
    pub(super) fn wrong_type(&mut self, field: &'static str, expected: &str, received: &Value) -> &mut Issue {
        let params = Params::new()
            .text("field", field)
            .text("expected", expected)
            .value(RECEIVED, received);
        let message = "`{field}` must be {expected}, but it is {received}.";
        self.error(IssueCode::InvalidType, message, params).at(field)
    }

    /// Adds the error that a required field is missing.
    pub(super) fn required(&mut self, field: &'static str) -> &mut Issue {
        let params = Params::new().text("field", field);
        self.error(IssueCode::Required, "`{field}` is missing.", params)
            .at(field)
    }

    /// Adds the error that a string has nothing but white space.
    pub(super) fn blank(&mut self, field: &'static str) -> &mut Issue {
        let params = Params::new().text("field", field);
        self.error(IssueCode::Blank, "`{field}` is blank.", params)
            .at(field)
    }

    /// Whether the report has so many issues that further ones are omitted.
    pub(super) fn is_full(&self) -> bool {
        self.errors.len() + self.warnings.len() >= MAX_ISSUES
    }

    /// Turns errors into warnings.
    pub(super) fn demote(&mut self, demotes: impl Fn(&Issue) -> bool) {
        if !self.errors.iter().any(&demotes) {
            return;
        }
        for mut issue in std::mem::take(&mut self.errors) {
            if demotes(&issue) {
                issue.severity = Severity::Warning;
                self.warnings.push(issue);
            } else {
                self.errors.push(issue);
            }
        }
    }
}

fn push(issues: &mut Vec<Issue>, issue: Issue) -> &mut Issue {
    let last = issues.len();
    issues.push(issue);
    &mut issues[last]
}
