//! The models that are known, and what each takes.

use super::mode::Mode;
use super::words::words;
use serde::Serialize;

words! {
    /// What kind of inputs a model is made for.
    Family {
        /// Takes every combination; the mode follows from the inputs.
        All = "all",
        /// No files.
        TextToVideo = "text-to-video",
        /// One image or two, as frames.
        ImageToVideo = "image-to-video",
        /// Files as references, never as frames.
        ReferenceToVideo = "reference-to-video",
    }
}

impl Family {
    /// Whether audio may come without an image or a video \[doc\].
    pub const fn allows_audio_alone(self) -> bool {
        !matches!(self, Family::ReferenceToVideo)
    }

    /// The modes that the inputs can lead to.
    pub const fn allows(self, mode: Mode) -> bool {
        match self {
            Family::All => true,
            Family::TextToVideo => matches!(mode, Mode::TextToVideo),
            Family::ImageToVideo => matches!(mode, Mode::ImageToVideo | Mode::FirstLastFrame),
            Family::ReferenceToVideo => matches!(mode, Mode::TextToVideo | Mode::Multimodal),
        }
    }

    /// What the family takes, as a sentence for people.
    pub const fn takes(self) -> &'static str {
        match self {
            Family::All => "every combination of files",
            Family::TextToVideo => "a prompt only, no files",
            Family::ImageToVideo => "one image (first frame) or two (first and last), nothing else",
            Family::ReferenceToVideo => "up to 9 images, 3 videos and 3 audios, audio never alone",
        }
    }
}

/// A model and its rules.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Model {
    /// The value of the request's `model`.
    pub id: &'static str,
    /// What it takes.
    pub family: Family,
    /// What it renders.
    pub qualities: &'static [&'static str],
}

const STANDARD: &[&str] = &["480p", "720p", "1080p"];
const SMALL: &[&str] = &["480p", "720p"];

const fn model(id: &'static str, family: Family, qualities: &'static [&'static str]) -> Model {
    Model {
        id,
        family,
        qualities,
    }
}

/// The first is of the reference, the rest of the vendor's model list \[doc\].
pub const MODELS: [Model; 10] = [
    model("seedance-2.0", Family::All, STANDARD),
    model("seedance-2.0-text-to-video", Family::TextToVideo, STANDARD),
    model("seedance-2.0-image-to-video", Family::ImageToVideo, STANDARD),
    model(
        "seedance-2.0-reference-to-video",
        Family::ReferenceToVideo,
        STANDARD,
    ),
    model("seedance-2.0-fast-text-to-video", Family::TextToVideo, SMALL),
    model("seedance-2.0-fast-image-to-video", Family::ImageToVideo, SMALL),
    model(
        "seedance-2.0-fast-reference-to-video",
        Family::ReferenceToVideo,
        SMALL,
    ),
    model("seedance-2.0-mini-text-to-video", Family::TextToVideo, SMALL),
    model("seedance-2.0-mini-image-to-video", Family::ImageToVideo, SMALL),
    model(
        "seedance-2.0-mini-reference-to-video",
        Family::ReferenceToVideo,
        SMALL,
    ),
];

/// The model of this name, if it is known.
pub fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}
