//! `model`.

use super::Report;
use super::context::Context;
use crate::domain::api::{DEFAULT_MODEL, MODELS, Mode, variant};
use crate::domain::issue::IssueCode;
use crate::domain::params::{Params, RECEIVED};
use crate::domain::value::Value;
use crate::text::{digits, edit_distance, is_blank, loosely_equal};

pub(super) fn check(context: &Context, report: &mut Report) {
    let issue = match context.get("model") {
        Some(Value::String(_)) if context.model.is_some() => return,
        Some(Value::String(id)) if !is_blank(id) => return check_unknown(id, context, report),
        Some(Value::String(_)) => report.blank("model"),
        Some(other) => report.wrong_type("model", "a string", other),
        None => report.required("model"),
    };
    issue.suggest(DEFAULT_MODEL.into(), "Use \"{suggestion}\".");
}

fn check_unknown(id: &str, context: &Context, report: &mut Report) {
    let spelled = MODELS.iter().find(|model| loosely_equal(model.id, id));
    let of_line = || {
        let model = MODELS.iter().find(|model| loosely_equal(model.line, id))?;
        variant(model.line, Mode::of_files(context.request)?)
    };
    // With other digits, it is another version.
    let near = || {
        MODELS
            .iter()
            .find(|model| edit_distance(model.id, id) <= 2 && digits(model.id).eq(digits(id)))
    };
    let suggestion = spelled.or_else(of_line).or_else(near);
    let mut known = Vec::new();
    for model in MODELS {
        known.push(model.id);
    }
    let params = Params::new().text(RECEIVED, id).choices("known", &known);
    let issue = report
        .warning(
            IssueCode::UnknownModel,
            "This version of the library does not know the model {received}.",
            params,
        )
        .at("model");
    match suggestion {
        Some(model) => issue.suggest(
            model.id.into(),
            "Did you mean \"{suggestion}\"? Otherwise, it is sent unchanged, and limits are only warnings.",
        ),
        None => issue.hint("It is sent unchanged. Limits are only warnings."),
    };
}
