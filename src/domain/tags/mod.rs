//! The `@` tags of a prompt.

mod grammar;
mod renumber;
mod role;

pub use grammar::parse_tags;
pub use renumber::{Retagged, retag};
pub use role::Role;

use super::limits::{FileLimits, LIMITS};
use serde::Serialize;

/// What a tag refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An entry of `image_urls`.
    Image,
    /// An entry of `video_urls`.
    Video,
    /// An entry of `audio_urls`.
    Audio,
}

impl Kind {
    /// Every kind, in the reference's order.
    pub const ALL: [Kind; 3] = [Kind::Image, Kind::Video, Kind::Audio];

    /// The word of the tag: `Image` in `@Image1`.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Image => "Image",
            Kind::Video => "Video",
            Kind::Audio => "Audio",
        }
    }

    /// The word in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Kind::Image => "image",
            Kind::Video => "video",
            Kind::Audio => "audio",
        }
    }

    /// The request's field that holds the files.
    pub const fn field(self) -> &'static str {
        match self {
            Kind::Image => "image_urls",
            Kind::Video => "video_urls",
            Kind::Audio => "audio_urls",
        }
    }

    /// The bounds of such files.
    pub const fn limits(self) -> &'static FileLimits {
        match self {
            Kind::Image => &LIMITS.images,
            Kind::Video => &LIMITS.videos,
            Kind::Audio => &LIMITS.audios,
        }
    }
}

/// A well-formed tag, where it stands and what it asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tag {
    /// What it refers to.
    pub kind: Kind,
    /// The entry of the kind's field, from 1.
    pub index: u32,
    /// The tag as written: `@Image1`.
    pub text: String,
    /// Offset in the prompt, in UTF-16 code units.
    pub start: u32,
    /// Offset of what follows it, in UTF-16 code units.
    pub end: u32,
    /// What the wording around it asks for, if it says.
    pub role: Option<Role>,
    /// Offset in the prompt, in bytes of UTF-8.
    #[serde(skip)]
    pub(crate) byte: usize,
}

impl Tag {
    pub(crate) fn bytes(&self) -> std::ops::Range<usize> {
        self.byte..self.byte + self.text.len()
    }
}
