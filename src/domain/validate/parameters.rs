//! `model_params`.

use super::Report;
use super::context::Context;
use super::json::check_json;
use crate::domain::issue::IssueCode;
use crate::domain::params::{Params, RECEIVED};
use crate::domain::value::Value;
use crate::text::loosely_equal;

const FIELD: &str = "model_params";
const WEB_SEARCH: &str = "web_search";

pub(super) fn check(context: &Context, report: &mut Report) {
    let Some(value) = context.get(FIELD) else { return };
    if !matches!(value, Value::Object(_)) {
        report
            .wrong_type(FIELD, "an object", value)
            .hint("Use an object with `web_search: true` or `false`.");
        return;
    }
    if !check_json(&FIELD.into(), value, report) {
        return;
    }
    for (name, value) in value.entries() {
        if name == WEB_SEARCH || report.is_full() {
            continue;
        }
        let params = Params::new()
            .text("field", name)
            .text("suggestion", WEB_SEARCH)
            .value(RECEIVED, value);
        let issue = if loosely_equal(WEB_SEARCH, name) {
            report
                .error(
                    IssueCode::MisspelledField,
                    "`model_params.{field}` is not spelled as the API expects it.",
                    params,
                )
                .hint("Use `{suggestion}`. The API would ignore the parameter.")
        } else {
            report
                .warning(
                    IssueCode::UnknownField,
                    "`model_params.{field}` is not a parameter that this version knows.",
                    params,
                )
                .hint("It is sent unchanged. Check its spelling.")
        };
        issue.at(FIELD).at(name.clone());
    }
    match value.get(WEB_SEARCH) {
        None | Some(Value::Bool(false)) => {}
        Some(Value::Bool(true)) if context.model.is_none() || context.searches_web() => {}
        Some(Value::Bool(true)) => {
            let id = context.model.map(|model| model.id);
            let params = Params::new().text("model", id.unwrap_or_default());
            report
                .warning(
                    IssueCode::IgnoredOption,
                    "`model_params.web_search` has no effect with `{model}` and these inputs.",
                    params,
                )
                .at(FIELD)
                .at(WEB_SEARCH)
                .hint("Use a model whose limits have `webSearch: true`, without files.");
        }
        Some(other) => {
            let params = Params::new()
                .text("field", "model_params.web_search")
                .text("expected", "true or false")
                .value(RECEIVED, other);
            report
                .error(
                    IssueCode::InvalidType,
                    "`{field}` must be {expected}, but it is {received}.",
                    params,
                )
                .at(FIELD)
                .at(WEB_SEARCH)
                .hint("Use `true` or `false`.");
        }
    }
}
