//! `model`.

use super::Report;
use super::context::Context;
use crate::domain::api::{DEFAULT_MODEL, MODELS, resolve_model};
use crate::domain::issue::IssueCode;
use crate::domain::params::{Params, RECEIVED};
use crate::domain::value::Value;
use crate::text::{edit_distance, is_blank, loosely_equal};

pub(super) fn check(context: &Context, report: &mut Report) {
    let issue = match context.get("model") {
        Some(Value::String(_)) if context.model.is_some() => return,
        Some(Value::String(id)) if !is_blank(id) => return check_unknown(id, context, report),
        Some(Value::String(_)) => report.blank("model"),
        Some(other) => report.wrong_type("model", "a string", other),
        None => report.required("model"),
    };
    issue
        .with(|params| params.text("suggestion", DEFAULT_MODEL))
        .hint("Use \"{suggestion}\".");
}

fn check_unknown(id: &str, context: &Context, report: &mut Report) {
    let served = resolve_model(context.request).filter(|served| *served != id);
    let near = || {
        let mut models = MODELS.iter();
        let near = models.find(|model| loosely_equal(model.id, id) || edit_distance(model.id, id) <= 2);
        near.map(|model| model.id)
    };
    let suggestion = served.or_else(near);
    let mut known = Vec::new();
    for model in MODELS {
        known.push(model.id);
    }
    let params = Params::new()
        .text(RECEIVED, id)
        .choices("known", &known)
        .text("suggestion", suggestion.unwrap_or_default());
    report
        .warning(
            IssueCode::UnknownModel,
            "This version of the library does not know the model {received}.",
            params,
        )
        .at("model")
        .hint(match suggestion {
            Some(_) => {
                "Did you mean \"{suggestion}\"? Otherwise it is sent as it is, and limits are only warnings."
            }
            None => "It is sent as it is. Limits are only warnings.",
        });
}
