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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::issue::Severity;
    use crate::domain::params::Params;

    #[test]
    fn errors_are_warnings_where_they_are_allowed_or_nobody_knows_the_bounds() {
        use IssueCode::*;
        let allow_blank = ValidateOptions::allowing([Blank]);
        let known = "seedance-2.0";
        let assumed = "seedance-2.5-text-to-video";
        for (model, field, code, applies) in [
            (known, "prompt", TooLong, false),
            (known, "prompt", Blank, true),
            (assumed, "prompt", TooLong, true),
            (assumed, "callback_url", TooLong, false),
            (assumed, "quality", UnknownValue, true),
            (assumed, "image_urls", TooLarge, true),
            (assumed, "duration", OutOfRange, false),
            ("kling-9", "duration", OutOfRange, true),
            ("kling-9", "prompt", Required, false),
            (" ", "duration", OutOfRange, false),
        ] {
            let request = Value::object([("model", Some(model.into()))]);
            let mut issue = Issue::new(Severity::Error, code, "", Params::new());
            issue.at(field);
            let demotion = Demotion::new(&request, &allow_blank);
            assert_eq!(demotion.applies(&issue), applies, "{model}, {field}, {code:?}");
        }
    }
}
