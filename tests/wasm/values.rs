//! Typed values into and out of JavaScript.

use super::{js, json};
use evolink_video::client::Submission;
use evolink_video::domain::json::{ToJson, to_json};
use evolink_video::domain::{
    Limits, PollState, Quality, Status, Task, ValidateOptions, VideoRequest, limits_for, parse_tags, validate,
};
use evolink_video::web::{from_js, to_js};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::fmt::Debug;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

fn parsed(json: &str) -> Json {
    serde_json::from_str(json).unwrap()
}

/// Checks that a value has the form of the npm package in JavaScript, and is the same when it comes back.
#[track_caller]
fn assert_survives<T: Serialize + DeserializeOwned + PartialEq + Debug + ToJson>(value: &T) {
    let written = to_js(value).unwrap();
    assert_eq!(parsed(&json(&written)), parsed(&to_json(value)));
    assert_eq!(&from_js::<T>(written).unwrap(), value);
}

#[wasm_bindgen_test]
fn a_request_is_read_from_a_form_and_written_as_a_plain_object() {
    let form = js(
        "{ prompt: 'A cat ☂', image_urls: ['https://example.com/a.jpg'], duration: 8, quality: '1080p', x_label: 2 ** 40, callback_url: undefined }",
    );
    let request: VideoRequest = from_js(form).unwrap();
    assert_eq!(request.quality, Some(Quality::P1080));
    assert_eq!(request.callback_url, None);
    let written = to_js(&request).unwrap();
    assert_eq!(
        json(&written),
        r#"{"model":"seedance-2.0","prompt":"A cat ☂","image_urls":["https://example.com/a.jpg"],"duration":8,"quality":"1080p","x_label":1099511627776}"#
    );
    assert_eq!(from_js::<VideoRequest>(written).unwrap(), request);
    for wrong in [
        "undefined",
        "5",
        "[]",
        "{ prompt: 5 }",
        "{ prompt: Symbol('s') }",
        "{ duration: 5.5 }",
    ] {
        assert!(from_js::<VideoRequest>(js(wrong)).is_err(), "{wrong}");
    }
}

#[wasm_bindgen_test]
fn tasks_and_submissions_survive() {
    let task = js(
        "{ id: 'task-1', status: 'completed', progress: 100, results: ['https://example.com/v.mp4'], created: 1.5, usage: { credits: 0.1, note: null } }",
    );
    let task: Task = from_js(task).unwrap();
    assert_eq!(task.results, ["https://example.com/v.mp4"]);
    assert_survives(&task);
    let queued: Task = from_js(js("{ id: 'task-1', status: 'dreaming' }")).unwrap();
    assert_eq!(queued.status, Status::Unknown("dreaming".into()));
    assert_survives(&queued);
    let submission = js(
        "{ task: { id: 'task-1', status: 'pending' }, idempotencyKey: 'k', replayed: false, requestId: null, warnings: [], delayMs: 9000, state: { taskId: 'task-1', startedAt: 5, estimateMs: 0, progress: 0, reads: 0, failures: 0 } }",
    );
    assert_survives(&from_js::<Submission>(submission).unwrap());
    assert!(from_js::<Task>(JsValue::NULL).is_err());
}

#[wasm_bindgen_test]
fn states_issues_tags_and_limits_survive() {
    assert_survives(&PollState::new("task-1", 1_790_000_000_000.0));
    let request =
        VideoRequest::new("@Image2 as first frame, @img 1").image("https://user:pw@10.0.0.1/a.heic");
    let report = validate(&request.into(), &ValidateOptions::default());
    assert!(report.errors.len() > 1);
    for issue in report.errors.iter().chain(&report.warnings) {
        assert_survives(issue);
    }
    for tag in parse_tags("@Image1 as first frame, @Video2") {
        assert_survives(&tag);
    }
    assert_survives::<Limits>(limits_for("seedance-2.5-reference-to-video"));
}
