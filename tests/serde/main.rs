//! The JSON of the feature `serde` is the one that JavaScript sees.

use evolink_video::client::{Prepared, Submission};
use evolink_video::domain::api::FileLimits;
use evolink_video::domain::json::{ToJson, parse, to_json};
use evolink_video::domain::{
    AspectRatio, Issue, Limits, MODELS, PollState, Quality, Status, Tag, Task, ValidateOptions, Value,
    VideoRequest, limits_for, parse_tags, validate,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, from_value, json, to_value};

/// Answers of the API and of what may stand for it, by name.
const ANSWERS: &str = include_str!("answers.json");
/// Answers of the emulator, which `emulator.test.js` records.
const EMULATOR: &str = include_str!("emulator.json");

/// Every JSON object that may be a task.
fn answers() -> Vec<Json> {
    let answers: serde_json::Map<String, Json> = serde_json::from_str(ANSWERS).unwrap();
    let emulated: serde_json::Map<String, Json> = serde_json::from_str(EMULATOR).unwrap();
    let emulated = emulated
        .into_iter()
        .flat_map(|(_, run)| from_value::<Vec<Json>>(run).unwrap());
    answers
        .into_iter()
        .map(|(_, answer)| answer)
        .chain(emulated)
        .collect()
}

fn domain_value(json: &Json) -> Value {
    parse(&json.to_string()).unwrap()
}

fn tasks() -> Vec<Task> {
    answers()
        .iter()
        .filter_map(|answer| Task::read(domain_value(answer)))
        .collect()
}

fn npm(value: &dyn ToJson) -> Json {
    serde_json::from_str(&to_json(value)).unwrap()
}

/// Checks that serde writes what the npm package writes, and returns what serde reads of it.
#[track_caller]
fn reread<T: Serialize + DeserializeOwned + ToJson>(value: &T) -> T {
    let written = to_value(value).unwrap();
    assert_eq!(written, npm(value));
    let read: T = from_value(written.clone()).unwrap();
    assert_eq!(to_value(&read).unwrap(), written);
    read
}

#[test]
fn a_task_has_the_form_of_the_npm_package() {
    let tasks = tasks();
    for status in [
        Status::Pending,
        Status::Processing,
        Status::Completed,
        Status::Failed,
        Status::Cancelled,
    ] {
        assert!(tasks.iter().any(|task| task.status == status), "{status:?}");
    }
    assert!(tasks.iter().any(|task| matches!(task.status, Status::Unknown(_))));
    for task in &tasks {
        let read = reread(task);
        let without_raw = |task: &Task| {
            let mut task = task.clone();
            task.raw = Value::Null;
            task
        };
        assert_eq!(without_raw(&read), without_raw(task));
    }
}

#[test]
fn a_task_of_the_usual_form_is_equal_after_a_round_trip() {
    let emulated: serde_json::Map<String, Json> = serde_json::from_str(EMULATOR).unwrap();
    for name in ["linear progress", "steps", "failed", "cancelled"] {
        for answer in emulated[name].as_array().unwrap() {
            let task = Task::read(domain_value(answer)).unwrap();
            assert_eq!(reread(&task), task, "{name}");
        }
    }
}

