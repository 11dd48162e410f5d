use crate::common::{any_key, restored, value, within};
use crate::script::*;
use evolink_video::client::{PollOptions, Target};
use evolink_video::domain::{Charged, Config, Error, ErrorKind, PollState, Status, Task};
use serde_json::json;
use std::rc::Rc;

const WAIT_MS: Option<u32> = Some(900_000);

fn id() -> Target {
    Target::Id(TASK_ID.into())
}

#[test]
fn generate_submits_once_and_waits_for_the_video() {
    let simulation = Simulation::new([
        json(200, task("pending", 0)),
        json(200, task("processing", 10)),
        json(200, task("processing", 10)),
        json(200, task("processing", 65)),
        json(200, task("completed", 100)),
    ]);
    let mut seen = Vec::new();
    let mut update = |task: &Task, _: &PollState| seen.push((task.status.clone(), task.progress));
    let done = simulation
        .run(
            simulation
                .client()
                .generate(&request(), any_key(), within(WAIT_MS), &mut update),
        )
        .unwrap();
    assert_eq!(done.results, ["https://example.com/video.mp4"]);
    assert_eq!(
        seen,
        [
            (Status::Pending, Some(0)),
            (Status::Processing, Some(10)),
            (Status::Processing, Some(65)),
            (Status::Completed, Some(100)),
        ]
    );
    let creates = simulation
        .requests()
        .iter()
        .filter(|(_, sent)| sent.body.is_some())
        .count();
    assert_eq!(creates, 1);
}

#[test]
fn polls_an_id_immediately_and_a_known_task_when_it_is_due() {
    let simulation = Simulation::new([json(200, task("completed", 100))]);
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(simulation.requests()[0].0, 0);

    let simulation = Simulation::new([json(200, task("completed", 100))]);
    let fresh = Box::new(Task::read(value(&task("pending", 0))).unwrap());
    simulation
        .run(
            simulation
                .client()
                .wait(Target::Task(fresh), within(WAIT_MS), |_, _| {}),
        )
        .unwrap();
    assert!(simulation.requests()[0].0 >= 2_000);
}

#[test]
fn does_not_poll_a_final_task() {
    let simulation = Simulation::new([]);
    let done = Box::new(Task::read(value(&task("completed", 100))).unwrap());
    let mut seen = 0;
    simulation
        .run(
            simulation
                .client()
                .wait(Target::Task(done), within(WAIT_MS), |_, _| seen += 1),
        )
        .unwrap();
    assert_eq!((seen, simulation.requests().len()), (1, 0));
}

#[test]
fn a_failed_or_cancelled_task_is_an_error_with_the_task() {
    for (status, kind, code) in [
        ("failed", ErrorKind::TaskFailed, "content_policy_violation"),
        ("cancelled", ErrorKind::TaskCancelled, "task_cancelled"),
    ] {
        let simulation = Simulation::new([json(200, task(status, 30))]);
        let error = simulation
            .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
            .unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, code));
        assert_eq!(error.task.as_ref().unwrap().status.as_str(), status);

        let simulation = Simulation::new([json(200, task(status, 30))]);
        let last = simulation
            .run(simulation.client().watch(id(), within(WAIT_MS), |_, _| {}))
            .unwrap();
        assert_eq!(last.status.as_str(), status, "watch gives it as a task");
    }
}

#[test]
fn the_error_of_a_failed_task_has_the_hint_for_its_code() {
    for (code, retryable, advice) in [
        ("content_policy_violation", false, "Real faces"),
        ("service_error", true, "Try again later"),
        ("something_new", false, "It is not charged."),
    ] {
        let mut failed = task("failed", 30);
        failed["error"]["code"] = json!(code);
        let simulation = Simulation::new([json(200, failed)]);
        let error = simulation
            .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
            .unwrap_err();
        assert_eq!((error.code.as_str(), error.retryable), (code, retryable));
        assert!(error.message.contains(advice), "{}", error.message);
    }
}

#[test]
fn a_failed_read_does_not_end_the_wait() {
    let simulation = Simulation::new([
        json(500, json!({})),
        Reply::Broken(10),
        text(200, "<html>"),
        cut_off(200),
        json(200, json!({ "id": TASK_ID, "status": "completed" })),
        json(200, task("completed", 100)),
    ]);
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(simulation.requests().len(), 6);
}

