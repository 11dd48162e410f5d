//! The rules of a request, tested at, below and above each limit.

mod common;

use common::value;
use evolink_video::domain::{
    IssueCode, Kind, LocalFile, Mode, Number, PathSegment, Report, Retag, ValidateOptions, Value, parse_tags,
    retag,
};
use serde_json::{Value as Json, json};

fn validate(request: &Value) -> Report {
    evolink_video::domain::validate(request, &ValidateOptions::default())
}

/// A valid request with these fields set.
fn with(fields: Json) -> Value {
    let mut request = json!({ "model": "seedance-2.0", "prompt": "A cat walks through snow" });
    request
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    value(&request)
}

fn codes(fields: Json) -> (Vec<&'static str>, Vec<&'static str>) {
    let report = validate(&with(fields));
    // `cargo test --test rules -- --nocapture` prints all messages.
    for issue in report.errors.iter().chain(&report.warnings) {
        let hint = issue.hint.as_deref().unwrap_or_default();
        println!("{}: {} {hint}", issue.code.as_str(), issue.message);
    }
    let words =
        |issues: &[evolink_video::domain::Issue]| issues.iter().map(|issue| issue.code.as_str()).collect();
    (words(&report.errors), words(&report.warnings))
}

fn path(segments: &[PathSegment]) -> Json {
    let segments = segments.iter().map(|segment| match segment {
        PathSegment::Field(name) => json!(name),
        PathSegment::Index(index) => json!(index),
    });
    segments.collect()
}

fn images(count: usize) -> Json {
    (0..count)
        .map(|n| json!(format!("https://example.com/{n}.jpg")))
        .collect()
}

fn files(count: usize, ending: &str) -> Json {
    (0..count)
        .map(|n| json!(format!("https://example.com/{n}.{ending}")))
        .collect()
}

#[test]
fn accepts_what_the_reference_allows() {
    for fields in [
        json!({}),
        json!({ "duration": 4 }),
        json!({ "duration": 15 }),
        json!({ "duration": 5.0 }),
        json!({ "quality": "480p" }),
        json!({ "quality": "1080p", "aspect_ratio": "adaptive", "generate_audio": false }),
        json!({ "image_urls": images(9) }),
        json!({ "image_urls": images(6), "video_urls": files(3, "mov"), "audio_urls": files(3, "wav") }),
        json!({ "image_urls": ["https://example.com/a", "https://example.com/b.JPEG?x=.avi#y.svg"] }),
        json!({ "image_urls": ["https://example.com/a.tif", "https://example.com/a.thing"] }),
        json!({ "callback_url": "https://example.com/done" }),
        json!({ "model_params": { "web_search": true }, "content_filter": false }),
        json!({ "image_urls": [] }),
    ] {
        assert_eq!(codes(fields.clone()), (vec![], vec![]), "{fields}");
    }
}

#[test]
fn rejects_what_the_reference_forbids_with_the_right_code() {
    let long = format!("https://example.com/{}", "a".repeat(2048 - 20));
    assert_eq!(codes(json!({ "callback_url": long })).0, [""; 0]);
    for (fields, code) in [
        (json!({ "model": null }), "invalid_type"),
        (json!({ "model": " " }), "blank"),
        (json!({ "prompt": "" }), "blank"),
        (json!({ "prompt": " \n" }), "blank"),
        (json!({ "prompt": ["A cat"] }), "invalid_type"),
        (json!({ "prompt": "word ".repeat(2001) }), "too_long"),
        (json!({ "duration": 3 }), "out_of_range"),
        (json!({ "duration": 16 }), "out_of_range"),
        (json!({ "duration": 5.5 }), "invalid_type"),
        (json!({ "duration": "5" }), "invalid_type"),
        (json!({ "duration": null }), "invalid_type"),
        (json!({ "quality": "1080P" }), "unknown_value"),
        (json!({ "quality": "4k" }), "unknown_value"),
        (json!({ "quality": 720 }), "invalid_type"),
        (json!({ "aspect_ratio": "16/9" }), "unknown_value"),
        (json!({ "generate_audio": "true" }), "invalid_type"),
        (json!({ "image_urls": images(10) }), "too_many"),
        (json!({ "video_urls": files(4, "mp4") }), "too_many"),
        (json!({ "audio_urls": files(4, "mp3") }), "too_many"),
        (
            json!({ "image_urls": images(7), "video_urls": files(3, "mp4"), "audio_urls": files(3, "mp3") }),
            "too_many",
        ),
        (
            json!({ "image_urls": "https://example.com/a.jpg" }),
            "invalid_type",
        ),
        (json!({ "image_urls": [5] }), "invalid_type"),
        (json!({ "image_urls": ["a.jpg"] }), "invalid_url"),
        (
            json!({ "image_urls": ["data:image/png;base64,AAAA"] }),
            "invalid_url",
        ),
        (
            json!({ "image_urls": ["ftp://example.com/a.jpg"] }),
            "invalid_url",
        ),
        (
            json!({ "image_urls": ["https://localhost/a.jpg"] }),
            "unreachable_url",
        ),
        (
            json!({ "image_urls": ["https://0x7f.1/a.jpg"] }),
            "unreachable_url",
        ),
        (
            json!({ "video_urls": ["https://192.168.1.1/a.mp4"] }),
            "unreachable_url",
        ),
        (
            json!({ "audio_urls": ["https://[::ffff:10.0.0.1]/a.mp3"] }),
            "unreachable_url",
        ),
        (
            json!({ "callback_url": "https://hooks.internal/done" }),
            "unreachable_url",
        ),
        (json!({ "image_urls": ["file:///a.jpg"] }), "invalid_url"),
        (
            json!({ "image_urls": ["blob:https://example.com/1"] }),
            "invalid_url",
        ),
        (json!({ "image_urls": ["C:\\a.jpg"] }), "invalid_url"),
        (
            json!({ "image_urls": ["https://me:pw@example.com/a.jpg"] }),
            "invalid_url",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.heic"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.mp4"] }),
            "unsupported_format",
        ),
        (
            json!({ "video_urls": ["https://example.com/a.avi"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.pdf"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.jp2?w=100"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.heic?format=heic"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.dng."] }),
            "unsupported_format",
        ),
        (
            json!({ "video_urls": ["https://example.com/a.m3u8"] }),
            "unsupported_format",
        ),
        (
            json!({ "video_urls": ["https://example.com/index.html"] }),
            "unsupported_format",
        ),
        (json!({ "callback_url": "http://example.com/" }), "insecure_url"),
        (json!({ "callback_url": 5 }), "invalid_type"),
        (json!({ "callback_url": long + "a" }), "too_long"),
        (json!({ "prompt": "@Image1 as first frame" }), "tag_without_asset"),
        (
            json!({ "prompt": "@Image2 moves", "image_urls": images(1) }),
            "tag_without_asset",
        ),
        (
            json!({ "model": "seedance-2.0-text-to-video", "image_urls": images(1) }),
            "model_input",
        ),
        (json!({ "model": "seedance-2.0-image-to-video" }), "model_input"),
        (
            json!({ "model": "seedance-2.0-image-to-video", "image_urls": images(3) }),
            "model_input",
        ),
        (
            json!({ "model": "seedance-2.0-mini-text-to-video", "quality": "1080p" }),
            "unknown_value",
        ),
    ] {
        assert_eq!(codes(fields.clone()).0, [code], "{fields}");
    }
}

/// Addresses as services write them.
fn addresses() -> Json {
    serde_json::from_str(include_str!("urls/addresses.json")).unwrap()
}

