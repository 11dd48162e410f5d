//! Models by the inputs that they are made for.

use super::mode::Mode;
use crate::domain::words::words;

words! {
    /// The inputs that a model is made for.
    #[non_exhaustive]
    Family {
        /// Every combination; the mode follows from the inputs.
        All = "all",
        /// A prompt without files.
        TextToVideo = "text-to-video",
        /// One image or two, as frames.
        ImageToVideo = "image-to-video",
        /// Files as references, never as frames.
        ReferenceToVideo = "reference-to-video",
    }
}

impl Family {
    /// The family of the variant that serves a mode.
    pub(crate) const fn serving(mode: Mode) -> Self {
        match mode {
            Mode::TextToVideo => Family::TextToVideo,
            Mode::ImageToVideo | Mode::FirstLastFrame => Family::ImageToVideo,
            Mode::Multimodal => Family::ReferenceToVideo,
        }
    }
}
