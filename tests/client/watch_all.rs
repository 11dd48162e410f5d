//! `watch_all`: many tasks on one schedule.

use crate::common::within;
use crate::script::*;
use evolink_video::client::{Method, Request};
use evolink_video::domain::{Error, ErrorKind, PollState, Status, Task};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::rc::Rc;

const WAIT_MS: Option<u32> = Some(900_000);

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("task-{n}")).collect()
}

fn task_of(id: &str, status: &str) -> Json {
    let mut task = task(status, 10);
    task["id"] = json!(id);
    task
}

/// The ids of a batch request, or `None` for other requests.
fn batch(request: &Request) -> Option<Vec<String>> {
    if !request.url.ends_with("/v1/tasks/batch") {
        return None;
    }
    assert_eq!(request.method, Method::Post);
    let body: Json = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    let ids = body["task_ids"].as_array().unwrap();
    Some(ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect())
}

fn last_part(request: &Request) -> String {
    request.url.rsplit('/').next().unwrap().to_owned()
}

type Server = dyn FnMut(&Request, u64) -> Reply;

/// A simulation whose server responds depending on the request and the time in milliseconds.
fn simulation(mut server: Box<Server>) -> Rc<Simulation> {
    let simulation = Simulation::new([]);
    let clock = Rc::downgrade(&simulation);
    let answerer: Answerer = Box::new(move |request| {
        let now = clock.upgrade().unwrap().elapsed();
        server(request, now)
    });
    simulation.answerer.replace(Some(answerer));
    simulation
}

fn watch_all(simulation: &Rc<Simulation>, ids: &[String]) -> Result<Vec<Task>, Error> {
    simulation.run(simulation.client().watch_all(ids, within(WAIT_MS), |_, _| {}))
}

fn paths(simulation: &Simulation) -> Vec<String> {
    let requests = simulation.requests();
    requests.iter().map(|(_, request)| last_part(request)).collect()
}

#[test]
fn reads_many_tasks_in_batches_and_keeps_the_order() {
    let simulation = simulation(Box::new(|request, now| {
        let status = if now < 100_000 { "processing" } else { "completed" };
        let tasks: Vec<Json> = batch(request)
            .unwrap()
            .iter()
            .rev()
            .map(|id| task_of(id, status))
            .collect();
        json(200, json!({ "data": tasks }))
    }));
    let ids = ids(120);
    let mut updates = 0;
    let tasks = simulation
        .run(
            simulation
                .client()
                .watch_all(&ids, within(WAIT_MS), |_, _| updates += 1),
        )
        .unwrap();
    assert_eq!(tasks.iter().map(|task| task.id.clone()).collect::<Vec<_>>(), ids);
    assert!(tasks.iter().all(|task| task.status == Status::Completed));
    assert_eq!(updates, 240, "processing and completed, of each");
    let requests = simulation.requests();
    let batches: Vec<usize> = requests
        .iter()
        .map(|(_, request)| batch(request).unwrap().len())
        .collect();
    assert_eq!(batches[..3], [50, 50, 20]);
    assert!(batches.iter().all(|size| *size <= 50));
    // Single reads would take about 20 for each task.
    assert!(requests.len() < 120, "{}", requests.len());
}

#[test]
fn falls_back_to_at_most_6_concurrent_single_reads_without_batch_support() {
    for status in [404, 405] {
        let most = Rc::new(RefCell::new(0));
        let seen = Rc::clone(&most);
        let slot: Rc<RefCell<Option<Rc<Simulation>>>> = Rc::default();
        let here = Rc::clone(&slot);
        let simulation = simulation(Box::new(move |request, _| {
            if batch(request).is_some() {
                return json(status, refusal("not_found"));
            }
            let in_flight = here.borrow().as_ref().unwrap().in_flight();
            let most = in_flight.max(*seen.borrow());
            seen.replace(most);
            json(200, task_of(&last_part(request), "completed"))
        }));
        slot.replace(Some(Rc::clone(&simulation)));
        let tasks = watch_all(&simulation, &ids(20)).unwrap();
        slot.replace(None);
        assert_eq!(tasks.len(), 20);
        assert_eq!(
            paths(&simulation).iter().filter(|path| *path == "batch").count(),
            1
        );
        assert_eq!((simulation.requests().len(), *most.borrow()), (21, 6));
    }
}

