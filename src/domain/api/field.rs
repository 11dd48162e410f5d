//! The fields of a request.

use super::kind::Kind;
use super::limits::{ChoiceLimits, IntegerLimits, Limits};
use super::source::Source;
use crate::domain::value::{Key, Value};

/// What a field holds. Where that depends on the model, a function returns the part of the model's limits, or `None`
/// for a model that ignores the field.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// The id of a model.
    Model,
    /// The prompt.
    Prompt,
    /// URLs of files of one kind.
    Files(Kind),
    /// A whole number.
    Integer {
        /// The range.
        limits: fn(&Limits) -> Option<&IntegerLimits>,
        /// What the number counts, in the singular; may be empty.
        unit: &'static str,
    },
    /// One of several strings.
    Choice(fn(&Limits) -> Option<&ChoiceLimits>),
    /// True or false.
    Switch,
    /// An https URL that the API calls.
    CallbackUrl,
    /// An object of further parameters.
    Parameters,
}

/// A field of a request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Names that other APIs use for the same input, separated by `|`. This API ignores such a field, and
    /// charges for a video without the input.
    pub inputs: &'static str,
    /// Other names that may mean the field, separated by `|`.
    pub guesses: &'static str,
    /// Where it is stated.
    pub source: Source,
}

const fn field(
    name: &'static str,
    shape: Shape,
    inputs: &'static str,
    guesses: &'static str,
    source: Source,
) -> Field {
    Field {
        name,
        shape,
        inputs,
        guesses,
        source,
    }
}

const SECONDS: Shape = Shape::Integer {
    limits: |limits| Some(&limits.duration),
    unit: "second",
};

use Source::{ModelPages20, Reference};

/// The fields, in the order of the reference. `model` and `prompt` are required.
///
/// The other names are without separators and in lower case.
#[rustfmt::skip]
pub static FIELDS: &[Field] = &[
    field("model", Shape::Model, "", "modelid|modelname", Reference),
    field("prompt", Shape::Prompt, "", "text|description|textprompt", Reference),
    field(
        "image_urls",
        Shape::Files(Kind::Image),
        "image|images|imagelist|content|frames|keyframes|promptimage|firstframe|lastframe|startframe|endframe|referenceimages",
        "",
        Reference,
    ),
    field("video_urls", Shape::Files(Kind::Video), "video|videos|referencevideos", "", Reference),
    field("audio_urls", Shape::Files(Kind::Audio), "audio|audios|referenceaudios", "", Reference),
    field("duration", SECONDS, "", "length|seconds|dur|numframes|frames|videolength|videoduration|durationseconds", Reference),
    field("quality", Shape::Choice(|limits| Some(&limits.quality)), "", "resolution|rs|videoquality|mode", Reference),
    field("aspect_ratio", Shape::Choice(|limits| Some(&limits.aspect_ratio)), "", "ratio|ar|rt|aspect", Reference),
    field("generate_audio", Shape::Switch, "", "audio|sound|mute|withaudio|hasaudio|generatesound|enableaudio|audioenabled", Reference),
    field("callback_url", Shape::CallbackUrl, "", "callback|callbackuri|webhook|webhookurl", Reference),
    field("content_filter", Shape::Switch, "", "", ModelPages20),
    field("model_params", Shape::Parameters, "", "", ModelPages20),
];

/// What a field means, for the JSON Schema; without a period. Not in the table, so that the modules do not contain it.
pub(super) fn description(field: &str) -> &'static str {
    match field {
        "model" => "Model ID",
        "prompt" => "What the video shows",
        "image_urls" => "URLs of image files",
        "video_urls" => "URLs of video files",
        "audio_urls" => "URLs of audio files",
        "duration" => "Length of the video in seconds",
        "quality" => "Video resolution",
        "aspect_ratio" => "Aspect ratio",
        "generate_audio" => "Whether to generate sound",
        "callback_url" => "The https URL that the API calls with the finished task",
        "content_filter" => "Whether the API filters content",
        "model_params" => "Other parameters of the model",
        _ => "",
    }
}

/// The field of this name, if it is known.
pub fn find_field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// A request with its fields in the order of the table, and others after them by name.
pub(crate) fn in_table_order(request: &Value) -> Value {
    let mut fields: Vec<(Key, Value)> = Vec::new();
    for field in FIELDS {
        if let Some(value) = request.get(field.name) {
            fields.push((field.name.into(), value.clone()));
        }
    }
    let known = fields.len();
    for (name, value) in request.entries() {
        if find_field(name).is_none() {
            let mut at = known;
            while fields
                .get(at)
                .is_some_and(|(other, _)| other.as_ref() < name.as_ref())
            {
                at += 1;
            }
            fields.insert(at, (name.clone(), value.clone()));
        }
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_description() {
        for field in FIELDS {
            assert_ne!(description(field.name), "", "{}", field.name);
        }
    }
}