#[test]
fn the_page_of_a_proxy_does_not_end_the_wait() {
    for page in [
        text(
            403,
            "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>",
        ),
        text(403, ""),
        text(404, "<html>"),
        json(403, json!({ "message": "Forbidden" })),
        text(503, "<html>"),
        text(522, "<html>"),
    ] {
        let simulation = Simulation::new([page, json(200, task("completed", 100))]);
        simulation
            .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
            .unwrap();
        assert_eq!(simulation.requests().len(), 2);
    }
}

#[test]
fn a_new_task_may_not_be_found_at_first() {
    let mut pending = task("pending", 0);
    pending["task_info"]["estimated_time"] = json!(5);
    let simulation = Simulation::new([
        json(200, pending),
        json(404, refusal("task_not_found")),
        json(404, refusal("task_not_found")),
        json(200, task("completed", 100)),
    ]);
    let client = simulation.client();
    simulation
        .run(client.generate(&request(), any_key(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(simulation.requests().len(), 4);
}

#[test]
fn a_short_wait_reads_once_before_it_ends() {
    let simulation = Simulation::new([json(200, task("pending", 0)), json(200, task("completed", 100))]);
    let client = simulation.client();
    simulation
        .run(client.generate(&request(), any_key(), within(Some(4_000)), |_, _| {}))
        .unwrap();
    assert!(simulation.elapsed() < 4_000, "{}", simulation.elapsed());
}

#[test]
fn a_final_error_ends_the_wait() {
    for (status, kind) in [
        (401, ErrorKind::Authentication),
        (403, ErrorKind::PermissionDenied),
        (404, ErrorKind::NotFound),
    ] {
        let simulation = Simulation::new([json(status, refusal("no"))]);
        let error = simulation
            .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
            .unwrap_err();
        assert_eq!((error.kind, simulation.requests().len()), (kind, 1));
        assert_eq!(error.task_id.as_deref(), Some(TASK_ID));
    }
}

#[test]
fn keeps_polling_an_unknown_status() {
    let simulation = Simulation::new([
        json(200, task("warming_up", 0)),
        json(200, task("rendering_final_pass", 50)),
        json(200, task("completed", 100)),
    ]);
    let mut seen = Vec::new();
    let mut update = |task: &Task, _: &PollState| seen.push(task.status.as_str().to_owned());
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), &mut update))
        .unwrap();
    assert_eq!(seen, ["warming_up", "rendering_final_pass", "completed"]);
}

#[test]
fn the_timeout_error_has_the_task() {
    for last in [
        json(200, task("processing", 50)),
        Reply::Silent,
        json(500, json!({})),
    ] {
        let simulation = Simulation::new([json(200, task("processing", 50)), last]);
        let error = simulation
            .run(simulation.client().wait(id(), within(Some(100_000)), |_, _| {}))
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::WaitTimeout);
        assert_eq!(error.task.as_ref().unwrap().progress, Some(50));
        assert!(
            (100_000..=100_050).contains(&simulation.elapsed()),
            "{}",
            simulation.elapsed()
        );
        assert_eq!(simulation.in_flight(), 0);
    }
}

#[test]
fn waits_for_retry_after_between_polls() {
    let slow = with_headers(429, &[("retry-after", "45")], refusal("slow_down"));
    let simulation = Simulation::new([slow, json(200, task("completed", 100))]);
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    let requests = simulation.requests();
    assert!(requests[1].0 >= 45_000, "{}", requests[1].0);
}

#[test]
fn sends_nothing_after_it_is_dropped() {
    let simulation = Simulation::new([json(200, task("processing", 1))]);
    let client = simulation.client();
    assert!(
        simulation
            .run_for(60_000, client.wait(id(), within(WAIT_MS), |_, _| {}))
            .is_none()
    );
    assert_eq!(simulation.in_flight(), 0);
    let silent = Simulation::new([Reply::Silent]);
    let client = silent.client();
    assert!(
        silent
            .run_for(5_000, client.wait(id(), within(WAIT_MS), |_, _| {}))
            .is_none()
    );
    assert_eq!((silent.in_flight(), silent.requests().len()), (0, 1));
}

