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
}

/// Real directories have fewer than a hundred tags, in ascending order.
const MAX_TAGS: u64 = 1024;

/// The orientation in EXIF that lies between two offsets. Damaged EXIF counts as none, as in browsers.
pub(super) fn orientation(ranges: &Ranges, mut start: u64, end: u64) -> Found<u8> {
    // WebP and PNG have no use for the prefix of JPEG, but some writers copy it.
    if ranges.up_to(start, 6)?.starts_with(b"Exif\0") {
        start += 6;
    }
    let mut tags = Tags::default();
    match read(ranges, start, end, &mut tags) {
        Err(read @ Stop::Read) => Err(read),
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

/// Reads the tags of the first directory of a TIFF that lies between two offsets.
pub(super) fn read(ranges: &Ranges, start: u64, end: u64, tags: &mut Tags) -> Found<()> {
    let little = match ranges.be(start, 2)? {
        0x4949 => true,
        0x4d4d => false,
        _ => return Err(Stop::Damaged),
    };
    let part = Part {
        ranges,
        start,
        end,
        little,
    };
    let big = match part.number(2, 2)? {
        42 => false,
        43 => true,
        _ => return Err(Stop::Damaged),
    };
    // Offsets of BigTIFF have 8 bytes, and a directory counts with 8 instead of 2.
    let (word, count_size, directory) = if big { (8, 8, 8) } else { (4, 2, 4) };
    let directory = part.number(directory, word)?;
    // No file is that long, and the sums below cannot overflow.
    if directory >> 62 != 0 {
        return Err(Stop::Damaged);
    }
    let mut at = directory + count_size as u64;
    for _ in 0..part.number(directory, count_size)?.min(MAX_TAGS) {
        let value = || {
            let size = match part.number(at + 2, 2)? {
                1 => 1,
                3 => 2,
                4 => 4,
                16 => word,
                _ => return Ok(0),
            };
            // Several values lie elsewhere, and make no sense here.
            if part.number(at + 4, word)? != 1 {
                return Ok(0);
            }
            part.number(at + 4 + word as u64, size)
        };
        match part.number(at, 2)? {
            // A tag that occurs twice has its first value, as in libtiff.
            0x100 if tags.width == 0 => tags.width = value()?,
            0x101 if tags.height == 0 => tags.height = value()?,
            0x112 if tags.orientation == 0 => tags.orientation = value()?,
            // DNGVersion
            0xc612 => tags.raw = true,
            _ => {}
        }
        at += 4 + 2 * word as u64;
    }
    Ok(())
}

struct Part<'a> {
    ranges: &'a Ranges,
    start: u64,
    end: u64,
    little: bool,
}

impl Part<'_> {
    /// The unsigned number of so many bytes, at most 8, at an offset.
    fn number(&self, offset: u64, size: usize) -> Found<u64> {
        let at = self.start.checked_add(offset).ok_or(Stop::Damaged)?;
        if at.saturating_add(size as u64) > self.end {
            return Err(Stop::Damaged);
        }
        if self.little {
            self.ranges.le(at, size)
        } else {
            self.ranges.be(at, size)
        }
    }
}
