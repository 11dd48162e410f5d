use crate::media::testing::{inspect, inspect_sized, other, reason};
use crate::media::{AudioInfo, Media};

fn audio(file: &[u8]) -> AudioInfo {
    match inspect(file).0 {
        Media::Audio(info) => info,
        media => panic!("it is {media:?}"),
    }
}

/// Frames of 128 kbit/s at 44.1 kHz: 417 bytes, 1152 samples.
const HEADER: [u8; 4] = [0xFF, 0xFB, 0x90, 0];
const FRAME: usize = 417;

/// A frame with a header of so many bytes, and some text at an offset.
fn frame(header: [u8; 4], bytes: usize, at: usize, text: &[u8]) -> Vec<u8> {
    let mut frame = vec![0; bytes];
    frame[..4].copy_from_slice(&header);
    frame[at..at + text.len()].copy_from_slice(text);
    frame
}

fn frames(count: usize) -> Vec<u8> {
    frame(HEADER, FRAME, 4, &[]).repeat(count)
}

/// Milliseconds of frames.
fn ms(frames: u64) -> u64 {
    (frames * 1_152_000 + 22_050) / 44_100
}

fn id3(length: usize, flags: u8) -> Vec<u8> {
    let size = [21, 14, 7, 0].map(|shift| (length >> shift & 0x7F) as u8);
    let footer = if flags & 0x10 > 0 { 10 } else { 0 };
    [b"ID3\x04\0", &[flags][..], &size, &vec![0xFF; length + footer]].concat()
}

fn xing(name: &[u8; 4], frames: u32, bytes: u32) -> Vec<u8> {
    [
        &name[..],
        &[0, 0, 0, 3],
        &frames.to_be_bytes(),
        &bytes.to_be_bytes(),
    ]
    .concat()
}

#[test]
fn counts_the_frames_of_an_mp3_without_a_header() {
    let info = audio(&frames(1_000));
    assert_eq!((info.format, info.sample_rate, info.channels), ("mp3", 44_100, 2));
    assert_eq!(
        (info.duration_ms, info.estimated, info.codec.name().as_str()),
        (ms(1_000), false, "mp3")
    );
    // The first bit rate does not tell the others.
    let small = frame([0xFF, 0xFB, 0x10, 0], 104, 4, &[]).repeat(1_000);
    assert_eq!(audio(&[small, frames(1_000)].concat()).duration_ms, ms(2_000));
    // A last frame that is cut off counts.
    assert_eq!(audio(&frames(10)[..FRAME * 10 - 50]).duration_ms, ms(10));
}

#[test]
fn reckons_what_is_behind_16_mebibytes() {
    let info = audio(&frames(50_000));
    assert!(info.estimated);
    assert!(info.duration_ms.abs_diff(ms(50_000)) < 30, "{}", info.duration_ms);
}

#[test]
fn believes_the_count_of_a_first_frame_without_sound() {
    for (at, header) in [
        (36, HEADER),
        (38, [0xFF, 0xFA, 0x90, 0]),
        (36, [0xFF, 0xFA, 0x90, 0]),
    ] {
        for name in [b"Xing", b"Info"] {
            let first = frame(header, FRAME, at, &xing(name, 120, 0));
            let (media, reads) = inspect(&[first, frame(header, FRAME, 4, &[]).repeat(120)].concat());
            assert!(
                matches!(media, Media::Audio(info) if info.duration_ms == ms(120)),
                "{media:?}"
            );
            assert_eq!(reads, 1);
        }
    }
    let vbri = [&b"VBRI"[..], &[0; 10], &120u32.to_be_bytes()].concat();
    assert_eq!(
        audio(&[frame(HEADER, FRAME, 36, &vbri), frames(120)].concat()).duration_ms,
        ms(120)
    );
    let mono = [0xFF, 0xFB, 0x90, 0xC0];
    let first = frame(mono, FRAME, 21, &xing(b"Info", 9, 0));
    let info = audio(&[first, frame(mono, FRAME, 4, &[]).repeat(9)].concat());
    assert_eq!((info.duration_ms, info.channels), (ms(9), 1));
}

