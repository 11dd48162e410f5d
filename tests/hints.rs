//! Every hint that names a value, followed to the letter, mends what it is about: for the addresses of `tests/urls`, the
//! prompts of `tests/roles`, and values as people write them.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::value;
use evolink_video::domain::{Issue, PathSegment, Report, Value, validate};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

const ADDRESSES: [&str; 2] = [
    include_str!("urls/urls.json"),
    include_str!("urls/addresses.json"),
];
const PROMPTS: [&str; 2] = [
    include_str!("roles/prompts.json"),
    include_str!("roles/development.json"),
];

/// What people write for fields of other shapes.
const VALUES: [&str; 30] = [
    "5s",
    "5",
    "5.0",
    " 5 ",
    "5 seconds",
    "10sec",
    "08",
    "1080",
    "1080P",
    "720",
    "HD",
    "4k",
    "16x9",
    "16/9",
    "16:9 ",
    "9x16",
    "1:1",
    "square",
    "Adaptive",
    "true",
    "True",
    "false",
    "on",
    "seedance 2.0",
    "Seedance-2.0",
    "seedance_2_0",
    "seedance-2-0 ",
    "sedance-2.0",
    "https://example.org/a.png",
    "null",
];

fn check(request: &Json) -> Report {
    validate(&value(request), &Default::default())
}

fn issues(report: &Report) -> impl Iterator<Item = &Issue> {
    report.errors.iter().chain(&report.warnings)
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Number(_) => value.as_integer().map_or(Json::Null, |number| json!(number)),
        Value::String(text) => json!(text),
        _ => value.as_array().unwrap_or_default().iter().map(to_json).collect(),
    }
}

/// The place of the request that a path leads to.
fn place<'a>(request: &'a mut Json, path: &[PathSegment]) -> &'a mut Json {
    path.iter().fold(request, |at, segment| match segment {
        PathSegment::Field(name) => &mut at[name.to_string()],
        PathSegment::Index(index) => &mut at[*index],
    })
}

/// The request after a hint was followed, or `None` if the hint names no value.
fn followed(request: &Json, issue: &Issue) -> Option<Json> {
    let mut mended = request.clone();
    let hint = issue.hint.as_deref()?;
    let quoted = hint.split('`').nth(1);
    // An empty one stands for none.
    let suggestion = issue
        .params
        .get("suggestion")
        .map(to_json)
        .filter(|value| *value != json!(""));
    if let Some((start, end)) = issue.span {
        let mut prompt = request["prompt"].as_str()?.to_owned();
        let tag = if hint.contains("write `") || hint.starts_with("Did you mean `@") {
            quoted.filter(|tag| tag.contains(|last: char| last.is_ascii_digit()))?
        } else if hint.starts_with("Set `") {
            mended[quoted?] = suggestion?;
            ""
        } else {
            return None;
        };
        prompt.replace_range(start..end, tag);
        mended["prompt"] = json!(prompt);
        return Some(mended);
    }
    let suggestion = suggestion?;
    let (last, outer) = issue.path.split_last()?;
    let is_name = hint.contains("The API would ignore")
        || hint.contains("`extraFields`")
        || hint.contains("The field is sent");
    match last {
        PathSegment::Field(name) if is_name => {
            let object = place(&mut mended, outer).as_object_mut()?;
            let value = object.remove(&name.to_string())?;
            object.insert(suggestion.as_str()?.to_owned(), value);
        }
        _ if hint.contains("string.") => {
            let target = place(&mut mended, &issue.path);
            *target = target[suggestion.as_str()?].clone();
        }
        _ if hint.contains("without quotes") => {
            *place(&mut mended, &issue.path) = serde_json::from_str(suggestion.as_str().unwrap_or("null"))
                .ok()
                .filter(|_| suggestion.is_string())
                .unwrap_or(suggestion);
        }
        _ => *place(&mut mended, &issue.path) = suggestion,
    }
    Some(mended)
}