#[test]
fn reads_an_omitted_id_singly_before_reporting_it_missing() {
    let simulation = simulation(Box::new(|request, _| match batch(request) {
        Some(ids) => {
            let others = ids
                .iter()
                .filter(|id| !matches!(id.as_str(), "task-1" | "task-3"));
            let tasks: Vec<Json> = others.map(|id| task_of(id, "completed")).collect();
            json(200, json!({ "data": tasks }))
        }
        None if last_part(request) == "task-1" => json(200, task_of("task-1", "completed")),
        None => json(404, refusal("task_not_found")),
    }));
    let error = watch_all(&simulation, &ids(5)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert_eq!(error.task_id.as_deref(), Some("task-3"));
    assert!(
        error.message.starts_with("1 of 5 tasks did not"),
        "{}",
        error.message
    );
    let tasks = error.tasks.as_ref().unwrap();
    let found: Vec<bool> = tasks.iter().map(Option::is_some).collect();
    assert_eq!(found, [true, true, true, false, true]);
    assert_eq!(paths(&simulation), ["batch", "task-1", "task-3"]);
}

#[test]
fn a_batch_of_no_tasks_is_not_a_failure() {
    let simulation = simulation(Box::new(|request, _| match batch(request) {
        Some(_) => json(200, json!({ "code": 200, "data": null })),
        None => json(200, task_of(&last_part(request), "completed")),
    }));
    assert_eq!(watch_all(&simulation, &ids(2)).unwrap().len(), 2);
    assert_eq!(paths(&simulation), ["batch", "task-0", "task-1"]);
}

#[test]
fn a_failed_task_does_not_affect_the_others() {
    let simulation = simulation(Box::new(|request, _| {
        let ids = batch(request).unwrap();
        let status = |id: &str| if id == "task-1" { "failed" } else { "completed" };
        let tasks: Vec<Json> = ids.iter().map(|id| task_of(id, status(id))).collect();
        json(200, json!({ "data": tasks }))
    }));
    let tasks = watch_all(&simulation, &ids(3)).unwrap();
    let words: Vec<&str> = tasks.iter().map(|task| task.status.as_str()).collect();
    assert_eq!(words, ["completed", "failed", "completed"]);
}

#[test]
fn a_hanging_read_does_not_block_the_others() {
    let simulation = simulation(Box::new(|request, _| match batch(request) {
        Some(_) => json(404, refusal("not_found")),
        None if last_part(request) == "task-0" => Reply::Silent,
        None => json(200, task_of(&last_part(request), "completed")),
    }));
    let mut ends = Vec::new();
    let mut update = |task: &Task, _: &PollState| ends.push((task.id.clone(), simulation.elapsed()));
    let error = simulation
        .run(
            simulation
                .client()
                .watch_all(&ids(30), within(WAIT_MS), &mut update),
        )
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::WaitTimeout);
    assert_eq!(ends.len(), 29);
    assert!(ends.iter().all(|(_, at)| *at < 1_000), "{ends:?}");
}

#[test]
fn reads_a_completed_task_without_links_singly() {
    let simulation = simulation(Box::new(|request, _| match batch(request) {
        Some(ids) => {
            let mut bare = task_of(&ids[0], "completed");
            bare.as_object_mut().unwrap().remove("results");
            json(200, json!({ "data": [bare] }))
        }
        None => json(200, task_of(&last_part(request), "completed")),
    }));
    let tasks = watch_all(&simulation, &ids(1)).unwrap();
    assert_eq!(tasks[0].results.len(), 1);
    assert_eq!(paths(&simulation), ["batch", "task-0"]);
}

#[test]
fn a_rejected_key_ends_all_waits_immediately() {
    let simulation = simulation(Box::new(|_, _| json(401, refusal("key_disabled"))));
    let error = watch_all(&simulation, &ids(400)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Authentication);
    // Reads that were already pending.
    assert!(
        simulation.requests().len() <= 6,
        "{}",
        simulation.requests().len()
    );
}