#[test]
fn counts_if_the_stated_count_cannot_be() {
    let file = |frames_stated, bytes| {
        [
            frame(HEADER, FRAME, 36, &xing(b"Xing", frames_stated, bytes)),
            frames(200),
        ]
        .concat()
    };
    assert_eq!(audio(&file(0, 0)).duration_ms, ms(200));
    assert_eq!(audio(&file(u32::MAX, 0)).duration_ms, ms(200));
    // Of the first of two files that were joined.
    assert_eq!(audio(&file(100, 41_700)).duration_ms, ms(200));
    // Of the whole file of which this is a part.
    assert_eq!(audio(&file(400, 401 * 417)).duration_ms, ms(200));
    assert_eq!(audio(&file(201, 201 * 417)).duration_ms, ms(201));
    assert_eq!(audio(&file(201, 201 * 417 + 1)).duration_ms, ms(200));
}

#[test]
fn reads_other_versions() {
    for (header, bytes, at, rate, channels) in [
        // MPEG-2 and 2.5 of 64 kbit/s, which have half of the samples.
        ([0xFF, 0xF3, 0x80, 0], 208, 21, 22_050, 2),
        ([0xFF, 0xF3, 0x84, 0xC0], 192, 13, 24_000, 1),
        ([0xFF, 0xE3, 0x80, 0xC0], 417, 13, 11_025, 1),
        ([0xFF, 0xE3, 0x88, 0xC0], 576, 13, 8_000, 1),
    ] {
        let all = frame(header, bytes, 4, &[]).repeat(100);
        let duration = (57_600_000 + u64::from(rate) / 2) / u64::from(rate);
        let stated = [frame(header, bytes, at, &xing(b"Info", 100, 0)), all.clone()].concat();
        for file in [all, stated] {
            let info = audio(&file);
            assert_eq!(
                (info.duration_ms, info.sample_rate, info.channels),
                (duration, rate, channels)
            );
        }
    }
}

#[test]
fn hops_over_tags() {
    let sound = frames(20);
    for before in [
        id3(100, 0),
        id3(700_000, 0),
        id3(100, 0x10),
        [id3(2_000, 0), id3(50_000, 0)].concat(),
        [&b"APETAGEX\xD0\x07\0\0\x20\0\0\0"[..], &[0; 48]].concat(),
        [id3(100, 0), vec![0; 3_000]].concat(),
        // Junk, with a false start of a frame.
        [&[7; 3_000][..], &HEADER, &[7; 90_000]].concat(),
    ] {
        let (media, reads) = inspect(&[before.clone(), sound.clone()].concat());
        assert!(
            matches!(media, Media::Audio(info) if info.duration_ms == ms(20)),
            "{media:?}"
        );
        assert!(reads <= 5, "{reads} reads");
    }
    for after in [
        [&b"TAG"[..], &[0xFF; 125]].concat(),
        [&b"APETAGEX\xD0\x07\0\0\x20\0\0\0"[..], &[0xFF; 48]].concat(),
        [&b"LYRICSBEGIN"[..], &frames(3)].concat(),
        id3(100, 0),
        vec![0; 5_000],
    ] {
        assert_eq!(audio(&[sound.clone(), after].concat()).duration_ms, ms(20));
    }
    // Between frames.
    assert_eq!(
        audio(&[sound.clone(), id3(3_000, 0), sound.clone()].concat()).duration_ms,
        ms(40)
    );
    assert_eq!(
        audio(&[sound.clone(), vec![0xAA; 3_000], sound.clone()].concat()).duration_ms,
        ms(40)
    );
    // A length that lies.
    let mut lying = id3(100, 0);
    lying[6] = 0x7F;
    assert_eq!(audio(&[lying, sound].concat()).duration_ms, ms(20));
}

#[test]
fn says_that_there_is_no_sound() {
    assert_eq!(reason(&id3(300_000, 0)), "it has no sound that can be found");
    assert_eq!(reason(&HEADER), "it has no sound that can be found");
    assert_eq!(other(&[vec![7; 300_000], frames(9)].concat()), None);
}

