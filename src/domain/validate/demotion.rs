//! Which errors of a request are warnings.

use super::ValidateOptions;
use crate::domain::api::{find_model, limits_for};
use crate::domain::issue::{Issue, IssueCode, PathSegment};
use crate::domain::value::Value;
use crate::text::is_blank;

/// Which errors of a request are warnings: those that the caller allows, and those whose bounds may not be the model's.
pub(crate) struct Demotion<'a> {
    allow: &'a [IssueCode],
    /// Whether the request names a model that is not known.
    is_unknown: bool,
    /// Whether some limits of the model are assumed.
    is_assumed: bool,
}

impl<'a> Demotion<'a> {
    pub fn new(request: &Value, options: &'a ValidateOptions) -> Self {
        let id = request.get("model").and_then(Value::as_str).unwrap_or_default();
        Self {
            allow: &options.allow,
            is_unknown: find_model(id).is_none() && !is_blank(id),
            is_assumed: limits_for(id).assumed,
        }
    }

    /// Whether an error is a warning.
    pub fn applies(&self, issue: &Issue) -> bool {
        let code = issue.code;
        let is_assumed = self.is_assumed
            && match code {
                IssueCode::UnknownValue
                | IssueCode::UnsupportedFormat
                | IssueCode::TooLarge
                | IssueCode::PixelsOutOfRange
                | IssueCode::DurationOutOfRange
                | IssueCode::TotalDuration => true,
                IssueCode::TooLong => issue.path.first() == Some(&PathSegment::Field("prompt".into())),
                _ => false,
            };
        code.can_be_allowed() && (self.is_unknown || is_assumed || self.allow.contains(&code))
    }
}
