//! The kinds of input files.

use crate::domain::value::Value;
use crate::domain::words::words;

words! {
    /// A kind of input file, and of tag.
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

    /// How many such files a request has; 0 if the field is not an array.
    pub(crate) fn count(self, request: &Value) -> usize {
        let files = request.get(self.field()).and_then(Value::as_array);
        files.map_or(0, <[Value]>::len)
    }
}
