//! The generation mode, which the API infers from the inputs.

use super::family::Family;
use super::kind::Kind;
use super::model::find_model;
use crate::domain::value::Value;
use crate::domain::words::words;

words! {
    /// The reference's table "Generation Modes".
    #[non_exhaustive]
    Mode {
        /// A prompt without files.
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
    /// The mode for a number of files of each kind, as the reference has it.
    pub(crate) const fn of(images: usize, videos: usize, audios: usize) -> Self {
        match (images, videos, audios) {
            (0, 0, 0) => Mode::TextToVideo,
            (1, 0, 0) => Mode::ImageToVideo,
            (2, 0, 0) => Mode::FirstLastFrame,
            _ => Mode::Multimodal,
        }
    }

    /// The mode for the files of a request, or `None` if a list of files is not an array.
    pub(crate) fn of_files(request: &Value) -> Option<Self> {
        let count = |kind: Kind| match request.get(kind.field()) {
            None => Some(0),
            Some(value) => value.as_array().map(<[Value]>::len),
        };
        Some(Mode::of(
            count(Kind::Image)?,
            count(Kind::Video)?,
            count(Kind::Audio)?,
        ))
    }
}

/// The mode of a request, or `None` if its inputs cannot be read.
///
/// A `…-reference-to-video` model takes every file as a reference, so any file makes it multimodal.
pub fn detect_mode(request: &Value) -> Option<Mode> {
    if !matches!(request, Value::Object(_)) {
        return None;
    }
    let mode = Mode::of_files(request)?;
    let model = request.get("model").and_then(Value::as_str).and_then(find_model);
    let takes_references = model.is_some_and(|model| model.family == Family::ReferenceToVideo);
    Some(if takes_references && mode != Mode::TextToVideo {
        Mode::Multimodal
    } else {
        mode
    })
}