/// The field of the kind that an address is listed under.
fn at_address(kind: &str, address: &Json) -> Json {
    let mut fields = json!({ format!("{kind}_urls"): [address] });
    if kind == "audio" {
        fields["image_urls"] = images(1);
    }
    fields
}

#[test]
fn addresses_of_files_get_no_issue() {
    let addresses = addresses();
    let mut count = 0;
    for (kind, of) in addresses["files"].as_object().unwrap() {
        for address in of.as_array().unwrap() {
            assert_eq!(codes(at_address(kind, address)), (vec![], vec![]), "{address}");
            count += 1;
        }
    }
    assert!(count >= 80, "{count}");
}

#[test]
fn addresses_of_pages_get_a_warning_with_the_way_to_the_file() {
    for address in addresses()["pages"].as_array().unwrap() {
        let fields = json!({ "image_urls": [address] });
        assert_eq!(codes(fields.clone()), (vec![], vec!["not_a_file"]), "{address}");
        let hint = validate(&with(fields)).warnings[0].hint.clone().unwrap();
        let host = address.as_str().unwrap().split('/').nth(2).unwrap();
        let advice = match host {
            "drive.google.com" | "docs.google.com" => "uc?export=download&id=",
            "www.dropbox.com" | "dropbox.com" => "dl=1",
            "github.com" | "gitlab.com" | "gitee.com" => "/raw/",
            "huggingface.co" => "/resolve/",
            wiki if wiki.ends_with("wikipedia.org") || wiki.ends_with("wikimedia.org") => {
                "upload.wikimedia.org"
            }
            _ => "the file itself",
        };
        assert!(hint.contains(advice), "{address}: {hint}");
    }
}

#[test]
fn warns_about_signed_urls_that_have_expired() {
    let at = |now: Option<f64>| {
        let mut options = ValidateOptions::default();
        options.now = now;
        options
    };
    let end = 1_795_768_200_000.0;
    for query in [
        "X-Amz-Date=20261127T073000Z&X-Amz-Expires=3600&X-Amz-Signature=SECRET",
        "X-Goog-Date=20261127T073000Z&X-Goog-Expires=3600&X-Goog-Signature=SECRET",
        "sv=2024-11-04&se=2026-11-27T08%3A30%3A00Z&sig=SECRET",
        "Expires=1795768200&Signature=SECRET&Key-Pair-Id=K1",
        "ex=6B093F88&is=6B07EEC8&hm=SECRET",
        "q-sign-time=1795764600;1795768200&q-signature=SECRET",
    ] {
        let request = with(json!({ "image_urls": [format!("https://cdn.example.com/a.jpg?{query}")] }));
        let validate = |now| evolink_video::domain::validate(&request, &at(now));
        for now in [None, Some(end - 1.0), Some(end)] {
            assert_eq!(validate(now).warnings, [], "{query}");
        }
        let report = validate(Some(end + 1.0));
        assert_eq!(report.errors, []);
        assert_eq!(report.warnings[0].code, IssueCode::ExpiredUrl);
        assert_eq!(
            report.warnings[0].message,
            "`image_urls[0]` expired at 2026-11-27T08:30Z: \"https://cdn.example.com/a.jpg?…\"."
        );
        assert!(!format!("{report:?}").contains("SECRET"));
    }
}

#[test]
fn messages_say_what_is_wrong_with_a_url() {
    for (url, message, hint) in [
        (
            "https://example.com/a.jpg ",
            "begins or ends with white space",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "\nhttps://example.com/a.jpg?s=1",
            "begins or ends with white space",
            "Remove the white space.",
        ),
        (
            "https://example.com/my cat 100%.jpg",
            "contains a space",
            "Use \"https://example.com/my%20cat%20100%25.jpg\".",
        ),
        (
            "example.com/my%20cat 2.jpg",
            "contains a space",
            "Use \"https://example.com/my%20cat%202.jpg\".",
        ),
        (
            "https://example.com/a\n/b.jpg",
            "contains a space",
            "Use \"https://example.com/a/b.jpg\".",
        ),
        (
            "%20https://example.com/a.jpg",
            "is not an absolute URL",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "https:/example.com/a.jpg",
            "is not an absolute URL",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "https//example.com/a.jpg",
            "has no scheme",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "https:\\\\example.com/a.jpg",
            "is not an absolute URL",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "\"https://example.com/a.jpg\"",
            "is not an absolute URL",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "<https://example.com/a.jpg>",
            "is not an absolute URL",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "see example.com/a.jpg",
            "contains a space",
            "Write a space as %20.",
        ),
        (
            "https://example.com/my cat.jpg?s=1",
            "contains a space",
            "Write a space as %20.",
        ),
        (
            "//cdn.example.com/a.jpg",
            "has no scheme",
            "Use \"https://cdn.example.com/a.jpg\".",
        ),
        (
            "cdn.example.com/a.jpg",
            "has no scheme",
            "Use \"https://cdn.example.com/a.jpg\".",
        ),
        (
            "cdn.example.com:8443/a.jpg",
            "has no scheme",
            "Use \"https://cdn.example.com:8443/a.jpg\".",
        ),
        (
            "cdn.example.com/a.jpg?s=1",
            "has no scheme",
            "begins with https://",
        ),
        ("a.jpg", "has no scheme", "begins with https://"),
        ("images/a.jpg", "has no scheme", "begins with https://"),
        ("./a.jpg", "has no scheme", "begins with https://"),
        ("/a.jpg", "is a file on this machine", "absolute https URL"),
        ("", "is an empty string", "absolute https URL"),
        (
            "https://example.com/a.jpg,https://example.com/b.jpg",
            "contains several URLs",
            "an item for each",
        ),
        (
            "https://example.com/a.jpg?s=1, https://example.com/b.jpg",
            "contains several URLs",
            "an item for each",
        ),
        (
            "https://example.com/a.jpg https://example.com/b.jpg",
            "contains several URLs",
            "an item for each",
        ),
        (
            "javascript:alert(1)",
            "is not an absolute URL",
            "absolute https URL",
        ),
    ] {
        let report = validate(&with(json!({ "image_urls": [url] })));
        let [issue] = &report.errors[..] else {
            panic!("{url}: {report:?}")
        };
        assert_eq!(issue.code, IssueCode::InvalidUrl, "{url}");
        assert!(issue.message.contains(message), "{url}: {}", issue.message);
        let told = issue.hint.as_deref().unwrap();
        assert!(told.contains(hint), "{url}: {told}");
    }
    for (url, code, message, hint) in [
        (
            "https://example.com/100%.jpg",
            IssueCode::InvalidUrl,
            "a misplaced %",
            "Use \"https://example.com/100%25.jpg\".",
        ),
        (
            "https://example.com/a.jpg%20",
            IssueCode::InvalidUrl,
            "a misplaced %",
            "Use \"https://example.com/a.jpg\".",
        ),
        (
            "https://example.com/a%zz.jpg?s=1",
            IssueCode::InvalidUrl,
            "a misplaced %",
            "%25",
        ),
        (
            "https://cdn.example/a.jpg",
            IssueCode::UnreachableUrl,
            "examples and tests",
            "host",
        ),
        (
            "https://a.b.test/a.jpg",
            IssueCode::UnreachableUrl,
            "examples and tests",
            "host",
        ),
        (
            "https://x.invalid/a.jpg",
            IssueCode::UnreachableUrl,
            "examples and tests",
            "host",
        ),
    ] {
        let report = validate(&with(json!({ "image_urls": [url] })));
        assert_eq!(report.errors, [], "{url}");
        let [issue] = &report.warnings[..] else {
            panic!("{url}: {report:?}")
        };
        assert_eq!(issue.code, code, "{url}");
        assert!(issue.message.contains(message), "{url}: {}", issue.message);
        let told = issue.hint.as_deref().unwrap();
        assert!(told.contains(hint), "{url}: {told}");
    }
}

