//! PNG and APNG.

use super::{exif, shown};
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// More chunks than any real file has before its pixels.
const MAX_CHUNKS: usize = 1000;

const IHDR: u32 = u32::from_be_bytes(*b"IHDR");
const ACTL: u32 = u32::from_be_bytes(*b"acTL");
const FCTL: u32 = u32::from_be_bytes(*b"fcTL");
const EXIF: u32 = u32::from_be_bytes(*b"eXIf");
const IDAT: u32 = u32::from_be_bytes(*b"IDAT");
const IEND: u32 = u32::from_be_bytes(*b"IEND");

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    if ranges.get(0, 8) != b"\x89PNG\r\n\x1a\n" {
        return Err(Stop::AsText);
    }
    let mut at = 8;
    let mut size = (0, 0);
    let mut orientation = 1;
    let mut frames = 0;
    let mut apart = true;
    for _ in 0..MAX_CHUNKS {
        let head = ranges.be(at, 8);
        let length = head >> 32;
        let content = at + 8;
        match head as u32 {
            IHDR => size = (ranges.be(content, 4) as u32, ranges.be(content + 4, 4) as u32),
            // These count before the pixels alone.
            ACTL => frames = ranges.be(content, 4) as u32,
            FCTL => apart = false,
            EXIF => orientation = exif::orientation(ranges, content, content + length)?,
            IDAT => {
                // The specification's limit
                if (size.0 | size.1) >> 31 != 0 {
                    return Err(Stop::Damaged);
                }
                // Without its checksum, which some decoders do not read.
                ranges.must_reach(content + length, 0)?;
                // If the image is not a frame of the animation, it counts as one more.
                let animated = frames >> 31 == 0 && frames > u32::from(!apart);
                return shown("png", size, orientation, animated);
            }
            IEND => return Err(Stop::NoPixels),
            _ => {}
        }
        at = content + length + 4;
    }
    Err(Stop::Damaged)
}

#[cfg(test)]
mod tests {
    use crate::media::image::test::{exif, facts, reason, survives_cuts};

    fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        for (kind, content) in chunks {
            file.extend((content.len() as u32).to_be_bytes());
            file.extend(*kind);
            file.extend(*content);
            file.extend(b"crc.");
        }
        file
    }

    const HEADER: (&[u8; 4], &[u8]) = (b"IHDR", b"\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0");
    const PIXELS: (&[u8; 4], &[u8]) = (b"IDAT", b"pixels");
    const END: (&[u8; 4], &[u8]) = (b"IEND", b"");

    #[test]
    fn reads_the_header_also_behind_that_of_ios() {
        let file = png(&[HEADER, PIXELS, END]);
        assert_eq!(facts(&file), (640, 480, 1, false));
        survives_cuts(&file);
        assert_eq!(
            facts(&png(&[(b"CgBI", b"\x50\0\x20\x02"), HEADER, PIXELS])),
            (640, 480, 1, false)
        );
    }

    #[test]
    fn tells_apng_by_its_frames() {
        let control = |frames: u8| [0, 0, 0, frames, 0, 0, 0, 0];
        let frame: (&[u8; 4], &[u8]) = (b"fcTL", &[0; 26]);
        let animated = png(&[HEADER, (b"acTL", &control(2)), frame, PIXELS, END]);
        assert_eq!(facts(&animated), (640, 480, 1, true));
        survives_cuts(&animated);
        assert!(!facts(&png(&[HEADER, (b"acTL", &control(1)), frame, PIXELS])).3);
        // An image for viewers without animation, and one frame
        assert!(facts(&png(&[HEADER, (b"acTL", &control(1)), PIXELS, frame])).3);
        // Ignored, as in browsers.
        assert!(!facts(&png(&[HEADER, PIXELS, (b"acTL", &control(2)), END])).3);
    }

    #[test]
    fn applies_the_orientation_before_the_pixels() {
        let exif = exif(false, 8);
        let file = png(&[HEADER, (b"eXIf", &exif), PIXELS, END]);
        assert_eq!(facts(&file), (480, 640, 8, false));
        survives_cuts(&file);
        assert_eq!(
            facts(&png(&[HEADER, PIXELS, (b"eXIf", &exif)])),
            (640, 480, 1, false)
        );
        let prefixed = [b"Exif\0\0", &exif[..]].concat();
        assert_eq!(facts(&png(&[HEADER, (b"eXIf", &prefixed), PIXELS])).2, 8);
    }

    #[test]
    fn tells_that_pixels_are_missing() {
        let mut file = png(&[HEADER, PIXELS]);
        // The checksum may be missing.
        file.truncate(file.len() - 4);
        assert_eq!(facts(&file), (640, 480, 1, false));
        file.pop();
        assert_eq!(reason(&file), ("png", "it is cut off after 46 of 47 bytes"));
    }

    #[test]
    fn hops_over_long_profiles() {
        let profile = vec![0; 3_000_000];
        assert_eq!(
            facts(&png(&[HEADER, (b"iCCP", &profile), PIXELS])),
            (640, 480, 1, false)
        );
    }

    #[test]
    fn refuses_files_without_pixels_or_a_usable_size() {
        assert_eq!(reason(&png(&[HEADER, END])), ("png", "it contains no image"));
        assert_eq!(reason(&png(&[PIXELS])), ("png", "its width or height is 0"));
        assert_eq!(reason(&png(&[HEADER])), ("png", "it is cut off"));
        assert_eq!(
            reason(&png(&[(b"IHDR", &[0xff; 13]), PIXELS])),
            ("png", "its header is damaged")
        );
        let mut text = png(&[HEADER, PIXELS]);
        text.remove(4);
        assert_eq!(reason(&text), ("png", "it was transferred as text"));
        let mut long = png(&[HEADER, PIXELS]);
        long[8..12].fill(0xff);
        assert_eq!(reason(&long), ("png", "it is cut off"));
    }
}
