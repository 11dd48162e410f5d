use crate::domain::decimal::Decimal;
use crate::media::testing::{inspect, inspect_sized, other, reason};
use crate::media::{Media, VideoInfo};

fn atom(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut atom = (body.len() as u32 + 8).to_be_bytes().to_vec();
    atom.extend_from_slice(kind);
    atom.extend_from_slice(&body);
    atom
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The version and flags of a box, and two times.
fn head(long: bool, flags: u32) -> Vec<u8> {
    let version = u32::from(long) << 24;
    [words(&[version | flags]), time(long, 0), time(long, 0)].concat()
}

fn time(long: bool, ticks: u32) -> Vec<u8> {
    if long { words(&[0, ticks]) } else { words(&[ticks]) }
}

const ONE: u32 = 1 << 16;
const UPRIGHT: [u32; 4] = [ONE, 0, 0, ONE];

/// A movie of one video track, with 100 frames of 0.04 s unless a test says otherwise.
#[derive(Clone)]
struct Movie {
    brand: Option<&'static [u8; 4]>,
    /// The header of the movie: ticks in a second, ticks.
    movie: (u32, u32),
    track: Track,
    others: Vec<Track>,
    /// More boxes of the index.
    more: Vec<u8>,
    /// What follows the index.
    after: Vec<u8>,
    /// Times of eight bytes.
    long: bool,
}

#[derive(Clone)]
struct Track {
    id: u32,
    flags: u32,
    handler: &'static [u8; 4],
    matrix: [u32; 4],
    shown: (u32, u32),
    media: (u32, u32),
    edits: Vec<[u32; 2]>,
    codec: &'static [u8; 4],
    /// More boxes of the sample entry.
    entry: Vec<u8>,
    size: (u16, u16),
    /// Counts of samples and their ticks.
    times: Vec<[u32; 2]>,
}

impl Default for Track {
    fn default() -> Self {
        Self {
            id: 1,
            flags: 7,
            handler: b"vide",
            matrix: UPRIGHT,
            shown: (0, 0),
            media: (1_000, 4_000),
            edits: Vec::new(),
            codec: b"avc1",
            entry: Vec::new(),
            size: (640, 480),
            times: vec![[100, 40]],
        }
    }
}

impl Default for Movie {
    fn default() -> Self {
        Self {
            brand: Some(b"isom"),
            movie: (600, 2_400),
            track: Track::default(),
            others: Vec::new(),
            more: Vec::new(),
            after: atom(b"mdat", &[&[0; 64]]),
            long: false,
        }
    }
}

impl Track {
    fn sound(codec: &'static [u8; 4]) -> Self {
        Self {
            id: 2,
            handler: b"soun",
            codec,
            media: (48_000, 192_000),
            times: vec![[187, 1_024]],
            ..Self::default()
        }
    }

    fn bytes(&self, long: bool) -> Vec<u8> {
        let [a, b, c, d] = self.matrix;
        let tkhd = [
            [
                head(long, self.flags),
                words(&[self.id, 0]),
                time(long, 0),
                vec![0; 16],
            ]
            .concat(),
            words(&[a, b, 0, c, d, 0, 0, 0, 0x4000_0000]),
            words(&[self.shown.0 << 16, self.shown.1 << 16]),
        ];
        let edits: Vec<u8> = self
            .edits
            .iter()
            .flat_map(|[duration, start]| {
                let start = match long {
                    true => words(&[if *start == u32::MAX { *start } else { 0 }, *start]),
                    false => words(&[*start]),
                };
                [time(long, *duration), start, words(&[ONE])].concat()
            })
            .collect();
        let edts = match self.edits.len() {
            0 => Vec::new(),
            count => atom(
                b"edts",
                &[&atom(
                    b"elst",
                    &[&words(&[u32::from(long) << 24, count as u32]), &edits],
                )],
            ),
        };
        let entry = if self.handler == b"vide" {
            let (width, height) = self.size;
            [
                &[0; 24][..],
                &width.to_be_bytes(),
                &height.to_be_bytes(),
                &[0; 50],
                &self.entry,
            ]
            .concat()
        } else {
            [
                &words(&[0, 1, 0, 0])[..],
                &[0, 2, 0, 16],
                &words(&[0, 0]),
                &self.entry,
            ]
            .concat()
        };
        let times: Vec<u8> = self.times.iter().flat_map(|time| words(time)).collect();
        atom(
            b"trak",
            &[
                &atom(b"tkhd", &[&tkhd.concat()]),
                &edts,
                &atom(
                    b"mdia",
                    &[
                        &atom(
                            b"mdhd",
                            &[
                                &head(long, 0),
                                &words(&[self.media.0]),
                                &time(long, self.media.1),
                                &[0; 4],
                            ],
                        ),
                        &atom(b"hdlr", &[&[0; 8], self.handler, &[0; 12]]),
                        &atom(
                            b"minf",
                            &[&atom(
                                b"stbl",
                                &[
                                    &atom(b"stsd", &[&words(&[0, 1]), &atom(self.codec, &[&entry])]),
                                    &atom(b"stts", &[&words(&[0, self.times.len() as u32]), &times]),
                                ],
                            )],
                        ),
                    ],
                ),
            ],
        )
    }
}

impl Movie {
    fn ftyp(&self) -> Vec<u8> {
        self.brand
            .map(|brand| atom(b"ftyp", &[brand, &[0; 4], brand]))
            .unwrap_or_default()
    }

    fn moov(&self) -> Vec<u8> {
        let mvhd = [
            [
                head(self.long, 0),
                words(&[self.movie.0]),
                time(self.long, self.movie.1),
                words(&[ONE, 0, 0, 0]),
            ]
            .concat(),
            words(&[ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000]),
            vec![0; 28],
        ];
        let others: Vec<u8> = self
            .others
            .iter()
            .flat_map(|track| track.bytes(self.long))
            .collect();
        atom(
            b"moov",
            &[
                &atom(b"mvhd", &[&mvhd.concat()]),
                &self.track.bytes(self.long),
                &others,
                &self.more,
            ],
        )
    }

    fn bytes(&self) -> Vec<u8> {
        [self.ftyp(), self.moov(), self.after.clone()].concat()
    }

    fn video(&self) -> VideoInfo {
        video(&self.bytes())
    }
}

fn video(file: &[u8]) -> VideoInfo {
    match inspect(file).0 {
        Media::Video(info) => info,
        media => panic!("it is {media:?}"),
    }
}

fn with_track(track: Track) -> Movie {
    Movie {
        track,
        ..Movie::default()
    }
}

#[test]
fn reads_a_video_with_its_index_in_front() {
    let movie = Movie {
        others: vec![Track::sound(b"ac-3")],
        ..Movie::default()
    };
    let info = movie.video();
    assert_eq!(
        (info.format, info.width, info.height, info.rotation),
        ("mp4", 640, 480, 0)
    );
    assert_eq!(
        (info.duration_ms, info.frame_rate),
        (4_000, Some(Decimal::thousandths(25_000)))
    );
    assert_eq!(info.video_codec.name(), "h264");
    assert_eq!(info.audio_codec.map(|codec| codec.name()).as_deref(), Some("ac3"));
}

#[test]
fn reads_an_index_at_the_end_in_two_reads() {
    let movie = Movie::default();
    let mdat = atom(b"mdat", &[&vec![0; 3_000_000]]);
    let file = [movie.ftyp(), mdat, movie.moov()].concat();
    assert_eq!(inspect(&file), (Media::Video(movie.video()), 2));
}

#[test]
fn reads_boxes_with_long_lengths_and_without_one() {
    let movie = Movie::default();
    let mut moov = movie.moov();
    moov[..4].fill(0);
    let mdat = [&words(&[1])[..], b"mdat", &words(&[0, 40]), &[0; 24]].concat();
    assert_eq!(video(&[movie.ftyp(), mdat, moov].concat()), movie.video());
}

#[test]
fn reads_times_of_eight_bytes() {
    let track = Track {
        matrix: [0, ONE, ONE.wrapping_neg(), 0],
        shown: (320, 480),
        edits: vec![[300, u32::MAX], [1_200, 100]],
        ..Track::default()
    };
    for stated in [0, 1_500] {
        let movie = Movie {
            movie: (600, stated),
            track: track.clone(),
            ..Movie::default()
        };
        let long = Movie {
            long: true,
            ..movie.clone()
        };
        assert_eq!(long.video(), movie.video());
        assert_eq!(
            (
                long.video().duration_ms,
                long.video().rotation,
                long.video().height
            ),
            (2_500, 90, 320)
        );
    }
}

#[test]
fn names_a_movie_by_its_brand_or_the_lack_of_one() {
    let name = |brand| {
        Movie {
            brand,
            ..Movie::default()
        }
        .video()
        .format
    };
    assert_eq!(
        [name(Some(b"qt  ")), name(None), name(Some(b"M4V "))],
        ["mov", "mov", "mp4"]
    );
}

#[test]
fn names_formats_with_the_same_boxes() {
    for (brands, format) in [
        (&[b"heic", b"mif1"][..], "heic"),
        (&[b"mif1", b"heic"], "heic"),
        (&[b"mif1", b"miaf"], "heif"),
        (&[b"mif1", b"avif"], "avif"),
        (&[b"avis", b"avif"], "avif"),
        (&[b"M4A ", b"isom"], "m4a"),
        (&[b"3gp4", b"isom"], "3gp"),
        (&[b"3g2a", b"isom"], "3g2"),
        (&[b"crx ", b"isom"], "cr3"),
    ] {
        let file = atom(b"ftyp", &[brands[0], &[0; 4], brands[1]]);
        assert_eq!(other(&file), Some(format));
    }
}

#[test]
fn names_an_mp4_without_pictures() {
    assert_eq!(other(&with_track(Track::sound(b"mp4a")).bytes()), Some("m4a"));
    let movie = Movie {
        brand: None,
        track: Track::sound(b"sowt"),
        ..Movie::default()
    };
    assert_eq!(reason(&movie.bytes()), "it has no video track");
}

#[test]
fn says_that_there_is_no_index() {
    let movie = Movie::default();
    for file in [
        movie.ftyp(),
        [movie.ftyp(), movie.after.clone()].concat(),
        [movie.ftyp(), vec![0, 0, 0, 7, b'm', b'o', b'o', b'v']].concat(),
        [movie.ftyp(), atom(b"free", &[]).repeat(10_000), movie.moov()].concat(),
    ] {
        assert!(
            reason(&file).starts_with("it has no index (`moov`)"),
            "{}",
            reason(&file)
        );
    }
    let compressed = Movie {
        more: atom(b"cmov", &[&[0; 8]]),
        ..movie
    };
    assert!(reason(&compressed.bytes()).contains("compressed"));
}

#[test]
fn says_that_an_index_is_cut_off() {
    let movie = Movie::default();
    let file = [movie.ftyp(), movie.moov()].concat();
    for length in 24..file.len() {
        let media = inspect(&file[..length]).0;
        assert!(
            matches!(media, Media::Broken { format: "mp4", .. }),
            "{length}: {media:?}"
        );
    }
}

#[test]
fn tells_that_samples_behind_the_index_are_missing() {
    let gaps = atom(b"free", &[&[0; 20]]).repeat(3);
    for after in [
        atom(b"mdat", &[&[0; 64]]),
        [gaps, atom(b"mdat", &[&[0; 40_000]])].concat(),
    ] {
        let movie = Movie {
            after,
            ..Movie::default()
        };
        let file = movie.bytes();
        movie.video();
        for length in [file.len() - 1, file.len() - 50] {
            assert_eq!(
                reason(&file[..length]),
                format!("it is cut off after {length} of {} bytes", file.len())
            );
        }
    }
    // The samples may be anywhere, and a program that appends to a file need not write boxes.
    for after in [vec![], b"appended by a phone".to_vec(), atom(b"uuid", &[])] {
        let movie = Movie {
            after,
            ..Movie::default()
        };
        assert_eq!(movie.video().duration_ms, 4_000);
    }
}

#[test]
fn asks_once_for_the_samples_behind_a_long_index() {
    let movie = Movie {
        more: atom(b"free", &[&[0; 100_000]]),
        after: atom(b"mdat", &[&[0; 1_000_000]]),
        ..Movie::default()
    };
    let file = movie.bytes();
    let (media, reads) = inspect(&file);
    assert!(matches!(media, Media::Video(_)), "{media:?}");
    assert_eq!(reads, 2);
    assert!(reason(&file[..file.len() - 1]).starts_with("it is cut off after"));
}

#[test]
fn turns_the_size() {
    let minus = ONE.wrapping_neg();
    for (matrix, rotation, size) in [
        (UPRIGHT, 0, (640, 480)),
        ([0, ONE, minus, 0], 90, (480, 640)),
        ([minus, 0, 0, minus], 180, (640, 480)),
        ([0, minus, ONE, 0], 270, (480, 640)),
        // Mirrored.
        ([0, ONE, ONE, 0], 90, (480, 640)),
        ([ONE, 0, 0, minus], 0, (640, 480)),
        ([0, 0, 0, 0], 0, (640, 480)),
    ] {
        let info = with_track(Track {
            matrix,
            ..Track::default()
        })
        .video();
        assert_eq!(
            (info.rotation, (info.width, info.height)),
            (rotation, size),
            "{matrix:?}"
        );
    }
}

#[test]
fn applies_the_shape_of_pixels_before_the_turn() {
    let pasp = |across, down| Track {
        size: (720, 576),
        entry: atom(b"pasp", &[&words(&[across, down])]),
        ..Track::default()
    };
    let size = |track| {
        let info = with_track(track).video();
        (info.width, info.height)
    };
    assert_eq!(size(pasp(16, 11)), (1_047, 576));
    assert_eq!(size(pasp(1, 0)), (720, 576));
    assert_eq!(
        size(Track {
            matrix: [0, ONE, 0, 0],
            ..pasp(16, 11)
        }),
        (576, 1_047)
    );
    // Without it, the size that the track is shown with has the shape, but for a few cropped lines.
    assert_eq!(
        size(Track {
            shown: (512, 288),
            size: (720, 576),
            ..Track::default()
        }),
        (1_024, 576)
    );
    assert_eq!(
        size(Track {
            shown: (1_920, 1_080),
            size: (1_920, 1_088),
            ..Track::default()
        }),
        (1_920, 1_088)
    );
}

#[test]
fn plays_what_the_edits_play() {
    let duration = |edits: &[[u32; 2]]| {
        let track = Track {
            edits: edits.to_vec(),
            ..Track::default()
        };
        Movie {
            movie: (600, 0),
            track,
            ..Movie::default()
        }
        .video()
        .duration_ms
    };
    let nothing = u32::MAX;
    assert_eq!(duration(&[]), 4_000);
    assert_eq!(duration(&[[1_500, 100]]), 2_500);
    assert_eq!(duration(&[[300, nothing], [2_400, 0]]), 4_500);
    assert_eq!(duration(&[[600, 0], [600, 2_000], [300, 0]]), 2_500);
    // To the end.
    assert_eq!(duration(&[[0, 1_000]]), 3_000);
    assert_eq!(duration(&[[300, nothing], [0, 1_000]]), 3_500);
    // The frame rate is that of the medium.
    let track = Track {
        edits: vec![[600, 0]],
        ..Track::default()
    };
    assert_eq!(
        with_track(track).video().frame_rate,
        Some(Decimal::thousandths(25_000))
    );
}

#[test]
fn follows_the_header_of_the_movie_within_reason() {
    let duration = |ticks| {
        Movie {
            movie: (1_000, ticks),
            ..Movie::default()
        }
        .video()
        .duration_ms
    };
    assert_eq!(
        [4_062, 0, 400_000, u32::MAX].map(duration),
        [4_062, 4_000, 4_000, 4_000]
    );
}

#[test]
fn takes_the_duration_of_the_longest_track() {
    let movie = Movie {
        movie: (600, 0),
        others: vec![Track {
            media: (48_000, 240_000),
            ..Track::sound(b"mp4a")
        }],
        ..Movie::default()
    };
    assert_eq!(movie.video().duration_ms, 5_000);
}

#[test]
fn reckons_from_the_tables_without_durations_in_headers() {
    let track = Track {
        media: (1_000, 0),
        times: vec![[50, 40], [10, 100]],
        ..Track::default()
    };
    let info = Movie {
        movie: (600, 0),
        track,
        ..Movie::default()
    }
    .video();
    assert_eq!(
        (info.duration_ms, info.frame_rate),
        (3_000, Some(Decimal::thousandths(20_000)))
    );
}

#[test]
fn survives_time_scales_of_zero() {
    let track = Track {
        media: (0, 3),
        times: vec![[3, 1]],
        ..Track::default()
    };
    assert_eq!(
        Movie {
            movie: (0, 9),
            track,
            ..Movie::default()
        }
        .video()
        .duration_ms,
        3_000
    );
}

#[test]
fn rounds_frame_rates_to_thousandths() {
    let rate = |scale, ticks| {
        let track = Track {
            media: (scale, 90 * ticks),
            times: vec![[90, ticks]],
            ..Track::default()
        };
        with_track(track).video().frame_rate
    };
    assert_eq!(rate(30_000, 1_001), Some(Decimal::thousandths(29_970)));
    assert_eq!(rate(24_000, 1_001), Some(Decimal::thousandths(23_976)));
    assert_eq!(rate(90_000, 1_500), Some(Decimal::thousandths(60_000)));
    assert_eq!(rate(1_000, 0), None);
}

#[test]
fn multiplies_counts() {
    let track = Track {
        times: vec![[u32::MAX, u32::MAX >> 1]; 20_000],
        ..Track::default()
    };
    assert_eq!(with_track(track).video().duration_ms, 4_000);
}

#[test]
fn hops_over_large_tables() {
    let track = Track {
        times: vec![[1, 40]; 100_000],
        media: (1_000, 4_000_000),
        ..Track::default()
    };
    let mut bytes = track.bytes(false);
    // The count of samples follows the table of their times.
    let sizes = atom(b"stsz", &[&words(&[0, 0, 100_000])]);
    bytes.extend_from_slice(&sizes);
    let end = |kind: &[u8]| bytes.windows(4).position(|at| at == kind).unwrap() - 4;
    for at in [0, end(b"mdia"), end(b"minf"), end(b"stbl")] {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) + sizes.len() as u32;
        bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    let movie = Movie::default();
    let file = [movie.ftyp(), atom(b"moov", &[&bytes]), movie.after].concat();
    let (media, reads) = inspect(&file);
    let Media::Video(info) = media else {
        panic!("it is {media:?}")
    };
    assert_eq!(
        (info.frame_rate, info.duration_ms),
        (Some(Decimal::thousandths(25_000)), 4_000_000)
    );
    assert!(reads <= 3, "{reads} reads");
}

#[test]
fn chooses_the_video_track() {
    let small = || Track {
        id: 3,
        size: (320, 240),
        ..Track::default()
    };
    let width = |tracks: &[Track]| {
        Movie {
            track: tracks[0].clone(),
            others: tracks[1..].to_vec(),
            ..Movie::default()
        }
        .video()
        .width
    };
    assert_eq!(width(&[Track::default(), small()]), 640);
    // Disabled.
    assert_eq!(width(&[Track { flags: 0, ..small() }, Track::default()]), 640);
    assert_eq!(width(&[Track { flags: 0, ..small() }]), 320);
    // A cover, and a time code.
    assert_eq!(
        width(&[
            Track {
                codec: b"jpeg",
                ..small()
            },
            Track::default()
        ]),
        640
    );
    assert_eq!(
        width(&[
            Track {
                handler: b"tmcd",
                ..small()
            },
            Track::default()
        ]),
        640
    );
    // Motion JPEG.
    assert_eq!(
        width(&[Track {
            codec: b"jpeg",
            ..small()
        }]),
        320
    );
}

fn esds(object: u8) -> Vec<u8> {
    let config = [
        4, 0x80, 0x80, 0x80, 13, object, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    atom(
        b"esds",
        &[&[0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 34, 0, 1, 0], &config],
    )
}

#[test]
fn names_codecs() {
    let name = |codec, entry| {
        with_track(Track {
            codec,
            entry,
            ..Track::default()
        })
        .video()
        .video_codec
        .name()
    };
    let encrypted = atom(b"sinf", &[&atom(b"frma", &[b"hvc1"])]);
    for (codec, entry, expected) in [
        (b"hev1", vec![], "hevc"),
        (b"av01", vec![], "av1"),
        (b"vp09", vec![], "vp9"),
        (b"apcn", vec![], "prores"),
        (b"mp4v", esds(0x20), "mpeg4"),
        (b"mp4v", esds(0x61), "mpeg2video"),
        (b"encv", encrypted, "hevc"),
        (b"abcd", vec![], "abcd"),
    ] {
        assert_eq!(name(codec, entry), expected);
    }
    let name = |codec, entry| {
        let sound = Track {
            entry,
            ..Track::sound(codec)
        };
        let info = Movie {
            others: vec![sound],
            ..Movie::default()
        }
        .video();
        info.audio_codec.map(|codec| codec.name()).unwrap_or_default()
    };
    for (codec, entry, expected) in [
        (b"mp4a", esds(0x40), "aac"),
        (b"mp4a", esds(0x6B), "mp3"),
        (b"mp4a", vec![], "aac"),
        (b"ec-3", vec![], "eac3"),
        (b"Opus", vec![], "opus"),
        (b"sowt", vec![], "pcm_s16le"),
        (b"twos", vec![], "pcm_s16be"),
        (b"in24", atom(b"enda", &[&[0, 1]]), "pcm_s24le"),
        (b"fl32", vec![], "pcm_f32be"),
        (b"enca", atom(b"sinf", &[&atom(b"frma", &[b"alac"])]), "alac"),
    ] {
        assert_eq!(name(codec, entry), expected, "{codec:?}");
    }
}

/// A fragmented movie: its index has no samples.
fn fragmented(more: Vec<u8>, fragments: &[Vec<u8>]) -> Movie {
    let trex = atom(b"trex", &[&words(&[0, 1, 1, 40, 0, 0])]);
    Movie {
        movie: (1_000, 0),
        track: Track {
            media: (1_000, 0),
            times: vec![],
            ..Track::default()
        },
        more: atom(b"mvex", &[&more, &trex]),
        after: fragments.concat(),
        ..Movie::default()
    }
}

fn fragment(tfhd: &[u32], runs: &[&[u32]], data: usize) -> Vec<u8> {
    let runs: Vec<u8> = runs
        .iter()
        .flat_map(|run| atom(b"trun", &[&words(run)]))
        .collect();
    let traf = atom(b"traf", &[&atom(b"tfhd", &[&words(tfhd)]), &runs]);
    [atom(b"moof", &[&traf]), atom(b"mdat", &[&vec![0; data]])].concat()
}

#[test]
fn adds_fragments() {
    let info = fragmented(
        vec![],
        &[
            // By the default of the index, of the fragment, and each sample.
            fragment(&[0, 1], &[&[0, 25]], 40_000),
            fragment(&[0x2_0009, 1, 0, 0, 20], &[&[1, 25, 0], &[0, 25]], 40_000),
            fragment(&[0, 1], &[&[0x301, 2, 0, 400, 99, 600, 99]], 40_000),
            // Of another track.
            fragment(&[0, 9], &[&[0, 25]], 40_000),
        ],
    )
    .video();
    assert_eq!(info.duration_ms, 3_000);
    assert_eq!(info.frame_rate, Some(Decimal::thousandths(25_667)));
}

#[test]
fn plays_a_fragmented_movie_that_is_cut_off_up_to_there() {
    let one = fragment(&[0, 1], &[&[0, 25]], 100);
    let movie = fragmented(vec![], &[one.clone(), one[..20].to_vec()]);
    assert_eq!(movie.video().duration_ms, 1_000);
    assert_eq!(
        reason(&fragmented(vec![], &[]).bytes()),
        "its video track has no frames"
    );
}

#[test]
fn takes_the_stated_duration_of_many_fragments() {
    let fragments = vec![fragment(&[0, 1], &[&[0, 25]], 40_000); 90];
    let mehd = atom(b"mehd", &[&words(&[0, 90_000])]);
    let (media, reads) = inspect(&fragmented(mehd, &fragments).bytes());
    assert!(
        matches!(
            media,
            Media::Video(VideoInfo {
                duration_ms: 90_000,
                ..
            })
        ),
        "{media:?}"
    );
    assert!(reads <= 10, "{reads} reads");

    // By an index of segments, if it ends where the file ends.
    let sidx = |size: u32| {
        let segments: Vec<u8> = (0..90).flat_map(|_| words(&[size, 1_000, 0])).collect();
        atom(b"sidx", &[&words(&[0, 1, 1_000, 0, 0, 90]), &segments])
    };
    let size = fragments[0].len() as u32;
    let with = |sidx: Vec<u8>| {
        fragmented(vec![], &[sidx, fragments.concat()])
            .video()
            .duration_ms
    };
    assert_eq!(with(sidx(size)), 90_000);
    // Else by the bytes.
    assert_eq!(fragmented(vec![], &fragments).video().duration_ms, 90_000);
    assert_eq!(with(sidx(size * 2)).div_ceil(1_000), 90);
}

#[test]
fn reads_a_file_of_unknown_size() {
    let movie = Movie::default();
    assert_eq!(
        inspect_sized(&movie.bytes(), u64::MAX).0,
        Media::Video(movie.video())
    );
}