#[test]
fn hints_write_the_array_that_a_string_should_be() {
    let long = format!("https://example.com/{}.jpg", "a".repeat(100));
    for (files, hint) in [
        (json!("https://example.com/a.jpg"), r#"Put it in an array: `image_urls: ["https://example.com/a.jpg"]`."#.to_owned()),
        (
            json!("https://example.com/a.jpg,https://example.com/b.jpg"),
            r#"Split it into an array: `image_urls: ["https://example.com/a.jpg","https://example.com/b.jpg"]`."#.to_owned(),
        ),
        (
            json!("https://example.com/f_jpg,w_1/a.jpg\n https://example.com/b.jpg"),
            r#"Split it into an array: `image_urls: ["https://example.com/f_jpg,w_1/a.jpg","https://example.com/b.jpg"]`."#.to_owned(),
        ),
        (json!(long), format!("Put it in an array: `image_urls: [\"{long}\"]`.")),
        (json!("https://example.com/a.jpg?sig=1"), r#"Put it in an array: `image_urls: ["https://…"]`."#.to_owned()),
        (json!(5), r#"Put it in an array: `image_urls: ["https://…"]`."#.to_owned()),
    ] {
        let report = validate(&with(json!({ "image_urls": files })));
        assert_eq!(report.errors[0].hint.as_ref(), Some(&hint));
    }
    let report = validate(&with(
        json!({ "image_urls": [{ "type": "x", "url": "https://example.com/a.jpg?sig=1" }] }),
    ));
    assert_eq!(report.errors[0].hint.as_deref(), Some("Pass its `.url` string."));
}

#[test]
fn warns_about_suspicious_requests() {
    for (fields, code) in [
        (json!({ "model": "seedance-3.0" }), "unknown_model"),
        (json!({ "x_label": 5 }), "unknown_field"),
        (json!({ "length": 5 }), "misspelled_field"),
        (json!({ "resolution": "720p" }), "misspelled_field"),
        (json!({ "durration": 5 }), "misspelled_field"),
        (json!({ "web_search": true }), "misspelled_field"),
        (json!({ "model_params": { "seed": 1 } }), "unknown_field"),
        (json!({ "image_style": "oil" }), "unknown_field"),
        (json!({ "mode": "fast" }), "misspelled_field"),
        (json!({ "image_style": "anime" }), "unknown_field"),
        (
            json!({ "model": "seedance-2.0-mini-text-to-video", "model_params": { "web_search": true } }),
            "ignored_option",
        ),
        (
            json!({ "image_urls": images(1), "model_params": { "web_search": true } }),
            "ignored_option",
        ),
        (
            json!({ "model": "seedance-2.0-image-to-video", "image_urls": files(1, "gif") }),
            "unsupported_format",
        ),
        (
            json!({ "model": "seedance-2.0-reference-to-video" }),
            "model_input",
        ),
        (
            json!({ "model": "seedance-2.5-text-to-video", "quality": "4k" }),
            "unknown_value",
        ),
        (
            json!({ "image_urls": ["http://example.com/a.jpg"] }),
            "insecure_url",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.jfif"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.JPE"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.pjpeg"] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.jpg."] }),
            "unsupported_format",
        ),
        (
            json!({ "image_urls": ["https://example.com/a.png,"] }),
            "unsupported_format",
        ),
        (json!({ "prompt": "unfamiliarities ".repeat(1100) }), "too_long"),
    ] {
        assert_eq!(codes(fields.clone()), (vec![], vec![code]), "{fields}");
    }
}

#[test]
fn a_mark_after_a_url_is_pointed_out() {
    for (url, hint) in [
        ("https://example.com/a.png,", "Use \"https://example.com/a.png\"."),
        ("https://example.com/a.png?b,", ""),
        (
            "https://example.com/a.png,?b=1",
            "Remove what follows the extension.",
        ),
        (
            "https://example.com/a.heic,",
            "Use jpg, jpeg, png, webp, bmp, tif, tiff or gif, or move the file to the field for its kind.",
        ),
    ] {
        let report = validate(&with(json!({ "image_urls": [url] })));
        let issue = report.errors.iter().chain(&report.warnings).next();
        assert_eq!(
            issue.and_then(|issue| issue.hint.as_deref()).unwrap_or(""),
            hint,
            "{url}"
        );
    }
}

#[test]
fn options_and_files_in_the_prompt_belong_into_fields() {
    for (prompt, word, hint) in [
        ("A cat --dur 5 walks", "--dur", "Set `duration` to `5` instead."),
        (
            "A cat --duration=10s",
            "--duration=10s",
            "Set `duration` to `10` instead.",
        ),
        (
            "A cat --ratio 16:9",
            "--ratio",
            "Set `aspect_ratio` to `16:9` instead.",
        ),
        (
            "A cat --ar 9:16.",
            "--ar",
            "Set `aspect_ratio` to `9:16` instead.",
        ),
        ("猫 --rs 1080p", "--rs", "Set `quality` to `1080p` instead."),
        (
            "--resolution 720",
            "--resolution",
            "Set `quality` to `720p` instead.",
        ),
        (
            "Animate https://example.com/a.jpg?s=SECRET please",
            "https://example.com/a.jpg?s=SECRET",
            "Move it to `image_urls`.",
        ),
        (
            "Like (http://example.com/a.mp4), slower",
            "http://example.com/a.mp4),",
            "Move it to `video_urls`.",
        ),
    ] {
        let report = validate(&with(json!({ "prompt": prompt })));
        assert_eq!(report.errors, [], "{prompt}");
        let [issue] = &report.warnings[..] else {
            panic!("{prompt}: {report:?}")
        };
        assert_eq!(issue.code, IssueCode::FieldInPrompt, "{prompt}");
        assert_eq!(issue.hint.as_deref(), Some(hint), "{prompt}");
        let (start, end) = issue.span.unwrap();
        assert_eq!(&prompt[start..end], word);
        assert!(!format!("{issue:?}").contains("SECRET"));
    }
    for prompt in [
        "A cat -- slowly -- walks",
        "A dash--ratio of 5",
        "A cat --no text --v 6 --stylize 100",
        "A sign says \"https://example.com\"",
        "The page https://example.com/about/ on a screen",
    ] {
        assert_eq!(codes(json!({ "prompt": prompt })), (vec![], vec![]), "{prompt}");
    }
}

#[test]
fn names_of_other_apis_lead_to_the_field() {
    for (fields, field) in [
        (json!({ "generate_sound": true }), "generate_audio"),
        (json!({ "has_audio": true }), "generate_audio"),
        (json!({ "mute": true }), "generate_audio"),
        (json!({ "num_frames": 121 }), "duration"),
        (json!({ "resolution": "720p" }), "quality"),
        (json!({ "ratio": "16:9" }), "aspect_ratio"),
        (json!({ "image": "https://example.com/a.jpg" }), "image_urls"),
        (
            json!({ "first_frame": "https://example.com/a.jpg" }),
            "image_urls",
        ),
        (json!({ "last_frame": "https://example.com/a.jpg" }), "image_urls"),
    ] {
        let report = validate(&with(fields.clone()));
        let issues: Vec<_> = report.errors.iter().chain(&report.warnings).collect();
        assert_eq!(issues.len(), 1, "{fields}");
        assert_eq!(issues[0].code, IssueCode::MisspelledField, "{fields}");
        assert!(
            issues[0].hint.as_deref().unwrap().contains(&format!("`{field}`")),
            "{fields}"
        );
    }
}

