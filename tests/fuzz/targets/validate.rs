//! `validate` on any value: parsed from JSON, or built from the bytes.
#![no_main]

#[path = "../../common/mod.rs"]
mod common;
#[allow(dead_code)]
#[path = "../../properties/invariants.rs"]
mod invariants;

use arbitrary::{Result, Unstructured};
use evolink_video::domain::api::FIELDS;
use evolink_video::domain::url::Url;
use evolink_video::domain::{LocalFile, Number, Value};
use libfuzzer_sys::fuzz_target;

/// Field names that are not in the tables.
const OTHER_FIELDS: [&str; 3] = ["imageUrls", "length", "x_label"];

const FRAGMENTS: [&str; 20] = [
    "seedance-2.0",
    "seedance-2.0-fast-image-to-video",
    "720p",
    "1080P",
    "16:9",
    "@Image1",
    "@Image 1",
    "[Image2]",
    " as first frame",
    "@Video3",
    "“",
    "\"",
    "https://",
    "http://",
    "example.com/",
    "a.jpg",
    "0x7f.1",
    "[::1]",
    "🎬",
    "，",
];

fuzz_target!(|bytes: &[u8]| {
    let request = match serde_json::from_slice(bytes) {
        Ok(json) => common::value(&json),
        Err(_) => object(&mut Unstructured::new(bytes), 4).unwrap_or(Value::Null),
    };
    invariants::report(&request);
    for list in ["image_urls", "video_urls", "audio_urls"] {
        let items = request.get(list).and_then(Value::as_array).unwrap_or_default();
        items.iter().filter_map(Value::as_str).for_each(invariants::url);
    }
    if let Some(text) = request.get("callback_url").and_then(Value::as_str) {
        invariants::url(text);
        let _ = Url::parse(text).map(|url| url.extension());
    }
});

fn object(source: &mut Unstructured, levels: u32) -> Result<Value> {
    let mut entries: Vec<(String, Value)> = Vec::new();
    while !source.is_empty() && entries.len() < 16 && source.ratio(7u8, 8u8)? {
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).chain(OTHER_FIELDS).collect();
        let name = match source.ratio(9u8, 10u8)? {
            true => (*source.choose(&names)?).to_owned(),
            false => text(source)?,
        };
        // The keys of a JavaScript object are unique.
        entries.retain(|(known, _)| *known != name);
        entries.push((name, value(source, levels)?));
    }
    Ok(Value::Object(
        entries
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    ))
}

fn value(source: &mut Unstructured, levels: u32) -> Result<Value> {
    Ok(match source.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => source.arbitrary::<bool>()?.into(),
        2 => source.int_in_range(-3i64..=20)?.into(),
        3 => {
            let float: f64 = source.arbitrary()?;
            Value::Number(Number::new(float, &float.to_string()))
        }
        4 if source.ratio(1u8, 8u8)? => Value::Foreign("a function".into()),
        5 if source.ratio(1u8, 8u8)? => {
            let bytes = source.int_in_range(0..=60_000_000)?;
            Value::File(Box::new(LocalFile::new(text(source)?, &text(source)?, bytes)))
        }
        7 | 8 if levels > 0 => {
            let count = source.int_in_range(0..=12)?;
            let items: Result<Vec<Value>> = (0..count).map(|_| value(source, levels - 1)).collect();
            Value::Array(items?)
        }
        9 if levels > 0 => object(source, levels - 1)?,
        _ => text(source)?.into(),
    })
}

fn text(source: &mut Unstructured) -> Result<String> {
    let mut text = String::new();
    while !source.is_empty() && source.ratio(4u8, 5u8)? {
        match source.ratio(2u8, 3u8)? {
            true => text += source.choose(&FRAGMENTS)?,
            false => text += source.arbitrary::<&str>()?,
        }
    }
    Ok(text)
}