/// Follows every hint of a request, and then those of what came of it: a mended value may have another fault, which was
/// not seen before.
fn follow_all(request: &Json, counts: &mut BTreeMap<&'static str, u32>, failures: &mut Vec<String>) {
    const MOST_STEPS: usize = 8;
    let report = check(request);
    for first in issues(&report) {
        let Some(mut mended) = followed(request, first) else {
            continue;
        };
        let mut issue = first.clone();
        for step in 1.. {
            *counts.entry(issue.code.as_str()).or_default() += 1;
            let after = check(&mended);
            let is_left = issues(&after).any(|other| {
                (other.code, &other.path, &other.message) == (issue.code, &issue.path, &issue.message)
            });
            if is_left || step == MOST_STEPS {
                failures.push(format!("{} {:?} of {request}", issue.message, issue.hint));
                break;
            }
            let next = after
                .errors
                .iter()
                .find(|error| error.path.starts_with(&issue.path));
            let Some((next, further)) = next.and_then(|next| Some((next, followed(&mended, next)?))) else {
                break;
            };
            (issue, mended) = (next.clone(), further);
        }
    }
}

fn strings(json: &Json, out: &mut Vec<String>) {
    match json {
        Json::String(text) => out.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Json::Object(map) => map.values().for_each(|item| strings(item, out)),
        _ => {}
    }
}

#[test]
fn hints_lead_to_what_they_promise() {
    let (mut counts, mut failures) = (BTreeMap::new(), Vec::new());
    let base = |fields: Json| {
        let mut request = json!({ "model": "seedance-2.0", "prompt": "A cat walks through snow" });
        request
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        request
    };
    let mut addresses = Vec::new();
    for text in ADDRESSES {
        strings(&serde_json::from_str(text).unwrap(), &mut addresses);
    }
    for address in &addresses {
        for text in [
            address.clone(),
            format!(" {address}"),
            format!("{address},"),
            format!("\"{address}\""),
            address.replace("https://", ""),
            address.replace("https://", "https:/"),
            address.replacen(".jpg", " 1.jpg", 1),
        ] {
            follow_all(&base(json!({ "image_urls": [text] })), &mut counts, &mut failures);
        }
        for fields in [
            json!({ "video_urls": [address] }),
            json!({ "image_urls": address }),
            json!({ "image_urls": [{ "url": address }] }),
            json!({ "callback_url": address }),
        ] {
            follow_all(&base(fields), &mut counts, &mut failures);
        }
        let two = format!("{address}, https://cdn.example.com/b.png");
        follow_all(&base(json!({ "image_urls": two })), &mut counts, &mut failures);
    }
    for text in VALUES {
        for field in [
            "model",
            "duration",
            "quality",
            "aspect_ratio",
            "generate_audio",
            "content_filter",
            "image_urls",
            "resolution",
            "ratio",
            "image",
            "first_frame",
            "seconds",
            "num_frames",
            "has_audio",
            "mute",
            "generateAudio",
            "imageUrls",
            "Duration",
            "promt",
        ] {
            follow_all(&base(json!({ field: text })), &mut counts, &mut failures);
        }
        for flag in ["dur", "duration", "ratio", "rs", "resolution", "quality", "model"] {
            for prompt in [
                format!("A cat --{flag} {text}"),
                format!("A cat --{flag}={text} walks"),
            ] {
                follow_all(&base(json!({ "prompt": prompt })), &mut counts, &mut failures);
            }
        }
    }
    for text in PROMPTS {
        for entry in serde_json::from_str::<Vec<Json>>(text).unwrap() {
            let urls = |kind: &str, ending: &str| -> Vec<String> {
                let count = entry["files"][kind].as_u64().unwrap_or(1);
                (0..count)
                    .map(|at| format!("https://cdn.example.com/{at}.{ending}"))
                    .collect()
            };
            let request = json!({
                "model": "seedance-2.0", "prompt": entry["prompt"],
                "image_urls": urls("images", "jpg"), "video_urls": urls("videos", "mp4"), "audio_urls": urls("audios", "mp3"),
            });
            follow_all(&request, &mut counts, &mut failures);
        }
    }
    println!("{counts:?}");
    assert!(
        failures.is_empty(),
        "{}\n{} failures",
        failures.join("\n"),
        failures.len()
    );
    // Each of these kinds has hints with values.
    for code in [
        "invalid_type",
        "invalid_url",
        "unknown_value",
        "misspelled_tag",
        "unknown_model",
    ] {
        assert!(counts.contains_key(code), "{code}: {counts:?}");
    }
}
