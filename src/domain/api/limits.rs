//! The limits of a request and of its files, by model.

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
        duration: DurationLimits = "duration",
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

/// In JSON, the limits of a model stand beside those that hold for every model.
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
    /// Whole seconds, both ends included.
    struct DurationLimits {
        /// The least.
        min: u32 = "min",
        /// The most.
        max: u32 = "max",
        /// What the API takes when the field is absent, where it is stated.
        default: Option<u32> = "default",
        /// Another value, with which the model chooses the duration.
        automatic: Option<AutomaticDuration> = "automatic",
    }
}

/// The value of `duration` with which the model chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutomaticDuration(pub i64);

impl ToJson for AutomaticDuration {
    fn write(&self, json: &mut Json) {
        json.integer(self.0);
    }
}

record! {
    /// One of several strings.
    struct ChoiceLimits {
        /// The strings.
        values: &'static [&'static str] = "values",
        /// What the API takes when the field is absent.
        default: &'static str = "default",
    }
}

record! {
    /// True or false.
    struct SwitchLimits {
        /// What the API takes when the field is absent.
        default: bool = "default",
    }
}

const MB: u32 = 1_000_000;

/// No file of a kind.
static NONE: FileLimits = NO_FILES;
const NO_FILES: FileLimits = FileLimits {
    min_count: 0,
    max_count: 0,
    max_bytes: 0,
    formats: &[],
    min_seconds: None,
    max_seconds: None,
    max_total_seconds: None,
    min_pixels: None,
    max_pixels: None,
    min_side: None,
    max_side: None,
    min_ratio: None,
    max_ratio: None,
    min_frame_rate: None,
    max_frame_rate: None,
};

// Source::Reference, "Input File Requirements". `.jpg` and `.tif` are the formats of `.jpeg` and `.tiff`; the
// reference's own examples use `.jpg`.
const IMAGES: FileLimits = FileLimits {
    max_count: 9,
    max_bytes: 30 * MB,
    formats: &["jpg", "jpeg", "png", "webp", "bmp", "tif", "tiff", "gif"],
    ..NO_FILES
};
const VIDEOS: FileLimits = FileLimits {
    max_count: 3,
    max_bytes: 50 * MB,
    formats: &["mp4", "mov"],
    min_seconds: Some(2),
    max_seconds: Some(15),
    min_pixels: Some(409_600),
    max_pixels: Some(927_408),
    ..NO_FILES
};
const AUDIOS: FileLimits = FileLimits {
    max_count: 3,
    max_bytes: 15 * MB,
    formats: &["mp3", "wav"],
    max_total_seconds: Some(15),
    ..NO_FILES
};

// Source::ModelPages20: what they add to the reference, or state otherwise.
const IMAGES_20_FAST: FileLimits = FileLimits {
    min_side: Some(MIN_SIDE),
    max_side: Some(MAX_SIDE),
    min_ratio: Some(MIN_RATIO),
    max_ratio: Some(MAX_RATIO),
    ..IMAGES
};
const IMAGES_20: FileLimits = FileLimits {
    formats: &["jpg", "jpeg", "png", "webp"],
    ..IMAGES_20_FAST
};
const VIDEOS_20: FileLimits = FileLimits {
    max_total_seconds: Some(15),
    max_pixels: Some(2_086_876),
    min_side: Some(MIN_SIDE),
    max_side: Some(MAX_SIDE),
    min_ratio: Some(MIN_RATIO),
    max_ratio: Some(MAX_RATIO),
    min_frame_rate: Some(24),
    max_frame_rate: Some(60),
    ..VIDEOS
};
const AUDIOS_20: FileLimits = FileLimits {
    min_seconds: Some(2),
    max_seconds: Some(15),
    ..AUDIOS
};
const MIN_SIDE: u32 = 300;
const MAX_SIDE: u32 = 6_000;
const MIN_RATIO: Decimal = Decimal::thousandths(400);
const MAX_RATIO: Decimal = Decimal::thousandths(2_500);

/// One image or two, as frames.
const fn frames(images: FileLimits) -> FileLimits {
    FileLimits {
        min_count: 1,
        max_count: 2,
        ..images
    }
}

const fn at_most(max_count: u32, files: FileLimits) -> FileLimits {
    FileLimits { max_count, ..files }
}

