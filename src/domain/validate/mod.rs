//! The rules of a request. All issues are reported, each with its path.
//!
//! What the reference or the pages of a model forbid is an error. What only other sources forbid, or what
//! is merely suspicious, is a warning.

mod choice;
mod context;
mod demotion;
mod dialogue;
mod files;
mod inputs;
mod integer;
mod json;
mod meant;
mod model;
mod parameters;
mod prompt;
mod report;
mod tags;
mod unknown;
mod url;

pub(crate) use demotion::Demotion;
#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
pub(crate) use json::MAX_STRING_BYTES;
pub(crate) use json::not_sendable;
pub use report::Report;

use super::api::{FIELDS, Shape, detect_mode};
use super::issue::IssueCode;
use super::params::{Params, RECEIVED};
use super::tags::parse_tags;
use super::value::Value;
use context::Context;

/// Exceptions to the rules that the caller decides.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ValidateOptions {
    /// Errors to turn into warnings. Types and required fields cannot be allowed; see
    /// [`IssueCode::can_be_allowed`].
    pub allow: Vec<IssueCode>,
    /// Whether URLs on this machine can be reached, because the API is an emulator on this machine.
    pub loopback: bool,
    /// The time, in milliseconds since 1970, for signed URLs that expire. Without it, they are not checked for that.
    pub now: Option<f64>,
    /// Whether files that are read are uploaded to the vendor's files API, for
    /// [`check_files`](crate::media::check_files).
    pub uploads: bool,
}

impl ValidateOptions {
    /// Turns errors of these codes into warnings.
    pub fn allowing(allow: impl Into<Vec<IssueCode>>) -> Self {
        Self {
            allow: allow.into(),
            ..Self::default()
        }
    }
}

/// A longer prompt is not read. It is ten times as long as 2000 tokens of English, and reading it takes a few
/// milliseconds.
const MAX_PROMPT_BYTES: usize = 100_000;

/// Checks a request. It sends nothing and changes nothing.
///
/// Lists of files are checked up to the number that is allowed, and loops over what a prompt or an object
/// contains stop at 100 issues, so that no request takes long.
///
/// ```
/// use evolink_video::domain::{ValidateOptions, VideoRequest, validate};
///
/// let request = VideoRequest::new("A cat").duration(16);
/// let report = validate(&request.into(), &ValidateOptions::default());
/// assert_eq!(report.errors[0].message, "`duration` must be 4 to 15 seconds, but it is 16.");
/// ```
pub fn validate(request: &Value, options: &ValidateOptions) -> Report {
    let mut report = Report::default();
    if !matches!(request, Value::Object(_)) {
        let params = Params::new().value(RECEIVED, request);
        report
            .error(
                IssueCode::InvalidType,
                "The request must be an object, but it is {received}.",
                params,
            )
            .hint("Pass an object with at least `model` and `prompt`.");
        return report;
    }
    let context = Context::new(request, options);
    report.mode = detect_mode(request);
    let prompt = request.get("prompt").and_then(Value::as_str);
    if let Some(prompt) = prompt.filter(|prompt| prompt.len() <= MAX_PROMPT_BYTES) {
        report.tags = parse_tags(prompt);
    }
    for field in FIELDS {
        let is_required = matches!(field.shape, Shape::Model | Shape::Prompt);
        if !is_required && let Some(Value::Null) = request.get(field.name) {
            report
                .wrong_type(field.name, "a value or absent", &Value::Null)
                .hint("Leave the field out.");
            continue;
        }
        match field.shape {
            Shape::Model => model::check(&context, &mut report),
            Shape::Prompt => prompt::check(&context, &mut report),
            Shape::Files(kind) => files::check(&context, kind, &mut report),
            Shape::Integer { limits, unit } => {
                integer::check(field.name, limits, unit, &context, &mut report)
            }
            Shape::Choice(limits) => choice::check(field.name, limits, &context, &mut report),
            Shape::Switch => choice::check_switch(field.name, &context, &mut report),
            Shape::CallbackUrl => url::check_callback(&context, &mut report),
            Shape::Parameters => parameters::check(&context, &mut report),
        }
    }
    inputs::check(&context, &mut report);
    unknown::check(&context, &mut report);
    let demotion = Demotion::new(request, options);
    report.demote(|issue| demotion.applies(issue));
    // After that, since nothing can allow it.
    for (name, value) in request.entries() {
        json::check_strings(name, value, &mut report);
    }
    report
}