#[test]
fn single_polls_reach_the_final_status() {
    let simulation = Simulation::new([
        json(200, task("processing", 20)),
        json(200, task("completed", 100)),
    ]);
    let client = simulation.client();
    let first = simulation
        .run(client.poll(TASK_ID, PollOptions::default()))
        .unwrap();
    assert!(first.delay_ms.is_some());

    // The state is restored from JSON, as in another process.
    let second = simulation
        .run(client.poll(restored(&first.state), PollOptions::default()))
        .unwrap();
    assert_eq!((second.delay_ms, second.state.reads), (None, 2));
    assert_eq!(second.task.unwrap().status, Status::Completed);
}

#[test]
fn a_poll_repeats_a_failed_read_after_a_short_sleep_only() {
    let busy = || with_headers(429, &[("retry-after", "5")], refusal("slow_down"));
    for (what, failure, max_retries, max_sleep_ms, requests) in [
        ("a short sleep", Reply::Broken(10), None, 1_000, 2),
        ("the longest sleep", busy(), None, 5_000, 2),
        ("a longer sleep", busy(), None, 4_999, 1),
        ("no retries", Reply::Broken(10), Some(0), 1_000, 1),
    ] {
        let simulation = Simulation::new([failure, json(200, task("processing", 40))]);
        let client = simulation.client_with(Config {
            max_retries,
            ..Config::default()
        });
        let polled = simulation
            .run(client.poll(TASK_ID, PollOptions { max_sleep_ms }))
            .unwrap();
        assert_eq!(simulation.requests().len(), requests, "{what}");
        assert_eq!(polled.error.is_some(), requests == 1, "{what}");
        assert_eq!(polled.task.is_some(), requests == 2, "{what}");
        assert!(polled.delay_ms.is_some(), "{what}");
    }
}

#[test]
fn a_poll_gives_up_after_the_maximum_number_of_retries() {
    let simulation = Simulation::new([Reply::Broken(10)]);
    let client = simulation.client_with(Config {
        max_retries: Some(2),
        ..Config::default()
    });
    let options = PollOptions { max_sleep_ms: 60_000 };
    let polled = simulation.run(client.poll(TASK_ID, options)).unwrap();
    assert_eq!(simulation.requests().len(), 3);
    assert_eq!(polled.error.map(|error| error.kind), Some(ErrorKind::Connection));
}

#[test]
fn a_poll_reads_once_although_the_next_one_is_due_soon() {
    let simulation = Simulation::new([json(200, json!({ "id": "task-1", "status": "processing" }))]);
    let options = PollOptions { max_sleep_ms: 60_000 };
    let polled = simulation
        .run(simulation.client().poll("task-1", options))
        .unwrap();
    assert_eq!(simulation.requests().len(), 1);
    assert!(polled.delay_ms.is_some_and(|delay| delay < 60_000));
}

#[test]
fn a_poll_of_a_task_that_cannot_be_read_is_an_error() {
    let simulation = Simulation::new([json(404, refusal("task_not_found"))]);
    let error = simulation
        .run(simulation.client().poll("task-1", PollOptions::default()))
        .unwrap_err();
    assert_eq!(
        (error.kind, error.task_id.as_deref()),
        (ErrorKind::NotFound, Some("task-1"))
    );

    // The links of a completed task are missing, but the task itself is worth returning.
    let simulation = Simulation::new([json(200, json!({ "id": "task-1", "status": "completed" }))]);
    let client = simulation.client();
    let mut target = Target::Id("task-1".into());
    for _ in 0..5 {
        let polled = simulation
            .run(client.poll(target, PollOptions::default()))
            .unwrap();
        assert!(polled.delay_ms.is_some());
        target = polled.state.into();
    }
    let polled = simulation
        .run(client.poll(target, PollOptions::default()))
        .unwrap();
    assert_eq!(
        (polled.delay_ms, polled.error.unwrap().code.clone()),
        (None, "result_missing".into())
    );
}