#[test]
fn files_of_the_wrong_type_are_one_issue() {
    for files in [
        json!("https://example.com/a.jpg,https://example.com/b.jpg"),
        json!(null),
        json!({ "url": "https://example.com/a.jpg" }),
        json!(5),
    ] {
        let prompt = "@Image1 as first frame, @Image2 as last frame, @Image12 too";
        let fields = json!({ "prompt": prompt, "image_urls": files });
        assert_eq!(codes(fields), (vec!["invalid_type"], vec![]), "{files}");
    }
}

#[test]
fn the_suggested_model_differs_in_spelling_only() {
    for (model, meant) in [
        ("Seedance-2.0", Some("seedance-2.0")),
        ("seedance-2-0", Some("seedance-2.0")),
        (" seedance-2.0", Some("seedance-2.0")),
        ("seedance-2.0 ", Some("seedance-2.0")),
        ("Seedance-2.5", Some("seedance-2.5-text-to-video")),
        ("seedance-2.5", Some("seedance-2.5-text-to-video")),
        ("Seedance 2.5 Text to Video", Some("seedance-2.5-text-to-video")),
        (
            "SEEDANCE_2.0_FAST_TEXT_TO_VIDEO",
            Some("seedance-2.0-fast-text-to-video"),
        ),
        ("seedance-2.0-fast", Some("seedance-2.0-fast-text-to-video")),
        (
            "seedance-2.0-mini-txt-to-video",
            Some("seedance-2.0-mini-text-to-video"),
        ),
        ("seedance-3.0", None),
        ("seedance-2.6-text-to-video", None),
        ("kling-3", None),
    ] {
        let report = validate(&with(json!({ "model": model })));
        let [issue] = &report.warnings[..] else {
            panic!("{model}")
        };
        let suggestion = issue.params.get("suggestion").and_then(Value::as_str);
        assert_eq!(suggestion, meant, "{model}");
        let hint = issue.hint.as_deref().unwrap();
        assert_eq!(hint.contains("Did you mean"), meant.is_some(), "{model}");
    }
}

/// Requests with one wrong value, for which a hint has the right one.
fn mistakes() -> Vec<Json> {
    let mut all = Vec::new();
    for duration in ["4", "15", "5s", "5.0", " 7 ", "12 sec", "9 seconds"] {
        all.push(json!({ "duration": duration }));
    }
    for quality in [
        json!(480),
        json!(720),
        json!(1080),
        json!("480"),
        json!("720P"),
        json!("1080 p"),
    ] {
        all.push(json!({ "quality": quality }));
    }
    for ratio in ["16x9", "9/16", "4 : 3", "3-4", "21x9", "1x1", "Adaptive"] {
        all.push(json!({ "aspect_ratio": ratio }));
    }
    for (width, height) in [(16, 9), (9, 16), (4, 3), (3, 4), (1, 1), (21, 9)] {
        all.push(json!({ "aspect_ratio": f64::from(width) / f64::from(height) }));
    }
    for model in [
        "Seedance-2.0",
        "seedance-2-0 ",
        "Seedance-2.5",
        "seedance-2.0-fast",
    ] {
        all.push(json!({ "model": model }));
    }
    for url in [
        " https://example.com/a.jpg",
        "//example.com/a.jpg",
        "cdn.example.com/a/b.png",
        "example.com:8443/a.jpg\n",
    ] {
        all.push(json!({ "image_urls": [url] }));
        all.push(json!({ "image_urls": ["https://example.com/1.jpg", url] }));
    }
    for urls in [
        "https://example.com/a.jpg",
        "https://example.com/a.jpg,https://example.com/b.jpg",
        "https://example.com/a,b.jpg;\n https://example.com/b.jpg,",
    ] {
        all.push(json!({ "image_urls": urls }));
    }
    for prompt in ["A cat --dur 12", "A cat --ratio=1x1", "A cat --rs 480"] {
        all.push(json!({ "prompt": prompt }));
    }
    for name in ["durration", "generateaudio", "aspectRatio"] {
        let value = if name == "aspectRatio" {
            json!("1:1")
        } else if name == "durration" {
            json!(5)
        } else {
            json!(true)
        };
        all.push(json!({ name: value }));
    }
    for field in [
        "duration",
        "quality",
        "aspect_ratio",
        "generate_audio",
        "callback_url",
        "content_filter",
        "model_params",
        "video_urls",
    ] {
        all.push(json!({ field: null }));
    }
    all.push(json!({ "generate_audio": "False" }));
    all
}

/// The request after the hint of its first issue was followed literally.
fn followed(request: &Json) -> Json {
    let report = validate(&value(request));
    let issue = report.errors.iter().chain(&report.warnings).next().unwrap();
    let hint = issue.hint.as_deref().unwrap();
    let suggestion = issue
        .params
        .get("suggestion")
        .map(|value| -> Json { serde_json::from_str(&value.to_json()).unwrap() });
    let path = path(&issue.path);
    let mut request = request.clone();
    let field = path[0].as_str().unwrap().to_owned();
    let entries = request.as_object_mut().unwrap();
    if hint == "Leave the field out." {
        entries.remove(&field);
    } else if issue.code == IssueCode::FieldInPrompt {
        entries.insert("prompt".into(), json!("A cat"));
        let target = issue.params.get("field").and_then(Value::as_str).unwrap();
        entries.insert(target.into(), suggestion.unwrap());
    } else if issue.code == IssueCode::MisspelledField {
        let old = entries.remove(&field).unwrap();
        entries.insert(suggestion.unwrap().as_str().unwrap().into(), old);
    } else if field == "generate_audio" {
        entries.insert(
            field,
            serde_json::from_str(suggestion.unwrap().as_str().unwrap()).unwrap(),
        );
    } else if let Some(index) = path[1].as_u64() {
        entries[&field][index as usize] = suggestion.unwrap();
    } else {
        entries.insert(field, suggestion.unwrap());
    }
    // The hint shows what was used.
    let shown = issue
        .params
        .get("suggestion")
        .map(|value| value.as_str().map_or(value.to_json(), str::to_owned));
    assert!(shown.is_none_or(|shown| hint.contains(&shown)), "{hint}");
    request
}

#[test]
fn hints_that_are_followed_lead_to_a_valid_request() {
    for fields in mistakes() {
        let mut request = json!({ "model": "seedance-2.0", "prompt": "A cat" });
        request
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let mended = followed(&request);
        let report = validate(&value(&mended));
        assert_eq!(
            (report.errors, report.warnings),
            (vec![], vec![]),
            "{request} became {mended}"
        );
    }
}