static ALL_IMAGES: FileLimits = IMAGES;
static ALL_VIDEOS: FileLimits = VIDEOS;
static ALL_AUDIOS: FileLimits = AUDIOS;
static FRAMES_20: FileLimits = frames(IMAGES_20);
static FRAMES_20_FAST: FileLimits = frames(IMAGES_20_FAST);
static REFERENCE_IMAGES_20: FileLimits = IMAGES_20;
static REFERENCE_IMAGES_20_FAST: FileLimits = IMAGES_20_FAST;
static REFERENCE_VIDEOS_20: FileLimits = VIDEOS_20;
static REFERENCE_AUDIOS_20: FileLimits = AUDIOS_20;
// Source::ModelPages25.
static REFERENCE_IMAGES_25: FileLimits = at_most(30, IMAGES_20);
static REFERENCE_VIDEOS_25: FileLimits = at_most(10, VIDEOS_20);
static REFERENCE_AUDIOS_25: FileLimits = at_most(10, AUDIOS_20);

const QUALITIES: &[&str] = &["480p", "720p", "1080p"];
const QUALITIES_SMALL: &[&str] = &["480p", "720p"];

const REFERENCE: Limits = Limits {
    // Source::Reference, "max 2000 tokens".
    prompt: PromptLimits { max_tokens: 2_000 },
    images: &ALL_IMAGES,
    videos: &ALL_VIDEOS,
    audios: &ALL_AUDIOS,
    // Source::Reference, "Maximum 12 files across all modalities per request".
    files: CountLimits { max_count: 12 },
    // Source::Reference, "Any integer from 4 to 15", default 5.
    duration: DurationLimits {
        min: 4,
        max: 15,
        default: Some(5),
        automatic: None,
    },
    // Source::Reference.
    quality: ChoiceLimits {
        values: QUALITIES,
        default: "720p",
    },
    // Source::Reference.
    aspect_ratio: ChoiceLimits {
        values: &["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"],
        default: "16:9",
    },
    // Source::Reference.
    generate_audio: SwitchLimits { default: true },
    web_search: false,
    assumed: false,
};

/// The limits of the model that the reference names.
pub(super) static REFERENCE_LIMITS: Limits = REFERENCE;

// Source::ModelPages20: longer prompts, no sum of files, web search with text alone.
const TEXT_20: Limits = Limits {
    prompt: PromptLimits { max_tokens: 10_000 },
    images: &NONE,
    videos: &NONE,
    audios: &NONE,
    files: CountLimits { max_count: 0 },
    web_search: true,
    ..REFERENCE
};

/// The limits of a variant with these files.
const fn with_files(text: Limits, files: [&'static FileLimits; 3]) -> Limits {
    let [images, videos, audios] = files;
    Limits {
        images,
        videos,
        audios,
        files: CountLimits {
            max_count: images.max_count + videos.max_count + audios.max_count,
        },
        web_search: false,
        ..text
    }
}

const fn small(limits: Limits, web_search: bool) -> Limits {
    Limits {
        quality: ChoiceLimits {
            values: QUALITIES_SMALL,
            default: limits.quality.default,
        },
        web_search,
        ..limits
    }
}

// Source::ModelPages25: counts and durations. The rest is assumed from version 2.0.
const TEXT_25: Limits = Limits {
    duration: DurationLimits {
        min: 4,
        max: 30,
        default: None,
        automatic: Some(AutomaticDuration(-1)),
    },
    web_search: false,
    assumed: true,
    ..TEXT_20
};

// For text-to-video, image-to-video and reference-to-video.
pub(super) static STANDARD_20: [Limits; 3] = [
    TEXT_20,
    with_files(TEXT_20, [&FRAMES_20, &NONE, &NONE]),
    with_files(
        TEXT_20,
        [&REFERENCE_IMAGES_20, &REFERENCE_VIDEOS_20, &REFERENCE_AUDIOS_20],
    ),
];
pub(super) static FAST_20: [Limits; 3] = [
    small(TEXT_20, true),
    small(with_files(TEXT_20, [&FRAMES_20_FAST, &NONE, &NONE]), false),
    small(
        with_files(
            TEXT_20,
            [
                &REFERENCE_IMAGES_20_FAST,
                &REFERENCE_VIDEOS_20,
                &REFERENCE_AUDIOS_20,
            ],
        ),
        false,
    ),
];
pub(super) static MINI_20: [Limits; 3] = [
    small(STANDARD_20[0], false),
    small(STANDARD_20[1], false),
    small(STANDARD_20[2], false),
];
pub(super) static STANDARD_25: [Limits; 3] = [
    TEXT_25,
    with_files(TEXT_25, [&FRAMES_20, &NONE, &NONE]),
    with_files(
        TEXT_25,
        [&REFERENCE_IMAGES_25, &REFERENCE_VIDEOS_25, &REFERENCE_AUDIOS_25],
    ),
];