#[test]
fn refuses_the_free_format() {
    let file = frame([0xFF, 0xFB, 0, 0], 1_500, 4, &[]).repeat(10);
    assert!(reason(&file).contains("free format"));
    assert!(reason(&[id3(20, 0), file].concat()).contains("free format"));
}

#[test]
fn names_what_looks_like_mp3() {
    assert_eq!(
        other(&frame([0xFF, 0xFD, 0x80, 0], 417, 4, &[]).repeat(9)),
        Some("mp2")
    );
    assert_eq!(
        other(&frame([0xFF, 0xFF, 0x40, 0], 136, 4, &[]).repeat(9)),
        Some("mp1")
    );
    assert_eq!(
        other(&[id3(100, 0), b"fLaC\0\0\0\x22".to_vec()].concat()),
        Some("flac")
    );
    assert_eq!(
        other(&[id3(100, 0), vec![0xFF, 0xF1, 0x50, 0x80]].concat()),
        Some("aac")
    );
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let padding = vec![0; body.len() % 2];
    [&name[..], &(body.len() as u32).to_le_bytes(), body, &padding].concat()
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"RIFF\0\0\0\0WAVE".to_vec(), chunks.concat()].concat()
}

/// Tag, channels, rate, bytes in a second, bytes in a block, bits.
fn format(tag: u16, channels: u16, rate: u32, bytes: u32, block: u16, bits: u16) -> Vec<u8> {
    let mut body = [tag, channels].map(u16::to_le_bytes).concat();
    body.extend([rate, bytes].map(u32::to_le_bytes).concat());
    body.extend([block, bits].map(u16::to_le_bytes).concat());
    body
}

fn stereo() -> Vec<u8> {
    chunk(b"fmt ", &format(1, 2, 8_000, 32_000, 4, 16))
}

#[test]
fn reads_a_wav() {
    let info = audio(&riff(&[stereo(), chunk(b"data", &[0; 16_000])]));
    assert_eq!((info.format, info.sample_rate, info.channels), ("wav", 8_000, 2));
    assert_eq!(
        (info.duration_ms, info.estimated, info.codec.name().as_str()),
        (500, false, "pcm_s16le")
    );
}

#[test]
fn hops_over_chunks_of_a_wav() {
    let data = chunk(b"data", &[0; 16_000]);
    let unpadded = [&b"LIST\x05\0\0\0"[..], b"INFOa"].concat();
    for chunks in [
        vec![
            chunk(b"LIST", b"INFOa"),
            stereo(),
            chunk(b"bext", &[1; 601]),
            data.clone(),
        ],
        vec![stereo(), unpadded, data.clone()],
        vec![
            stereo(),
            chunk(b"JUNK", &vec![0; 900_000]),
            data.clone(),
            chunk(b"LIST", b"INFO"),
        ],
    ] {
        let (media, reads) = inspect(&riff(&chunks));
        assert!(
            matches!(media, Media::Audio(info) if info.duration_ms == 500),
            "{media:?}"
        );
        assert!(reads <= 2);
    }
}

#[test]
fn does_not_guess_the_length_of_a_stream_of_unknown_size() {
    for (length, duration_ms, estimated) in [(0, 0, true), (u32::MAX, 0, true), (16_000, 500, false)] {
        let data = [&b"data"[..], &length.to_le_bytes(), &[0; 60_000]].concat();
        let Media::Audio(info) = inspect_sized(&riff(&[stereo(), data]), u64::MAX).0 else {
            panic!("it is no sound");
        };
        assert_eq!((info.duration_ms, info.estimated), (duration_ms, estimated));
    }
}

#[test]
fn clips_wrong_lengths_of_data() {
    for length in [0, u32::MAX, 1_000_000] {
        let data = [&b"data"[..], &length.to_le_bytes(), &[0; 16_000]].concat();
        assert_eq!(audio(&riff(&[stereo(), data])).duration_ms, 500);
    }
}

