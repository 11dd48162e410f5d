//! The generation mode, which the API infers from the inputs.

use super::model::{self, Family};
use super::tags::Kind;
use super::value::Value;
use super::words::words;

words! {
    /// The reference's table "Generation Modes".
    Mode {
        /// A prompt only.
        TextToVideo = "text-to-video",
        /// One image, to be animated.
        ImageToVideo = "image-to-video",
        /// Two images, the first and the last frame.
        FirstLastFrame = "first-last-frame",
        /// Any other combination; tags assign the roles.
        Multimodal = "multimodal",
    }
}

impl Mode {
    /// From the number of files of each kind, as the reference has it.
    pub const fn of(images: usize, videos: usize, audios: usize) -> Self {
        match (images, videos, audios) {
            (0, 0, 0) => Mode::TextToVideo,
            (1, 0, 0) => Mode::ImageToVideo,
            (2, 0, 0) => Mode::FirstLastFrame,
            _ => Mode::Multimodal,
        }
    }
}

/// The mode of a request, or `None` if its inputs cannot be read.
///
/// A `…-reference-to-video` model takes every file as a reference, so any file makes it multimodal.
pub fn detect_mode(request: &Value) -> Option<Mode> {
    if !matches!(request, Value::Object(_)) {
        return None;
    }
    let count = |kind: Kind| match request.get(kind.field()) {
        None => Some(0),
        Some(value) => value.as_array().map(<[Value]>::len),
    };
    let mode = Mode::of(count(Kind::Image)?, count(Kind::Video)?, count(Kind::Audio)?);
    let family = request
        .get("model")
        .and_then(Value::as_str)
        .and_then(model::find)
        .map(|model| model.family);
    Some(match (family, mode) {
        (Some(Family::ReferenceToVideo), Mode::ImageToVideo | Mode::FirstLastFrame) => Mode::Multimodal,
        _ => mode,
    })
}
