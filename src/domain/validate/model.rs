//! The model, and what it takes.

use super::{Report, one_of, required, wrong_type};
use crate::domain::issue::{Issue, IssueCode, Limit};
use crate::domain::limits::LIMITS;
use crate::domain::mode::Mode;
use crate::domain::model::{self, Family, Model};
use crate::domain::request::DEFAULT_MODEL;
use crate::domain::value::Value;

pub(super) fn check(request: &Value, report: &mut Report) {
    let hint = format!("Use \"{DEFAULT_MODEL}\".");
    let id = match request.get("model") {
        None => return report.add(required("model", &hint)),
        Some(Value::String(id)) if id.trim().is_empty() => {
            return report.add(
                Issue::error(IssueCode::Blank, "`model` is blank.")
                    .at("model")
                    .hint(hint),
            );
        }
        Some(Value::String(id)) => id,
        Some(other) => return report.add(wrong_type("model", "a string", other).hint(hint)),
    };
    let Some(model) = model::find(id) else {
        return report.add(
            Issue::warning(
                IssueCode::UnknownModel,
                format!(
                    "The model {} is not known to this version of the library.",
                    Value::from(id.as_str()).seen()
                ),
            )
            .at("model")
            .hint(format!(
                "It is sent as it is, and only the general rules are checked. Known: {}.",
                one_of(&LIMITS.models.iter().map(|model| model.id).collect::<Vec<_>>())
            ))
            .actual(id.as_str()),
        );
    };
    check_inputs(model, report);
    check_quality(model, request, report);
}

fn check_inputs(model: &Model, report: &mut Report) {
    let Some(mode) = report.mode else { return };
    if !model.family.allows(mode) {
        let missing = model.family == Family::ImageToVideo && mode == Mode::TextToVideo;
        let field = if missing { "image_urls" } else { "model" };
        report.add(
            Issue::error(
                IssueCode::ModelInput,
                format!(
                    "`{}` takes {}, and the request has other inputs.",
                    model.id,
                    model.family.takes()
                ),
            )
            .at(field)
            .hint(format!(
                "Change the files, or use \"{DEFAULT_MODEL}\", which takes every combination."
            )),
        );
    }
}

fn check_quality(model: &Model, request: &Value, report: &mut Report) {
    let Some(quality) = request.get("quality").and_then(Value::as_str) else {
        return;
    };
    if LIMITS.quality.values.contains(&quality) && !model.qualities.contains(&quality) {
        report.add(
            Issue::error(
                IssueCode::UnknownValue,
                format!(
                    "`{}` renders {}, but `quality` is \"{quality}\".",
                    model.id,
                    one_of(model.qualities)
                ),
            )
            .at("quality")
            .hint(format!("Use {}, or a standard model.", one_of(model.qualities)))
            .limit(Limit::OneOf(model.qualities))
            .actual(quality),
        );
    }
}
