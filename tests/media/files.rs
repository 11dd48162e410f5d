//! Small files of each format, with everything that its parser reads.

#[path = "../../src/media/image/samples.rs"]
mod samples;

use samples::{big_tiff, tiff, tiff_at, webp, webp_header};

/// Their names and bytes.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("jpeg", jpeg(1, &[0; 100])),
        ("jpeg with long profiles", jpeg(6, &[0xff; 65_000])),
        ("png", png(1, &[0; 100])),
        ("png with long profiles", png(6, &[0; 40_000])),
        (
            "webp",
            extended_webp(8, &[(b"VP8 ", KEY_FRAME), (b"EXIF", &exif())]),
        ),
        ("webp, lossy", webp(&[(b"VP8 ", KEY_FRAME)])),
        (
            "webp, lossless",
            webp(&[(b"VP8L", b"\x2f\x7f\xc2\x77\x10pixels")]),
        ),
        ("webp, animated", animated_webp()),
        ("gif", gif(1)),
        ("gif, animated", gif(3)),
        ("gif with a long frame", gif(2000)),
        ("bmp", bmp()),
        ("tiff, little endian", tiff(true, &TAGS)),
        ("tiff, big endian", tiff(false, &TAGS)),
        (
            "tiff, 64 bits",
            big_tiff(&[(256, 4, 640), (257, 16, 480), (274, 3, 6)]),
        ),
        ("tiff, directory at the end", tiff_at(100_000, true, &TAGS)),
    ]
}

const KEY_FRAME: &[u8] = b"\x30\x01\0\x9d\x01\x2a\x80\x02\xe0\x01pixels";

fn jpeg(profiles: usize, profile: &[u8]) -> Vec<u8> {
    let mut file = b"\xff\xd8".to_vec();
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xff, marker]);
        file.extend((content.len() as u16 + 2).to_be_bytes());
        file.extend(content);
    };
    segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    segment(0xe1, &[b"Exif\0\0", &exif()[..]].concat());
    (0..profiles).for_each(|_| segment(0xe2, profile));
    segment(0xdb, &[1; 65]);
    segment(
        0xc2,
        b"\x08\x01\xe0\x02\x80\x03\x01\x22\0\x02\x11\x01\x03\x11\x01",
    );
    segment(0xc4, &[0; 30]);
    segment(0xda, b"\x01\x01\0\0\x3f\0");
    file.extend(b"pixels\xff\xd9");
    file
}

fn png(profiles: usize, profile: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], content: &[u8]| {
        file.extend((content.len() as u32).to_be_bytes());
        file.extend(kind);
        file.extend(content);
        file.extend(b"crc.");
    };
    chunk(b"IHDR", b"\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0");
    chunk(b"acTL", b"\0\0\0\x02\0\0\0\0");
    (0..profiles).for_each(|_| chunk(b"iTXt", profile));
    chunk(b"eXIf", &exif());
    chunk(b"fcTL", &[0; 26]);
    chunk(b"IDAT", b"pixels");
    chunk(b"IEND", b"");
    file
}

fn extended_webp(flags: u8, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    webp(&[&[(b"VP8X", &webp_header(flags)[..])], chunks].concat())
}

fn animated_webp() -> Vec<u8> {
    let frame: (&[u8; 4], &[u8]) = (b"ANMF", &[0; 20_000]);
    extended_webp(10, &[(b"ANIM", &[0; 6]), frame, frame, frame, (b"EXIF", &exif())])
}

fn gif(frames: usize) -> Vec<u8> {
    let mut file = b"GIF89a\x80\x02\xe0\x01\x80\0\0abcdef\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0".to_vec();
    // One frame of many blocks, or several of two
    let (frames, blocks) = if frames > 10 { (2, frames) } else { (frames, 2) };
    for _ in 0..frames {
        file.extend(b"\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x80\x02\xe0\x01\x80abcdef\x08");
        for _ in 0..blocks {
            file.push(200);
            file.extend([7; 200]);
        }
        file.push(0);
    }
    file.push(b';');
    file
}

fn bmp() -> Vec<u8> {
    let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x80\x02\0\0\x20\xfe\xff\xff\x01\0\x01\0".to_vec();
    // One bit for each pixel
    file.resize(54 + 80 * 480, 0);
    file
}

const TAGS: [(u16, u16, u32); 5] = [
    (254, 4, 0),
    (256, 3, 640),
    (257, 4, 480),
    (271, 2, 0),
    (274, 3, 6),
];

/// EXIF with an orientation of 6.
fn exif() -> Vec<u8> {
    tiff(false, &TAGS)
}
