//! Strategies for prompts, hosts, URLs and values that are likely to break a rule.

use evolink_video::domain::api::{FIELDS, MAX_FILES};
use evolink_video::domain::{Kind, LocalFile, Number, Value};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// Prompts of tags, near-tags, text that may touch a tag, and anything else.
pub fn prompt() -> impl Strategy<Value = String> {
    let tag = (select(Kind::ALL), 0u32..=12).prop_map(|(kind, index)| format!("@{}{index}", kind.word()));
    let near_tag = select(vec![
        "@",
        "@@",
        "＠",
        "@Image",
        "@image1",
        "@Image 1",
        "@Image１",
        "@Image1st",
        "me@Image1.com",
        "[Image1]",
        "@图片1",
        "@Vide",
        "@Audio0",
    ]);
    let between = select(vec![
        " ",
        ", ",
        ".",
        "，",
        "\r\n",
        "_",
        "a",
        "7",
        "'s",
        "作为首帧",
        "使用",
        "🎬",
        "𠮷",
        "👩‍👩‍👧",
        "e\u{301}",
        "\u{301}",
        "\u{feff}",
        "\u{0}",
        "\"",
        "“",
        "-",
        "-3",
        " to ",
        " and ",
        " as first frame ",
        " last frame from ",
        " camera movement ",
    ]);
    let piece = prop_oneof![
        4 => tag,
        2 => near_tag.prop_map(str::to_owned),
        4 => between.prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

pub fn kind() -> impl Strategy<Value = Kind> {
    select(Kind::ALL)
}

/// Some of the indices of a kind, in any order.
pub fn order(kind: Kind) -> impl Strategy<Value = Vec<u32>> {
    permutation(kind).prop_flat_map(|order| (0..=order.len()).prop_map(move |count| order[..count].to_vec()))
}

/// All of the indices of a kind, in any order.
pub fn permutation(kind: Kind) -> impl Strategy<Value = Vec<u32>> {
    Just((1..=MAX_FILES[kind as usize]).collect::<Vec<_>>()).prop_shuffle()
}

/// Addresses around the boundaries of the special ranges, and any others.
pub fn ipv4() -> impl Strategy<Value = u32> {
    let boundary = select(vec![
        [0, 0, 0, 0],
        [1, 0, 0, 0],
        [10, 0, 0, 0],
        [11, 0, 0, 0],
        [100, 64, 0, 0],
        [100, 128, 0, 0],
        [127, 0, 0, 1],
        [128, 0, 0, 0],
        [169, 254, 0, 0],
        [169, 255, 0, 0],
        [172, 16, 0, 0],
        [172, 32, 0, 0],
        [192, 0, 0, 0],
        [192, 0, 2, 0],
        [192, 0, 3, 0],
        [192, 168, 0, 0],
        [192, 169, 0, 0],
        [198, 18, 0, 0],
        [198, 20, 0, 0],
        [198, 51, 100, 0],
        [203, 0, 113, 0],
        [224, 0, 0, 0],
        [255, 255, 255, 255],
    ]);
    let near =
        (boundary, -1i32..=1).prop_map(|(octets, step)| u32::from_be_bytes(octets).wrapping_add_signed(step));
    prop_oneof![near, any::<u32>()]
}

/// Any spelling of the address in a URL: one to four parts, each in any base, with any leading zeros.
pub fn spelling_of(address: u32) -> impl Strategy<Value = String> {
    (1u32..=4, vec((0u32..5, 0usize..4), 4), any::<bool>()).prop_map(move |(count, ways, dot)| {
        let mut parts: Vec<u32> = (0..count - 1).map(|at| address >> (24 - 8 * at) & 255).collect();
        parts.push(address & (u64::from(u32::MAX) >> (8 * (count - 1))) as u32);
        let written = parts.iter().zip(ways).map(|(part, (base, zeros))| {
            let zeros = "0".repeat(zeros);
            match base {
                0 => format!("{part}"),
                1 => format!("0{zeros}{part:o}"),
                2 => format!("0x{zeros}{part:x}"),
                3 => format!("0X{zeros}{part:X}"),
                _ if *part == 0 => "0x".to_owned(),
                _ => format!("{part}"),
            }
        });
        written.collect::<Vec<_>>().join(".") + if dot { "." } else { "" }
    })
}

/// The string with some characters percent-encoded or replaced by their full-width form.
pub fn disguised(text: String) -> impl Strategy<Value = String> {
    vec(0u8..6, text.len()).prop_map(move |ways| {
        let disguise = |(character, way): (char, u8)| match way {
            0 => format!("%{:02x}", character as u32),
            1 => format!("%{:02X}", character as u32),
            2 => char::from_u32(character as u32 + 0xfee0).unwrap().to_string(),
            _ => character.to_string(),
        };
        text.chars().zip(ways).map(disguise).collect()
    })
}

/// Host names, including those that only a local network resolves.
pub fn name() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        select(vec![
            "localhost",
            "local",
            "internal",
            "localdomain",
            "lan",
            "home",
            "arpa",
            "example",
            "com",
            "com2",
            "x",
            "127",
            "0x7f",
            "08",
            "0xg",
            "xn--fsq",
            "例え",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9_-]{1,8}",
    ];
    vec(label, 1..5).prop_map(|labels| labels.join("."))
}

/// Strings that resemble URLs.
pub fn address() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(vec![
            "https://", "http://", "HTTPS://", "https:", "//", "/", "\\", ":", "@", "[", "]", "::", "?", "#", "%", "%2e",
            ".", ".jpg", ".MP4", "a", "example.com", "localhost", "127.0.0.1", "0x7f", "[::1]", "::ffff:", "8080",
            "data:", "。", "１", " ", "\t", "\u{ad}",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let pieces = |most| vec(piece.clone(), 0..most).prop_map(|pieces| pieces.concat());
    prop_oneof![
        pieces(8),
        (select(vec!["https://", "http://"]), name(), pieces(5))
            .prop_map(|(scheme, host, rest)| format!("{scheme}{host}/{rest}")),
        any::<String>(),
    ]
}

fn number() -> impl Strategy<Value = Value> {
    let float = prop_oneof![
        (-3i32..20).prop_map(f64::from),
        select(vec![
            -0.0,
            0.1,
            5.5,
            1e21,
            1e-7,
            5e-324,
            f64::MAX,
            9_007_199_254_740_992.0
        ]),
        // The reader of JSON is exact up to 15 digits.
        any::<f64>().prop_map(|float| format!("{float:.14e}").parse().unwrap()),
    ];
    float.prop_map(|float| Value::Number(Number::new(float, &float.to_string())))
}

/// Any value, at most a few levels deep.
pub fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number(),
        any::<String>().prop_map(Value::String),
        prompt().prop_map(Value::String),
        address().prop_map(Value::String),
        Just(Value::Foreign("a function".into())),
        (any::<String>(), "[a-z]{0,6}/[a-z]{0,6}", 0..60_000_000_u64)
            .prop_map(|(name, of, bytes)| Value::File(Box::new(LocalFile::new(name, &of, bytes)))),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let entries = btree_map(prop_oneof![field(), any::<String>()], inner.clone(), 0..6);
        prop_oneof![
            vec(inner, 0..12).prop_map(Value::Array),
            entries.prop_map(|entries| {
                Value::Object(
                    entries
                        .into_iter()
                        .map(|(name, value)| (name.into(), value))
                        .collect(),
                )
            }),
        ]
    })
}

