//! JPEG. Only the first image counts. Previews, gain maps and the videos of motion photos follow it.

use super::{exif, shown};
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// More segments than any real file has: a profile of 16 MB takes 256.
const MAX_SEGMENTS: usize = 3000;
const MAX_JUNK: u64 = 64 * 1024;
/// The end of a file that is searched for a sign that it is cut off.
const TAIL: u64 = 4 * 1024;
/// So many bytes of escaped `ff` are no accident.
const MIN_ESCAPED: u32 = 4;

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    let mut at = 2;
    let mut size = None;
    let mut orientation = None;
    for _ in 0..MAX_SEGMENTS {
        let marker = marker(ranges, &mut at)?;
        match marker {
            // These have no length. `00` is a byte of an image, which decoders skip here.
            0x00 | 0x01 | 0xd0..=0xd7 => continue,
            0xd8 => return Err(Stop::Damaged),
            // The scan: no header follows it.
            0xda => break,
            0xd9 => return Err(Stop::NoPixels),
            _ => {}
        }
        let length = ranges.be(at, 2);
        if length < 2 {
            return Err(Stop::Damaged);
        }
        let end = at + length;
        match marker {
            // All frame headers, except for the tables C4 and CC and the reserved C8.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) && size.is_none() => {
                if length < 8 {
                    return Err(Stop::Damaged);
                }
                let height = ranges.be(at + 3, 2) as u32;
                if height == 0 {
                    return Err(Stop::LateHeight);
                }
                size = Some((ranges.be(at + 5, 2) as u32, height));
            }
            // Also the marker of XMP.
            0xe1 if orientation.is_none() && ranges.up_to(at + 2, 5) == b"Exif\0" => {
                orientation = Some(exif::orientation(ranges, at + 2, end)?);
            }
            _ => {}
        }
        at = end;
    }
    let size = size.ok_or(Stop::NoFrameHeader)?;
    if ranges.reads_ends() && ends_in_scan(ranges, at)? {
        return Err(Stop::CutOff);
    }
    shown("jpeg", size, orientation.unwrap_or(1), false)
}

/// Whether a file ends amid the pixels of a scan that begins before an offset. What follows the image, as with phones that
/// append a video, has bytes of `ff` that no scan has; where there are too few to tell, nothing is said.
fn ends_in_scan(ranges: &Ranges, scan: u64) -> Found<bool> {
    let start = ranges.size().saturating_sub(TAIL).max(scan);
    let tail = ranges.up_to(start, TAIL);
    // What cannot be read is not looked at.
    if let Err(Stop::Read) = ranges.check() {
        return Err(Stop::Read);
    }
    let mut escaped = 0;
    let mut filled = false;
    for byte in tail {
        match byte {
            _ if !filled => {}
            // Also the tables and the headers between the scans of a progressive image.
            0x00 | 0xd0..=0xd7 | 0xc4 | 0xda => escaped += 1,
            _ => return Ok(false),
        }
        filled = *byte == 0xff;
    }
    Ok(escaped >= MIN_ESCAPED)
}

/// The next marker. `at` moves past it.
fn marker(ranges: &Ranges, at: &mut u64) -> Found<u8> {
    // One `ff` is the rule. Decoders skip more of them, and bytes without meaning between segments.
    let mut filled = false;
    let limit = *at + MAX_JUNK;
    while *at < limit {
        let rest = ranges.rest(*at);
        if rest.is_empty() {
            break;
        }
        for byte in rest {
            *at += 1;
            if filled && *byte != 0xff {
                return Ok(*byte);
            }
            filled = *byte == 0xff;
        }
    }
    Err(Stop::Damaged)
}

#[cfg(test)]
mod tests {
    use crate::media::image::samples::tiff_at;
    use crate::media::image::test::{exif, facts, reason, survives_cuts};

