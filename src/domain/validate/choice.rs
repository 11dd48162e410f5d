//! Fields with one of several strings, and fields that are true or false.

use super::Report;
use super::context::Context;
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
    let Some(text) = value.as_str() else {
        report
            .wrong_type(field, "a string", value)
            .with(|params| params.choices(LIMIT, choice.values))
            .hint("Use {limit}, as a string.");
        return;
    };
    if choice.values.contains(&text) {
        return;
    }
    let meant = choice.values.iter().find(|value| loosely_equal(value, text));
    let params = Params::new()
        .text("field", field)
        .choices(LIMIT, choice.values)
        .value(RECEIVED, value)
        .text("suggestion", meant.copied().unwrap_or_default());
    let mut others = MODELS.iter().filter_map(|model| limits(model.limits));
    let is_of_others = others.any(|choice| choice.values.contains(&text));
    report
        .error(
            IssueCode::UnknownValue,
            "`{field}` must be {limit}, but it is {received}.",
            params,
        )
        .at(field)
        .hint(match meant {
            Some(_) => "Did you mean \"{suggestion}\"?",
            None if is_of_others => "Use {limit}, or another model.",
            None => "Use {limit}.",
        });
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
