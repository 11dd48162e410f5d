use crate::common::{restored, within};
use crate::script::*;
use evolink_video::client::{Clock, EventKind, Method, PollOptions};
use evolink_video::domain::Runtime;
use evolink_video::domain::{Charged, Config, ErrorKind, PollState, Status, Task};
use serde_json::json;

#[test]
fn reads_a_task_by_its_id() {
    let simulation = Simulation::new([json(200, task("processing", 40))]);
    let task = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!((task.status, task.progress), (Status::Processing, Some(40)));
    let sent = &simulation.requests()[0].1;
    assert_eq!(sent.method, Method::Get);
    assert_eq!(sent.url, format!("https://api.evolink.ai/v1/tasks/{TASK_ID}"));
}

/// `tests/package` reads the file too: the scripts decide the same of an id that comes in a callback.
#[test]
fn rejects_invalid_ids_without_a_request() {
    let ids: serde_json::Value = serde_json::from_str(include_str!("task-ids.json")).unwrap();
    let ids = |name: &str| ids[name].as_array().unwrap().clone();
    for id in ids("valid") {
        let id = id.as_str().unwrap();
        let simulation = Simulation::new([json(200, json!({ "id": id, "status": "pending" }))]);
        let read = simulation.run(simulation.client().retrieve(id));
        assert_eq!(read.unwrap().id, id);
    }
    for id in ids("invalid") {
        let id = id.as_str().unwrap();
        let simulation = Simulation::new([]);
        let error = simulation.run(simulation.client().retrieve(id)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Configuration, "{id}");
    }
}

#[test]
fn links_expire_24_hours_after_creation_by_default() {
    let simulation = Simulation::new([json(200, task("completed", 100))]);
    let task = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!(task.expires_at, Some(1_761_313_744_000 + 86_400_000));
    #[cfg(feature = "npm-rules")]
    assert!(crate::common::json_round_trip(&task).get("expiresAt").is_some());

    let simulation = Simulation::new([json(
        200,
        json!({ "id": TASK_ID, "status": "completed", "results": ["https://a/1.mp4"] }),
    )]);
    let task = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!(task.expires_at, Some(1_761_313_744_000 + 86_400_000), "by the id");

    let simulation = Simulation::new([json(
        200,
        json!({ "id": "task_123", "status": "completed", "results": ["https://a/1.mp4"] }),
    )]);
    let task = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!(task.expires_at, None);
}

#[test]
fn mentions_cors_in_browsers_only() {
    for (runtime, mentioned) in [
        (Runtime::Page, true),
        (Runtime::BrowserWorker, true),
        (Runtime::Server, false),
    ] {
        let simulation = Simulation::new([Reply::Broken(10)]);
        let config = Config {
            runtime,
            ..Config::default()
        };
        let error = simulation
            .run(simulation.client_with(config).retrieve(TASK_ID))
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Connection);
        assert_eq!(error.message.contains("CORS"), mentioned, "{}", error.message);
    }
}

#[test]
fn a_completed_task_without_links_is_returned_as_it_is() {
    let simulation = Simulation::new([json(200, json!({ "id": TASK_ID, "status": "completed" }))]);
    let task = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!((task.status.clone(), task.results.len()), (Status::Completed, 0));
    assert!(!task.is_final());
    assert_eq!(simulation.requests().len(), 1);
}

#[test]
fn a_wait_for_missing_links_ends_with_the_task() {
    let simulation = Simulation::new([
        json(200, task("processing", 90)),
        json(200, json!({ "id": TASK_ID, "status": "completed" })),
    ]);
    let mut seen = Vec::new();
    let mut update = |task: &Task, _: &PollState| seen.push(task.status.clone());
    let error = simulation
        .run(
            simulation
                .client()
                .wait(TASK_ID, within(Some(900_000)), &mut update),
        )
        .unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.charged),
        ("result_missing", Charged::Yes)
    );
    assert_eq!(error.task.as_ref().unwrap().status, Status::Completed);
    assert_eq!(seen, [Status::Processing]);
    let times: Vec<u64> = simulation.requests().iter().map(|(at, _)| *at).collect();
    assert_eq!(times.len(), 1 + 6);
    assert!(times[6] - times[1] <= 35_000, "{times:?}");

    // The same with single polls.
    let simulation = Simulation::new([json(200, json!({ "id": TASK_ID, "status": "completed" }))]);
    let client = simulation.client();
    let mut state = PollState::new(TASK_ID, simulation.clock().now());
    let mut delays = Vec::new();
    while delays.last() != Some(&None) {
        let polled = simulation
            .run(client.poll(restored(&state), PollOptions::default()))
            .unwrap();
        state = polled.state;
        delays.push(polled.delay_ms);
    }
    assert_eq!(delays.len(), 6);
}

