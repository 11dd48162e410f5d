//! Many tasks, one schedule.

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

/// What a batch read asks for; `None` for any other call.
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

/// A world whose server answers by the request and the time in milliseconds.
fn world(mut server: Box<Server>) -> Rc<World> {
    let world = World::new([]);
    let clock = Rc::downgrade(&world);
    let answerer: Answerer = Box::new(move |request| {
        let now = clock.upgrade().unwrap().elapsed();
        server(request, now)
    });
    world.answerer.replace(Some(answerer));
    world
}

fn watch_all(world: &Rc<World>, ids: &[String]) -> Result<Vec<Task>, Error> {
    world.run(world.client().watch_all(ids, within(WAIT_MS), |_, _| {}))
}

fn paths(world: &World) -> Vec<String> {
    let requests = world.requests();
    requests.iter().map(|(_, request)| last_part(request)).collect()
}

#[test]
fn many_are_read_with_few_calls_and_come_in_the_order_asked() {
    let world = world(Box::new(|request, now| {
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
    let mut told = 0;
    let tasks = world
        .run(world.client().watch_all(&ids, within(WAIT_MS), |_, _| told += 1))
        .unwrap();
    assert_eq!(tasks.iter().map(|task| task.id.clone()).collect::<Vec<_>>(), ids);
    assert!(tasks.iter().all(|task| task.status == Status::Completed));
    assert_eq!(told, 240, "processing and completed, of each");
    let requests = world.requests();
    let batches: Vec<usize> = requests
        .iter()
        .map(|(_, request)| batch(request).unwrap().len())
        .collect();
    assert_eq!(batches[..3], [50, 50, 20]);
    assert!(batches.iter().all(|size| *size <= 50));
    // Singly, it would be some 20 reads for each.
    assert!(requests.len() < 120, "{}", requests.len());
}

#[test]
fn a_server_that_does_not_know_the_call_is_asked_one_by_one_at_most_6_at_a_time() {
    for status in [404, 405] {
        let most = Rc::new(RefCell::new(0));
        let seen = Rc::clone(&most);
        let slot: Rc<RefCell<Option<Rc<World>>>> = Rc::default();
        let here = Rc::clone(&slot);
        let world = world(Box::new(move |request, _| {
            if batch(request).is_some() {
                return json(status, refusal("not_found"));
            }
            let in_flight = here.borrow().as_ref().unwrap().in_flight();
            let most = in_flight.max(*seen.borrow());
            seen.replace(most);
            json(200, task_of(&last_part(request), "completed"))
        }));
        slot.replace(Some(Rc::clone(&world)));
        let tasks = watch_all(&world, &ids(20)).unwrap();
        slot.replace(None);
        assert_eq!(tasks.len(), 20);
        assert_eq!(paths(&world).iter().filter(|path| *path == "batch").count(), 1);
        assert_eq!((world.requests().len(), *most.borrow()), (21, 6));
    }
}

#[test]
fn an_id_that_is_left_out_is_read_singly_before_it_is_called_missing() {
    let world = world(Box::new(|request, _| match batch(request) {
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
    let error = watch_all(&world, &ids(5)).unwrap_err();
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
    assert_eq!(paths(&world), ["batch", "task-1", "task-3"]);
}

#[test]
fn a_failed_task_is_a_task_and_disturbs_no_other() {
    let world = world(Box::new(|request, _| {
        let ids = batch(request).unwrap();
        let status = |id: &str| if id == "task-1" { "failed" } else { "completed" };
        let tasks: Vec<Json> = ids.iter().map(|id| task_of(id, status(id))).collect();
        json(200, json!({ "data": tasks }))
    }));
    let tasks = watch_all(&world, &ids(3)).unwrap();
    let words: Vec<&str> = tasks.iter().map(|task| task.status.as_str()).collect();
    assert_eq!(words, ["completed", "failed", "completed"]);
}

#[test]
fn a_read_that_hangs_holds_up_no_other() {
    let world = world(Box::new(|request, _| match batch(request) {
        Some(_) => json(404, refusal("not_found")),
        None if last_part(request) == "task-0" => Reply::Silent,
        None => json(200, task_of(&last_part(request), "completed")),
    }));
    let mut ends = Vec::new();
    let mut update = |task: &Task, _: &PollState| ends.push((task.id.clone(), world.elapsed()));
    let error = world
        .run(world.client().watch_all(&ids(30), within(WAIT_MS), &mut update))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::WaitTimeout);
    assert_eq!(ends.len(), 29);
    assert!(ends.iter().all(|(_, at)| *at < 1_000), "{ends:?}");
}

#[test]
fn a_completed_task_without_a_link_is_read_singly() {
    let world = world(Box::new(|request, _| match batch(request) {
        Some(ids) => {
            let mut bare = task_of(&ids[0], "completed");
            bare.as_object_mut().unwrap().remove("results");
            json(200, json!({ "data": [bare] }))
        }
        None => json(200, task_of(&last_part(request), "completed")),
    }));
    let tasks = watch_all(&world, &ids(1)).unwrap();
    assert_eq!(tasks[0].results.len(), 1);
    assert_eq!(paths(&world), ["batch", "task-0"]);
}

#[test]
fn a_key_that_is_refused_ends_all_at_once() {
    let world = world(Box::new(|_, _| json(401, refusal("key_disabled"))));
    let error = watch_all(&world, &ids(400)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Authentication);
    // Those that were under way already.
    assert!(world.requests().len() <= 6, "{}", world.requests().len());
}

#[test]
fn a_burst_of_failures_and_nonsense_is_outlasted_and_retry_after_holds_for_all() {
    let mut count = 0;
    let world = world(Box::new(move |request, now| {
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
    assert_eq!(watch_all(&world, &ids(10)).unwrap().len(), 10);
}

#[test]
fn the_same_id_twice_is_two_places_and_none_is_no_call() {
    let world = world(Box::new(|request, _| {
        let ids = batch(request).unwrap();
        json(200, json!({ "data": [task_of(&ids[0], "completed")] }))
    }));
    let twice = vec!["task-0".to_owned(), "task-0".to_owned()];
    assert_eq!(watch_all(&world, &twice).unwrap().len(), 2);
    assert_eq!(watch_all(&world, &[]).unwrap().len(), 0);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn a_clock_that_is_set_back_makes_no_wait_longer_than_a_sleep_or_two() {
    let world = World::new([json(200, task("processing", 10))]);
    world.set_back(50_000, 3_600_000);
    let target = evolink_video::client::Target::Id(TASK_ID.into());
    let error = world
        .run(world.client().wait(target, within(Some(200_000)), |_, _| {}))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::WaitTimeout);
    assert!(
        (200_000..=232_400).contains(&world.elapsed()),
        "{}",
        world.elapsed()
    );
}

#[test]
fn a_read_that_was_under_way_does_not_end_the_pause_that_another_was_told_of() {
    let world = world(Box::new(|request, now| match batch(request) {
        Some(_) => json(404, refusal("not_found")),
        None if now > 1_000 => {
            assert!(now >= 30_000, "{now}");
            json(200, task_of(&last_part(request), "completed"))
        }
        None if last_part(request) == "task-0" => {
            with_headers(429, &[("retry-after", "30")], refusal("slow_down"))
        }
        // Answered when the other was told already.
        None => match json(200, task_of(&last_part(request), "processing")) {
            Reply::Answer(ms, answer) => Reply::Answer(ms + 500, answer),
            other => other,
        },
    }));
    assert_eq!(watch_all(&world, &ids(3)).unwrap().len(), 3);
}

#[test]
fn where_reads_are_slow_none_is_passed_over_for_ever() {
    let world = world(Box::new(|request, _| match batch(request) {
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
    let error = world
        .run(
            world
                .client()
                .watch_all(&ids(300), within(Some(15_000)), |_, _| {}),
        )
        .unwrap_err();
    assert!(error.tasks.as_ref().unwrap().iter().all(Option::is_some));
}

#[test]
fn where_reads_of_many_fail_again_and_again_they_are_tried_singly() {
    for broken in [json(502, json!({})), Reply::Broken(20), json(501, json!({}))] {
        let broken = broken.clone();
        let world = world(Box::new(move |request, _| match batch(request) {
            Some(_) => broken.clone(),
            None => json(200, task_of(&last_part(request), "completed")),
        }));
        assert_eq!(watch_all(&world, &ids(10)).unwrap().len(), 10);
    }
}
