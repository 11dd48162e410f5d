//! The generation mode, which the API infers from the inputs.

use super::model::{self, Family};
use super::tags::Kind;
use super::value::Value;
use serde::Serialize;

/// The reference's table "Generation Modes".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A prompt only.
    TextToVideo,
    /// One image, to be animated.
    ImageToVideo,
    /// Two images, the first and the last frame.
    FirstLastFrame,
    /// Any other combination; tags assign the roles.
    Multimodal,
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
    let [images, videos, audios] = Kind::ALL.map(|kind| match request.get(kind.field()) {
        None => Some(0),
        Some(value) => value.as_array().map(<[Value]>::len),
    });
    let mode = Mode::of(images?, videos?, audios?);
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