    /// A JPEG with segments of marker and content before the scan.
    fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        for (marker, content) in segments {
            file.extend([0xff, *marker]);
            file.extend((content.len() as u16 + 2).to_be_bytes());
            file.extend(*content);
        }
        file.extend(b"\xff\xda\0\x08\x01\x01\0\0\x3f\0pixels\xff\xd9");
        file
    }

    /// A frame of 640 x 480 with so many components.
    fn frame(components: u8) -> Vec<u8> {
        let mut frame = vec![
            8,
            480_u16.to_be_bytes()[0],
            480_u16.to_be_bytes()[1],
            2,
            128,
            components,
        ];
        frame.extend((0..components).flat_map(|id| [id, 0x11, 0]));
        frame
    }

    fn app1(tiff: &[u8]) -> Vec<u8> {
        [b"Exif\0\0", tiff].concat()
    }

    const JFIF: (u8, &[u8]) = (0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");

    #[test]
    fn reads_every_kind_of_frame() {
        // Baseline, progressive, lossless, arithmetic; grey, YCbCr, CMYK.
        for marker in [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xca, 0xcf] {
            for components in [1, 3, 4] {
                let file = jpeg(&[JFIF, (0xc4, &[0; 20]), (marker, &frame(components))]);
                assert_eq!(facts(&file), (640, 480, 1, false));
                survives_cuts(&file);
            }
        }
    }

    #[test]
    fn applies_the_orientation_in_both_byte_orders() {
        for orientation in 1..=8 {
            for little in [true, false] {
                let file = jpeg(&[(0xe1, &app1(&exif(little, orientation))), (0xc0, &frame(3))]);
                let size = if orientation < 5 { (640, 480) } else { (480, 640) };
                assert_eq!(facts(&file), (size.0, size.1, orientation as u8, false));
                survives_cuts(&file);
            }
        }
    }

    #[test]
    fn takes_the_first_exif_and_passes_xmp() {
        let (first, second) = (app1(&exif(true, 3)), app1(&exif(true, 6)));
        let xmp: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>";
        let file = jpeg(&[(0xe1, xmp), (0xe1, &first), (0xe1, &second), (0xc0, &frame(3))]);
        assert_eq!(facts(&file), (640, 480, 3, false));
    }

    #[test]
    fn ignores_damaged_exif() {
        // Another byte order, a directory outside of the segment, entries that leave it, an orientation of 9.
        let far = [&b"MM\0\x2a\0\xff\xff\xff"[..], &[0; 8]].concat();
        let long = [&b"II\x2a\0\x08\0\0\0\xff\xff"[..], &[0; 12]].concat();
        for broken in [
            &b"XX\0\x2a\0\0\0\x08"[..],
            b"",
            b"MM\0",
            &far,
            &long,
            &exif(true, 9),
        ] {
            let file = jpeg(&[(0xe1, &app1(broken)), (0xc0, &frame(3))]);
            assert_eq!(facts(&file), (640, 480, 1, false));
            survives_cuts(&file);
        }
    }

    #[test]
    fn finds_exif_that_is_scattered_in_its_segment_and_not_outside_of_it() {
        let far = app1(&tiff_at(40_000, true, &[(0x112, 3, 6)]));
        assert_eq!(
            facts(&jpeg(&[(0xe1, &far), (0xc0, &frame(3))])),
            (480, 640, 6, false)
        );
        // The directory is that of the next segment, behind its marker and its length.
        let tiff = exif(true, 6);
        let header = app1(b"II\x2a\0\x0c\0\0\0");
        let outside = jpeg(&[(0xe1, &header), (0xe2, &tiff[8..]), (0xc0, &frame(3))]);
        assert_eq!(facts(&outside), (640, 480, 1, false));
    }

    #[test]
    fn reads_the_shortest_segments() {
        let no_components = &frame(0)[..];
        let file = jpeg(&[(0xfe, b""), (0xc0, no_components)]);
        assert_eq!(facts(&file), (640, 480, 1, false));
    }

    #[test]
    fn hops_over_long_profiles() {
        let profile = vec![0xff; 65_000];
        let mut segments = vec![(0xe2, &profile[..]); 40];
        let frame = frame(4);
        segments.push((0xc2, &frame));
        assert_eq!(facts(&jpeg(&segments)), (640, 480, 1, false));
    }

    #[test]
    fn refuses_a_file_that_ends_in_its_pixels() {
        let whole = jpeg(&[JFIF, (0xc0, &frame(3))]);
        let head = &whole[..whole.len() - 2];
        let broken = ("jpeg", "it is cut off");
        let taken = (640, 480, 1, false);
        // Escaped bytes, tables, scans and restart markers, short and behind 60 KB of other pixels.
        let scan = b"\x12\xff\0\x34\xff\xc4\xff\xda\xff\xd0\xff\xd7\x56";
        for pixels in [&scan[..], &[&[1; 60_000][..], scan].concat()] {
            let cut = [head, pixels].concat();
            assert_eq!(reason(&cut), broken);
            assert_eq!(reason(&cut[..cut.len() - 1]), broken);
            // The last `ff` may be the half of anything.
            assert_eq!(reason(&[&cut[..], b"\xff"].concat()), broken);
            assert_eq!(facts(&[&cut[..], b"\xff\xd9"].concat()), taken);
            // What is appended has other markers, as the end of the image is one.
            assert_eq!(facts(&[&cut[..], b"\xff\xd9appended\xff\0"].concat()), taken);
            assert_eq!(facts(&[&cut[..], b"\xff\xfe"].concat()), taken);
            assert_eq!(facts(&[&cut[..], b"\xff\xd8"].concat()), taken);
            // Long and without any `ff`.
            assert_eq!(facts(&[&cut[..], &[7; 5_000]].concat()), taken);
        }
        assert_eq!(facts(&[head, b"\xff\xd0\xff\xd7\xff\0"].concat()), taken);
    }

    #[test]
    fn skips_fill_bytes_and_junk() {
        let mut file = jpeg(&[JFIF, (0xc0, &frame(3))]);
        file.splice(2..2, [0xff; 5]);
        file.splice(2 + 5 + 18..2 + 5 + 18, *b"junk\xff\0\xff\xd0");
        assert_eq!(facts(&file), (640, 480, 1, false));
        survives_cuts(&file);
    }

    #[test]
    fn refuses_what_has_no_frame_or_no_size() {
        assert_eq!(reason(&jpeg(&[JFIF])), ("jpeg", "it has no frame header"));
        assert_eq!(reason(b"\xff\xd8\xff\xd9"), ("jpeg", "it contains no image"));
        let reason_of = |frame: &[u8]| reason(&jpeg(&[(0xc0, frame)]));
        assert_eq!(
            reason_of(&[8, 0, 0, 2, 128, 1, 1, 0x11, 0]),
            ("jpeg", "its height is stated after the image (DNL)")
        );
        assert_eq!(
            reason_of(&[8, 1, 1, 0, 0, 1, 1, 0x11, 0]),
            ("jpeg", "its width or height is 0")
        );
        assert_eq!(reason_of(&[8, 1, 1]), ("jpeg", "its header is damaged"));
        // An image in an image
        let mut nested = jpeg(&[(0xc0, &frame(3))]);
        nested.splice(2..2, *b"\xff\xd8\0\x02");
        assert_eq!(reason(&nested), ("jpeg", "its header is damaged"));
        assert_eq!(
            reason(b"\xff\xd8\xff\xe0\0\x01rest"),
            ("jpeg", "its header is damaged")
        );
    }
}
