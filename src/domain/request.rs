//! The typed request, for callers in Rust.

use super::api::DEFAULT_MODEL;
use super::value::{Key, Value};
use super::words::open_words;

open_words! {
    /// The resolution of the video. Higher costs more.
    Quality {
        /// 480p.
        P480 = "480p",
        /// 720p, the default.
        P720 = "720p",
        /// 1080p; not with the fast and mini models.
        P1080 = "1080p",
    }
}

open_words! {
    /// The aspect ratio of the video.
    AspectRatio {
        /// 16:9, the default.
        Wide = "16:9",
        /// 9:16.
        Tall = "9:16",
        /// 1:1.
        Square = "1:1",
        /// 4:3.
        Classic = "4:3",
        /// 3:4.
        Portrait = "3:4",
        /// 21:9.
        Cinema = "21:9",
        /// That of the input.
        Adaptive = "adaptive",
    }
}

/// The length of the video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VideoDuration {
    /// Whole seconds: 4 to 15 with the models of version 2.0, 4 to 30 with those of 2.5.
    Seconds(u32),
    /// The model chooses; version 2.5 only.
    Automatic,
}

impl From<u32> for VideoDuration {
    fn from(seconds: u32) -> Self {
        VideoDuration::Seconds(seconds)
    }
}

/// The body of `POST /v1/videos/generations`.
///
/// An empty list and a `None` are left out, so that the API uses its default; see
/// [`limits_for`](super::limits_for).
///
/// ```
/// use evolink_video::domain::{Quality, VideoRequest};
///
/// let request = VideoRequest::new("@Image1 as first frame: the fog lifts")
///     .image("https://example.com/harbour.jpg")
///     .duration(8)
///     .quality(Quality::P1080);
/// assert_eq!(request.model, "seedance-2.0");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct VideoRequest {
    /// The id of a model. Default `seedance-2.0`.
    pub model: String,
    /// What the video shows.
    pub prompt: String,
    /// URLs of reference images.
    pub image_urls: Vec<String>,
    /// URLs of reference videos.
    pub video_urls: Vec<String>,
    /// URLs of reference audio.
    pub audio_urls: Vec<String>,
    /// The length. Default of the reference's model: 5 seconds.
    pub duration: Option<VideoDuration>,
    /// The resolution.
    pub quality: Option<Quality>,
    /// The aspect ratio.
    pub aspect_ratio: Option<AspectRatio>,
    /// Whether to generate sound. Default `true`.
    pub generate_audio: Option<bool>,
    /// The https URL that the API calls with the finished task.
    pub callback_url: Option<String>,
    /// Whether the API filters content. `false` costs more with version 2.5.
    pub content_filter: Option<bool>,
    /// Whether the model may search the web: `model_params.web_search`.
    pub web_search: Option<bool>,
    /// Fields that this version does not know. A name that is already set is left out.
    pub extra: Vec<(String, Value)>,
}

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
            content_filter: None,
            web_search: None,
            extra: Vec::new(),
        }
    }
}

impl VideoRequest {
    /// A request with a prompt, for the model `seedance-2.0`.
    pub fn new(prompt: impl Into<String>) -> Self {
        Self {
            prompt: prompt.into(),
            ..Self::default()
        }
    }

    /// Sets the model.
    #[must_use]
    pub fn model(mut self, id: impl Into<String>) -> Self {
        self.model = id.into();
        self
    }

    /// Adds a reference image.
    #[must_use]
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image_urls.push(url.into());
        self
    }

    /// Adds a reference video.
    #[must_use]
    pub fn video(mut self, url: impl Into<String>) -> Self {
        self.video_urls.push(url.into());
        self
    }

    /// Adds a reference audio.
    #[must_use]
    pub fn audio(mut self, url: impl Into<String>) -> Self {
        self.audio_urls.push(url.into());
        self
    }

    /// Sets the length, in seconds or [`VideoDuration::Automatic`].
    #[must_use]
    pub fn duration(mut self, duration: impl Into<VideoDuration>) -> Self {
        self.duration = Some(duration.into());
        self
    }

    /// Sets the resolution.
    #[must_use]
    pub fn quality(mut self, quality: Quality) -> Self {
        self.quality = Some(quality);
        self
    }

    /// Sets width to height.
    #[must_use]
    pub fn aspect_ratio(mut self, ratio: AspectRatio) -> Self {
        self.aspect_ratio = Some(ratio);
        self
    }

    /// Sets whether to generate sound.
    #[must_use]
    pub fn generate_audio(mut self, generate: bool) -> Self {
        self.generate_audio = Some(generate);
        self
    }

    /// Sets the URL that the API calls with the finished task.
    #[must_use]
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    /// Sets whether the API filters content.
    #[must_use]
    pub fn content_filter(mut self, filter: bool) -> Self {
        self.content_filter = Some(filter);
        self
    }

    /// Sets whether the model may search the web.
    #[must_use]
    pub fn web_search(mut self, search: bool) -> Self {
        self.web_search = Some(search);
        self
    }

    /// Adds a field that this version does not know.
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }
}

impl From<VideoRequest> for Value {
    fn from(request: VideoRequest) -> Self {
        Value::from(&request)
    }
}