#[test]
fn polls_of_many_tasks_use_batches_and_return_every_task_in_order() {
    let simulation = Simulation::new([]);
    simulation.answerer.replace(Some(Box::new(|request| {
        let body: serde_json::Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        let ids = body["task_ids"].as_array().unwrap();
        let task = |id| json!({ "id": id, "status": "processing", "progress": 40 });
        json(200, json!({ "data": ids.iter().map(task).collect::<Vec<_>>() }))
    })));
    let ids: Vec<String> = (0..51).map(|number| format!("task-{number}")).collect();
    let targets = ids.iter().map(|id| Target::Id(id.clone())).collect();
    let polled = simulation
        .run(simulation.client().poll_all(targets, PollOptions::default()))
        .unwrap();
    assert_eq!(simulation.requests().len(), 2);
    let seen: Vec<String> = polled
        .iter()
        .map(|polled| polled.task.as_ref().unwrap().id.clone())
        .collect();
    assert_eq!(seen, ids);
    // From now on, whatever the time of the first read.
    assert!(
        polled
            .iter()
            .all(|polled| polled.delay_ms.is_some_and(|delay| (900..2_000).contains(&delay)))
    );
}

#[test]
fn json_preserves_the_whole_poll_state() {
    let fresh = PollState::new(TASK_ID, 5.0);
    let mut risen = fresh.clone();
    for (progress, now) in [(20, 20_000.0), (40, 40_000.0)] {
        let mut task = Task::read(value(&task("processing", progress))).unwrap();
        risen.observe(&mut task, now, now);
    }
    for state in [fresh, risen] {
        assert_eq!(restored(&state), state);
    }
}

#[test]
fn a_page_that_becomes_visible_polls_immediately() {
    let replies = || {
        [
            json(200, task("processing", 0)),
            json(200, task("completed", 100)),
        ]
    };
    let simulation = Simulation::new(replies());
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert!(simulation.requests()[1].0 > 10_000);

    let simulation = Simulation::new(replies());
    simulation.wake_at([5_000]);
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(simulation.requests()[1].0, 5_000);
}

#[test]
fn frequent_visibility_changes_do_not_exceed_the_maximum_poll_rate() {
    let simulation = Simulation::new([json(200, task("processing", 0))]);
    simulation.wake_at((0..6_000).map(|n| n * 10));
    let _ = simulation.run(simulation.client().wait(id(), within(Some(60_000)), |_, _| {}));
    let times: Vec<u64> = simulation.requests().iter().map(|(at, _)| *at).collect();
    assert!(times.len() > 30, "it does poll immediately: {}", times.len());
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] >= 1_000),
        "{times:?}"
    );
}

#[test]
fn polls_once_more_after_sleeping_past_the_limit() {
    for (last, done) in [("completed", true), ("processing", false)] {
        let simulation = Simulation::new([json(200, task("processing", 50)), json(200, task(last, 100))]);
        simulation.sleep_host(10_000, 8 * 3_600_000 - 10_000);
        let outcome = simulation.run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}));
        assert_eq!(simulation.requests().len(), 2, "{last}");
        match outcome {
            Ok(task) => assert!(done && task.status == Status::Completed),
            Err(error) => assert!(!done && error.kind == ErrorKind::WaitTimeout),
        }
    }
}

#[test]
fn an_error_after_the_submission_may_be_charged() {
    let simulation = Simulation::new([json(200, task("pending", 0)), json(401, refusal("key_disabled"))]);
    let error = simulation
        .run(
            simulation
                .client()
                .generate(&request(), any_key(), within(WAIT_MS), |_, _| {}),
        )
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Authentication);
    assert_eq!(error.charged, Charged::Unknown);
    assert!(error.idempotency_key.is_some() && error.task_id.is_some());
}

#[test]
fn a_failed_task_is_not_charged_and_one_without_links_is() {
    for (reply, code, charged) in [
        (
            json(200, task("failed", 10)),
            "content_policy_violation",
            Charged::No,
        ),
        (
            json(200, json!({ "id": TASK_ID, "status": "completed" })),
            "result_missing",
            Charged::Yes,
        ),
    ] {
        let simulation = Simulation::new([json(200, task("pending", 0)), reply]);
        let error = generate_fails(&simulation, 900_000);
        assert_eq!((error.code.as_str(), error.charged), (code, charged));
        assert!(error.idempotency_key.is_some(), "{code}");
    }
}

