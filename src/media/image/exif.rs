//! The first directory of a TIFF, which is also that of EXIF.

use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// The tags of a directory that matter here.
#[derive(Default)]
pub(super) struct Tags {
    pub width: u64,
    pub height: u64,
    pub orientation: u64,
    /// The file is a camera's raw image.
    pub raw: bool,
    /// Where the last strip or tile of pixels ends.
    pub pixels_end: u64,
}

/// Real directories have fewer than a hundred tags, in ascending order.
const MAX_TAGS: u64 = 1024;

/// The orientation in EXIF that lies between two offsets. Damaged EXIF counts as none, as in browsers.
pub(super) fn orientation(ranges: &Ranges, mut start: u64, end: u64) -> Found<u8> {
    // WebP and PNG have no use for the prefix of JPEG, but some writers copy it.
    if ranges.up_to(start, 6).starts_with(b"Exif\0") {
        start += 6;
    }
    let tags = Tags::read(ranges, start, end);
    match ranges.check() {
        Err(Stop::Read) => Err(Stop::Read),
        _ => Ok(valid(tags.orientation)),
    }
}

/// An orientation as a number from 1 to 8.
pub(super) fn valid(orientation: u64) -> u8 {
    match orientation {
        2..=8 => orientation as u8,
        _ => 1,
    }
}

impl Tags {
    /// Reads the first directory of a TIFF that lies between two offsets. Values outside of them are 0.
    pub fn read(ranges: &Ranges, start: u64, end: u64) -> Self {
        let little = ranges.be(start, 2) == 0x4949;
        let number = |from: u64, offset: u64, size: u64| {
            let at = start.saturating_add(from).saturating_add(offset);
            match () {
                () if at.saturating_add(size) > end => 0,
                () if little => ranges.le(at, size),
                () => ranges.be(at, size),
            }
        };
        let mut tags = Self::default();
        // Offsets of BigTIFF have 8 bytes, and a directory counts with 8 instead of 2.
        let (word, count_size) = match number(0, 2, 2) {
            42 => (4, 2),
            43 => (8, 8),
            _ => return tags,
        };
        let directory = number(0, word, word);
        let mut at = directory.saturating_add(count_size);
        for _ in 0..number(directory, 0, count_size).min(MAX_TAGS) {
            let size = match number(at, 2, 2) {
                1 => 1,
                3 => 2,
                4 => 4,
                16 => word,
                _ => 0,
            };
            // Several values lie elsewhere, and make no sense here.
            let value = match number(at, 4, word) {
                1 => number(at, 4 + word, size),
                _ => 0,
            };
            // The last of several values, which lie elsewhere unless they fit.
            let last = || {
                let bytes = size.saturating_mul(number(at, 4, word));
                let from = if bytes <= word {
                    at.saturating_add(4 + word)
                } else {
                    number(at, 4 + word, word)
                };
                number(from, bytes.saturating_sub(size), size)
            };
            match number(at, 0, 2) {
                // A tag that occurs twice has its first value, as in libtiff.
                0x100 if tags.width == 0 => tags.width = value,
                0x101 if tags.height == 0 => tags.height = value,
                0x112 if tags.orientation == 0 => tags.orientation = value,
                // Its offset and its bytes, of strips or of tiles
                0x111 | 0x117 | 0x144 | 0x145 => tags.pixels_end = tags.pixels_end.saturating_add(last()),
                // DNGVersion
                0xc612 => tags.raw = true,
                _ => {}
            }
            at = at.saturating_add(4 + 2 * word);
        }
        tags
    }
}