#[test]
fn reads_long_wav_files() {
    let ds64 = chunk(
        b"ds64",
        &[&[0; 8][..], &16_000u64.to_le_bytes(), &[0; 12]].concat(),
    );
    let data = [&b"data"[..], &[0xFF; 4], &[0; 16_000], &stereo()].concat();
    for name in [b"RF64", b"BW64"] {
        let mut file = riff(&[ds64.clone(), stereo(), data.clone()]);
        file[..4].copy_from_slice(name);
        assert_eq!(audio(&file).duration_ms, 500);
    }
}

#[test]
fn reads_a_big_endian_wav() {
    let mut file = b"RIFX\0\0\0\0WAVEfmt \0\0\0\x10\0\x01\0\x02\0\0\x1F\x40\0\0\x7D\0\0\x04\0\x10".to_vec();
    file.extend(b"data\0\0\x3E\x80");
    file.extend([0; 16_000]);
    let info = audio(&file);
    assert_eq!((info.duration_ms, info.codec.name().as_str()), (500, "pcm_s16be"));
}

#[test]
fn names_the_codecs_of_wav_files() {
    let extensible = [
        &format(0xFFFE, 1, 8_000, 32_000, 4, 32)[..],
        &[22, 0, 32, 0, 4, 0, 0, 0, 3, 0],
        &[0; 14],
    ];
    for (body, codec) in [
        (format(1, 1, 8_000, 8_000, 1, 8), "pcm_u8"),
        (format(1, 1, 8_000, 24_000, 3, 24), "pcm_s24le"),
        (format(1, 1, 8_000, 32_000, 4, 32), "pcm_s32le"),
        (format(3, 1, 8_000, 32_000, 4, 32), "pcm_f32le"),
        (format(3, 1, 8_000, 64_000, 8, 64), "pcm_f64le"),
        (format(6, 1, 8_000, 8_000, 1, 8), "pcm_alaw"),
        (format(7, 1, 8_000, 8_000, 1, 8), "pcm_mulaw"),
        (extensible.concat(), "pcm_f32le"),
    ] {
        let bytes = u32::from_le_bytes(body[8..12].try_into().unwrap());
        let info = audio(&riff(&[
            chunk(b"fmt ", &body),
            chunk(b"data", &vec![0; bytes as usize]),
        ]));
        assert_eq!((info.duration_ms, info.codec.name().as_str()), (1_000, codec));
    }
}

#[test]
fn takes_the_samples_or_the_byte_rate_of_compressed_sound() {
    let data = chunk(b"data", &[0; 8_000]);
    for (tag, codec) in [
        (2, "adpcm_ms"),
        (0x11, "adpcm_ima_wav"),
        (0x55, "mp3"),
        (0x1234, "unknown"),
    ] {
        let fmt = chunk(b"fmt ", &format(tag, 1, 8_000, 4_000, 256, 4));
        let stated = audio(&riff(&[
            fmt.clone(),
            chunk(b"fact", &12_000u32.to_le_bytes()),
            data.clone(),
        ]));
        let reckoned = audio(&riff(&[fmt, data.clone()]));
        assert_eq!(
            (stated.duration_ms, stated.estimated, stated.codec.name().as_str()),
            (1_500, false, codec)
        );
        assert_eq!((reckoned.duration_ms, reckoned.estimated), (2_000, true));
    }
}

#[test]
fn says_what_a_wav_lacks() {
    let data = chunk(b"data", &[0; 16]);
    for (chunks, expected) in [
        (vec![], "it has no `data` chunk with sound"),
        (vec![stereo()], "it has no `data` chunk with sound"),
        (vec![data.clone()], "it has no `fmt ` chunk before its sound"),
        (
            vec![stereo(), chunk(b"junk", &[]).repeat(100_000), data.clone()],
            "it has no `data` chunk with sound",
        ),
        (
            vec![chunk(b"fmt ", &format(1, 0, 8_000, 1, 1, 8)), data],
            "its `fmt ` chunk states no sample rate or no channels",
        ),
    ] {
        assert_eq!(reason(&riff(&chunks)), expected);
    }
}
