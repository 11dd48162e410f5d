//! Which format a file begins as.

use super::ranges::{Found, Ranges};

/// A format, by the parser that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Gif,
    /// Boxes of ISO base media or QuickTime: MP4, MOV, HEIC, AVIF, M4A.
    Boxes,
    /// Anything else, with its name and MIME type.
    Other(Option<&'static str>, Option<&'static str>),
}

impl Format {
    /// The name in a [`Media::Broken`](super::Media::Broken).
    pub fn name(self) -> Option<&'static str> {
        match self {
            Format::Gif => Some("gif"),
            Format::Boxes => Some("mp4"),
            Format::Other(name, _) => name,
        }
    }
}

/// The format of the first bytes.
pub(super) fn format(ranges: &Ranges) -> Found<Format> {
    let head = ranges.up_to(0, 64)?;
    Ok(match head {
        [b'G', b'I', b'F', b'8', ..] => Format::Gif,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Format::Boxes,
        _ => Format::Other(None, None),
    })
}
