//! Calls other than generation.

use crate::script::*;
use evolink_video::client::{Method, PollOptions, TaskQuery};
use evolink_video::domain::{Config, ErrorKind, Status, Value};
use serde_json::json;

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("task-{number}")).collect()
}

#[test]
fn a_query_has_the_fields_that_are_set_and_encodes_their_values() {
    let query = |status: &str, model: &str, page| TaskQuery {
        status: status.into(),
        model: model.into(),
        page,
        ..TaskQuery::default()
    };
    for (query, path) in [
        (TaskQuery::default(), "/v1/tasks"),
        (query("failed", "", 0), "/v1/tasks?status=failed"),
        (query("", "", 1), "/v1/tasks?page=1"),
        (
            query("", "a-Z_0.9~ &=/é", 2),
            "/v1/tasks?model=a-Z_0.9~%20%26%3D%2F%C3%A9&page=2",
        ),
    ] {
        assert_eq!(query.path().to_lowercase(), path.to_lowercase());
    }
}

#[test]
fn list_returns_a_page_of_tasks() {
    let simulation = Simulation::new([json(200, json!({ "total": 7, "data": [task("failed", 0)] }))]);
    let query = TaskQuery {
        kind: "video".into(),
        page_size: 20,
        ..TaskQuery::default()
    };
    let page = simulation.run(simulation.client().list(&query)).unwrap();
    assert_eq!((page.total, page.tasks.len()), (7, 1));
    assert_eq!(page.tasks[0].status, Status::Failed);
    let sent = &simulation.requests()[0].1;
    assert_eq!(sent.method, Method::Get);
    assert_eq!(
        sent.url,
        "https://api.evolink.ai/v1/tasks?type=video&page_size=20"
    );
}

#[test]
fn credits_and_models_are_those_of_the_answer() {
    let answer = json!({ "data": { "user": { "remaining_credits": 9.5 } } });
    let simulation = Simulation::new([
        json(200, answer),
        json(200, json!({ "data": [{ "id": "a" }, { "id": "b" }] })),
    ]);
    let client = simulation.client();
    let credits = simulation.run(client.credits()).unwrap();
    assert_eq!(credits.remaining.as_f64(), Some(9.5));
    assert_eq!(simulation.run(client.models()).unwrap(), ["a", "b"]);
}

#[test]
fn an_answer_without_its_content_is_an_error_that_names_it() {
    let simulation = Simulation::new([json(200, json!({ "data": {} }))]);
    let client = simulation.client();
    let errors = [
        simulation.run(client.list(&TaskQuery::default())).unwrap_err(),
        simulation.run(client.credits()).unwrap_err(),
        simulation.run(client.models()).unwrap_err(),
        simulation.run(client.retrieve_all(&ids(1))).unwrap_err(),
    ];
    for (error, what) in errors
        .iter()
        .zip(["list of tasks", "balance", "list of models", "list of tasks"])
    {
        assert_eq!((error.kind, error.status), (ErrorKind::Server, Some(200)));
        assert_eq!(error.message, format!("The response contains no {what}."));
    }
}

