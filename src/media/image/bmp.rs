//! BMP of Windows and OS/2.

use super::shown;
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    // The length of the second header tells its version.
    let size = if ranges.le(14, 4) == 12 {
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
    let pixels = pixel_bytes(ranges, size);
    ranges.check()?;
    // The last row may lack its padding.
    ranges.must_reach(pixels.saturating_add(ranges.le(10, 4)), 3)?;
    shown("bmp", size, 1, false)
}

/// The bytes of the rows, each padded to 4 bytes; 0 if they are compressed.
fn pixel_bytes(ranges: &Ranges, (width, height): (u32, u32)) -> u64 {
    // The first headers have no compression. In those of OS/2 2.x, 3 is a code of Huffman, elsewhere masks of colours.
    let (bits_at, is_raw) = match ranges.le(14, 4) {
        12 => (24, true),
        16 => (28, true),
        header => (
            28,
            matches!((header, ranges.le(30, 4)), (_, 0) | (40 | 52 | 56 | 108 | 124, 3)),
        ),
    };
    let row = u64::from(width) * ranges.le(bits_at, 2);
    match is_raw {
        true => row.div_ceil(32).saturating_mul(4 * u64::from(height)),
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::media::Media;
    use crate::media::image::test::{facts, inspect, reason, survives_cuts};

    /// An image with its header alone, of 24 bits.
    fn bmp(header: u32, size: &[u8]) -> Vec<u8> {
        let mut file = b"BM\0\0\0\0\0\0\0\0".to_vec();
        file.extend((14 + header).to_le_bytes());
        file.extend(header.to_le_bytes());
        file.extend(size);
        file.extend([1, 0, 24, 0]);
        file.resize(14 + header as usize, 0);
        file
    }

    /// The image with so many bytes of pixels.
    fn with_pixels(mut file: Vec<u8>, bytes: usize) -> Vec<u8> {
        file.resize(file.len() + bytes, 0);
        file
    }

    fn sides(width: i32, height: i32) -> Vec<u8> {
        [width.to_le_bytes(), height.to_le_bytes()].concat()
    }

    #[test]
    fn reads_headers_of_all_versions() {
        for header in [16, 40, 52, 56, 64, 108, 124] {
            let file = with_pixels(bmp(header, &sides(6, 4)), 80);
            assert_eq!(facts(&file), (6, 4, 1, false));
            survives_cuts(&file);
        }
        // OS/2 1.x has 16 bits.
        let file = with_pixels(bmp(12, b"\x02\0\xe0\xff"), 8 * 65504);
        assert_eq!(facts(&file), (2, 65504, 1, false));
    }

    #[test]
    fn reads_images_that_begin_at_the_top() {
        let file = with_pixels(bmp(40, &sides(6, -4)), 80);
        assert_eq!(facts(&file), (6, 4, 1, false));
    }

    #[test]
    fn tells_that_rows_are_missing() {
        // The padding of the last row counts for nothing.
        let whole = bmp(40, &sides(6, 4));
        for missing in 0..80 {
            let file = with_pixels(whole.clone(), 80 - missing);
            match missing {
                ..4 => assert_eq!(facts(&file), (6, 4, 1, false)),
                _ => assert_eq!(
                    reason(&file),
                    (
                        "bmp",
                        &*format!("it is cut off after {} of 134 bytes", file.len())
                    )
                ),
            }
        }
        assert!(reason(&bmp(12, b"\x06\0\x04\0")).1.starts_with("it is cut off"));
        assert!(reason(&bmp(16, &sides(6, 4))).1.starts_with("it is cut off"));
        assert!(
            reason(&bmp(40, &sides(i32::MAX, i32::MIN)))
                .1
                .starts_with("it is cut off")
        );
    }

    #[test]
    fn does_not_measure_compressed_pixels() {
        let compressed = |header, compression| {
            let mut file = bmp(header, &sides(600, 400));
            file[30] = compression;
            file
        };
        for (header, compression) in [(40, 1), (40, 2), (64, 3), (64, 4), (40, 4), (124, 5)] {
            assert_eq!(facts(&compressed(header, compression)), (600, 400, 1, false));
        }
        // Masks of colours are no compression.
        for header in [40, 52, 56, 108, 124] {
            assert!(reason(&compressed(header, 3)).1.starts_with("it is cut off"));
        }
        // Where the pixels begin is behind the end.
        let mut file = compressed(40, 1);
        file[12] = 1;
        assert_eq!(reason(&file).1, "it is cut off after 54 of 65590 bytes");
    }

    #[test]
    fn refuses_sizes_that_cannot_be() {
        let refused = |width, height| reason(&bmp(40, &sides(width, height))).1;
        assert_eq!(refused(0, 480), "its width or height is 0");
        assert_eq!(refused(-640, 480), "its header is damaged");
    }

    #[test]
    fn does_not_take_text_for_an_image() {
        let media = inspect(b"BM is how this text begins, and it goes on.");
        assert!(matches!(media, Media::Other { format: None, .. }));
    }
}
