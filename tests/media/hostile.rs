//! The inspector on files that are cut off, damaged or made to do harm.

mod files;

use evolink_video::media::{Inspector, Media, MediaInfo, Step};
use std::time::{Duration, Instant};

/// The bounds that the documentation of [`Inspector`] states, for all but MP3.
const MAX_READS: u32 = 128;
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// What the inspector finds, after its reads were checked.
fn inspect(file: &[u8], known_size: bool) -> MediaInfo {
    let size = file.len() as u64;
    let mut inspector = Inspector::new(if known_size { size } else { u64::MAX });
    let mut reads = 0;
    let started = Instant::now();
    loop {
        match inspector.step() {
            Step::Read { start, length } => {
                reads += 1;
                assert!(length > 0 && reads <= MAX_READS);
                assert!(!known_size || start + u64::from(length) <= size);
                let from = start.min(size) as usize;
                let to = start.saturating_add(length.into()).min(size) as usize;
                inspector.supply(start, &file[from..to]);
            }
            Step::Done(info) => {
                assert!(info.bytes_read <= MAX_BYTES);
                // The worst takes a tenth of a second without optimization. Other tests share the processor.
                assert!(
                    started.elapsed() < Duration::from_secs(3),
                    "{:?}",
                    started.elapsed()
                );
                return info;
            }
            _ => unreachable!("there are two steps"),
        }
    }
}

/// Places to cut a file at: all of a short one.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by((length / 1000).max(1))
}

#[test]
fn reads_every_file() {
    for (name, file) in files::all() {
        let Media::Image(image) = inspect(&file, true).media else {
            panic!("{name}: {:?}", inspect(&file, true).media);
        };
        assert!(name.starts_with(image.format), "{name}: {image:?}");
        let size = if image.orientation == 6 {
            (480, 640)
        } else {
            (640, 480)
        };
        assert_eq!((image.width, image.height), size, "{name}");
        assert_eq!(inspect(&file, false).media, Media::Image(image), "{name}");
    }
}

#[test]
fn says_the_same_of_a_file_that_is_cut_off_or_that_it_is_broken() {
    for (name, file) in files::all() {
        let whole = inspect(&file, true).media;
        for length in cuts(file.len()) {
            for known_size in [true, false] {
                match inspect(&file[..length], known_size).media {
                    Media::Broken { .. } | Media::Other { format: None, .. } => {}
                    media => assert_eq!(media, whole, "{name}, cut to {length}"),
                }
            }
        }
    }
}

#[test]
fn survives_mutations() {
    let mut random = fastrand::Rng::with_seed(14);
    for (_, file) in files::all() {
        for _ in 0..2000 {
            let mut mutant = file.clone();
            for _ in 0..random.u32(1..4) {
                mutate(&mut mutant, &mut random);
            }
            inspect(&mutant, random.bool());
        }
    }
}

/// Changes a number, or removes, repeats or inserts some bytes. Mostly in the header.
fn mutate(file: &mut Vec<u8>, random: &mut fastrand::Rng) {
    let length = if random.bool() {
        file.len().min(200)
    } else {
        file.len()
    };
    let at = random.usize(0..=length);
    let end = file.len().min(at + (1 << random.u32(0..4)));
    match random.u32(0..8) {
        0 => drop(file.drain(at..end)),
        1 => {
            let repeated = file[at..end].repeat(random.usize(1..100));
            file.splice(at..at, repeated);
        }
        2 => file.truncate(at),
        3 => file[at..end].fill(0xff),
        4 => file[at..end].fill(0),
        5 => file[at..end].rotate_left(usize::from(end > at)),
        _ => file[at..end].iter_mut().for_each(|byte| *byte = random.u8(..)),
    }
}

#[test]
fn survives_files_that_repeat_one_block() {
    let blocks: [(&[u8], &[u8]); 12] = [
        (b"\xff\xd8\xff\xe0\0\x02", b"\xff\xe1\0\x02"),
        (b"\xff\xd8\xff\xe1\0\x02", b"\xff\xe1\0\x08Exif\0\0"),
        (b"\xff\xd8\xff\xe0\0\x02", b"\xff"),
        (b"\xff\xd8\xff\xe0\0\x02", b"\0"),
        (b"\xff\xd8\xff\xe0\0\x02", b"\xff\xd0"),
        (b"\x89PNG\r\n\x1a\n", b"\0\0\0\0tEXtcrc."),
        (b"GIF89a\x01\0\x01\0\0\0\0", b"\x21\x01\0"),
        (b"GIF89a\x01\0\x01\0\0\0\0\x21\x01", b"\x01\x01"),
        (
            b"GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x08",
            b"\x01\x01",
        ),
        (
            b"RIFF\0\0\x20\0WEBPVP8X\x0a\0\0\0\x0a\0\0\0\0\0\0\0\0\0",
            b"XMP \0\0\0\0",
        ),
        (b"II*\0\x08\0\0\0\xff\xff", b"\0\x02\x04\0\x01\0\0\0\0\0\0\0"),
        (b"<", b"<!doctype <"),
    ];
    for (head, block) in blocks {
        let mut file = head.to_vec();
        file.extend(block.iter().cycle().take(3_000_000));
        inspect(&file, true);
        inspect(&file, false);
    }
}
