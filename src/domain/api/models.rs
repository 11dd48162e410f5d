//! The table of the models: a row for each, and above the rows the limits that they share.

use super::family::Family;
use super::limits::{
    Automatic, ChoiceLimits, CountLimits, FileLimits, IntegerLimits, Limits, PromptLimits, SwitchLimits,
};
use super::model::Model;
use super::numbers::MEGABYTE as MB;
use super::source::Source;
use crate::domain::decimal::Decimal;

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

// Source::ModelPages20: where they add to the reference, or differ from it.
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
    duration: IntegerLimits {
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
static REFERENCE_LIMITS: Limits = REFERENCE;

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
    duration: IntegerLimits {
        min: 4,
        max: 30,
        default: None,
        automatic: Some(Automatic(-1)),
    },
    web_search: false,
    assumed: true,
    ..TEXT_20
};

// For text-to-video, image-to-video and reference-to-video.
static STANDARD_20: [Limits; 3] = [
    TEXT_20,
    with_files(TEXT_20, [&FRAMES_20, &NONE, &NONE]),
    with_files(
        TEXT_20,
        [&REFERENCE_IMAGES_20, &REFERENCE_VIDEOS_20, &REFERENCE_AUDIOS_20],
    ),
];
static FAST_20: [Limits; 3] = [
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
static MINI_20: [Limits; 3] = [
    small(STANDARD_20[0], false),
    small(STANDARD_20[1], false),
    small(STANDARD_20[2], false),
];
static STANDARD_25: [Limits; 3] = [
    TEXT_25,
    with_files(TEXT_25, [&FRAMES_20, &NONE, &NONE]),
    with_files(
        TEXT_25,
        [&REFERENCE_IMAGES_25, &REFERENCE_VIDEOS_25, &REFERENCE_AUDIOS_25],
    ),
];

use Family::{All, ImageToVideo, ReferenceToVideo, TextToVideo};
use Source::{ModelPages20, ModelPages25, Reference};

/// Every model that this version knows, the reference's first. Any other passes with a warning.
///
/// An id consists of a line, whose models share prices, and of the family, except that the id of the model for all
/// inputs is the line itself.
#[rustfmt::skip]
pub static MODELS: &[Model] = &[
    Model::new("seedance-2.0", All, &REFERENCE_LIMITS, Reference),
    Model::new("seedance-2.0-text-to-video", TextToVideo, &STANDARD_20[0], ModelPages20),
    Model::new("seedance-2.0-image-to-video", ImageToVideo, &STANDARD_20[1], ModelPages20),
    Model::new("seedance-2.0-reference-to-video", ReferenceToVideo, &STANDARD_20[2], ModelPages20),
    Model::new("seedance-2.0-fast-text-to-video", TextToVideo, &FAST_20[0], ModelPages20),
    Model::new("seedance-2.0-fast-image-to-video", ImageToVideo, &FAST_20[1], ModelPages20),
    Model::new("seedance-2.0-fast-reference-to-video", ReferenceToVideo, &FAST_20[2], ModelPages20),
    Model::new("seedance-2.0-mini-text-to-video", TextToVideo, &MINI_20[0], ModelPages20),
    Model::new("seedance-2.0-mini-image-to-video", ImageToVideo, &MINI_20[1], ModelPages20),
    Model::new("seedance-2.0-mini-reference-to-video", ReferenceToVideo, &MINI_20[2], ModelPages20),
    Model::new("seedance-2.5-text-to-video", TextToVideo, &STANDARD_25[0], ModelPages25),
    Model::new("seedance-2.5-image-to-video", ImageToVideo, &STANDARD_25[1], ModelPages25),
    Model::new("seedance-2.5-reference-to-video", ReferenceToVideo, &STANDARD_25[2], ModelPages25),
];
