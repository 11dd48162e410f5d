//! Damaged files.

/// How often each file is damaged. Without optimization, an inspection takes ten times as long.
pub const MUTANTS: u32 = if cfg!(debug_assertions) { 1_000 } else { 10_000 };

/// Changes a number, or removes, repeats or inserts some bytes. Mostly in the header.
pub fn mutate(file: &mut Vec<u8>, random: &mut fastrand::Rng) {
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

/// Long files that repeat one block.
pub fn repetitions() -> impl Iterator<Item = Vec<u8>> {
    let blocks: [(&[u8], &[u8]); 20] = [
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
        (b"\0\0\0\x0cftypisom", b"\0\0\0\x08free"),
        (b"\0\0\0\x0cftypisom\x7f\0\0\0moov", b"\0\0\0\x08trak"),
        (
            b"\0\0\0\x0cftypisom\x7f\0\0\0moov",
            b"\0\0\0\x10trak\0\0\0\x08mdia",
        ),
        (b"\0\0\0\x0cftypqt  ", b"\0\0\0\x08moof\0\0\0\x08mdat"),
        (b"ID3\x03\0\0\0\0\0\0", b"ID3\x03\0\0\0\0\0\0"),
        (b"\xff\xfb\x90\0", b"\xff\xfb\x90\0"),
        (b"RIFF\0\0\x20\0WAVE", b"junk\0\0\0\0"),
        (
            b"RIFF\0\0\x20\0WAVE",
            b"fmt \x10\0\0\0\x01\0\x01\0\0\0\0\0\0\0\0\0\x01\0\x08\0",
        ),
    ];
    blocks.into_iter().map(|(head, block)| {
        let mut file = head.to_vec();
        file.extend(block.iter().cycle().take(3_000_000));
        file
    })
}
