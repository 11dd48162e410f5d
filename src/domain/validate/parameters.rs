//! `model_params`.

use super::Report;
use super::context::Context;
use super::json::check_json;
use crate::domain::issue::IssueCode;
use crate::domain::params::Params;
use crate::domain::value::Value;

const FIELD: &str = "model_params";
const WEB_SEARCH: &str = "web_search";

pub(super) fn check(context: &Context, report: &mut Report) {
    let Some(value) = context.get(FIELD) else { return };
    if !matches!(value, Value::Object(_)) {
        report
            .wrong_type(FIELD, "an object", value)
            .hint("Use an object such as `{ web_search: true }`.");
        return;
    }
    if !check_json(&FIELD.into(), value, report) {
        return;
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
            report
                .wrong_type(FIELD, "an object with `web_search: true` or `false`", other)
                .at(WEB_SEARCH)
                .hint("Use `true` or `false`.");
        }
    }
}
