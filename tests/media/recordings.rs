//! Small videos and audio files of each kind, with everything that their parsers read.

/// Their names and bytes. A video shows 640 x 480 for 2 seconds, a sound has 2 channels of 44,100 Hz.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let index = movie(&[], &[]);
    let picture = boxed(b"mdat", &[&[7; 2_000]]);
    let extended = movie(
        &[track(1, b"vide", &[], 0), track(2, b"soun", &[], 0)],
        &extensions(),
    );
    let fragments: Vec<u8> = (0..4).flat_map(fragment).collect();
    let mp4 = file_type(b"isom");
    vec![
        ("mp4", [&mp4[..], &index, &picture].concat()),
        ("mp4, index at the end", [&mp4[..], &picture, &index].concat()),
        ("mp4 in fragments", [&mp4[..], &extended, &fragments].concat()),
        (
            "mp4 with a long index",
            [&mp4[..], &long_index(), &picture].concat(),
        ),
        (
            "mov",
            [&file_type(b"qt  ")[..], &boxed(b"wide", &[]), &picture, &index].concat(),
        ),
        ("mov without a type", [&picture[..], &index].concat()),
        ("mp3", mp3(&[&tag(3_000)[..], &stated_frame(40)].concat())),
        ("mp3 without a header", mp3(&tag(20))),
        ("mp3 behind junk", mp3(&[0; 300])),
        (
            "wav",
            wav(b"RIFF", &[(b"LIST", b"INFOISFT\x04\0\0\0Text")], &[1, 0, 2, 0]),
        ),
        (
            "wav with sub-formats",
            wav(b"RIFF", &[(b"junk", &[0; 27])], &[0xfe, 0xff, 2, 0]),
        ),
        (
            "wav of 64 bits",
            wav(b"RF64", &[(b"ds64", &sizes())], &[1, 0, 2, 0]),
        ),
    ]
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, &content].concat()
}