/// One request for each code, as in the README's table.
fn examples() -> Vec<(Json, &'static str)> {
    let two = json!(["https://example.com/a.jpg", "https://example.com/b.jpg"]);
    let three = images(3);
    vec![
        (
            json!({ "prompt": "@Image10 flies", "image_urls": images(9) }),
            "tag_out_of_range",
        ),
        (
            json!({ "prompt": "@Image0 flies", "image_urls": images(1) }),
            "tag_out_of_range",
        ),
        (
            json!({ "prompt": "@image1 flies", "image_urls": images(1) }),
            "misspelled_tag",
        ),
        (
            json!({ "prompt": "@图片1作为首帧", "image_urls": images(1) }),
            "misspelled_tag",
        ),
        (
            json!({ "prompt": "follow @Image", "image_urls": images(1) }),
            "misspelled_tag",
        ),
        (
            json!({ "prompt": "@Image1 as style reference, @Image2 as last frame", "image_urls": two }),
            "role_ignored",
        ),
        (
            json!({ "prompt": "@Image1 as last frame, @Image2 moves", "image_urls": two }),
            "role_ignored",
        ),
        (
            json!({ "prompt": "@Image1 and @Image2 are the twins", "image_urls": two }),
            "frames_assumed",
        ),
        (
            json!({ "prompt": "@Image1 as style reference", "image_urls": images(1) }),
            "role_ignored",
        ),
        (
            json!({ "prompt": "@Image1 and @Image2 as characters, @Image3 as first frame", "image_urls": three }),
            "role_ignored",
        ),
        (
            json!({ "prompt": "@Image1 as first frame. @Image2 as first frame. @Image3 as scene", "image_urls": three }),
            "role_conflict",
        ),
        (
            json!({ "prompt": "@Image1 as first frame. @Image2 as scene.", "image_urls": three }),
            "asset_without_tag",
        ),
        (json!({ "audio_urls": files(1, "mp3") }), "audio_alone"),
        (
            json!({ "video_urls": ["https://example.com/a.mp4", "https://example.com/a.mp4"] }),
            "duplicate_url",
        ),
        (
            json!({ "prompt": "She says: \"Hello.\"", "generate_audio": false }),
            "silent_dialogue",
        ),
        (json!({ "prompt": "She says: \"Hello." }), "unclosed_quote"),
        (json!({ "prompt": "她说：“你好" }), "unclosed_quote"),
        (
            json!({ "image_url": "https://example.com/a.jpg" }),
            "misspelled_field",
        ),
        (json!({ "imageUrls": [] }), "misspelled_field"),
        (
            json!({ "model_params": { "webSearch": true } }),
            "misspelled_field",
        ),
        (json!({ "aspectRatio": "16:9" }), "misspelled_field"),
        (json!({ "generateAudio": true }), "misspelled_field"),
        (
            json!({ "first_frame_url": "https://example.com/a.jpg" }),
            "misspelled_field",
        ),
        (
            json!({ "model": "seedance-2.0-reference-to-video", "audio_urls": files(1, "mp3") }),
            "model_input",
        ),
    ]
}

#[test]
fn a_misspelled_tag_is_the_only_issue_of_its_file() {
    let fields = json!({
        "prompt": "The woman of @Imagen1 walks to the rhythm of @Audio1",
        "image_urls": images(1), "audio_urls": files(1, "mp3"),
    });
    assert_eq!(codes(fields), (vec![], vec!["misspelled_tag"]));
}

#[test]
fn hints_name_no_tag_without_a_file() {
    for (prompt, count, hint) in [
        ("@Image10 walks", 0, "Use the number of a file in `image_urls`."),
        ("@Image0 walks", 1, "Use the number of a file in `image_urls`."),
        ("@Image10 walks", 2, "Use the number of a file in `image_urls`."),
        ("@Imgae2 walks", 2, "To refer to a file, write `@Image2`."),
        (
            "@Imgae3 walks",
            2,
            "To refer to a file, write `@Image` and its number, from 1 to 2.",
        ),
    ] {
        let report = validate(&with(json!({ "prompt": prompt, "image_urls": images(count) })));
        let issue = report.errors.iter().chain(&report.warnings).next().unwrap();
        assert_eq!(issue.hint.as_deref(), Some(hint), "{prompt} {count}");
    }
}

#[test]
fn issues_of_parameters_name_the_parameter() {
    for (params, text) in [
        (
            json!("x"),
            "`model_params` must be an object, but it is \"x\". Use an object with `web_search: true` or `false`.",
        ),
        (
            json!({ "web_search": "yes" }),
            "`model_params.web_search` must be true or false, but it is \"yes\". Use `true` or `false`.",
        ),
    ] {
        let report = validate(&with(json!({ "model_params": params })));
        let issue = &report.errors[0];
        assert_eq!(
            format!("{} {}", issue.message, issue.hint.as_deref().unwrap()),
            text
        );
    }
}

#[test]
fn a_doubled_scheme_is_removed() {
    let report = validate(&with(
        json!({ "image_urls": ["https://https://cdn.mysite.com/a.jpg"] }),
    ));
    assert_eq!(
        report.errors[0].hint.as_deref(),
        Some("Use \"https://cdn.mysite.com/a.jpg\".")
    );
}

/// The errors and warnings of a request with `allow`.
fn allowing(fields: Json, allow: &[IssueCode]) -> (Vec<IssueCode>, Vec<IssueCode>) {
    let report = evolink_video::domain::validate(&with(fields), &ValidateOptions::allowing(allow));
    let codes = |issues: &[evolink_video::domain::Issue]| issues.iter().map(|issue| issue.code).collect();
    (codes(&report.errors), codes(&report.warnings))
}

#[test]
fn limits_depend_on_the_model() {
    for fields in [
        json!({ "model": "seedance-2.5-text-to-video", "duration": 30 }),
        json!({ "model": "seedance-2.5-text-to-video", "duration": -1 }),
        json!({ "model": "seedance-2.5-reference-to-video", "image_urls": images(30) }),
        json!({
            "model": "seedance-2.5-reference-to-video", "prompt": "@Image10 and @Video10",
            "image_urls": [], "video_urls": files(10, "mp4"), "audio_urls": files(10, "mp3"),
        }),
        json!({
            "model": "seedance-2.0-reference-to-video",
            "image_urls": images(9), "video_urls": files(3, "mp4"), "audio_urls": files(3, "mp3"),
        }),
        json!({ "model": "seedance-2.0-text-to-video", "prompt": "word ".repeat(2_100) }),
        json!({ "model": "seedance-2.0-fast-image-to-video", "image_urls": files(2, "bmp") }),
        json!({ "model": "seedance-2.0-text-to-video", "model_params": { "web_search": true } }),
        json!({ "model_params": { "web_search": true } }),
        json!({ "content_filter": false }),
    ] {
        let (errors, warnings) = codes(fields.clone());
        let expected: Vec<&str> = match fields["prompt"].as_str() {
            Some(prompt) if prompt.starts_with("@Image10") => vec!["tag_without_asset"],
            _ => vec![],
        };
        assert_eq!(errors, expected, "{fields}");
        assert!(
            warnings.iter().all(|code| *code == "asset_without_tag"),
            "{fields}: {warnings:?}"
        );
    }
    for (fields, code) in [
        (
            json!({ "model": "seedance-2.5-text-to-video", "duration": 31 }),
            "out_of_range",
        ),
        (
            json!({ "model": "seedance-2.5-text-to-video", "duration": 3 }),
            "out_of_range",
        ),
        (json!({ "duration": -1 }), "out_of_range"),
        (
            json!({ "model": "seedance-2.5-reference-to-video", "image_urls": images(31) }),
            "too_many",
        ),
        (
            json!({ "model": "seedance-2.5-reference-to-video", "prompt": "@Image31", "image_urls": images(2) }),
            "tag_out_of_range",
        ),
        (
            json!({ "model": "seedance-2.0-reference-to-video", "prompt": "@Image10", "image_urls": images(9) }),
            "tag_out_of_range",
        ),
        (
            json!({ "model": "seedance-2.0-image-to-video", "image_urls": files(1, "heic") }),
            "unsupported_format",
        ),
        (json!({ "content_filter": "no" }), "invalid_type"),
        (json!({ "model_params": { "web_search": "yes" } }), "invalid_type"),
        (json!({ "model_params": true }), "invalid_type"),
    ] {
        assert_eq!(codes(fields.clone()).0, [code], "{fields}");
    }
}

