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
    shown("bmp", size, 1, false)
}

#[cfg(test)]
mod tests {
    use crate::media::Media;
    use crate::media::image::test::{facts, inspect, reason, survives_cuts};

    fn bmp(header: u32, size: &[u8]) -> Vec<u8> {
        let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0".to_vec();
        file.extend(header.to_le_bytes());
        file.extend(size);
        file.extend([1, 0, 24, 0]);
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
    fn does_not_take_text_for_an_image() {
        let media = inspect(b"BM is how this text begins, and it goes on.");
        assert!(matches!(media, Media::Other { format: None, .. }));
    }
}
