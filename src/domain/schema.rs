//! The request as a JSON Schema (2020-12), for forms, tools and agents.

use super::limits::{ChoiceLimits, LIMITS};
use super::tags::Kind;
use super::value::Value;

/// What a schema can say of a request; the rest only [`validate`](super::validate()) can.
pub fn json_schema() -> Value {
    let limits = &LIMITS;
    let list = |kind: Kind, what: &str| {
        object([
            ("type", "array".into()),
            (
                "description",
                Value::String(format!(
                    "{what} URLs, reachable by the server. Refer to them in the prompt as @{0}1, @{0}2 and so on.",
                    kind.word()
                )),
            ),
            (
                "items",
                object([
                    ("type", "string".into()),
                    ("pattern", "^[Hh][Tt][Tt][Pp][Ss]?://".into()),
                ]),
            ),
            ("maxItems", Value::from(kind.limits().max_count)),
        ])
    };
    let choice = |choice: &ChoiceLimits, what: &str| {
        object([
            ("type", "string".into()),
            ("description", what.into()),
            (
                "enum",
                Value::Array(choice.values.iter().map(|word| Value::from(*word)).collect()),
            ),
            ("default", choice.default.into()),
        ])
    };
    object([
        ("$schema", "https://json-schema.org/draft/2020-12/schema".into()),
        ("title", "VideoRequest".into()),
        ("type", "object".into()),
        ("required", Value::Array(vec!["model".into(), "prompt".into()])),
        (
            "properties",
            object([
                (
                    "model",
                    object([
                        ("type", "string".into()),
                        ("description", "Model ID.".into()),
                        ("pattern", "\\S".into()),
                        (
                            "examples",
                            Value::Array(limits.models.iter().map(|model| model.id.into()).collect()),
                        ),
                    ]),
                ),
                (
                    "prompt",
                    object([
                        ("type", "string".into()),
                        (
                            "description",
                            Value::String(format!(
                                "Text description of the video, at most {} tokens.",
                                limits.prompt.max_tokens
                            )),
                        ),
                        ("pattern", "\\S".into()),
                    ]),
                ),
                ("image_urls", list(Kind::Image, "Reference image")),
                ("video_urls", list(Kind::Video, "Reference video")),
                ("audio_urls", list(Kind::Audio, "Reference audio")),
                (
                    "duration",
                    object([
                        ("type", "integer".into()),
                        ("description", "Video duration in seconds.".into()),
                        ("minimum", Value::from(limits.duration.min)),
                        ("maximum", Value::from(limits.duration.max)),
                        ("default", Value::from(limits.duration.default)),
                    ]),
                ),
                ("quality", choice(&limits.quality, "Video resolution.")),
                ("aspect_ratio", choice(&limits.aspect_ratio, "Aspect ratio.")),
                (
                    "generate_audio",
                    object([
                        ("type", "boolean".into()),
                        ("description", "Whether to generate synchronized audio.".into()),
                        ("default", Value::Bool(limits.generate_audio.default)),
                    ]),
                ),
                (
                    "callback_url",
                    object([
                        ("type", "string".into()),
                        (
                            "description",
                            "HTTPS URL for the task completion callback.".into(),
                        ),
                        ("pattern", "^[Hh][Tt][Tt][Pp][Ss]://".into()),
                        ("maxLength", Value::from(limits.callback_url.max_length)),
                    ]),
                ),
            ]),
        ),
    ])
}

fn object<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Value::Object(
        entries
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}
