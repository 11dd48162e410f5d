//! BMP of Windows and OS/2.

use super::shown;
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    // The length of the second header tells its version.
    let is_old = ranges.le(14, 4) == 12;
    let (width, height) = if is_old {
        (ranges.le(18, 2) as u32, ranges.le(20, 2) as u32)
    } else {
        let width = ranges.le(18, 4) as i32;
        // Negative if the rows begin at the top.
        let height = ranges.le(22, 4) as i32;
        if width < 0 {
            return Err(Stop::Damaged);
        }
        (width as u32, height.unsigned_abs())
    };
    ranges.check()?;
    let (bits_at, compression) = match is_old {
        true => (24, 0),
        false => (28, ranges.le(30, 4)),
    };
    // Rows of plain pixels fill multiples of 4 bytes, which some writers leave out of the last one. The stated size of a
    // file is often wrong.
    if matches!(compression, 0 | 3 | 6) {
        let row = (u64::from(width) * ranges.le(bits_at, 2)).div_ceil(32) * 4;
        let pixels = row.saturating_mul(height.into());
        ranges.must_reach(ranges.le(10, 4).saturating_add(pixels), 3)?;
    }
    shown("bmp", (width, height), 1, false)
}

#[cfg(test)]
mod tests {
    use crate::media::Media;
    use crate::media::image::test::{facts, inspect, reason, survives_cuts};

    fn bmp(header: u32, size: &[u8]) -> Vec<u8> {
        let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0".to_vec();
        file.extend(header.to_le_bytes());
        file.extend(size);
        // No bits for a pixel, as if there were no pixels.
        file.extend([1, 0, 0, 0]);
        file.resize(200, 0);
        file
    }

    fn sides(width: i32, height: i32) -> Vec<u8> {
        [width.to_le_bytes(), height.to_le_bytes()].concat()
    }

    #[test]
    fn reads_headers_of_all_versions() {
        for header in [16, 40, 52, 56, 64, 108, 124] {
            let file = bmp(header, &sides(640, 480));
            assert_eq!(facts(&file), (640, 480, 1, false));
            survives_cuts(&file);
        }
        // OS/2 1.x has 16 bits.
        let file = bmp(12, b"\x80\x02\xe0\xff");
        assert_eq!(facts(&file), (640, 65504, 1, false));
        survives_cuts(&file);
    }

    #[test]
    fn reads_images_that_begin_at_the_top() {
        assert_eq!(facts(&bmp(40, &sides(640, -480))), (640, 480, 1, false));
    }

    #[test]
    fn refuses_sizes_that_cannot_be() {
        assert_eq!(
            reason(&bmp(40, &sides(0, 480))),
            ("bmp", "its width or height is 0")
        );
        assert_eq!(
            reason(&bmp(40, &sides(-640, 480))),
            ("bmp", "its header is damaged")
        );
        assert_eq!(facts(&bmp(40, &sides(1, i32::MIN))).1, 1 << 31);
    }

    #[test]
    fn refuses_plain_pixels_that_are_cut_off() {
        let cut = |bits: u8, compression: u8, length: usize| {
            let mut file = bmp(40, &sides(9, -5));
            (file[28], file[30]) = (bits, compression);
            file.resize(length, 0);
            file
        };
        // Nine pixels of 24 bits fill 28 bytes, and nine of 1 bit 4 bytes.
        for (bits, compression, length) in [(24, 0, 194), (32, 3, 234), (1, 0, 74)] {
            for missing in 0..=3 {
                facts(&cut(bits, compression, length - missing));
            }
            let reason = reason(&cut(bits, compression, length - 4)).1;
            assert_eq!(
                reason,
                format!("it is cut off after {} of {length} bytes", length - 4)
            );
        }
        // Runs have any length.
        facts(&cut(8, 1, 60));
        let mut old = bmp(12, &[9, 0, 5, 0]);
        old[24] = 24;
        old.truncate(190);
        assert_eq!(reason(&old).1, "it is cut off after 190 of 194 bytes");
    }

    #[test]
    fn does_not_take_text_for_an_image() {
        let media = inspect(b"BM is how this text begins, and it goes on.");
        assert!(matches!(media, Media::Other { format: None, .. }));
    }
}
