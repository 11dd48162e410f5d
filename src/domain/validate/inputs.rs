//! Whether the model takes the files of the request, and all of them together.

use super::Report;
use super::context::Context;
use crate::domain::api::{Family, Kind, Mode};
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params};

pub(super) fn check(context: &Context, report: &mut Report) {
    let mut total = 0;
    let mut is_each_accepted = true;
    for &kind in Kind::ALL {
        total += kind.count(context.request);
        is_each_accepted &= check_kind(kind, context, report);
    }
    check_audio_alone(context, report);
    check_references(context, report);
    let limit = context.limits.files.max_count;
    if is_each_accepted && total > limit as usize {
        let params = with_variant(context)
            .number("count", total as i64)
            .text("kind", "file")
            .number(LIMIT, limit.into());
        report
            .error(
                IssueCode::TooMany,
                "The request has {count kind}, but at most {limit} are allowed.",
                params,
            )
            .hint(if context.variant().is_some() {
                "Remove files, or use \"{variant}\"."
            } else {
                "Remove files."
            });
    }
}

/// Values that messages about the model have in common.
fn with_variant(context: &Context) -> Params {
    let id = context.model.map(|model| model.id);
    let variant = context.variant().map(|model| model.id);
    Params::new()
        .text("model", id.unwrap_or_default())
        .text("variant", variant.unwrap_or_default())
}

/// Whether the number of files of a kind is accepted; otherwise there is an issue.
fn check_kind(kind: Kind, context: &Context, report: &mut Report) -> bool {
    let field = kind.field();
    // Another type than an array has its own issue.
    if context.get(field).is_some_and(|files| files.as_array().is_none()) {
        return true;
    }
    let count = kind.count(context.request);
    let files = context.limits.of(kind);
    let (least, most) = (files.min_count as usize, files.max_count as usize);
    if (least..=most).contains(&count) {
        return true;
    }
    let has_variant = context.variant().is_some();
    let limit = if count < least { least } else { most };
    let params = with_variant(context)
        .text("field", field)
        .text("kind", kind.as_str())
        .number("count", count as i64)
        .number(LIMIT, limit as i64);
    let (code, message) = if count < least {
        (
            IssueCode::ModelInput,
            "`{model}` needs at least {limit kind}, but `{field}` has none.",
        )
    } else if most == 0 {
        (
            IssueCode::ModelInput,
            "`{model}` accepts no {kind} files, but `{field}` has {count}.",
        )
    } else if has_variant && context.model.is_some_and(|model| model.family != Family::All) {
        (
            IssueCode::ModelInput,
            "`{model}` accepts at most {limit kind}, but `{field}` has {count}.",
        )
    } else {
        (
            IssueCode::TooMany,
            "`{field}` has {count kind}, but at most {limit} are allowed.",
        )
    };
    report
        .error(code, message, params)
        .at(field)
        .hint(match (code, has_variant) {
            (IssueCode::ModelInput, true) => "Change the files, or use \"{variant}\", which accepts them.",
            (IssueCode::ModelInput, false) => "Change the files.",
            _ => "Remove files. Those beyond the limit are not checked.",
        });
    false
}

/// Audio needs an image or a video beside it. [`Source::ModelPages20`](crate::domain::api::Source::ModelPages20)
fn check_audio_alone(context: &Context, report: &mut Report) {
    if Mode::of_files(context.request).is_none()
        || Kind::Audio.count(context.request) == 0
        || Kind::Image.count(context.request) + Kind::Video.count(context.request) > 0
    {
        return;
    }
    let params = with_variant(context);
    let issue = match context.model.map(|model| model.family) {
        Some(Family::ReferenceToVideo) => report.error(
            IssueCode::ModelInput,
            "`{model}` accepts no audio without an image or a video.",
            params,
        ),
        // They take no audio at all.
        Some(Family::TextToVideo | Family::ImageToVideo) => return,
        _ => report.warning(
            IssueCode::AudioAlone,
            "`audio_urls` is used without an image or a video. The API may refuse it.",
            params,
        ),
    };
    issue.at("audio_urls").hint("Add an image or a video.");
}

/// A model that works with references has none.
fn check_references(context: &Context, report: &mut Report) {
    let takes_references = |family| family == Family::ReferenceToVideo;
    if context.model.is_some_and(|model| takes_references(model.family))
        && Mode::of_files(context.request) == Some(Mode::TextToVideo)
    {
        report
            .warning(
                IssueCode::ModelInput,
                "`{model}` is for reference files, but the request has none.",
                with_variant(context),
            )
            .hint("Add a file, or use \"{variant}\".");
    }
}
