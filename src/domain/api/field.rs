//! The fields of a request.

use super::kind::Kind;
use super::source::Source;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The id of a model.
    Model,
    /// The prompt.
    Prompt,
    /// URLs of files of one kind.
    Files(Kind),
    /// Whole seconds.
    Duration,
    /// One of the limits' qualities.
    Quality,
    /// One of the limits' aspect ratios.
    AspectRatio,
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
    /// Names by which other APIs take the same input, separated by `|`. This API ignores such a field, and
    /// bills a video without the input.
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
    field("duration", Shape::Duration, "", "length|seconds|videolength|videoduration|durationseconds", Reference),
    field("quality", Shape::Quality, "", "resolution|videoquality|mode", Reference),
    field("aspect_ratio", Shape::AspectRatio, "", "ratio|aspect", Reference),
    field("generate_audio", Shape::Switch, "", "audio|sound|withaudio|enableaudio|audioenabled", Reference),
    field("callback_url", Shape::CallbackUrl, "", "callback|callbackuri|webhook|webhookurl", Reference),
    field("content_filter", Shape::Switch, "", "", ModelPages20),
    field("model_params", Shape::Parameters, "", "", ModelPages20),
];

/// The field of this name, if it is known.
pub fn find_field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}
