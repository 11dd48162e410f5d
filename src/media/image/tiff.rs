//! TIFF and BigTIFF. The first page counts.

use super::exif::{self, Tags};
use super::shown;
use crate::media::Media;
use crate::media::info;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    let tags = Tags::read(ranges, 0, u64::MAX);
    if tags.raw {
        // The first page of a camera's raw image is a thumbnail.
        return Ok(info::other("dng image/x-adobe-dng"));
    }
    if tags.width == 0 && tags.height == 0 {
        return Err(Stop::NoPixels);
    }
    let (Ok(width), Ok(height)) = (tags.width.try_into(), tags.height.try_into()) else {
        return Err(Stop::Damaged);
    };
    ranges.must_reach(tags.pixels_end, 0)?;
    shown("tiff", (width, height), exif::valid(tags.orientation), false)
}

#[cfg(test)]
mod tests {
    use crate::media::Media;
    use crate::media::image::samples::{big_tiff, tiff, tiff_at};
    use crate::media::image::test::{facts, inspect, reason, survives_cuts};

    #[test]
    fn reads_both_byte_orders_and_sizes_of_16_and_32_bits() {
        for little in [true, false] {
            let file = tiff(little, &[(254, 4, 0), (256, 3, 640), (257, 4, 70000)]);
            assert_eq!(facts(&file), (640, 70000, 1, false));
            survives_cuts(&file);
        }
    }

    #[test]
    fn swaps_the_size_of_a_turned_page() {
        let file = tiff(false, &[(256, 3, 640), (257, 3, 480), (274, 3, 6)]);
        assert_eq!(facts(&file), (480, 640, 6, false));
        survives_cuts(&file);
    }

    #[test]
    fn ignores_an_orientation_outside_1_to_8() {
        assert_eq!(
            facts(&tiff(true, &[(256, 3, 6), (257, 3, 4), (274, 3, 9)])),
            (6, 4, 1, false)
        );
    }

    #[test]
    fn takes_the_first_of_a_tag_that_occurs_twice() {
        let file = tiff(true, &[(256, 3, 6), (257, 3, 4), (256, 3, 9), (257, 3, 0)]);
        assert_eq!(facts(&file), (6, 4, 1, false));
    }

    #[test]
    fn reads_big_tiff() {
        let mut file = big_tiff(&[(256, 16, 5000), (257, 3, 7)]);
        assert_eq!(facts(&file), (5000, 7, 1, false));
        survives_cuts(&file);
        // A height beyond 32 bits.
        file[36..42].fill(0xff);
        assert_eq!(reason(&file), ("tiff", "its header is damaged"));
    }

    #[test]
    fn reads_a_directory_at_the_end_of_the_file() {
        let file = tiff_at(100_000, true, &[(256, 3, 640), (257, 3, 480)]);
        assert_eq!(facts(&file), (640, 480, 1, false));
    }

    #[test]
    fn refuses_directories_outside_the_file_and_without_a_size() {
        assert_eq!(
            reason(b"II*\0\xff\xff\xff\xff                  "),
            ("tiff", "it is cut off")
        );
        assert_eq!(reason(&tiff(true, &[])), ("tiff", "it contains no image"));
        assert_eq!(
            reason(&tiff(true, &[(256, 3, 640)])),
            ("tiff", "its width or height is 0")
        );
    }

    #[test]
    fn refuses_files_that_end_before_their_pixels() {
        let reason_of = |tags: &[(u16, u16, u32)]| {
            let size = [(256, 3, 640), (257, 3, 480)];
            let file = tiff(true, &[&size, tags].concat());
            let length = file.len() as u32;
            match inspect(&file) {
                Media::Image(_) => format!("whole: {length}"),
                Media::Broken { reason, .. } => reason,
                other => panic!("{other:?}"),
            }
        };
        let length = 8 + 2 + 4 * 12 + 4;
        for (offset, count) in [(273, 279), (324, 325)] {
            let whole = format!("whole: {length}");
            assert_eq!(reason_of(&[(offset, 4, 20), (count, 4, length - 20)]), whole);
            assert_eq!(
                reason_of(&[(offset, 4, 20), (count, 4, length - 19)]),
                format!("it is cut off after {length} of {} bytes", length + 1)
            );
            assert_eq!(
                reason_of(&[(count, 3, 1), (offset, 4, 5_000)]),
                format!("it is cut off after {length} of 5001 bytes")
            );
        }
    }

    #[test]
    fn finds_the_last_of_many_strips() {
        // Three strips: their offsets and counts lie behind the directory.
        for little in [true, false] {
            let file = tiff(
                little,
                &[(256, 3, 640), (257, 3, 480), (273, 4, 62), (279, 3, 74)],
            );
            let mut file = file;
            let number = |value: u32| match little {
                true => value.to_le_bytes(),
                false => value.to_be_bytes(),
            };
            // The number of values of both.
            for entry in [2, 3] {
                let at = 10 + entry * 12 + 4;
                file[at..at + 4].copy_from_slice(&number(3));
            }
            file[10 + 3 * 12 + 8..10 + 3 * 12 + 12].copy_from_slice(&number(74));
            for offset in [9_000, 200, 80] {
                file.extend(number(offset));
            }
            for count in [9_000_u16, 9_000, 20] {
                file.extend(match little {
                    true => count.to_le_bytes(),
                    false => count.to_be_bytes(),
                });
            }
            assert_eq!(file.len(), 80);
            assert_eq!(
                reason(&file),
                ("tiff", "it is cut off after 80 of 100 bytes"),
                "{little}"
            );
            file.extend([0; 20]);
            assert_eq!(facts(&file), (640, 480, 1, false));
        }
    }

    #[test]
    fn tells_a_raw_image_from_a_tiff() {
        let file = tiff(true, &[(256, 3, 160), (257, 3, 120), (0xc612, 1, 1)]);
        assert!(matches!(
            inspect(&file),
            Media::Other {
                format: Some("dng"),
                ..
            }
        ));
    }
}
