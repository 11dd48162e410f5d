//! Every number of the API, once, with its source.
//!
//! \[ref\] is the API documentation (Video Generation API); \[doc\] another documentation page of the
//! vendor; \[client\] the vendor's own open-source clients. Rules read these tables, and so does the
//! `limits` object of the npm package.

use super::model::{MODELS, Model};
use serde::Serialize;

/// The bounds of a request and of its files.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The prompt.
    pub prompt: PromptLimits,
    /// `image_urls`.
    pub images: FileLimits,
    /// `video_urls`.
    pub videos: FileLimits,
    /// `audio_urls`.
    pub audios: FileLimits,
    /// All files of a request together.
    pub files: CountLimits,
    /// `duration`, in whole seconds.
    pub duration: RangeLimits,
    /// `quality`.
    pub quality: ChoiceLimits,
    /// `aspect_ratio`.
    pub aspect_ratio: ChoiceLimits,
    /// `generate_audio`.
    pub generate_audio: SwitchLimits,
    /// `callback_url`.
    pub callback_url: LengthLimits,
    /// `Idempotency-Key`.
    pub idempotency_key: LengthLimits,
    /// How long the link to a finished video lives, in hours from completion.
    pub result_hours: u32,
    /// The models that are known, and what each takes.
    pub models: &'static [Model],
}

/// The bounds of the prompt.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptLimits {
    /// In tokens of the vendor's tokenizer, which is not named.
    pub max_tokens: u32,
}

/// The bounds of one kind of file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileLimits {
    /// Files of this kind in one request.
    pub max_count: u32,
    /// Size of one file. The reference says "MB"; this is the smaller reading, 10^6 bytes.
    pub max_bytes: u32,
    /// Endings, without the dot, in lower case; the first is the usual one.
    pub formats: &'static [&'static str],
    /// Length of one file, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_seconds: Option<u32>,
    /// Length of one file, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<u32>,
    /// Length of all files of this kind together, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_total_seconds: Option<u32>,
    /// Width times height of a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_pixels: Option<u32>,
    /// Width times height of a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pixels: Option<u32>,
}

/// How many.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CountLimits {
    /// At most.
    pub max_count: u32,
}

/// A whole number between two bounds, both allowed.
#[derive(Debug, Serialize)]
pub struct RangeLimits {
    /// The smallest.
    pub min: u32,
    /// The largest.
    pub max: u32,
    /// What the API takes when the field is absent.
    pub default: u32,
}

/// One of some words.
#[derive(Debug, Serialize)]
pub struct ChoiceLimits {
    /// The words.
    pub values: &'static [&'static str],
    /// What the API takes when the field is absent.
    pub default: &'static str,
}

/// True or false.
#[derive(Debug, Serialize)]
pub struct SwitchLimits {
    /// What the API takes when the field is absent.
    pub default: bool,
}

/// The length of a text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LengthLimits {
    /// In characters.
    pub min_length: u32,
    /// In characters.
    pub max_length: u32,
}

const MB: u32 = 1_000_000;

/// The numbers.
pub const LIMITS: Limits = Limits {
    // [ref] "max 2000 tokens"
    prompt: PromptLimits { max_tokens: 2000 },
    // [ref] Input File Requirements, Images. `.jpg` and `.tif` are the same formats as `.jpeg` and
    // `.tiff`; the reference's own examples use `.jpg`.
    images: FileLimits {
        max_count: 9,
        max_bytes: 30 * MB,
        formats: &["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif"],
        min_seconds: None,
        max_seconds: None,
        max_total_seconds: None,
        min_pixels: None,
        max_pixels: None,
    },
    // [ref] Input File Requirements, Videos
    videos: FileLimits {
        max_count: 3,
        max_bytes: 50 * MB,
        formats: &["mp4", "mov"],
        min_seconds: Some(2),
        max_seconds: Some(15),
        max_total_seconds: None,
        min_pixels: Some(409_600),
        max_pixels: Some(927_408),
    },
    // [ref] Input File Requirements, Audio
    audios: FileLimits {
        max_count: 3,
        max_bytes: 15 * MB,
        formats: &["mp3", "wav"],
        min_seconds: None,
        max_seconds: None,
        max_total_seconds: Some(15),
        min_pixels: None,
        max_pixels: None,
    },
    // [ref] "Maximum 12 files across all modalities per request"
    files: CountLimits { max_count: 12 },
    // [ref] "Any integer from 4 to 15", default 5
    duration: RangeLimits {
        min: 4,
        max: 15,
        default: 5,
    },
    // [ref] default 720p
    quality: ChoiceLimits {
        values: &["480p", "720p", "1080p"],
        default: "720p",
    },
    // [ref] default 16:9
    aspect_ratio: ChoiceLimits {
        values: &["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"],
        default: "16:9",
    },
    // [ref] default true
    generate_audio: SwitchLimits { default: true },
    // [doc] Webhooks: at most 2048 characters
    callback_url: LengthLimits {
        min_length: 1,
        max_length: 2048,
    },
    // [client] 16 to 96 characters of A-Z a-z 0-9 . _ -
    idempotency_key: LengthLimits {
        min_length: 16,
        max_length: 96,
    },
    // [doc] result links live 24 hours
    result_hours: 24,
    models: &MODELS,
};
