//! GIF.

use crate::media::ImageInfo;
use crate::media::ranges::{Found, Ranges};

pub(in crate::media) fn read(ranges: &Ranges) -> Found<ImageInfo> {
    let [w0, w1, h0, h1] = ranges.array(6)?;
    Ok(ImageInfo {
        format: "gif",
        width: u16::from_le_bytes([w0, w1]).into(),
        height: u16::from_le_bytes([h0, h1]).into(),
        orientation: 1,
        animated: false,
    })
}
