//! A request, typed, for callers in Rust.

use super::value::{Key, Value};

/// The body of `POST /v1/videos/generations`.
///
/// The fields are the API's own. An empty list and a `None` are left out of the body, and the API
/// takes its default, which [`LIMITS`](super::LIMITS) tells.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoRequest {
    /// Model ID. Default `seedance-2.0`.
    pub model: String,
    /// What the video shows; at most 2000 tokens.
    pub prompt: String,
    /// Reference images, at most 9.
    pub image_urls: Vec<String>,
    /// Reference videos, at most 3.
    pub video_urls: Vec<String>,
    /// Reference audios, at most 3.
    pub audio_urls: Vec<String>,
    /// Seconds, 4 to 15.
    pub duration: Option<u32>,
    /// `480p`, `720p` or `1080p`.
    pub quality: Option<String>,
    /// `16:9`, `9:16`, `1:1`, `4:3`, `3:4`, `21:9` or `adaptive`.
    pub aspect_ratio: Option<String>,
    /// Whether to make sound too.
    pub generate_audio: Option<bool>,
    /// Where the API reports the finished task; https.
    pub callback_url: Option<String>,
    /// Fields that this version does not know. A name that is already set, by a field above or by an
    /// earlier entry, is left out: the first value counts.
    pub extra: Vec<(String, Value)>,
}

/// The only model that the reference names.
pub const DEFAULT_MODEL: &str = "seedance-2.0";

/// The names of the reference, in its order.
pub const FIELDS: [&str; 10] = [
    "model",
    "prompt",
    "image_urls",
    "video_urls",
    "audio_urls",
    "duration",
    "quality",
    "aspect_ratio",
    "generate_audio",
    "callback_url",
];

/// Fields of the vendor's newer pages \[doc\]: known, and forwarded without a word.
pub const NEWER_FIELDS: [&str; 2] = ["model_params", "content_filter"];

impl Default for VideoRequest {
    fn default() -> Self {
        Self {
            model: DEFAULT_MODEL.into(),
            prompt: String::new(),
            image_urls: Vec::new(),
            video_urls: Vec::new(),
            audio_urls: Vec::new(),
            duration: None,
            quality: None,
            aspect_ratio: None,
            generate_audio: None,
            callback_url: None,
            extra: Vec::new(),
        }
    }
}

impl From<VideoRequest> for Value {
    fn from(request: VideoRequest) -> Self {
        let list = |urls: Vec<String>| {
            (!urls.is_empty()).then(|| Value::Array(urls.into_iter().map(Value::String).collect()))
        };
        let fields = [
            Some(Value::String(request.model)),
            Some(Value::String(request.prompt)),
            list(request.image_urls),
            list(request.video_urls),
            list(request.audio_urls),
            request.duration.map(|seconds| i64::from(seconds).into()),
            request.quality.map(Value::String),
            request.aspect_ratio.map(Value::String),
            request.generate_audio.map(Value::Bool),
            request.callback_url.map(Value::String),
        ];
        let mut entries: Vec<_> = FIELDS
            .into_iter()
            .zip(fields)
            .filter_map(|(name, value)| Some((name.into(), value?)))
            .collect();
        for (name, value) in request.extra {
            if entries.iter().all(|(set, _): &(Key, Value)| *set != name) {
                entries.push((name.into(), value));
            }
        }
        Value::Object(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_name_that_is_set_twice_the_first_value_counts() {
        let extra = [("duration", 9), ("seed", 1), ("seed", 2), ("quality", 3)];
        let request = Value::from(VideoRequest {
            duration: Some(5),
            extra: extra.map(|(name, value)| (name.into(), i64::into(value))).into(),
            ..VideoRequest::default()
        });
        for (name, value) in [("duration", 5), ("seed", 1), ("quality", 3)] {
            assert_eq!(request.get(name), Some(&i64::into(value)), "{name}");
        }
        assert_eq!(request.entries().len(), 5);
    }
}
