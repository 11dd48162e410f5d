//! What a model can limit. The limits of each model are in `models.rs`.

use super::kind::Kind;
use super::numbers::{
    CALLBACK_URL_MAX_LENGTH, IDEMPOTENCY_KEY_LENGTH, MAX_BODY_BYTES, RESULT_LIFETIME_HOURS,
};
use super::pixels::OutputPixels;
use crate::domain::decimal::Decimal;
use crate::domain::json::{Json, ToJson};
use crate::domain::record::record;

record! {
    /// What a model accepts.
    struct with more Limits {
        /// The prompt.
        prompt: PromptLimits = "prompt",
        /// `image_urls`.
        images: &'static FileLimits = "images",
        /// `video_urls`.
        videos: &'static FileLimits = "videos",
        /// `audio_urls`.
        audios: &'static FileLimits = "audios",
        /// All files of a request together.
        files: CountLimits = "files",
        /// `duration`.
        duration: IntegerLimits = "duration",
        /// `quality`.
        quality: ChoiceLimits = "quality",
        /// `aspect_ratio`.
        aspect_ratio: ChoiceLimits = "aspectRatio",
        /// `generate_audio`.
        generate_audio: SwitchLimits = "generateAudio",
        /// Whether `model_params.web_search` has an effect.
        web_search: bool = "webSearch",
        /// Whether some limits are assumed from an earlier version of the model, because this one's pages do
        /// not state them. A request that exceeds an assumed limit gets a warning.
        assumed: bool = "assumed",
    }
}

impl Limits {
    /// The limits of one kind of file.
    pub const fn of(&self, kind: Kind) -> &'static FileLimits {
        match kind {
            Kind::Image => self.images,
            Kind::Video => self.videos,
            Kind::Audio => self.audios,
        }
    }
}

/// In JSON, the limits of a model are next to those that hold for every model.
impl ToJson for Limits {
    fn write(&self, json: &mut Json) {
        let (min, max) = IDEMPOTENCY_KEY_LENGTH;
        json.open('{');
        self.write_fields(json);
        json.field("outputPixels", &OutputPixels(self.quality.values));
        json.field(
            "callbackUrl",
            &LengthLimits {
                min_length: None,
                max_length: CALLBACK_URL_MAX_LENGTH,
            },
        );
        json.field(
            "idempotencyKey",
            &LengthLimits {
                min_length: Some(min),
                max_length: max,
            },
        );
        json.field("maxBodyBytes", &MAX_BODY_BYTES);
        json.field("resultHours", &RESULT_LIFETIME_HOURS);
        json.close('}');
    }
}

record! {
    /// The characters of a string.
    struct LengthLimits {
        /// At least.
        min_length: Option<u32> = "minLength",
        /// At most.
        max_length: u32 = "maxLength",
    }
}

record! {
    /// The limits of the prompt.
    struct PromptLimits {
        /// Tokens, by the vendor's tokenizer, which is not named.
        max_tokens: u32 = "maxTokens",
    }
}

record! {
    /// The limits of one kind of file. An absent limit is not stated anywhere.
    struct FileLimits {
        /// Files of this kind in one request, at least.
        min_count: u32 = "minCount",
        /// Files of this kind in one request, at most.
        max_count: u32 = "maxCount",
        /// Bytes of one file. The sources say "MB"; this is the smaller reading, 10^6 bytes.
        max_bytes: u32 = "maxBytes",
        /// File extensions, without the dot, in lower case; the first is the usual one.
        formats: &'static [&'static str] = "formats",
        /// Seconds of one file, at least.
        min_seconds: Option<u32> = "minSeconds",
        /// Seconds of one file, at most.
        max_seconds: Option<u32> = "maxSeconds",
        /// Seconds of all files of this kind together, at most.
        max_total_seconds: Option<u32> = "maxTotalSeconds",
        /// Width times height, at least.
        min_pixels: Option<u32> = "minPixels",
        /// Width times height, at most.
        max_pixels: Option<u32> = "maxPixels",
        /// Pixels of the width and of the height, at least.
        min_side: Option<u32> = "minSide",
        /// Pixels of the width and of the height, at most.
        max_side: Option<u32> = "maxSide",
        /// Width divided by height, at least.
        min_ratio: Option<Decimal> = "minRatio",
        /// Width divided by height, at most.
        max_ratio: Option<Decimal> = "maxRatio",
        /// Frames per second, at least.
        min_frame_rate: Option<u32> = "minFrameRate",
        /// Frames per second, at most.
        max_frame_rate: Option<u32> = "maxFrameRate",
    }
}

record! {
    /// A number of things.
    struct CountLimits {
        /// At most.
        max_count: u32 = "maxCount",
    }
}

record! {
    /// A whole number, both ends included.
    struct IntegerLimits {
        /// The least.
        min: u32 = "min",
        /// The most.
        max: u32 = "max",
        /// The API's default for an absent field, if it is documented.
        default: Option<u32> = "default",
        /// Another value, with which the model chooses the number.
        automatic: Option<Automatic> = "automatic",
    }
}

/// The value of a field with which the model chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Automatic(pub i64);

impl ToJson for Automatic {
    fn write(&self, json: &mut Json) {
        json.integer(self.0);
    }
}

record! {
    /// One of several strings.
    struct ChoiceLimits {
        /// The strings.
        values: &'static [&'static str] = "values",
        /// The API's default for an absent field.
        default: &'static str = "default",
    }
}

record! {
    /// True or false.
    struct SwitchLimits {
        /// The API's default for an absent field.
        default: bool = "default",
    }
}