#[test]
fn the_hint_for_unsupported_inputs_names_the_variant_that_accepts_them() {
    for (fields, field, variant) in [
        (
            json!({ "model": "seedance-2.0-text-to-video", "image_urls": images(1) }),
            "image_urls",
            "seedance-2.0-image-to-video",
        ),
        (
            json!({ "model": "seedance-2.0-fast-text-to-video", "audio_urls": files(1, "mp3"), "video_urls": files(1, "mp4") }),
            "video_urls",
            "seedance-2.0-fast-reference-to-video",
        ),
        (
            json!({ "model": "seedance-2.0-image-to-video" }),
            "image_urls",
            "seedance-2.0-text-to-video",
        ),
        (
            json!({ "model": "seedance-2.5-image-to-video", "image_urls": images(3) }),
            "image_urls",
            "seedance-2.5-reference-to-video",
        ),
    ] {
        let issue = &validate(&with(fields.clone())).errors[0];
        assert_eq!(issue.code, IssueCode::ModelInput, "{fields}");
        assert_eq!(path(&issue.path), json!([field]), "{fields}");
        let hint = issue.hint.as_deref().unwrap();
        assert!(hint.contains(variant), "{fields}: {hint}");
    }
}

#[test]
fn unknown_models_give_errors_for_types_and_required_fields_only() {
    let (errors, warnings) = codes(json!({
        "model": "kling-3", "duration": 20, "quality": "4k", "aspect_ratio": "2:1", "image_urls": images(10),
        "imageUrls": [], "callback_url": "http://localhost/", "prompt": "@Image12 and @Image0",
        "last_frame_image": "https://example.com/a.png", "video_urls": ["a.mp4"],
    }));
    assert_eq!(errors, [""; 0]);
    let insecure = json!({ "model": "kling-3", "callback_url": "http://example.com/" });
    assert_eq!(codes(insecure), (vec![], vec!["unknown_model", "insecure_url"]));
    for code in [
        "unknown_model",
        "out_of_range",
        "unknown_value",
        "too_many",
        "misspelled_field",
        "unreachable_url",
        "tag_without_asset",
        "tag_out_of_range",
        "invalid_url",
    ] {
        assert!(warnings.contains(&code), "{code}: {warnings:?}");
    }
    for (fields, code) in [
        (json!({ "model": "kling-3", "duration": "5" }), "invalid_type"),
        (json!({ "model": "kling-3", "quality": 4 }), "invalid_type"),
        (json!({ "model": "kling-3", "image_urls": [5] }), "invalid_type"),
    ] {
        assert_eq!(codes(fields.clone()).0, [code], "{fields}");
    }
    assert_eq!(
        validate(&value(&json!({ "model": "kling-3" }))).errors[0].code,
        IssueCode::Required
    );
}

#[test]
fn allow_turns_errors_except_types_into_warnings() {
    let fields = json!({ "duration": 60, "quality": 5 });
    assert_eq!(
        allowing(fields, IssueCode::ALL),
        (vec![IssueCode::InvalidType], vec![IssueCode::OutOfRange])
    );
    let fields = json!({ "duration": 60, "aspect_ratio": "9:21" });
    assert_eq!(
        allowing(fields, &[IssueCode::OutOfRange]),
        (vec![IssueCode::UnknownValue], vec![IssueCode::OutOfRange])
    );
    let required = evolink_video::domain::validate(
        &value(&json!({ "model": "seedance-2.0" })),
        &ValidateOptions::allowing(IssueCode::ALL),
    );
    assert_eq!(required.errors[0].code, IssueCode::Required);
}

#[test]
fn accepts_loopback_urls_for_a_loopback_base_url() {
    let fields = json!({
        "image_urls": ["http://localhost:8080/a.jpg", "https://127.0.0.1/b.png"], "callback_url": "http://[::1]:9/",
    });
    let options = local();
    let report = evolink_video::domain::validate(&with(fields), &options);
    assert_eq!((report.errors, report.warnings), (vec![], vec![]));
    let private = json!({ "image_urls": ["https://10.0.0.1/a.jpg"] });
    let report = evolink_video::domain::validate(&with(private), &options);
    assert_eq!(report.errors[0].code, IssueCode::UnreachableUrl);
}

fn local() -> ValidateOptions {
    let mut options = ValidateOptions::default();
    options.loopback = true;
    options
}

#[test]
fn input_fields_of_other_apis_are_errors_that_name_the_right_field() {
    let url = "https://example.com/a.jpg";
    for (name, input, field) in [
        ("first_frame_url", json!(url), "image_urls"),
        // Not a URL, but the input is missing anyway.
        ("first_frame_url", json!("file-7"), "image_urls"),
        ("reference_image_files", json!(["file-7"]), "image_urls"),
        ("end_image_url", json!(url), "image_urls"),
        ("last_frame_image", json!(url), "image_urls"),
        ("reference_images", json!([url]), "image_urls"),
        ("promptImage", json!(url), "image_urls"),
        (
            "content",
            json!([{ "type": "image_url", "image_url": { "url": url } }]),
            "image_urls",
        ),
        ("image_tail", json!(url), "image_urls"),
        (
            "reference_video_url",
            json!("https://example.com/a.mp4"),
            "video_urls",
        ),
        ("voice_file", json!("https://example.com/a.mp3"), "audio_urls"),
        ("image-urls", json!([url]), "image_urls"),
        ("image_url", json!(url), "image_urls"),
        ("imageUrls", json!([url]), "image_urls"),
    ] {
        let report = validate(&with(json!({ name: input })));
        let issue = report.errors.first().unwrap_or_else(|| panic!("{name}"));
        assert_eq!(issue.code, IssueCode::MisspelledField, "{name}");
        assert!(
            issue.hint.as_deref().unwrap().contains(field),
            "{name}: {issue:?}"
        );
    }
}

#[test]
fn messages_do_not_show_passwords_and_queries_of_urls() {
    let secrets = json!({
        "image_urls": ["http://example.com/a.jpg?X-Amz-Signature=SECRET", "https://me:SECRET@example.com/b.jpg", "b.jpg?sig=SECRET"],
        "video_urls": "https://example.com/a.mp4?token=SECRET",
        "callback_url": "http://me:SECRET@localhost/?a=SECRET",
        "promptImage": { "deep": ["https://example.com/?SECRET"] },
        "note": "https://example.com/#SECRET",
    });
    let report = validate(&with(secrets));
    assert!(report.errors.len() >= 5);
    let all = format!("{report:?}");
    assert!(!all.contains("SECRET"), "{all}");
}

#[test]
fn messages_are_short_for_any_value() {
    let long = "x".repeat(10_000);
    for (fields, _) in examples() {
        for issue in validate(&with(fields)).errors {
            assert!(issue.message.len() < 160, "{}", issue.message);
        }
    }
    for name in [
        "model",
        "quality",
        "aspect_ratio",
        "duration",
        "callback_url",
        "generate_audio",
        "note",
        &long,
    ] {
        let report = validate(&with(json!({ name: long })));
        for issue in report.errors.iter().chain(&report.warnings) {
            assert!(issue.message.len() < 200, "{name}: {}", issue.message);
        }
    }
}

#[test]
fn refuses_a_string_of_more_than_256_kib() {
    let long = "a".repeat(262_145);
    for fields in [
        json!({ "model": long }),
        json!({ "model": "kling-3", "prompt": long }),
        json!({ "image_urls": [format!("https://example.com/{long}")] }),
        json!({ "note": { "a": [long] } }),
    ] {
        let options = ValidateOptions::allowing(IssueCode::ALL);
        let report = evolink_video::domain::validate(&with(fields), &options);
        let codes: Vec<IssueCode> = report.errors.iter().map(|issue| issue.code).collect();
        assert_eq!(codes, [IssueCode::InvalidType]);
        for issue in report.errors.iter().chain(&report.warnings) {
            for (name, value) in issue.params.iter() {
                let length = value.to_json().len();
                assert!(length < 11_000, "{} {name}: {length}", issue.code.as_str());
            }
        }
    }
}