fn numbers(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn file_type(brand: &[u8; 4]) -> Vec<u8> {
    boxed(b"ftyp", &[brand, &[0, 0, 2, 0], brand, b"mp42"])
}

const UPRIGHT: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
/// A quarter turn clockwise, as of phones.
const TURNED: [u32; 9] = [0, 0x1_0000, 0, 0xffff_0000, 0, 0, 480 << 16, 0, 0x4000_0000];

/// The index, `moov`. Without tracks it gets one of a turned picture and one of sound.
fn movie(tracks: &[Vec<u8>], more: &[u8]) -> Vec<u8> {
    let duration = if more.is_empty() { 2_000 } else { 0 };
    let header = [
        &numbers(&[0, 0, 0, 1_000, duration])[..],
        &[0; 16],
        &numbers(&UPRIGHT),
        &[0; 28],
    ]
    .concat();
    let usual = [
        track(1, b"vide", &[50, 512], 2_000),
        track(2, b"soun", &[86, 1_024], 2_000),
    ];
    let tracks = if tracks.is_empty() { &usual } else { tracks };
    boxed(b"moov", &[&boxed(b"mvhd", &[&header]), &tracks.concat(), more])
}

/// A track with this table of sample times. The duration is in the thousandths of the movie.
fn track(id: u32, kind: &[u8; 4], times: &[u32], duration: u32) -> Vec<u8> {
    let seen = kind == b"vide";
    let scale = if seen { 12_800 } else { 44_100 };
    let matrix = if seen { TURNED } else { UPRIGHT };
    let size = if seen { [480 << 16, 640 << 16] } else { [0; 2] };
    let start = numbers(&[7, 0, 0, id, 0, duration]);
    let header = boxed(b"tkhd", &[&start, &[0; 16], &numbers(&matrix), &numbers(&size)]);
    let edit = boxed(b"elst", &[&numbers(&[0, 1, duration, 0, 0x1_0000])]);
    let edits = if duration > 0 {
        boxed(b"edts", &[&edit])
    } else {
        Vec::new()
    };
    let entry = if seen { picture() } else { sound() };
    let samples = numbers(&[0, (times.len() / 2) as u32]);
    let table = boxed(
        b"stbl",
        &[
            &boxed(b"stsd", &[&numbers(&[0, 1]), &entry]),
            &boxed(b"stts", &[&samples, &numbers(times)]),
            &boxed(b"stsz", &[&numbers(&[0, 100, times.iter().step_by(2).sum()])]),
        ],
    );
    let ticks = (u64::from(duration) * u64::from(scale) / 1_000) as u32;
    let media = boxed(
        b"mdia",
        &[
            &boxed(b"mdhd", &[&numbers(&[0, 0, 0, scale, ticks, 0])]),
            &boxed(b"hdlr", &[&[0; 8], kind, &[0; 13]]),
            &boxed(b"minf", &[&table]),
        ],
    );
    boxed(b"trak", &[&header, &edits, &media])
}

fn picture() -> Vec<u8> {
    let pixels = boxed(b"pasp", &[&numbers(&[1, 1])]);
    boxed(
        b"avc1",
        &[
            &[0; 24],
            &[1, 0xe0, 2, 0x80],
            &[0; 50],
            &boxed(b"avcC", &[&[1; 20]]),
            &pixels,
        ],
    )
}

fn sound() -> Vec<u8> {
    let stream = boxed(
        b"esds",
        &[b"\0\0\0\0\x03\x19\0\x02\0\x04\x11\x40\x15\0\0\0\0\0\0\0\0\0\0\0\x05\x02\x12\x10\x06\x01\x02"],
    );
    boxed(
        b"mp4a",
        &[
            &[0; 16],
            &[0, 2, 0, 16, 0, 0, 0, 0],
            &numbers(&[44_100 << 16]),
            &stream,
        ],
    )
}

fn extensions() -> Vec<u8> {
    let defaults = |id| boxed(b"trex", &[&numbers(&[0, id, 1, 512, 100, 0])]);
    boxed(
        b"mvex",
        &[
            &boxed(b"mehd", &[&numbers(&[0, 2_000])]),
            &defaults(1),
            &defaults(2),
        ],
    )
}

/// Half a second: 12.5 frames of 1024 ticks in 25 samples, and some sound.
fn fragment(index: u32) -> Vec<u8> {
    let part = |id: u32, ticks: u32, count: u32| {
        let header = boxed(b"tfhd", &[&numbers(&[0x2_0008, id, ticks])]);
        let start = boxed(b"tfdt", &[&numbers(&[0, index * ticks * count])]);
        let run = boxed(b"trun", &[&numbers(&[1, count, 100])]);
        boxed(b"traf", &[&header, &start, &run])
    };
    let header = boxed(b"mfhd", &[&numbers(&[0, index + 1])]);
    let moof = boxed(b"moof", &[&header, &part(1, 256, 25), &part(2, 1_024, 21)]);
    [moof, boxed(b"mdat", &[&[7; 500]])].concat()
}

/// Of a picture whose frames differ in their length, so that the tables are longer than a first read.
fn long_index() -> Vec<u8> {
    let times: Vec<u32> = (0..2_500).flat_map(|index| [1, 10 + index % 2]).collect();
    movie(
        &[
            track(1, b"vide", &times, 2_000),
            track(2, b"soun", &[86, 1_024], 2_000),
        ],
        &[],
    )
}

/// A frame of 417 bytes, 128 kbit/s.
const FRAME: [u8; 4] = [0xff, 0xfb, 0x90, 0];

fn frame(content: &[u8]) -> Vec<u8> {
    let mut frame = FRAME.to_vec();
    frame.extend(content);
    frame.resize(417, 0);
    frame
}

fn mp3(head: &[u8]) -> Vec<u8> {
    let sounds = frame(&[0; 60]).repeat(40);
    [head, &sounds, b"TAG", &[b' '; 125]].concat()
}

/// So long that not all of its frames are counted.
#[allow(dead_code)]
pub fn long_mp3() -> Vec<u8> {
    frame(&[0; 60]).repeat(50_000)
}

/// The frame that states how many follow.
fn stated_frame(frames: u32) -> Vec<u8> {
    frame(&[&[0; 32], &b"Xing"[..], &numbers(&[3, frames, (frames + 1) * 417])].concat())
}

fn tag(length: u32) -> Vec<u8> {
    let size = [0, 0, (length >> 7) as u8 & 0x7f, length as u8 & 0x7f];
    [&b"ID3\x03\0\0"[..], &size, &vec![0; length as usize]].concat()
}

const SOUND_BYTES: u32 = 17_640;

/// The sizes that the header of a long file has no room for.
fn sizes() -> Vec<u8> {
    [SOUND_BYTES + 80, 0, SOUND_BYTES, 0, SOUND_BYTES / 4, 0, 0]
        .iter()
        .flat_map(|size: &u32| size.to_le_bytes())
        .collect()
}

/// A tenth of a second. The first bytes of the format are its tag and the channels.
fn wav(kind: &[u8; 4], before: &[(&[u8; 4], &[u8])], head: &[u8]) -> Vec<u8> {
    let rates = [44_100_u32.to_le_bytes(), 176_400_u32.to_le_bytes()].concat();
    let mut format = [head, &rates, &[4, 0, 16, 0]].concat();
    if head.starts_with(&[0xfe, 0xff]) {
        format.extend(b"\x16\0\x10\0\x03\0\0\0\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
    }
    let data = [0; SOUND_BYTES as usize];
    let mut file = [&kind[..], &(SOUND_BYTES + 80).to_le_bytes(), b"WAVE"].concat();
    let chunks: [(&[u8; 4], &[u8]); 2] = [(b"fmt ", &format), (b"data", &data)];
    for (name, bytes) in before.iter().chain(&chunks) {
        file.extend(*name);
        let stated = if kind == b"RF64" && *name == b"data" {
            u32::MAX
        } else {
            bytes.len() as u32
        };
        file.extend(stated.to_le_bytes());
        file.extend(*bytes);
        file.resize(file.len().next_multiple_of(2), 0);
    }
    file
}
