//! Fields with one of several strings, and fields that are true or false.

use super::context::Context;
use super::{Report, meant};
use crate::domain::api::{ChoiceLimits, Limits, MODELS};
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::text::loosely_equal;

pub(super) fn check(
    field: &'static str,
    limits: fn(&Limits) -> Option<&ChoiceLimits>,
    context: &Context,
    report: &mut Report,
) {
    let Some(value) = context.get(field) else { return };
    let Some(choice) = limits(context.limits) else {
        return context.ignored(field, value, report);
    };
    let text = value.as_str();
    if text.is_some_and(|text| choice.values.contains(&text)) {
        return;
    }
    let params = Params::new()
        .text("field", field)
        .choices(LIMIT, choice.values)
        .value(RECEIVED, value);
    let (code, message) = match text {
        Some(_) => (
            IssueCode::UnknownValue,
            "`{field}` must be {limit}, but it is {received}.",
        ),
        None => (
            IssueCode::InvalidType,
            "`{field}` must be a string, but it is {received}.",
        ),
    };
    let issue = report.error(code, message, params).at(field);
    let mut others = MODELS.iter().filter_map(|model| limits(model.limits));
    match meant::choice(value, choice) {
        Some(meant) => issue.suggest(meant.into(), "Did you mean \"{suggestion}\"?"),
        None if others.any(|choice| text.is_some_and(|text| choice.values.contains(&text))) => {
            issue.hint("Use {limit}, or another model.")
        }
        None => issue.hint("Use {limit}."),
    };
}

pub(super) fn check_switch(field: &'static str, context: &Context, report: &mut Report) {
    let Some(value) = context.get(field) else { return };
    if matches!(value, crate::domain::Value::Bool(_)) {
        return;
    }
    let said = value.as_str().unwrap_or_default();
    let meant = ["true", "false"]
        .into_iter()
        .find(|word| loosely_equal(word, said));
    report
        .wrong_type(field, "true or false", value)
        .with(|params| params.text("suggestion", meant.unwrap_or_default()))
        .hint(match meant {
            Some(_) => "Use `{suggestion}`, without quotes.",
            None => "Use `true` or `false`.",
        });
}