#[test]
fn an_answer_of_the_api_is_read_as_a_task_or_refused() {
    for answer in answers() {
        let read = from_value::<Task>(answer.clone()).ok();
        assert_eq!(read, Task::read(domain_value(&answer)), "{answer}");
    }
    for wrong in [
        json!(null),
        json!([]),
        json!("task-1"),
        json!({ "id": "../x", "status": "pending" }),
    ] {
        assert!(from_value::<Task>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn an_unknown_status_keeps_its_word() {
    for word in ["rendering", "unknown"] {
        let task: Task = from_value(json!({ "id": "task-1", "status": word })).unwrap();
        assert_eq!(task.status, Status::Unknown(word.into()));
        let written = json!({ "id": "task-1", "status": "unknown", "rawStatus": word, "progress": null });
        assert_eq!(to_value(&task).unwrap(), written);
        assert_eq!(reread(&task), task);
    }
}

#[test]
fn the_expiry_of_links_survives() {
    let completed = json!({
        "id": "task-1", "status": "completed", "progress": 100,
        "results": ["https://example.com/video.mp4"], "expiresAt": 1_790_000_000_000_u64,
    });
    let task: Task = from_value(completed.clone()).unwrap();
    assert_eq!(task.expires_at, Some(1_790_000_000_000));
    assert_eq!(to_value(&task).unwrap(), completed);
    assert_eq!(reread(&task), task);
}

#[test]
fn submissions_and_poll_results_have_the_form_of_the_npm_package() {
    let request = VideoRequest::new("@Image2 as first frame").image("https://example.com/a.heic");
    let warnings = validate(&request.into(), &ValidateOptions::default());
    let warnings = [warnings.errors, warnings.warnings].concat();
    for task in tasks() {
        let submission: Submission = from_value(json!({
            "task": to_value(&task).unwrap(),
            "idempotencyKey": "evolink-video-abcdefgh",
            "replayed": true,
            "requestId": null,
            "warnings": to_value(&warnings).unwrap(),
            "state": to_value(PollState::new(&task.id, 5.0)).unwrap(),
            "delayMs": 9_000,
        }))
        .unwrap();
        assert_eq!(submission.idempotency_key, "evolink-video-abcdefgh");
        assert_eq!(submission.warnings, warnings);
        assert_eq!(reread(&submission), submission);
    }
    let prepared = json!({
        "method": "POST", "url": "https://api.evolink.ai/v1/videos/generations",
        "headers": { "Accept": "application/json" }, "body": "{}",
        "mode": null, "tags": to_value(parse_tags("@Image1")).unwrap(), "warnings": [],
    });
    let prepared: Prepared = from_value(prepared).unwrap();
    assert_eq!(reread(&prepared).tags, prepared.tags);
}

#[test]
fn issues_have_the_form_of_the_npm_package() {
    let urls = |count: usize| vec!["https://user:secret@10.0.0.1/a.heic?token=1"; count];
    let requests = [
        json!({}),
        json!({ "model": 5, "prompt": [] }),
        json!({ "model": "seedance-2.0", "prompt": " \n" }),
        json!({ "model": "seedance-3.0", "prompt": "@image 1 and @Image99 \"hello", "generate_audio": false }),
        json!({ "model": "seedance-2.0", "prompt": "@Image1, @Image7", "image_urls": urls(12), "duration": 5.5 }),
        json!({ "model": "seedance-2.0", "prompt": "A cat", "imageUrls": ["x"], "x_label": 1, "quality": "4k" }),
        json!({ "model": "seedance-2.0", "prompt": "A cat ☂", "image_urls": ["a b", 3, null], "aspect_ratio": null }),
        json!({ "model": "seedance-2.0", "prompt": "A cat", "audio_urls": ["http://example.com/a.mp3"], "duration": 99 }),
        json!({ "model": "seedance-2.0-fast-text-to-video", "prompt": "A cat", "video_urls": ["ftp://x"], "quality": "1080p" }),
    ];
    let mut issues: Vec<Issue> = Vec::new();
    for request in requests {
        let report = validate(&domain_value(&request), &ValidateOptions::default());
        issues.extend(report.errors);
        issues.extend(report.warnings);
    }
    let short = json!({
        "severity": "warning", "code": "required", "path": [], "message": "No hint.", "params": {},
    });
    issues.push(from_value(short).unwrap());
    let has = |test: &dyn Fn(&Issue) -> bool| issues.iter().any(test);
    assert!(has(&|issue| issue.span.is_some()) && has(&|issue| issue.span.is_none()));
    assert!(has(&|issue| issue.limit().is_some()) && has(&|issue| issue.received().is_some()));
    assert!(has(&|issue| issue.path.len() > 1) && has(&|issue| issue.path.is_empty()));
    for issue in issues {
        assert_eq!(reread(&issue), issue);
    }
}

#[test]
fn tags_have_the_form_of_the_npm_package() {
    let prompt = "@Image1 as first frame, the camera follows @Video2, music of @Audio3; @Image9";
    let tags: Vec<Tag> = parse_tags(prompt);
    assert_eq!(tags.len(), 4);
    for tag in tags {
        assert_eq!(reread(&tag), tag);
    }
}

#[test]
fn limits_have_the_form_of_the_npm_package() {
    for model in MODELS {
        let read: Limits = reread(limits_for(model.id));
        assert_eq!(&read, model.limits, "{}", model.id);
        assert_eq!(reread(read.images), *read.images);
    }
    assert!(to_value(limits_for("seedance-2.0")).unwrap()["outputPixels"]["720p"]["16:9"].is_array());
}

#[test]
fn limits_of_a_later_version_are_read_and_kept_once() {
    let mut later = to_value(limits_for("seedance-2.0")).unwrap();
    later["quality"]["values"] = json!(["720p", "8k"]);
    later["images"]["maxCount"] = json!(77);
    later["images"]["newLimit"] = json!(1);
    let read = || from_value::<Limits>(later.clone()).unwrap();
    assert_eq!(read().quality.values, ["720p", "8k"]);
    assert_eq!(read().images.max_count, 77);
    assert!(std::ptr::eq::<FileLimits>(read().images, read().images));
    assert!(std::ptr::eq(read().quality.values, read().quality.values));

    for (field, wrong) in [
        ("quality", json!("720p")),
        ("images", json!(null)),
        ("webSearch", json!(1)),
    ] {
        let mut limits = later.clone();
        limits[field] = wrong;
        assert!(from_value::<Limits>(limits).is_err(), "{field}");
    }
}

#[test]
fn a_request_has_the_field_names_of_the_api() {
    let request = VideoRequest::new("A cat")
        .image("https://example.com/a.jpg")
        .video("https://example.com/a.mp4")
        .audio("https://example.com/a.mp3")
        .duration(8)
        .quality(Quality::Other("4k".into()))
        .aspect_ratio(AspectRatio::Cinema)
        .generate_audio(false)
        .callback_url("https://example.com/done")
        .content_filter(true)
        .web_search(true)
        .extra("x_label", 7_i64);
    let written = json!({
        "model": "seedance-2.0",
        "prompt": "A cat",
        "image_urls": ["https://example.com/a.jpg"],
        "video_urls": ["https://example.com/a.mp4"],
        "audio_urls": ["https://example.com/a.mp3"],
        "duration": 8,
        "quality": "4k",
        "aspect_ratio": "21:9",
        "generate_audio": false,
        "callback_url": "https://example.com/done",
        "content_filter": true,
        "model_params": { "web_search": true },
        "x_label": 7,
    });
    assert_eq!(to_value(&request).unwrap(), written);
    assert_eq!(npm(&Value::from(&request)), written);
    assert_eq!(from_value::<VideoRequest>(written).unwrap(), request);

    let short: VideoRequest =
        from_value(json!({ "prompt": "A cat", "duration": -1, "quality": null })).unwrap();
    assert_eq!(short, from_value(to_value(&short).unwrap()).unwrap());
    for wrong in [
        json!([]),
        json!({ "prompt": 5 }),
        json!({ "image_urls": "a" }),
        json!({ "duration": 5.5 }),
    ] {
        assert!(from_value::<VideoRequest>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn a_state_that_was_stored_by_hand_is_read_within_its_ranges() {
    let stored = json!({
        "taskId": "task-1", "startedAt": 5, "estimateMs": 1e300, "progress": 250, "reads": 1, "failures": 0,
    });
    let state: PollState = from_value(stored.clone()).unwrap();
    assert_eq!(
        (state.progress, state.created_at, state.estimate_ms),
        (100, 5, u32::MAX)
    );
    assert_eq!(reread(&state), state);
    for (field, wrong) in [
        ("taskId", json!("../keys")),
        ("startedAt", json!("5")),
        ("reads", json!(-1)),
    ] {
        let mut state = stored.clone();
        state[field] = wrong;
        assert!(from_value::<PollState>(state).is_err(), "{field}");
    }
}