/// The name of a field, or a misspelling of one.
fn field() -> impl Strategy<Value = String> {
    const MISSPELLED: [&str; 5] = ["image_url", "imageUrls", "length", "aspectRatio", "x_label"];
    let names = FIELDS.iter().map(|field| field.name).chain(MISSPELLED);
    select(names.collect::<Vec<_>>()).prop_map(str::to_owned)
}

/// Requests, some valid and most nearly valid.
pub fn request() -> impl Strategy<Value = Value> {
    let one_of = |values: Vec<&'static str>| select(values).prop_map(Value::from);
    let files = |ending: &'static str, most| {
        let url = prop_oneof![
            9 => "[a-z]{1,4}".prop_map(move |name| format!("https://example.com/{name}.{ending}")),
            1 => address(),
        ];
        vec(url.prop_map(Value::String), 0..most).prop_map(Value::Array)
    };
    let fields = (
        one_of(vec![
            "seedance-2.0",
            "seedance-2.0-mini",
            "seedance-2.0-image-to-video",
            "other",
        ]),
        prop_oneof![Just("A cat in snow".to_owned()), prompt()].prop_map(Value::String),
        files("jpg", 10),
        files("mp4", 4),
        files("mp3", 4),
        (3i64..17).prop_map(Value::from),
        one_of(vec!["480p", "720p", "1080p", "4k"]),
        one_of(vec!["16:9", "9:16", "adaptive", "16/9"]),
        any::<bool>().prop_map(Value::Bool),
        prop_oneof![Just("https://example.com/done".to_owned()), address()].prop_map(Value::String),
    );
    let others = btree_map(prop_oneof![field(), any::<String>()], any_value(), 0..3);
    (fields, any::<u16>(), others).prop_map(|(fields, chosen, others)| {
        let (model, prompt, images, videos, audios, duration, quality, ratio, sound, callback) = fields;
        let named = [
            ("model", model),
            ("prompt", prompt),
            ("image_urls", images),
            ("video_urls", videos),
            ("audio_urls", audios),
            ("duration", duration),
            ("quality", quality),
            ("aspect_ratio", ratio),
            ("generate_audio", sound),
            ("callback_url", callback),
        ];
        // The first two are always set, about half of the others, and sometimes an unknown or invalid one.
        let mut entries: Vec<_> = named
            .into_iter()
            .enumerate()
            .filter(|(at, _)| *at < 2 || chosen & 1 << at != 0)
            .map(|(_, (name, value))| (name.into(), value))
            .collect();
        if chosen >> 14 == 0 {
            for (name, value) in others {
                entries.retain(|(known, _)| *known != name);
                entries.push((name.into(), value));
            }
        }
        Value::Object(entries)
    })
}
