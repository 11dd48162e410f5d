//! Real answers, and how the client reads them.
//!
//! `answers.json` has a row for each: where its body comes from, the call that it answers, and what is expected. A
//! body that is a string is one of `tests/serde/answers.json`.

use crate::common::{any_key, within};
use crate::script::*;
use evolink_video::client::Submission;
use evolink_video::domain::{Answer, Body, Charged, Error, Status, Task};
use serde_json::{Map, Value as Json, from_str, json};

const CASES: &str = include_str!("answers.json");
const BODIES: &str = include_str!("../serde/answers.json");
const HEADERS: [&str; 2] = ["idempotency-replayed", "x-request-id"];

enum Outcome {
    Submission(Submission),
    Task(Task),
    Error(Error),
}

#[test]
fn every_known_answer_is_understood() {
    let cases: Vec<Json> = from_str(CASES).unwrap();
    let bodies: Json = from_str(BODIES).unwrap();
    assert!(cases.len() > 80);
    for case in &cases {
        let outcome = run(case, &bodies);
        let seen = described(&outcome);
        for (name, expected) in case["expect"].as_object().unwrap() {
            let seen = seen.get(name).unwrap_or(&Json::Null);
            let is_part =
                name == "message" && seen.as_str().unwrap_or("").contains(expected.as_str().unwrap());
            assert!(is_part || seen == expected, "{}: {name} is {seen}", case["name"]);
        }
    }
}

fn run(case: &Json, bodies: &Json) -> Outcome {
    let text = match (&case["text"], &case["body"]) {
        (Json::String(text), _) => text.clone(),
        (_, Json::String(name)) => bodies[name].to_string(),
        (_, body) => body.to_string(),
    };
    let header = |name: &&'static str| Some((*name, case["headers"].get(*name)?.as_str()?.to_owned()));
    let answer = Answer {
        status: u16::try_from(case["status"].as_u64().unwrap()).unwrap(),
        headers: HEADERS.iter().filter_map(header).collect(),
        body: Body::read(&text),
    };
    let simulation = Simulation::new([Reply::Answer(50, answer)]);
    let client = simulation.client();
    let outcome = match case["call"].as_str().unwrap() {
        "create" => simulation
            .run(client.submit(&request(), any_key()))
            .map(Outcome::Submission),
        "read" => {
            let body: Json = from_str(&text).unwrap_or_default();
            let id = [
                &body["id"],
                &body["data"]["id"],
                &body["data"]["task_id"],
                &body["task_id"],
            ];
            let id = id.iter().find_map(|id| id.as_str()).unwrap_or(TASK_ID);
            simulation.run(client.retrieve(id)).map(Outcome::Task)
        }
        _ => simulation
            .run(client.watch_all(&[CAPTURED_ID], within(Some(10_000)), |_, _| {}))
            .map(|mut tasks| Outcome::Task(tasks.remove(0))),
    };
    outcome.unwrap_or_else(Outcome::Error)
}

/// The id in the captured answers.
const CAPTURED_ID: &str = "task-unified-1790000000-abcd1234";

/// What a case can expect.
fn described(outcome: &Outcome) -> Map<String, Json> {
    let described = match outcome {
        Outcome::Submission(submission) => {
            let mut described = of_task(&submission.task);
            described["replayed"] = submission.replayed.into();
            described
        }
        Outcome::Task(task) => of_task(task),
        Outcome::Error(error) => json!({
            "error": error.kind.as_str(),
            "code": error.code,
            "message": error.message,
            "charged": error.charged.as_str(),
            "retryable": error.retryable,
            "requestId": error.request_id,
            "param": error.particulars.param,
            "type": error.particulars.error_type,
            "suggestion": error.particulars.suggestion,
            "details": details(&error.particulars.details),
            "body": error.body,
        }),
    };
    let Json::Object(described) = described else {
        unreachable!()
    };
    described
}

fn of_task(task: &Task) -> Json {
    let status = match &task.status {
        Status::Unknown(_) => "unknown",
        known => known.as_str(),
    };
    let mut described = json!({
        "id": task.id,
        "status": status,
        "progress": task.progress,
        "results": task.results,
        "created": task.created_ms(),
    });
    if let Some(error) = &task.error {
        described["code"] = error.code.as_str().into();
        described["message"] = error.message.as_str().into();
        described["type"] = error.particulars.error_type.as_deref().into();
        described["param"] = error.particulars.param.as_deref().into();
        described["suggestion"] = error.particulars.suggestion.as_deref().into();
        described["details"] = details(&error.particulars.details);
    }
    described["rawStatus"] = raw_status(task);
    described
}

/// The API's name for the status, which the JSON form has.
#[cfg(feature = "serde")]
fn raw_status(task: &Task) -> Json {
    serde_json::to_value(task).unwrap()["rawStatus"].clone()
}

/// The API's name for the status. Without a JSON form, only the answer has it.
#[cfg(not(feature = "serde"))]
fn raw_status(task: &Task) -> Json {
    task.raw.get("status").and_then(|word| word.as_str()).into()
}

fn details(details: &[(evolink_video::domain::Key, evolink_video::domain::Value)]) -> Json {
    let mut object = Map::new();
    for (name, value) in details {
        object.insert(name.to_string(), from_str(&value.to_json()).unwrap());
    }
    Json::Object(object)
}

#[test]
fn an_accepted_answer_is_never_out_of_reach() {
    // An id that cannot be read is still in the body.
    let simulation = Simulation::new([json(200, json!({ "id": "task 1/2", "status": "pending" }))]);
    let error = simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap_err();
    assert_eq!(error.charged, Charged::Unknown);
    assert!(error.body.as_ref().unwrap().contains("task 1/2"));
}