#[test]
fn validates_large_requests_quickly() {
    let many: Vec<String> = (0..19_000)
        .map(|n| format!("https://example.com/{n}.jpg"))
        .collect();
    let fields: serde_json::Map<String, Json> =
        (0..19_000).map(|n| (format!("imageurlx{n}"), json!(n))).collect();
    for (what, request) in [
        ("URLs", json!({ "image_urls": many })),
        (
            "URLs of an unknown model",
            json!({ "image_urls": many, "model": "kling-3" }),
        ),
        (
            "the same URL",
            json!({ "image_urls": vec!["https://example.com/a.jpg"; 19_000] }),
        ),
        ("tags", json!({ "prompt": "@Image7 ".repeat(12_000) })),
        ("typos", json!({ "prompt": "@img1 ".repeat(16_000) })),
        ("fields", Json::Object(fields)),
    ] {
        let request = with(request);
        let started = std::time::Instant::now();
        let report = validate(&request);
        // Unoptimized, on a busy machine; a quadratic check would take minutes. tests/package checks the 50 ms that
        // users are promised.
        assert!(started.elapsed().as_secs() < 5, "{what}: {:?}", started.elapsed());
        assert!(report.errors.len() + report.warnings.len() <= 220, "{what}");
    }
}

#[test]
fn resolve_model_returns_the_variant_of_a_request() {
    for (fields, model) in [
        (json!({}), "seedance-2.0-text-to-video"),
        (json!({ "image_urls": images(2) }), "seedance-2.0-image-to-video"),
        (
            json!({ "image_urls": images(3) }),
            "seedance-2.0-reference-to-video",
        ),
        (
            json!({ "audio_urls": files(1, "mp3") }),
            "seedance-2.0-reference-to-video",
        ),
        (
            json!({ "model": "seedance-2.0-fast", "image_urls": images(1) }),
            "seedance-2.0-fast-image-to-video",
        ),
        (json!({ "model": "seedance-2.5" }), "seedance-2.5-text-to-video"),
        (
            json!({ "model": "seedance-2.5-text-to-video", "image_urls": images(1) }),
            "seedance-2.5-image-to-video",
        ),
        (
            json!({ "model": "seedance-2.0-mini-reference-to-video", "image_urls": images(1) }),
            "seedance-2.0-mini-reference-to-video",
        ),
        (json!({ "model": "kling-3", "image_urls": images(1) }), "kling-3"),
    ] {
        let request = with(fields.clone());
        assert_eq!(
            evolink_video::domain::resolve_model(&request),
            Some(model),
            "{fields}"
        );
    }
}

#[test]
fn issues_have_the_values_of_their_messages() {
    let report = validate(&with(
        json!({ "prompt": "@Image3 flies", "image_urls": images(2) }),
    ));
    let params = &report.errors[0].params;
    for (name, expected) in [
        ("tag", Value::from("@Image3")),
        ("field", "image_urls".into()),
        ("count", 2_i64.into()),
        ("kind", "image".into()),
    ] {
        assert_eq!(params.get(name), Some(&expected), "{name}");
    }
}

#[test]
fn warns_about_typos_contradictions_and_unused_files() {
    for (fields, code) in examples() {
        let (errors, warnings) = codes(fields.clone());
        assert!(
            errors.contains(&code) || warnings.contains(&code),
            "{fields}: {errors:?}, {warnings:?}"
        );
        let is_error = matches!(code, "tag_out_of_range" | "misspelled_field" | "model_input");
        assert_eq!(errors.contains(&code), is_error, "{fields}");
    }
}

#[test]
fn a_hint_names_the_entry_of_an_object_only_if_it_can_be_written() {
    for (name, is_named) in [("url", true), ("`", false), ("a b", false)] {
        let report = validate(&with(
            json!({ "image_urls": [{ name: "https://example.com/a.jpg" }] }),
        ));
        let hint = report.errors[0].hint.as_deref().unwrap_or_default();
        assert_eq!(hint.contains("`.url`"), is_named, "{name}: {hint}");
        assert!(hint.ends_with('.'), "{name}: {hint}");
    }
}

#[test]
fn does_not_warn_about_correct_prompts() {
    for fields in [
        json!({ "prompt": "@Image1 as first frame", "image_urls": images(1) }),
        json!({ "prompt": "@Image1 as first frame, @Image2 as last frame", "image_urls": images(2) }),
        json!({ "prompt": "A 6\" nail and a 3\" one" }),
        json!({ "prompt": "She says: \"Hello.\" He: “Hi.”" }),
        json!({ "prompt": "mail me@image1.com, thanks to @picasso" }),
        json!({ "prompt": "no tags here", "image_urls": images(3) }),
        json!({
            "prompt": "@Image1 as first frame, replicate @Video1 camera movement, @Audio1 for BGM rhythm",
            "image_urls": images(1), "video_urls": files(1, "mp4"), "audio_urls": files(1, "mp3"),
        }),
    ] {
        assert_eq!(codes(fields.clone()), (vec![], vec![]), "{fields}");
    }
}

