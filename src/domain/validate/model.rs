//! The model, and what it takes.

use super::Report;
use super::files::is_audio_alone;
use crate::domain::issue::IssueCode;
use crate::domain::limits::LIMITS;
use crate::domain::mode::Mode;
use crate::domain::model::{self, Family, Model};
use crate::domain::request::DEFAULT_MODEL;
use crate::domain::value::Value;
use crate::text::{is_blank, one_of, template};

pub(super) fn check(request: &Value, report: &mut Report) {
    let issue = match request.get("model") {
        Some(Value::String(id)) if !is_blank(id) => return check_known(id, request, report),
        Some(Value::String(_)) => report.blank("model"),
        Some(other) => report.wrong_type("model", "a string", other),
        None => report.required("model"),
    };
    issue.hint(template!("Use \"{}\".", DEFAULT_MODEL));
}

fn check_known(id: &str, request: &Value, report: &mut Report) {
    let Some(model) = model::find(id) else {
        let id = Value::from(id);
        let message = template!(
            "The model {} is not known to this version of the library.",
            id.seen()
        );
        let mut known = Vec::new();
        for model in LIMITS.models {
            known.push(model.id);
        }
        report
            .warning(IssueCode::UnknownModel, message)
            .at("model")
            .hint(template!(
                "It is sent as it is, and only the general rules are checked. Known: {}.",
                one_of(&known)
            ))
            .actual(id);
        return;
    };
    check_inputs(model, request, report);
    check_quality(model, request, report);
}

fn check_inputs(model: &Model, request: &Value, report: &mut Report) {
    let Some(mode) = report.mode else { return };
    if model.family.allows(mode) && (model.family.allows_audio_alone() || !is_audio_alone(request)) {
        return;
    }
    let missing = model.family == Family::ImageToVideo && mode == Mode::TextToVideo;
    let message = template!(
        "`{}` takes {}, and the request has other inputs.",
        model.id,
        model.family.takes()
    );
    report
        .error(IssueCode::ModelInput, message)
        .at(if missing { "image_urls" } else { "model" })
        .hint(template!(
            "Change the files, or use \"{}\", which takes every combination.",
            DEFAULT_MODEL
        ));
}

fn check_quality(model: &Model, request: &Value, report: &mut Report) {
    let Some(Value::String(quality)) = request.get("quality") else {
        return;
    };
    let known = |words: &[&str]| words.contains(&quality.as_str());
    if known(LIMITS.quality.values) && !known(model.qualities) {
        let words = one_of(model.qualities);
        let message = template!(
            "`{}` renders {}, but `quality` is \"{}\".",
            model.id,
            words,
            quality
        );
        report
            .error(IssueCode::UnknownValue, message)
            .at("quality")
            .hint(template!("Use {}, or a standard model.", words))
            .one_of(model.qualities)
            .actual(Value::from(quality.as_str()));
    }
}