impl From<&VideoRequest> for Value {
    fn from(request: &VideoRequest) -> Self {
        let mut entries: Vec<(Key, Value)> = Vec::new();
        let mut set = |name: &'static str, value: Option<Value>| {
            if let Some(value) = value {
                entries.push((name.into(), value));
            }
        };
        let urls = |urls: &[String]| (!urls.is_empty()).then(|| Value::texts(urls));
        set("model", Some(request.model.as_str().into()));
        set("prompt", Some(request.prompt.as_str().into()));
        set("image_urls", urls(&request.image_urls));
        set("video_urls", urls(&request.video_urls));
        set("audio_urls", urls(&request.audio_urls));
        let seconds = request.duration.map(|duration| match duration {
            VideoDuration::Seconds(seconds) => i64::from(seconds),
            VideoDuration::Automatic => -1,
        });
        set("duration", seconds.map(Into::into));
        set(
            "quality",
            request.quality.as_ref().map(|quality| quality.as_str().into()),
        );
        let ratio = request.aspect_ratio.as_ref();
        set("aspect_ratio", ratio.map(|ratio| ratio.as_str().into()));
        set("generate_audio", request.generate_audio.map(Value::Bool));
        set("callback_url", request.callback_url.as_deref().map(Into::into));
        set("content_filter", request.content_filter.map(Value::Bool));
        let search = request.web_search.map(Value::Bool);
        set(
            "model_params",
            search.map(|search| Value::object([("web_search", Some(search))])),
        );
        for (name, value) in &request.extra {
            if entries.iter().all(|(set, _)| set != name) {
                entries.push((name.clone().into(), value.clone()));
            }
        }
        Value::Object(entries)
    }
}

#[cfg(feature = "serde")]
mod serde_impls {
    use super::*;
    use serde::de::Error as _;

    impl serde::Serialize for VideoRequest {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Value::from(self).serialize(serializer)
        }
    }

    /// A field that is absent or `null` has its default; fields that this version does not know are `extra`.
    impl<'de> serde::Deserialize<'de> for VideoRequest {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let Value::Object(entries) = Value::deserialize(deserializer)? else {
                return Err(D::Error::custom("a request must be an object"));
            };
            let mut request = VideoRequest::default();
            for (name, value) in entries {
                let wrong = || D::Error::custom(format!("`{name}` has the wrong type"));
                let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
                let truth = |value: &Value| value.as_bool().ok_or_else(wrong);
                let texts = |value: &Value| match value.as_array() {
                    Some(items) => items.iter().map(text).collect::<Result<Vec<_>, _>>(),
                    None => Err(wrong()),
                };
                if matches!(value, Value::Null) {
                    continue;
                }
                match name.as_ref() {
                    "model" => request.model = text(&value)?,
                    "prompt" => request.prompt = text(&value)?,
                    "image_urls" => request.image_urls = texts(&value)?,
                    "video_urls" => request.video_urls = texts(&value)?,
                    "audio_urls" => request.audio_urls = texts(&value)?,
                    "duration" => {
                        request.duration = Some(match value.as_integer() {
                            Some(-1) => VideoDuration::Automatic,
                            Some(seconds) => u32::try_from(seconds).map_err(|_| wrong())?.into(),
                            None => return Err(wrong()),
                        });
                    }
                    "quality" => request.quality = Some(text(&value)?.as_str().into()),
                    "aspect_ratio" => request.aspect_ratio = Some(text(&value)?.as_str().into()),
                    "generate_audio" => request.generate_audio = Some(truth(&value)?),
                    "callback_url" => request.callback_url = Some(text(&value)?),
                    "content_filter" => request.content_filter = Some(truth(&value)?),
                    "model_params" => match value.entries() {
                        [(only, Value::Bool(search))] if only == "web_search" => {
                            request.web_search = Some(*search)
                        }
                        _ => request.extra.push((name.into_owned(), value)),
                    },
                    _ => request.extra.push((name.into_owned(), value)),
                }
            }
            Ok(request)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_a_repeated_field_is_used() {
        let request = Value::from(
            VideoRequest::new("A cat")
                .duration(5)
                .extra("duration", 9_i64)
                .extra("x_label", 1_i64)
                .extra("x_label", 2_i64),
        );
        for (name, value) in [("duration", 5), ("x_label", 1)] {
            assert_eq!(request.get(name), Some(&i64::into(value)), "{name}");
        }
        assert_eq!(request.entries().len(), 4);
    }

    #[test]
    fn every_field_of_the_table_can_be_set_and_read() {
        let typed = VideoRequest::new("A cat")
            .image("https://example.com/a.jpg")
            .video("https://example.com/a.mp4")
            .audio("https://example.com/a.mp3")
            .duration(VideoDuration::Automatic)
            .quality(Quality::P480)
            .aspect_ratio(AspectRatio::Other("2:1".into()))
            .generate_audio(false)
            .callback_url("https://example.com/done")
            .content_filter(false)
            .web_search(true);
        let request = Value::from(&typed);
        let names: Vec<&str> = request.entries().iter().map(|(name, _)| name.as_ref()).collect();
        let fields: Vec<&str> = super::super::api::FIELDS.iter().map(|field| field.name).collect();
        assert_eq!(names, fields);
        #[cfg(feature = "serde")]
        assert_eq!(
            serde_json::from_str::<VideoRequest>(&request.to_json()).unwrap(),
            typed
        );
    }
}
