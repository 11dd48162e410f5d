//! MP4 and MOV.

use super::info::Media;
use super::ranges::{Found, Ranges};

pub(super) fn read(_ranges: &Ranges) -> Found<Media> {
    Ok(Media::Other {
        format: None,
        mime_type: None,
    })
}
