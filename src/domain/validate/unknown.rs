//! Fields that the API does not know. They are sent, unless they are a misspelled field or carry an input that
//! the API would ignore.

use super::Report;
use super::context::Context;
use super::json::check_json;
use crate::domain::api::{FIELDS, Field, find_field};
use crate::domain::issue::IssueCode;
use crate::domain::params::{Params, RECEIVED};
use crate::domain::value::{Key, Value};
use crate::text::{edit_distance, find, loosely_equal, wordings};

pub(super) fn check(context: &Context, report: &mut Report) {
    for (name, value) in context.request.entries() {
        if find_field(name).is_some() {
            continue;
        }
        if report.is_full() {
            return;
        }
        check_field(name, value, report);
    }
}

fn check_field(name: &Key, value: &Value, report: &mut Report) {
    if !check_json(name, value, report) {
        return;
    }
    let params = |meant: &str| {
        Params::new()
            .text("field", name)
            .text("suggestion", meant)
            .value(RECEIVED, value)
    };
    let bare = bare(name);
    let issue = if let Some(meant) = FIELDS.iter().find(|field| is_spelling(field.name, name)) {
        report
            .error(
                IssueCode::MisspelledField,
                "`{field}` is not spelled as the API expects it.",
                params(meant.name),
            )
            .hint("Use `{suggestion}`. The API would ignore the field and still charge for the video.")
    } else if let Some(meant) = input(&bare, value) {
        report
            .error(
                IssueCode::MisspelledField,
                "`{field}` is not a field of this API. The video would be generated and billed without it.",
                params(meant),
            )
            .hint("Use `{suggestion}`. To send it anyway, use `extraFields`.")
    } else if let Some(meant) = guess(name, &bare) {
        report
            .warning(
                IssueCode::MisspelledField,
                "`{field}` is not a field of this API.",
                params(meant),
            )
            .hint("Did you mean `{suggestion}`? The field is sent unchanged.")
    } else {
        report
            .warning(
                IssueCode::UnknownField,
                "`{field}` is not a field of this API.",
                params(""),
            )
            .hint("The field is sent unchanged. Check its spelling.")
    };
    issue.at(name.clone());
}

/// The name without separators, in lower case.
fn bare(name: &str) -> String {
    let mut bare = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            bare.push(character.to_ascii_lowercase());
        }
    }
    bare
}

/// Whether a name is another spelling of a field: in other case, with other separators, in the singular.
fn is_spelling(field: &str, name: &str) -> bool {
    loosely_equal(field, name)
        || field
            .strip_suffix("s")
            .is_some_and(|singular| find(singular, "_").is_some() && loosely_equal(singular, name))
}

/// The field for an input that another API takes under this name.
fn input(bare: &str, value: &Value) -> Option<&'static str> {
    if !matches!(value, Value::String(_) | Value::Array(_) | Value::Object(_)) {
        return None;
    }
    let mut fields = FIELDS.iter();
    let listed = fields.find(|field| wordings(field.inputs).any(|input| input == bare));
    if let Some(field) = listed {
        return Some(field.name);
    }
    let has = |words: &[&str]| words.iter().any(|word| find(bare, word).is_some());
    let is_file = holds_file(value, 4);
    // "reference_image": "file-7", but not "image_style": "oil".
    let is_file = is_file || ends_like_a_file(bare, value);
    if has(&["audio", "sound", "voice", "music"]) && is_file {
        Some("audio_urls")
    } else if has(&["video", "clip"]) && is_file {
        Some("video_urls")
    } else if has(&["image", "img", "frame", "picture", "photo", "reference"]) && is_file {
        Some("image_urls")
    } else {
        None
    }
}

/// Whether a name ends as names of files do, and its value is not empty.
fn ends_like_a_file(bare: &str, value: &Value) -> bool {
    let is_empty = match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    const ENDS: [&str; 5] = ["url", "uri", "file", "image", "frame"];
    let singular = bare.strip_suffix('s').unwrap_or(bare);
    !is_empty && ENDS.iter().any(|end| singular.ends_with(end))
}

/// Whether a value is or contains the URL of a file.
fn holds_file(value: &Value, depth: u32) -> bool {
    match value {
        Value::String(text) => ["http:", "https:", "data:", "blob:"]
            .iter()
            .any(|scheme| text.starts_with(scheme)),
        Value::Array(items) => depth > 0 && items.iter().take(10).any(|item| holds_file(item, depth - 1)),
        Value::Object(entries) => {
            depth > 0
                && entries
                    .iter()
                    .take(10)
                    .any(|(_, item)| holds_file(item, depth - 1))
        }
        _ => false,
    }
}

/// The field that a name may mean: another API's word, or a letter or two off.
fn guess(name: &str, bare: &str) -> Option<&'static str> {
    if bare == "websearch" {
        return Some("model_params.web_search");
    }
    let mut fields = FIELDS.iter();
    let called = fields.find(|field| wordings(field.guesses).any(|guess| guess == bare));
    let near = || {
        let letters =
            |field: &&Field| edit_distance(field.name, name) <= if field.name.len() > 6 { 2 } else { 1 };
        FIELDS.iter().find(letters)
    };
    called.or_else(near).map(|field| field.name)
}
