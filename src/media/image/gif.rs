//! GIF.

use super::shown;
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// More blocks than any real file has before its second frame.
const MAX_BLOCKS: usize = 1000;

pub(in crate::media) fn read(ranges: &Ranges) -> Found<Media> {
    let size = (ranges.le(6, 2) as u32, ranges.le(8, 2) as u32);
    let flags = ranges.le(10, 1);
    let mut loops = false;
    let found = second_frame(ranges, 13 + palette(flags), &mut loops);
    let animated = match ranges.check() {
        // The first frame is longer than what may be read. A file that asks to be repeated is nearly always
        // animated, and to warn about a still costs less than to miss an animation.
        Err(Stop::TooLong) => loops,
        checked => checked.and(found)?,
    };
    shown("gif", size, 1, animated)
}

fn second_frame(ranges: &Ranges, mut at: u64, loops: &mut bool) -> Found<bool> {
    let mut frames = 0;
    for _ in 0..MAX_BLOCKS {
        // Decoders accept a file that ends after a frame, but it is unknown whether more frames followed.
        at = match ranges.le(at, 1) {
            // An extension
            0x21 => {
                *loops |= ranges.le(at + 1, 1) == 0xff && ranges.up_to(at + 3, 8) == b"NETSCAPE";
                at + 2
            }
            // A frame: position, size and flags, a palette, the size of the codes
            0x2c => {
                frames += 1;
                if frames == 2 {
                    return Ok(true);
                }
                at + 11 + palette(ranges.le(at + 9, 1))
            }
            // The trailer. Decoders also end at anything unknown.
            _ => break,
        };
        at = skip_sub_blocks(ranges, at);
    }
    if frames == 0 {
        Err(Stop::NoPixels)
    } else {
        Ok(false)
    }
}

/// The bytes of a palette.
fn palette(flags: u64) -> u64 {
    match flags & 0x80 {
        0 => 0,
        _ => 6 << (flags & 7),
    }
}

/// The offset after sub-blocks, which begin with their length and end with one of length 0.
fn skip_sub_blocks(ranges: &Ranges, mut at: u64) -> u64 {
    loop {
        let rest = ranges.rest(at);
        if rest.is_empty() {
            return at;
        }
        let mut skipped = 0;
        while let Some(length) = rest.get(skipped) {
            skipped += 1 + usize::from(*length);
            if *length == 0 {
                return at + skipped as u64;
            }
        }
        at += skipped as u64;
    }
}

#[cfg(test)]
mod tests {
    use crate::media::image::test::{facts, reason, survives_cuts};

    const HEAD: &[u8] = b"GIF89a\x40\x01\xf0\0\x80\0\0abcdef";
    const LOOP: &[u8] = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    const CONTROL: &[u8] = b"\x21\xf9\x04\0\x0a\0\0\0";
    const FRAME: &[u8] = b"\x2c\0\0\0\0\x40\x01\xf0\0\x80abcdef\x08\x03xyz\x02xy\0";

    #[test]
    fn tells_one_frame_from_many() {
        let still = [HEAD, LOOP, CONTROL, FRAME, b";"].concat();
        assert_eq!(facts(&still), (320, 240, 1, false));
        survives_cuts(&still);
        let animated = [HEAD, LOOP, CONTROL, FRAME, CONTROL, FRAME, b";"].concat();
        assert_eq!(facts(&animated), (320, 240, 1, true));
        survives_cuts(&animated);
    }

    #[test]
    fn reads_past_a_long_first_frame() {
        let mut frame = FRAME[..FRAME.len() - 1].to_vec();
        for _ in 0..2000 {
            frame.push(255);
            frame.extend([1; 255]);
        }
        frame.push(0);
        assert!(facts(&[HEAD, &frame, FRAME].concat()).3);
        assert!(!facts(&[HEAD, &frame, b";"].concat()).3);
        // Beyond the budget: animated if it repeats.
        let endless = frame
            .repeat(8)
            .into_iter()
            .map(|byte| byte.max(1))
            .collect::<Vec<_>>();
        assert!(!facts(&[HEAD, FRAME.split_last().unwrap().1, &endless].concat()).3);
        assert!(facts(&[HEAD, LOOP, FRAME.split_last().unwrap().1, &endless].concat()).3);
    }

    #[test]
    fn skips_palettes_of_every_size() {
        for (flags, bytes) in [(0, 0), (0x07, 0), (0x80, 6), (0x82, 24), (0xf7, 768)] {
            // A palette that looks like the end of the file.
            let palette = vec![0x3b; bytes];
            let head = [&b"GIF89a\x40\x01\xf0\0"[..], &[flags, 0, 0], &palette].concat();
            let place = &b"\x2c\0\0\0\0\x40\x01\xf0\0"[..];
            let frame = [place, &[flags], &palette, b"\x08\x03xyz\0"].concat();
            assert_eq!(facts(&[&head[..], &frame, b";"].concat()), (320, 240, 1, false));
            assert_eq!(
                facts(&[&head[..], &frame, &frame, b";"].concat()),
                (320, 240, 1, true)
            );
        }
    }

    #[test]
    fn refuses_files_without_a_frame_or_a_size() {
        assert_eq!(
            reason(&[HEAD, LOOP, b";"].concat()),
            ("gif", "it contains no image")
        );
        assert_eq!(reason(&[HEAD, CONTROL].concat()), ("gif", "it is cut off"));
        let mut flat = [HEAD, FRAME, b";"].concat();
        flat[8..10].fill(0);
        assert_eq!(reason(&flat), ("gif", "its width or height is 0"));
    }
}
