//! The `@` tags of a prompt.

mod grammar;
mod renumber;
mod role;
mod slip;
mod wordings;

pub use grammar::parse_tags;
pub use renumber::{Retagged, retag};
pub use role::Role;
pub(super) use role::{clause_end, clause_start};
pub use slip::{Slip, find_slips};

use super::json::{Json, OrNull, ToJson};
use super::limits::{FileLimits, LIMITS};
use super::value::Value;
use super::words::words;

words! {
    /// What a tag refers to.
    Kind {
        /// An entry of `image_urls`.
        Image = "image",
        /// An entry of `video_urls`.
        Video = "video",
        /// An entry of `audio_urls`.
        Audio = "audio",
    }
}

impl Kind {
    /// The word of the tag: `Image` in `@Image1`.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Image => "Image",
            Kind::Video => "Video",
            Kind::Audio => "Audio",
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

    /// How many such files a request carries; none if they cannot be read.
    pub fn count(self, request: &Value) -> usize {
        let files = request.get(self.field()).and_then(Value::as_array);
        files.map_or(0, <[Value]>::len)
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
#[derive(Clone, Debug, PartialEq)]
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
    pub(crate) byte: usize,
}

impl Tag {
    pub(crate) fn bytes(&self) -> std::ops::Range<usize> {
        self.byte..self.byte + self.text.len()
    }
}

impl ToJson for Tag {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("kind", &self.kind);
        json.field("index", &self.index);
        json.field("text", &self.text);
        json.field("start", &self.start);
        json.field("end", &self.end);
        json.field("role", &OrNull(self.role));
        json.close('}');
    }
}