#[test]
fn retrieve_all_reads_batches_of_50_and_returns_tasks_in_the_order_of_their_ids() {
    let simulation = Simulation::new([
        json(
            200,
            json!({ "data": [{ "id": "task-3", "status": "failed" }, { "id": "task-1", "status": "pending" }] }),
        ),
        json(200, json!({ "data": null })),
    ]);
    let tasks = simulation
        .run(simulation.client().retrieve_all(&ids(51)))
        .unwrap();
    assert_eq!(tasks.len(), 51);
    let found: Vec<(usize, &str)> = tasks
        .iter()
        .enumerate()
        .filter_map(|(index, task)| Some((index, task.as_ref()?.id.as_str())))
        .collect();
    assert_eq!(found, [(1, "task-1"), (3, "task-3")]);
    let requests = simulation.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().all(|(_, sent)| sent.method == Method::Post));
    assert_eq!(requests[1].1.body.as_deref(), Some(r#"{"task_ids":["task-50"]}"#));
}

#[test]
fn retrieve_all_rejects_invalid_ids_without_a_request() {
    let simulation = Simulation::new([]);
    let error = simulation
        .run(simulation.client().retrieve_all(&["task-1".into(), "a/b".into()]))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
}

#[test]
fn reads_are_retried_by_default_and_other_calls_are_not() {
    let busy = || [json(429, refusal("slow_down")), json(200, json!({ "data": [] }))];
    let body = Value::object([("name", Some("x".into()))]);

    let simulation = Simulation::new(busy());
    simulation.run(simulation.client().retrieve_all(&ids(1))).unwrap();
    assert_eq!(simulation.requests().len(), 2, "a batch call is a read");

    for (method, attempts) in [(Method::Get, 2), (Method::Post, 1), (Method::Delete, 1)] {
        let simulation = Simulation::new(busy());
        let outcome = simulation.run(simulation.client().call(method, "/v1/files", Some(&body)));
        assert_eq!(simulation.requests().len(), attempts, "{method:?}");
        assert_eq!(outcome.is_ok(), attempts == 2, "{method:?}");
    }

    let simulation = Simulation::new(busy());
    let config = Config {
        max_retries: Some(1),
        ..Config::default()
    };
    let client = simulation.client_with(config);
    simulation
        .run(client.call(Method::Post, "/v1/files", Some(&body)))
        .unwrap();
}

#[test]
fn a_call_that_may_have_been_carried_out_has_an_unknown_outcome() {
    for (method, kind) in [
        (Method::Get, ErrorKind::Connection),
        (Method::Post, ErrorKind::OutcomeUnknown),
    ] {
        let simulation = Simulation::new([Reply::Broken(10)]);
        let error = simulation
            .run(simulation.client().call(method, "/v1/files", None))
            .unwrap_err();
        assert_eq!(error.kind, kind, "{method:?}");
    }
}

#[test]
fn a_call_returns_the_status_the_headers_and_a_body_that_need_not_be_json() {
    let simulation = Simulation::new([with_headers(201, &[("x-request-id", "req-1")], json!({ "a": 1 }))]);
    let reply = simulation
        .run(simulation.client().call(Method::Put, "/v1/files", None))
        .unwrap();
    assert_eq!(reply.status(), 201);
    assert_eq!(reply.headers(), [("x-request-id", "req-1".to_owned())]);
    assert_eq!(reply.body.get("a").and_then(Value::as_f64), Some(1.0));

    let simulation = Simulation::new([text(200, "pong")]);
    let reply = simulation
        .run(simulation.client().call(Method::Get, "/ping", None))
        .unwrap();
    assert_eq!(reply.body.as_str(), Some("pong"));

    // A page with an error stays an error.
    let simulation = Simulation::new([text(404, "<html>")]);
    let error = simulation
        .run(simulation.client().call(Method::Get, "/ping", None))
        .unwrap_err();
    assert_eq!((error.kind, error.status), (ErrorKind::NotFound, Some(404)));
}

#[test]
fn a_path_must_begin_with_one_slash() {
    for path in ["", "v1/credits", "//example.com/v1", "https://example.com"] {
        let simulation = Simulation::new([]);
        let error = simulation
            .run(simulation.client().call(Method::Get, path, None))
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Configuration, "{path}");
    }
}

#[test]
fn an_error_about_a_task_has_its_id() {
    let simulation = Simulation::new([json(403, refusal("nope"))]);
    let error = simulation.run(simulation.client().retrieve(TASK_ID)).unwrap_err();
    assert_eq!(error.task_id.as_deref(), Some(TASK_ID));
    assert!(
        simulation
            .events
            .borrow()
            .iter()
            .all(|event| event.task_id.as_deref() == Some(TASK_ID))
    );
}

#[test]
fn a_string_that_is_no_id_does_not_disturb_the_polls_of_others() {
    let simulation = Simulation::new([json(200, json!({ "data": [task("processing", 40)] }))]);
    let targets = vec!["not an id".into(), TASK_ID.into()];
    let polled = simulation
        .run(simulation.client().poll_all(targets, PollOptions::default()))
        .unwrap();
    let error = polled[0].error.as_ref().unwrap();
    assert_eq!((error.kind, polled[0].delay_ms), (ErrorKind::Configuration, None));
    assert_eq!(polled[1].task.as_ref().unwrap().progress, Some(40));
    assert_eq!(simulation.requests().len(), 1);
}
