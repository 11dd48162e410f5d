//! WebP.

use super::{exif, shown};
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// More chunks than a file has that can be read within the budget.
const MAX_CHUNKS: usize = 10_000;

const ANMF: u32 = u32::from_be_bytes(*b"ANMF");
const EXIF: u32 = u32::from_be_bytes(*b"EXIF");

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    // Some writers do not count the byte that pads the last chunk, or count it and leave it out.
    let end = 8 + ranges.le(4, 4);
    ranges.must_reach(end, 1)?;
    match ranges.get(12, 4) {
        b"VP8 " => shown("webp", lossy(ranges)?, 1, false),
        b"VP8L" => shown("webp", lossless(ranges)?, 1, false),
        b"VP8X" => extended(ranges, end),
        _ => Err(Stop::Damaged),
    }
}

/// The size of a key frame of VP8.
fn lossy(ranges: &Ranges) -> Found<(u32, u32)> {
    // Not a key frame, or without the mark of one
    if ranges.le(20, 1) & 1 != 0 || ranges.le(23, 3) != 0x2a_01_9d {
        return Err(Stop::Damaged);
    }
    // The upper two bits ask to be scaled, which nothing does.
    let sides = ranges.le(26, 4) as u32;
    Ok((sides & 0x3fff, sides >> 16 & 0x3fff))
}