#[test]
fn validates_a_prompt_of_ten_megabytes_quickly() {
    for part in ["@Image1 ", "@img1 ", "@Image99 ", "\"", "a", "首", "@", "[", "🎬"] {
        let prompt = part.repeat(10_000_000 / part.len());
        let started = std::time::Instant::now();
        let report = validate(&with(json!({ "prompt": prompt, "image_urls": images(1) })));
        assert_eq!(
            report.errors.first().map(|issue| issue.code),
            Some(IssueCode::TooLong),
            "{part}"
        );
        // Unoptimized, on a busy machine; a quadratic rule would take hours.
        assert!(
            started.elapsed().as_secs() < 20,
            "{part}: {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn parsing_and_retagging_take_linear_time() {
    for part in [
        "@Image1 ",
        "@Image1",
        "@Image1, ",
        "@Image1 as first frame and ",
        "@Video1 不",
        "\"@Image1",
        "“@Image1",
    ] {
        let count = 1_000_000 / part.len();
        let prompt = part.repeat(count);
        let started = std::time::Instant::now();
        assert_eq!(parse_tags(&prompt).len(), count, "{part}");
        assert_eq!(
            retag(&prompt, Kind::Image, &Retag::Order(vec![1]))
                .unwrap()
                .prompt,
            prompt,
            "{part}"
        );
        // Unoptimized, on a busy machine; a quadratic algorithm would take minutes.
        assert!(
            started.elapsed().as_secs() < 30,
            "{part}: {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn hints_name_the_right_value() {
    let not_a_number = Value::Number(Number::new(f64::NAN, "NaN"));
    for (field, seen, hint) in [
        ("duration", value(&json!("5")), "`5`"),
        ("duration", value(&json!("20")), "from 4 to 15"),
        ("duration", value(&json!(5.5)), "from 4 to 15"),
        ("duration", not_a_number, "from 4 to 15"),
        ("duration", Value::Null, "Leave the field out."),
        ("callback_url", Value::Null, "Leave the field out."),
        ("image_urls", Value::Null, "Leave the field out."),
        ("duration", value(&json!("5s")), "`5`"),
        ("duration", value(&json!("5.0")), "`5`"),
        ("duration", value(&json!(" 10 seconds")), "`10`"),
        ("duration", value(&json!("5.5")), "from 4 to 15"),
        ("duration", value(&json!("5 min")), "from 4 to 15"),
        ("duration", value(&json!("20s")), "from 4 to 15"),
        ("quality", value(&json!(1080)), "mean \"1080p\""),
        ("quality", value(&json!("1080")), "mean \"1080p\""),
        ("quality", value(&json!("4k")), "480p, 720p or 1080p"),
        ("quality", value(&json!(true)), "480p, 720p or 1080p"),
        ("aspect_ratio", value(&json!("16x9")), "mean \"16:9\""),
        ("aspect_ratio", value(&json!("9 : 16")), "mean \"9:16\""),
        ("aspect_ratio", value(&json!(16.0 / 9.0)), "mean \"16:9\""),
        ("aspect_ratio", value(&json!(1)), "mean \"1:1\""),
        ("aspect_ratio", value(&json!("1920x1080")), "mean \"16:9\""),
        ("aspect_ratio", value(&json!("720 x 1280")), "mean \"9:16\""),
        ("aspect_ratio", value(&json!("2560x1080")), "mean \"21:9\""),
        ("aspect_ratio", value(&json!("1024x1024")), "mean \"1:1\""),
        ("aspect_ratio", value(&json!("1920x0")), "adaptive"),
        ("aspect_ratio", value(&json!("2:1")), "adaptive"),
        ("quality", value(&json!("1920x1080")), "mean \"1080p\""),
        ("quality", value(&json!("720x1280")), "mean \"720p\""),
        ("quality", value(&json!("1920x800")), "480p, 720p or 1080p"),
        ("aspect_ratio", value(&json!("")), "adaptive"),
        ("quality", value(&json!("1080P")), "\"1080p\""),
        ("aspect_ratio", value(&json!("16/9")), "\"16:9\""),
        ("generate_audio", value(&json!("true")), "Use `true`,"),
        ("generate_audio", value(&json!("False")), "Use `false`,"),
        ("generate_audio", value(&json!(1)), "`true` or `false`"),
    ] {
        let Value::Object(mut entries) = with(json!({})) else {
            unreachable!()
        };
        entries.push((field.into(), seen));
        let errors = validate(&Value::Object(entries)).errors;
        assert_eq!(errors.len(), 1, "{field}");
        let told = errors[0].hint.as_deref().unwrap();
        assert!(told.contains(hint), "{field}: {told}");
    }
}

#[test]
fn reports_all_issues_with_their_paths() {
    let request = json!({ "prompt": 5, "duration": 99, "image_urls": ["https://example.com/a.jpg", "b"] });
    let report = validate(&value(&request));
    let found: Vec<(IssueCode, Json)> = report
        .errors
        .iter()
        .map(|issue| (issue.code, path(&issue.path)))
        .collect();
    assert_eq!(
        found,
        [
            (IssueCode::Required, json!(["model"])),
            (IssueCode::InvalidType, json!(["prompt"])),
            (IssueCode::InvalidUrl, json!(["image_urls", 1])),
            (IssueCode::OutOfRange, json!(["duration"])),
        ]
    );
    assert!(report.errors.iter().all(|issue| issue.hint.is_some()));
}

#[test]
fn detects_the_mode_as_in_the_reference() {
    for (fields, mode) in [
        (json!({}), Mode::TextToVideo),
        (json!({ "image_urls": [] }), Mode::TextToVideo),
        (json!({ "image_urls": images(1) }), Mode::ImageToVideo),
        (json!({ "image_urls": images(2) }), Mode::FirstLastFrame),
        (json!({ "image_urls": images(3) }), Mode::Multimodal),
        (
            json!({ "image_urls": images(1), "audio_urls": files(1, "mp3") }),
            Mode::Multimodal,
        ),
        (json!({ "video_urls": files(1, "mp4") }), Mode::Multimodal),
        (
            json!({ "model": "seedance-2.0-reference-to-video", "image_urls": images(2) }),
            Mode::Multimodal,
        ),
    ] {
        assert_eq!(validate(&with(fields.clone())).mode, Some(mode), "{fields}");
    }
    assert_eq!(validate(&Value::Null).mode, None);
    assert_eq!(validate(&with(json!({ "image_urls": 5 }))).mode, None);
}

#[test]
fn messages_truncate_long_values() {
    let report = validate(&with(json!({
        "prompt": format!("use @Image{} here", "1".repeat(5_000)),
        "x".repeat(5_000): 1,
        format!("image_url{}", "_".repeat(5_000)): [],
    })));
    let issues: Vec<_> = report.errors.iter().chain(&report.warnings).collect();
    assert_eq!(issues.len(), 3);
    for issue in issues {
        assert!(
            issue.message.len() < 200 && issue.message.contains('…'),
            "{}",
            issue.message
        );
    }
}

#[test]
fn checks_what_is_known_of_a_local_file_without_reading_it() {
    let file = |field: &str, media_type: &str, bytes: u64| {
        let mut request = with(json!({ "prompt": "A cat" }));
        let file = Value::File(Box::new(LocalFile::new("me.heic", media_type, bytes)));
        request.set(field, Value::Array(vec![file]));
        validate(&request)
    };
    for (field, media_type, bytes, error, warning) in [
        ("image_urls", "image/jpeg", 1, None, None),
        ("image_urls", "", 30_000_000, None, None),
        ("image_urls", "application/octet-stream", 1, None, None),
        ("image_urls", "image/jpeg", 0, Some("unsupported_format"), None),
        ("image_urls", "image/jpeg", 30_000_001, None, Some("too_large")),
        (
            "image_urls",
            "image/jpeg",
            30 * 1_048_576,
            None,
            Some("too_large"),
        ),
        (
            "image_urls",
            "image/jpeg",
            30 * 1_048_576 + 1,
            Some("too_large"),
            None,
        ),
        ("image_urls", "image/heic", 1, None, Some("unsupported_format")),
        ("image_urls", "video/mp4", 1, None, Some("unsupported_format")),
        ("video_urls", "video/quicktime", 50_000_000, None, None),
        ("video_urls", "video/webm", 1, None, Some("unsupported_format")),
        (
            "audio_urls",
            "audio/x-wav",
            15 * 1_048_576 + 1,
            Some("too_large"),
            None,
        ),
    ] {
        let report = file(field, media_type, bytes);
        let is_about_file = |issue: &&evolink_video::domain::Issue| issue.path.len() == 2;
        let code = |issues: &[evolink_video::domain::Issue]| {
            issues.iter().find(is_about_file).map(|issue| issue.code.as_str())
        };
        let found = (code(&report.errors), code(&report.warnings));
        assert_eq!(found, (error, warning), "{field} {media_type} {bytes}");
    }
    let report = file("image_urls", "image/heic", 2_345_678);
    assert_eq!(
        report.warnings[0].message,
        "`image_urls[0]` is declared as image/heic, which is not among the image formats of the API."
    );
    let report = file("image_urls", "image/heic", 34_567_890);
    assert_eq!(
        report.errors[0].message,
        "`image_urls[0]` has 34567890 bytes, but at most 30000000 are allowed: the file \"me.heic\" (image/heic, 34567890 bytes)."
    );
    let report = file("callback_url", "image/heic", 1);
    assert!(!report.errors.is_empty());
}

#[test]
fn a_blob_url_is_to_be_replaced_by_its_blob() {
    let report = validate(&with(json!({ "image_urls": ["blob:https://example.com/1"] })));
    assert_eq!(report.errors[0].code, IssueCode::InvalidUrl);
    assert_eq!(
        report.errors[0].hint.as_deref(),
        Some("Pass the Blob itself, which is uploaded.")
    );
}