#[test]
fn survives_failures_and_applies_retry_after_to_all_tasks() {
    let mut count = 0;
    let simulation = simulation(Box::new(move |request, now| {
        count += 1;
        match count {
            1 => with_headers(429, &[("retry-after", "30")], refusal("slow_down")),
            2 => {
                assert!(now >= 30_000, "{now}");
                json(500, json!({}))
            }
            3 => text(200, "<html>"),
            4 => cut_off(200),
            5 => json(200, json!({ "data": "none" })),
            6 => json(
                200,
                json!({ "data": [null, 5, { "id": "other", "status": "failed" }] }),
            ),
            _ => match batch(request) {
                Some(ids) => {
                    let tasks: Vec<Json> = ids.iter().map(|id| task_of(id, "completed")).collect();
                    json(200, json!({ "data": tasks }))
                }
                None => json(200, task_of(&last_part(request), "completed")),
            },
        }
    }));
    assert_eq!(watch_all(&simulation, &ids(10)).unwrap().len(), 10);
}

#[test]
fn repeated_ids_give_repeated_tasks_and_no_ids_send_no_request() {
    let simulation = simulation(Box::new(|request, _| {
        let ids = batch(request).unwrap();
        json(200, json!({ "data": [task_of(&ids[0], "completed")] }))
    }));
    let twice = vec!["task-0".to_owned(), "task-0".to_owned()];
    assert_eq!(watch_all(&simulation, &twice).unwrap().len(), 2);
    assert_eq!(watch_all(&simulation, &[]).unwrap().len(), 0);
    assert_eq!(simulation.requests().len(), 1);
}

#[test]
fn a_clock_set_back_delays_a_wait_by_at_most_two_sleeps() {
    let simulation = Simulation::new([json(200, task("processing", 10))]);
    simulation.set_clock_back(50_000, 3_600_000);
    let target = evolink_video::client::Target::Id(TASK_ID.into());
    let error = simulation
        .run(simulation.client().wait(target, within(Some(200_000)), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::WaitTimeout);
    assert!(
        (200_000..=232_400).contains(&simulation.elapsed()),
        "{}",
        simulation.elapsed()
    );
}

#[test]
fn a_pending_read_does_not_shorten_the_retry_after_of_another() {
    let simulation = simulation(Box::new(|request, now| match batch(request) {
        Some(_) => json(404, refusal("not_found")),
        None if now > 1_000 => {
            assert!(now >= 30_000, "{now}");
            json(200, task_of(&last_part(request), "completed"))
        }
        None if last_part(request) == "task-0" => {
            with_headers(429, &[("retry-after", "30")], refusal("slow_down"))
        }
        // Answered after the other read got its Retry-After.
        None => match json(200, task_of(&last_part(request), "processing")) {
            Reply::Answer(ms, answer) => Reply::Answer(ms + 500, answer),
            other => other,
        },
    }));
    assert_eq!(watch_all(&simulation, &ids(3)).unwrap().len(), 3);
}

#[test]
fn slow_reads_starve_no_task() {
    let simulation = simulation(Box::new(|request, _| match batch(request) {
        Some(_) => json(404, refusal("not_found")),
        None => {
            let mut task = task_of(&last_part(request), "processing");
            task["task_info"]["estimated_time"] = json!(10);
            match json(200, task) {
                Reply::Answer(_, answer) => Reply::Answer(100, answer),
                other => other,
            }
        }
    }));
    let error = simulation
        .run(
            simulation
                .client()
                .watch_all(&ids(300), within(Some(15_000)), |_, _| {}),
        )
        .unwrap_err();
    assert!(error.tasks.as_ref().unwrap().iter().all(Option::is_some));
}

#[test]
fn falls_back_to_single_reads_after_repeated_batch_failures() {
    for broken in [json(502, json!({})), Reply::Broken(20), json(501, json!({}))] {
        let broken = broken.clone();
        let simulation = simulation(Box::new(move |request, _| match batch(request) {
            Some(_) => broken.clone(),
            None => json(200, task_of(&last_part(request), "completed")),
        }));
        assert_eq!(watch_all(&simulation, &ids(10)).unwrap().len(), 10);
    }
}