#[test]
fn retries_transient_failures() {
    let simulation = Simulation::new([
        json(500, json!({})),
        Reply::Broken(10),
        cut_off(200),
        json(200, task("pending", 0)),
    ]);
    simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!(simulation.requests().len(), 4);
    let events = simulation.events.borrow();
    let attempts = |is_kind: fn(&EventKind) -> bool| -> Vec<u32> {
        let events = events.iter().filter(|event| is_kind(&event.kind));
        events.map(|event| event.attempt).collect()
    };
    assert_eq!(
        attempts(|kind| matches!(kind, EventKind::Request { .. })),
        [1, 2, 3, 4]
    );
    assert_eq!(
        attempts(|kind| matches!(kind, EventKind::Retry { .. })),
        [1, 2, 3]
    );
    let elapsed = events.iter().filter_map(|event| match event.kind {
        EventKind::Response { elapsed_ms, .. } | EventKind::Failure { elapsed_ms, .. } => Some(elapsed_ms),
        _ => None,
    });
    assert_eq!(elapsed.collect::<Vec<_>>(), [50, 10, 50, 50]);
}

#[test]
fn an_unreadable_response_is_a_typed_error_with_the_status() {
    for (what, reply) in [
        ("HTML", text(200, "<html>")),
        ("nothing", text(200, "")),
        ("a list", json(200, json!([]))),
        (
            "another task",
            json(
                200,
                json!({ "id": "task-unified-1-other", "status": "completed" }),
            ),
        ),
        ("wrong types", json(200, json!({ "id": 5, "status": [] }))),
    ] {
        let simulation = Simulation::new([reply]);
        let error = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap_err();
        assert_eq!(
            (error.kind, error.status),
            (ErrorKind::Server, Some(200)),
            "{what}"
        );
        assert_eq!(error.task_id.as_deref(), Some(TASK_ID), "{what}");
    }
}

#[test]
fn reads_an_answer_without_its_id_or_its_status() {
    let links = json!(["https://example.com/a.mp4"]);
    for (body, status) in [
        (json!({ "status": "pending" }), Status::Pending),
        (json!({ "id": TASK_ID, "results": links }), Status::Completed),
        (
            json!({ "id": TASK_ID, "status": null, "results": links }),
            Status::Completed,
        ),
        (
            json!({ "id": TASK_ID, "error": { "code": "content_policy_violation" } }),
            Status::Failed,
        ),
    ] {
        // An answer with an error and no status is a refusal, unless it is one about the task.
        let simulation = Simulation::new([json(200, body.clone())]);
        let task = simulation.run(simulation.client().retrieve(TASK_ID));
        assert_eq!(task.map(|task| task.status).ok(), Some(status), "{body}");
    }
}

#[test]
fn exposes_usage_details_and_other_fields() {
    let mut body = task("processing", 40);
    body["usage"] =
        json!({ "billing_rule": "per_second", "credits_reserved": 54.5, "user_group": "default" });
    body["billing"] = json!({ "charge_status": "reserved" });
    let simulation = Simulation::new([json(200, body)]);
    let task = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!(task.model(), Some("seedance-2.0"));
    assert_eq!(task.created_ms(), Some(1_761_313_744_000));
    let usage = task.usage();
    assert_eq!(usage.billing_rule.as_deref(), Some("per_second"));
    assert_eq!(
        (usage.credits_reserved, usage.user_group.as_deref()),
        (Some(54.5), Some("default"))
    );
    let info = task.info();
    assert_eq!(
        (info.can_cancel, info.estimated_time, info.video_duration),
        (Some(true), Some(165.0), Some(8.0))
    );
    assert!(task.extra("billing").is_some() && task.extra("nothing").is_none());

    // Wrong types and missing objects give no values.
    let simulation = Simulation::new([json(
        200,
        json!({ "id": TASK_ID, "status": "pending", "usage": 5, "task_info": { "can_cancel": "yes" } }),
    )]);
    let bare = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap();
    assert_eq!(
        (
            bare.model(),
            bare.usage().credits_reserved,
            bare.info().can_cancel
        ),
        (None, None, None)
    );
}