#[test]
fn links_expire_24_hours_after_the_last_unfinished_status() {
    let mut unfinished = task("processing", 10);
    unfinished["created"] = json!(1_700_000_000);
    let mut finished = task("completed", 100);
    finished["created"] = json!(1_700_000_000);
    let simulation = Simulation::new([
        json(200, unfinished.clone()),
        json(200, unfinished),
        json(200, finished),
    ]);
    let done = simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    let read_at = i64::try_from(simulation.requests()[1].0).unwrap();
    assert!(read_at > 5_000);
    assert_eq!(done.expires_at, Some(1_700_000_000_000 + read_at + 86_400_000));
}

fn generate_fails(simulation: &Rc<Simulation>, wait_ms: u32) -> Error {
    let client = simulation.client();
    let outcome = simulation.run(client.generate(&request(), any_key(), within(Some(wait_ms)), |_, _| {}));
    outcome.unwrap_err()
}

#[test]
fn the_limit_of_generate_covers_the_submission() {
    let slow = with_headers(429, &[("retry-after", "20")], refusal("slow_down"));
    let simulation = Simulation::new([
        slow,
        json(200, task("pending", 0)),
        json(200, task("processing", 1)),
    ]);
    let error = generate_fails(&simulation, 60_000);
    assert_eq!(error.kind, ErrorKind::WaitTimeout);
    assert!(
        (60_000..=60_100).contains(&simulation.elapsed()),
        "{}",
        simulation.elapsed()
    );

    // No attempt starts that would time out immediately.
    let slow = with_headers(429, &[("retry-after", "20")], refusal("slow_down"));
    let simulation = Simulation::new([slow]);
    let error = generate_fails(&simulation, 15_000);
    assert_eq!((error.kind, error.charged), (ErrorKind::RateLimit, Charged::No));
    assert_eq!(simulation.requests().len(), 1);

    // An attempt that timed out may have been charged.
    let simulation = Simulation::new([Reply::Silent]);
    let error = generate_fails(&simulation, 15_000);
    assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
    assert_eq!((simulation.elapsed(), simulation.in_flight()), (15_000, 0));
}

#[test]
fn accepts_ids_of_a_proxy() {
    let with_other_id = |status| {
        let mut task = task(status, 10);
        task["id"] = json!("task-other-id");
        json(200, task)
    };
    let simulation = Simulation::new([
        with_other_id("processing"),
        with_other_id("processing"),
        with_other_id("completed"),
    ]);
    simulation
        .run(simulation.client().wait(id(), within(WAIT_MS), |_, _| {}))
        .unwrap();
    let times: Vec<u64> = simulation.requests().iter().map(|(at, _)| *at).collect();
    assert_eq!(times.len(), 3);
    assert!(
        times.windows(2).all(|pair| pair[1] - pair[0] > 1_000),
        "{times:?}"
    );
}

#[test]
fn a_stored_state_does_not_extend_the_expiry_of_links() {
    let mut kept = task("processing", 10);
    kept["created"] = json!(1_700_000_000 - 36_000);
    let mut done = task("completed", 100);
    done["created"] = json!(1_700_000_000 - 36_000);
    let simulation = Simulation::new([json(200, done)]);
    let kept = Target::Task(Box::new(Task::read(value(&kept)).unwrap()));
    let done = simulation
        .run(simulation.client().wait(kept, within(WAIT_MS), |_, _| {}))
        .unwrap();
    assert_eq!(done.expires_at, Some((1_700_000_000 - 36_000 + 86_400) * 1000));
}

#[cfg(all(feature = "npm-rules", feature = "serde"))]
#[test]
fn serde_and_the_npm_package_serialize_the_same_poll_state() {
    let mut state = PollState::new(TASK_ID, 5.0);
    for unfinished in [false, true] {
        if unfinished {
            let mut task = Task::read(value(&task("processing", 20))).unwrap();
            state.observe(&mut task, 20_000.0, 20_000.0);
        }
        let written = serde_json::to_value(&state).unwrap();
        let npm = evolink_video::domain::json::to_json(&state);
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(&npm).unwrap());
        assert_eq!(serde_json::from_value::<PollState>(written).unwrap(), state);
    }
}