fn lossless(ranges: &Ranges) -> Found<(u32, u32)> {
    let bits = ranges.le(21, 4) as u32;
    // The signature, and the version
    if ranges.le(20, 1) != 0x2f || bits >> 29 != 0 {
        return Err(Stop::Damaged);
    }
    Ok(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

fn extended(ranges: &Ranges, end: u64) -> Found<Media> {
    let flags = ranges.le(20, 1);
    let size = (ranges.le(24, 3) as u32 + 1, ranges.le(27, 3) as u32 + 1);
    let mut facts = Facts {
        animated: flags & 2 != 0,
        oriented: flags & 8 != 0,
        frames: 0,
        orientation: 1,
    };
    let found = facts.collect(ranges, end);
    match ranges.check() {
        // More frames than may be read lie before the orientation.
        Err(Stop::TooLong) => {}
        checked => checked.and(found)?,
    }
    shown("webp", size, facts.orientation, facts.frames > 1)
}

/// What the chunks after the header say.
struct Facts {
    /// The header announces frames.
    animated: bool,
    /// The header announces an orientation, and it has not been found.
    oriented: bool,
    frames: u32,
    orientation: u8,
}

impl Facts {
    /// Skips from chunk to chunk until everything is known.
    fn collect(&mut self, ranges: &Ranges, end: u64) -> Found<()> {
        let mut at = 20 + padded(ranges.le(16, 4));
        if at + 8 > end {
            return Err(Stop::NoPixels);
        }
        for _ in 0..MAX_CHUNKS {
            if ranges.is_stopped() || !self.oriented && (!self.animated || self.frames > 1) || at + 8 > end {
                break;
            }
            let head = ranges.be(at, 8);
            let length = u64::from((head as u32).swap_bytes());
            let content = at + 8;
            match (head >> 32) as u32 {
                ANMF => self.frames += 1,
                EXIF if self.oriented => {
                    self.orientation = exif::orientation(ranges, content, content + length)?;
                    self.oriented = false;
                }
                _ => {}
            }
            at = content + padded(length);
        }
        Ok(())
    }
}

/// The bytes of a chunk's content, which end at an even offset.
fn padded(length: u64) -> u64 {
    length + (length & 1)
}

#[cfg(test)]
mod tests {
    use crate::media::image::samples::{webp, webp_header as header};
    use crate::media::image::test::{exif, facts, reason, survives_cuts};

    const LOSSY: (&[u8; 4], &[u8]) = (b"VP8 ", b"\x30\x01\0\x9d\x01\x2a\x80\x42\xe0\x01pixels");
    // 640 x 480 with alpha
    const LOSSLESS: (&[u8; 4], &[u8]) = (b"VP8L", b"\x2f\x7f\xc2\x77\x10pixels");
    const FRAME: (&[u8; 4], &[u8]) = (b"ANMF", b"sixteen bytes...VP8 and so on...");

    #[test]
    fn reads_lossy_and_lossless_images() {
        for chunk in [LOSSY, LOSSLESS] {
            let file = webp(&[chunk]);
            assert_eq!(facts(&file), (640, 480, 1, false));
            survives_cuts(&file);
        }
    }

    #[test]
    fn reads_the_canvas_of_the_extended_header() {
        let file = webp(&[(b"VP8X", &header(0x10)), (b"ALPH", b"alpha"), LOSSY]);
        assert_eq!(facts(&file), (640, 480, 1, false));
        survives_cuts(&file);
        let mut large = header(0);
        large[4..].fill(0xff);
        assert_eq!(
            facts(&webp(&[(b"VP8X", &large), LOSSY])),
            (1 << 24, 1 << 24, 1, false)
        );
    }

    #[test]
    fn tells_one_frame_from_many() {
        let control: (&[u8; 4], &[u8]) = (b"ANIM", &[0; 6]);
        let animated = webp(&[(b"VP8X", &header(2)), control, FRAME, FRAME]);
        assert_eq!(facts(&animated), (640, 480, 1, true));
        survives_cuts(&animated);
        assert!(!facts(&webp(&[(b"VP8X", &header(2)), control, FRAME])).3);
    }

    #[test]
    fn applies_the_orientation_behind_the_image_with_and_without_a_prefix() {
        let plain = exif(true, 6);
        let prefixed = [b"Exif\0\0", &plain[..]].concat();
        for exif in [&plain, &prefixed] {
            let file = webp(&[
                (b"VP8X", &header(8)),
                LOSSLESS,
                (b"XMP ", b"odd"),
                (b"EXIF", exif),
            ]);
            assert_eq!(facts(&file), (480, 640, 6, false));
            survives_cuts(&file);
        }
        let file = webp(&[(b"VP8X", &header(10)), FRAME, FRAME, FRAME, (b"EXIF", &plain)]);
        assert_eq!(facts(&file), (480, 640, 6, true));
    }

    #[test]
    fn accepts_a_length_without_the_last_pad() {
        let mut file = webp(&[(b"VP8L", b"\x2f\x7f\xc2\x77\x10pixel."), (b"XMP ", b"odd")]);
        file.pop();
        assert_eq!(facts(&file), (640, 480, 1, false));
        file.pop();
        let cut = format!("it is cut off after {} of {} bytes", file.len(), file.len() + 2);
        assert_eq!(reason(&file), ("webp", &*cut));
    }

    #[test]
    fn refuses_damaged_frames() {
        let damaged = ("webp", "its header is damaged");
        assert_eq!(
            reason(&webp(&[(b"VP8 ", b"\x31\x01\0\x9d\x01\x2a\x80\x02\xe0\x01")])),
            damaged
        );
        assert_eq!(
            reason(&webp(&[(b"VP8 ", b"\x30\x01\0\x9d\x01\x2b\x80\x02\xe0\x01")])),
            damaged
        );
        assert_eq!(reason(&webp(&[(b"VP8L", b"\x2f\x7f\xc2\x77\xf0")])), damaged);
        assert_eq!(reason(&webp(&[(b"JUNK", b"..........")])), damaged);
        assert_eq!(
            reason(&webp(&[(b"VP8X", &header(0))])),
            ("webp", "it contains no image")
        );
        assert_eq!(
            reason(&webp(&[(b"VP8 ", b"\x30\x01\0\x9d\x01\x2a\0\0\xe0\x01")])),
            ("webp", "its width or height is 0")
        );
    }
}
