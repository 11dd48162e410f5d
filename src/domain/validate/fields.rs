//! Fields that the API does not name: forwarded, unless they are a slip.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::request::{FIELDS, NEWER_FIELDS};
use crate::domain::value::Value;
use crate::text::{alike, distance, shortened, template, wordings};

/// Names that other APIs have for the same, and what they are called here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("model", "modelid|modelname"),
    ("prompt", "text|description|textprompt"),
    (
        "image_urls",
        "image|images|imageurl|imagelist|inputimage|inputimages|firstframe|firstframeurl|startimage",
    ),
    ("video_urls", "video|videos|videourl|inputvideo|inputvideos"),
    ("audio_urls", "audios|audiourl|inputaudio|inputaudios"),
    (
        "duration",
        "length|seconds|videolength|videoduration|durationseconds",
    ),
    ("quality", "resolution|videoquality"),
    ("aspect_ratio", "ratio|aspect"),
    ("generate_audio", "audio|sound|withaudio|enableaudio|audioenabled"),
    ("callback_url", "callback|callbackuri|webhook|webhookurl"),
];

pub(super) fn check(request: &Value, report: &mut Report) {
    for (name, value) in request.entries() {
        if FIELDS.contains(&name.as_ref()) {
            continue;
        }
        if let Some(meant) = meant_by(name) {
            report
                .error(
                    IssueCode::MisspelledField,
                    template!("The API does not know the field `{}`.", shortened(name)),
                )
                .at(name)
                .hint(template!("Did you mean `{}`? As it is, the API would ignore the field, and bill the video all the same.", meant))
                .actual(value.clone());
        } else if let Some(what) = not_json(value) {
            let message = template!("`{}` cannot be sent as JSON: it holds {}.", shortened(name), what);
            report
                .error(IssueCode::InvalidType, message)
                .at(name)
                .hint("Use text, finite numbers, booleans, lists and plain objects only.")
                .actual(value.clone());
        } else if !NEWER_FIELDS.contains(&name.as_ref()) {
            report
                .warning(
                    IssueCode::UnknownField,
                    template!("The API does not name a field `{}`.", shortened(name)),
                )
                .at(name)
                .hint("It is sent as it is. If it is a slip, it may cost money: check its spelling.")
                .actual(value.clone());
        }
    }
}

/// The field that a name is a slip of: another spelling, another API's word, a letter or two off.
fn meant_by(name: &str) -> Option<&'static str> {
    if NEWER_FIELDS.contains(&name) {
        return None;
    }
    let spelled = FIELDS.into_iter().find(|field| alike(field, name));
    let called = || {
        let names = OTHER_NAMES.iter();
        let mut called = names.filter(|(_, others)| wordings(others).any(|other| alike(other, name)));
        called.next().map(|(field, _)| *field)
    };
    let near = || {
        let slips = |field: &&str| distance(field, name) <= if field.len() > 6 { 2 } else { 1 };
        FIELDS.into_iter().find(slips)
    };
    spelled.or_else(called).or_else(near)
}

/// What in a value has no form in JSON.
fn not_json(value: &Value) -> Option<String> {
    match value {
        Value::Foreign(what) => Some(what.clone()),
        Value::Number(number) if !number.as_f64().is_finite() => Some(number.text()),
        Value::Array(items) => items.iter().find_map(not_json),
        Value::Object(entries) => entries.iter().find_map(|(_, value)| not_json(value)),
        _ => None,
    }
}
