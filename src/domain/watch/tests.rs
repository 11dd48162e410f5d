use super::*;
use crate::domain::{Charged, Value};

/// What a watch does at one moment, up to a pause or its end.
struct Step {
    reads: Vec<Read>,
    updates: Vec<String>,
    scheduled: usize,
    /// The pause; `None` at the end.
    sleep_ms: Option<u32>,
}

impl Step {
    fn ids(&self) -> Vec<Vec<&str>> {
        let ids = self.reads.iter().map(|read| &read.task_ids);
        ids.map(|ids| ids.iter().map(String::as_str).collect()).collect()
    }
}

fn step(watch: &mut Watch, now: f64) -> Step {
    let mut step = Step {
        reads: Vec::new(),
        updates: Vec::new(),
        scheduled: 0,
        sleep_ms: None,
    };
    loop {
        match watch.next_action(now) {
            Action::Read(read) => step.reads.push(read),
            Action::Update { task, .. } => step.updates.push(format!("{} {}", task.id, task.status.as_str())),
            Action::Scheduled { .. } => step.scheduled += 1,
            Action::Sleep(ms) => {
                step.sleep_ms = Some(ms);
                return step;
            }
            Action::Finish => return step,
        }
    }
}

fn task(id: &str, status: &str) -> Task {
    task_with_estimate(id, status, Some(165))
}

fn task_with_estimate(id: &str, status: &str, seconds: Option<u32>) -> Task {
    let links = Value::texts(&["https://example.com/video.mp4"]);
    let info = Value::object([("estimated_time", seconds.map(Value::from))]);
    let raw = Value::object([
        ("id", Some(id.into())),
        ("status", Some(status.into())),
        ("results", (status == "completed").then_some(links)),
        ("task_info", Some(info)),
    ]);
    Task::read(raw).unwrap()
}

/// A task that is called completed and has no link.
fn task_without_link(id: &str) -> Task {
    let mut task = task(id, "completed");
    task.results.clear();
    task
}

/// What the API itself says, unless the code is that of a page.
fn failure(kind: ErrorKind, code: &str) -> Error {
    let mut error = Error::new(kind, code, "It failed.");
    error.is_of_api = !code.starts_with("http_") && code != "api_key_failed";
    error
}

fn busy(retry_after_ms: u32) -> Error {
    let mut error = failure(ErrorKind::RateLimit, "slow_down");
    error.retry_after_ms = Some(retry_after_ms);
    error
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("task-{number}")).collect()
}

/// Answers a read, and all tasks in it have this status.
fn answer(watch: &mut Watch, read: Read, status: &str, now: f64) {
    let tasks = read.task_ids.iter().map(|id| task(id, status)).collect();
    watch.handle_read(read, Ok(tasks), now, 0.5);
}

/// Fails a read.
fn fail(watch: &mut Watch, read: Read, error: Error, now: f64) {
    watch.handle_read(read, Err(error), now, 0.5);
}

/// Lets the pause of a step pass.
fn sleep(watch: &mut Watch, step: &Step, now: &mut f64) {
    *now += f64::from(step.sleep_ms.expect("it goes on"));
    watch.handle_sleep_end(*now);
}

#[test]
fn polls_an_id_immediately_and_a_known_task_when_it_is_due() {
    let mut watch = Watch::one("task-0", None, 0.0);
    assert_eq!(step(&mut watch, 0.0).ids(), [["task-0"]]);

    let mut watch = Watch::one("task-0", None, 0.0);
    watch.handle_known(0, task("task-0", "pending"), false, 0.0, 0.5);
    let first = step(&mut watch, 0.0);
    assert!(first.reads.is_empty() && first.updates.is_empty());
    assert!(first.sleep_ms.unwrap() > 2_000);
}

#[test]
fn the_first_pause_after_a_known_task_depends_on_its_estimate() {
    for (estimate_s, pause_ms) in [(Some(20), 3_640), (Some(165), 30_000), (None, 1_000)] {
        let mut watch = Watch::one("task-0", None, 0.0);
        let known = task_with_estimate("task-0", "processing", estimate_s);
        watch.handle_known(0, known, false, 0.0, 0.5);
        assert_eq!(step(&mut watch, 0.0).sleep_ms, Some(pause_ms), "{estimate_s:?}");
    }
}

#[test]
fn sees_the_end_of_a_task_without_an_estimate_soon() {
    // As after a replayed submission, or in another process: nothing but the id is known.
    for (ends_at, at_most_ms) in [(3_000.0, 2_000.0), (30_000.0, 7_000.0), (300_000.0, 6_000.0)] {
        let mut watch = Watch::one("task-0", None, 0.0);
        let mut now = 0.0;
        loop {
            let mut step = step(&mut watch, now);
            if let Some(read) = step.reads.pop() {
                let status = if now < ends_at { "processing" } else { "completed" };
                let answer = task_with_estimate("task-0", status, None);
                watch.handle_read(read, Ok(vec![answer]), now, 0.5);
            } else if step.sleep_ms.is_some() {
                sleep(&mut watch, &step, &mut now);
            } else {
                break;
            }
        }
        assert!(now - ends_at <= at_most_ms, "{ends_at}: seen at {now}");
        assert!(watch.into_task().is_ok());
    }
}

#[test]
fn reports_a_known_task_if_it_changed_or_is_final() {
    for (status, is_news, reported) in [
        ("pending", false, false),
        ("pending", true, true),
        ("completed", false, true),
        ("failed", true, true),
    ] {
        let mut watch = Watch::one("task-0", None, 0.0);
        watch.handle_known(0, task("task-0", status), is_news, 0.0, 0.5);
        let is_reported = !step(&mut watch, 0.0).updates.is_empty();
        assert_eq!(is_reported, reported, "{status} {is_news}");
    }
}

#[test]
fn updates_report_changes_only() {
    let mut watch = Watch::one("task-0", None, 0.0);
    let mut now = 0.0;
    let mut updates = Vec::new();
    for status in ["pending", "pending", "processing", "processing", "completed"] {
        let mut read = step(&mut watch, now);
        answer(&mut watch, read.reads.remove(0), status, now);
        let after = step(&mut watch, now);
        updates.extend(after.updates.clone());
        if after.sleep_ms.is_some() {
            sleep(&mut watch, &after, &mut now);
        }
    }
    assert_eq!(
        updates,
        ["task-0 pending", "task-0 processing", "task-0 completed"]
    );
    assert_eq!(watch.into_task().unwrap().status, Status::Completed);
}

#[test]
fn batches_are_full_and_at_most_six_reads_are_in_flight() {
    for (count, is_batched, sizes) in [
        (0, true, &[][..]),
        (1, true, &[1]),
        (50, true, &[50]),
        (120, true, &[50, 50, 20]),
        (400, true, &[50; 6]),
        (20, false, &[1; 6]),
    ] {
        let mut watch = Watch::new(&ids(count), is_batched, None, 0.0);
        let first = step(&mut watch, 0.0);
        let seen: Vec<usize> = first.reads.iter().map(|read| read.task_ids.len()).collect();
        assert_eq!(seen, sizes, "{count}");
        assert_eq!(first.sleep_ms.is_none(), count == 0);
    }
}

#[test]
fn a_finished_read_starts_that_of_the_longest_waiting_task() {
    let mut watch = Watch::new(&ids(8), false, None, 0.0);
    let mut first = step(&mut watch, 0.0);
    assert_eq!(first.sleep_ms, Some(u32::MAX), "nothing but a read ends it");
    answer(&mut watch, first.reads.remove(0), "processing", 40_000.0);
    assert_eq!(step(&mut watch, 40_000.0).ids(), [["task-6"]]);
}

#[test]
fn batches_include_tasks_that_are_almost_due() {
    for (second_at, together) in [(0.0, true), (300.0, true), (60_000.0, false)] {
        let mut watch = Watch::many(&ids(2), None, 0.0);
        watch.handle_known(0, task("task-0", "processing"), false, 0.0, 0.5);
        watch.handle_known(1, task("task-1", "processing"), false, second_at, 0.5);
        let mut now = second_at;
        let second = loop {
            let step = step(&mut watch, now);
            if !step.reads.is_empty() {
                break step;
            }
            sleep(&mut watch, &step, &mut now);
        };
        assert_eq!(second.reads[0].task_ids.len() == 2, together, "{second_at}");
    }
}

#[test]
fn a_task_joins_a_batch_a_second_and_a_fifth_of_its_delay_early() {
    let mut task = WatchedTask::new(PollState::new("task-0", 0.0));
    task.turn = Turn::Due {
        at_ms: 30_000.0,
        earliest_ms: 10_000.0,
    };
    assert!(!task.may_come_along(24_999.0));
    assert!(task.may_come_along(25_000.0));
    task.is_read_alone = true;
    assert!(!task.may_come_along(25_000.0));
    // Not before the earliest time, as after `Retry-After`.
    task.is_read_alone = false;
    task.turn = Turn::Due {
        at_ms: 10_000.0,
        earliest_ms: 9_900.0,
    };
    assert!(!task.may_come_along(9_899.0));
    assert!(task.may_come_along(9_900.0));
}

#[test]
fn a_task_that_was_created_meanwhile_is_watched_once() {
    let mut watch = Watch::many(&ids(1), None, 0.0);
    let read = step(&mut watch, 0.0).reads.remove(0);
    answer(&mut watch, read, "completed", 0.0);
    watch.handle_created(task("task-0", "completed"), 0.0, 0.5);
    watch.handle_created(task("task-1", "completed"), 0.0, 0.5);
    let tasks = watch.into_tasks().unwrap();
    let ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
    assert_eq!(ids, ["task-0", "task-1"]);
}

#[test]
fn a_poll_has_the_rest_of_the_delay() {
    let mut watch = Watch::polled(vec![(PollState::new("task-0", 0.0), None)], 0.0);
    let read = step(&mut watch, 0.0).reads.remove(0);
    answer(&mut watch, read, "processing", 40_000.0);
    let polled = watch.into_polled(41_000.0).remove(0);
    assert_eq!(
        polled.delay_ms,
        Some(polled.state.delay_ms(40_000.0, 0.5) - 1_000)
    );
}

#[test]
fn reads_tasks_singly_without_batch_support() {
    let status_501 = {
        let mut error = failure(ErrorKind::Server, "not_implemented");
        error.status = Some(501);
        error
    };
    for error in [
        failure(ErrorKind::NotFound, "http_404"),
        failure(ErrorKind::PermissionDenied, "http_403"),
        failure(ErrorKind::BadRequest, "http_405"),
        status_501,
    ] {
        let mut watch = Watch::many(&ids(3), None, 0.0);
        let mut first = step(&mut watch, 0.0);
        let code = error.code.clone();
        fail(&mut watch, first.reads.remove(0), error, 0.0);
        let second = step(&mut watch, 0.0);
        assert_eq!(second.ids(), [["task-0"], ["task-1"], ["task-2"]], "{code}");
        assert!(second.reads.iter().all(|read| read.is_single));
    }
}

#[test]
fn reads_a_task_singly_if_a_batch_omits_it_or_its_links() {
    for answers in [
        vec![task("task-0", "processing")],
        vec![task("task-0", "processing"), task_without_link("task-1")],
        vec![task("task-0", "processing"), task("task-of-others", "failed")],
    ] {
        let mut watch = Watch::many(&ids(2), None, 0.0);
        let read = step(&mut watch, 0.0).reads.remove(0);
        watch.handle_read(read, Ok(answers), 0.0, 0.5);
        let mut second = step(&mut watch, 0.0);
        assert_eq!(second.ids(), [["task-1"]]);
        assert!(second.reads[0].is_single);
        // A single read brings its task, whatever id a server in between gives it.
        watch.handle_read(
            second.reads.remove(0),
            Ok(vec![task("task-x", "failed")]),
            0.0,
            0.5,
        );
        assert_eq!(step(&mut watch, 0.0).updates, ["task-x failed"]);
    }
}

#[test]
fn alternates_between_batch_and_single_reads_after_failures() {
    let mut watch = Watch::many(&ids(2), None, 0.0);
    let mut now = 0.0;
    let mut singles = Vec::new();
    for _ in 0..4 {
        let mut reads = loop {
            let step = step(&mut watch, now);
            if !step.reads.is_empty() {
                break step.reads;
            }
            sleep(&mut watch, &step, &mut now);
        };
        singles.push(reads[0].is_single);
        for read in reads.drain(..) {
            fail(&mut watch, read, failure(ErrorKind::Connection, "broken"), now);
        }
    }
    assert_eq!(singles, [false, false, true, false]);
}

#[test]
fn retry_after_pauses_all_tasks_even_if_the_host_wakes_up() {
    let mut watch = Watch::new(&ids(8), false, None, 0.0);
    let mut first = step(&mut watch, 0.0);
    fail(&mut watch, first.reads.remove(0), busy(30_000), 100.0);
    answer(&mut watch, first.reads.remove(0), "processing", 200.0);
    watch.handle_wake(2_000.0);
    let quiet = step(&mut watch, 2_000.0);
    assert!(quiet.reads.is_empty());
    assert_eq!(quiet.sleep_ms, Some(28_100));
    assert!(!step(&mut watch, 30_100.0).reads.is_empty());
}

#[test]
fn a_rejected_key_ends_all_tasks_without_a_pending_final_read() {
    let mut watch = Watch::new(&ids(8), false, None, 0.0);
    let mut first = step(&mut watch, 0.0);
    let refused = |code| failure(ErrorKind::Authentication, code);
    fail(&mut watch, first.reads.remove(1), refused("key_disabled"), 0.0);
    assert!(step(&mut watch, 0.0).reads.is_empty());
    answer(&mut watch, first.reads.remove(0), "completed", 0.0);
    for read in first.reads {
        fail(&mut watch, read, refused("a_later_refusal"), 0.0);
    }
    assert_eq!(step(&mut watch, 0.0).sleep_ms, None);
    assert_eq!(watch.settled_ids(0.0), ["task-0"]);
    let error = watch.into_tasks().unwrap_err();
    assert_eq!(error.code, "key_disabled");
    assert_eq!(error.task_id.as_deref(), Some("task-1"));
    assert!(error.message.starts_with("7 of 8 tasks"), "{}", error.message);
}

#[test]
fn transient_failures_do_not_end_a_watch() {
    for error in [
        failure(ErrorKind::Authentication, "api_key_failed"),
        failure(ErrorKind::Connection, "connection_failed"),
        failure(ErrorKind::Server, "invalid_answer"),
        failure(ErrorKind::BadRequest, "http_400"),
        // The pages of a proxy.
        failure(ErrorKind::PermissionDenied, "http_403"),
        failure(ErrorKind::NotFound, "http_404"),
        busy(1_000),
    ] {
        let mut watch = Watch::one("task-0", None, 0.0);
        let read = step(&mut watch, 0.0).reads.remove(0);
        let code = error.code.clone();
        fail(&mut watch, read, error, 0.0);
        let second = step(&mut watch, 0.0);
        assert!(second.sleep_ms.is_some_and(|ms| ms >= 250), "{code}");
    }
}

#[test]
fn the_fifth_answer_that_the_read_is_invalid_ends_a_task() {
    let invalid = |status, code| {
        let mut error = failure(ErrorKind::BadRequest, code);
        error.status = Some(status);
        error
    };
    for (status, code, reads) in [
        (400, "invalid_request", 5),
        (422, "invalid_request", 5),
        (424, "upstream_failed", 20),
        // An HTML page of a server in between.
        (400, "http_400", 20),
    ] {
        let mut watch = Watch::one("task-0", None, 0.0);
        let mut now = 0.0;
        let mut count = 0;
        loop {
            let mut step = step(&mut watch, now);
            let Some(read) = step.reads.pop() else {
                if step.sleep_ms.is_none() || count == 20 {
                    break;
                }
                sleep(&mut watch, &step, &mut now);
                continue;
            };
            count += 1;
            fail(&mut watch, read, invalid(status, code), now);
        }
        assert_eq!(count, reads, "{status} {code}");
    }
    let mut watch = Watch::one("task-0", None, 0.0);
    let mut now = 0.0;
    for count in 1..20 {
        let mut step = loop {
            let step = step(&mut watch, now);
            if !step.reads.is_empty() {
                break step;
            }
            sleep(&mut watch, &step, &mut now);
        };
        let read = step.reads.remove(0);
        match count % 5 {
            0 => answer(&mut watch, read, "processing", now),
            _ => fail(&mut watch, read, invalid(400, "invalid_request"), now),
        }
    }
}

#[test]
fn a_task_that_cannot_be_read_stops_alone_and_an_old_one_that_the_api_does_not_know_is_settled() {
    const DAY_MS: f64 = 86_400_000.0;
    for (kind, code, is_settled) in [
        (ErrorKind::NotFound, "task_not_found", true),
        (ErrorKind::PermissionDenied, "key_model_not_allowed", false),
    ] {
        let mut watch = Watch::new(&ids(2), false, None, 0.0);
        let mut first = step(&mut watch, 0.0);
        fail(&mut watch, first.reads.remove(0), failure(kind, code), 0.0);
        answer(&mut watch, first.reads.remove(0), "processing", 0.0);
        assert!(step(&mut watch, 0.0).sleep_ms.is_some(), "the other goes on");
        assert!(
            watch.settled_ids(DAY_MS).is_empty(),
            "another account may have it"
        );
        assert_eq!(!watch.settled_ids(DAY_MS + 1.0).is_empty(), is_settled, "{code}");
    }
}

#[test]
fn the_timeout_error_has_the_last_seen_task() {
    let mut watch = Watch::one("task-0", Some(10_000), 0.0);
    let read = step(&mut watch, 0.0).reads.remove(0);
    assert_eq!(read.limit_ms, Some(10_000));
    answer(&mut watch, read, "processing", 50.0);
    let pause = step(&mut watch, 50.0);
    assert_eq!(pause.sleep_ms, Some(9_950), "no longer than the deadline");
    assert_eq!(step(&mut watch, 9_999.0).sleep_ms, Some(1));
    assert_eq!(
        step(&mut watch, 9_999.5).sleep_ms,
        None,
        "timers count milliseconds"
    );
    let error = watch.into_task().unwrap_err();
    assert_eq!(error.kind, ErrorKind::WaitTimeout);
    assert_eq!(error.task.as_ref().unwrap().status, Status::Processing);
}

#[test]
fn a_timeout_has_the_last_failure_and_the_charge_of_a_completed_task() {
    for (status, charged) in [("processing", Charged::Unknown), ("completed", Charged::Yes)] {
        let mut watch = Watch::one("task-0", Some(500), 0.0);
        let mut known = task("task-0", status);
        known.results.clear();
        watch.handle_known(0, known, false, 0.0, 0.5);
        assert_eq!(step(&mut watch, 0.0).sleep_ms, Some(250));
        let read = step(&mut watch, 250.0).reads.remove(0);
        fail(&mut watch, read, failure(ErrorKind::Server, "oops"), 250.0);
        assert_eq!(step(&mut watch, 500.0).sleep_ms, None);
        let error = watch.into_task().unwrap_err();
        assert_eq!(error.kind, ErrorKind::WaitTimeout);
        assert_eq!(error.charged, charged);
        assert!(error.message.contains(status), "{}", error.message);
        assert!(error.message.ends_with("It failed."), "{}", error.message);
    }
}

#[test]
fn a_watch_that_is_shorter_than_the_first_delay_reads_once() {
    for (timeout_ms, known_at, read_at) in [
        (4_000, 0.0, 2_000.0),
        (20_000, 0.0, 15_000.0),
        (29_000, 0.0, 24_000.0),
        (20_000, 1_000.0, 15_000.0),
    ] {
        let mut watch = Watch::one("task-0", Some(timeout_ms), 0.0);
        watch.handle_known(0, task("task-0", "pending"), true, known_at, 0.5);
        let mut now = known_at;
        let pause = step(&mut watch, now);
        sleep(&mut watch, &pause, &mut now);
        assert_eq!(now, read_at);
        let read = step(&mut watch, now).reads.remove(0);
        answer(&mut watch, read, "processing", now);
        let pause = step(&mut watch, now);
        sleep(&mut watch, &pause, &mut now);
        assert_eq!(now, f64::from(timeout_ms), "no second read");
        assert_eq!(step(&mut watch, now).sleep_ms, None);
    }
}

#[test]
fn a_completed_task_without_links_is_read_five_more_times() {
    let mut watch = Watch::one("task-0", None, 0.0);
    let mut now = 0.0;
    let mut reads = 0;
    let mut updates = Vec::new();
    loop {
        let mut next = step(&mut watch, now);
        updates.append(&mut next.updates);
        if let Some(read) = next.reads.pop() {
            reads += 1;
            watch.handle_read(read, Ok(vec![task_without_link("task-0")]), now, 0.5);
        } else if next.sleep_ms.is_some() {
            sleep(&mut watch, &next, &mut now);
        } else {
            break;
        }
    }
    assert_eq!((reads, updates.len()), (6, 0));
    assert!(now <= 35_000.0, "{now}");
    assert!(watch.settled_ids(0.0).is_empty(), "the links may still come");
    let error = watch.into_task().unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.charged),
        ("result_missing", Charged::Yes)
    );
    assert_eq!(error.task.as_ref().unwrap().status, Status::Completed);
}

#[test]
fn a_new_task_that_is_not_found_is_read_again_for_half_a_minute() {
    let gone = || failure(ErrorKind::NotFound, "task_not_found");
    let ends_after = |watch: &mut Watch, start: f64| {
        let mut now = start;
        loop {
            let mut next = step(watch, now);
            if let Some(read) = next.reads.pop() {
                fail(watch, read, gone(), now);
            } else if next.sleep_ms.is_some() {
                sleep(watch, &next, &mut now);
            } else {
                return now - start;
            }
        }
    };
    let start = 1_700_000_000_000.0;
    for (age_s, grants) in [
        (-600_i64, true),
        (0, true),
        (20, true),
        (31, false),
        (86_400, false),
        (-90_000, false),
    ] {
        let id = format!("task-unified-{}-abcd1234", 1_700_000_000 - age_s);
        let took = ends_after(&mut Watch::one(&id, None, start), start);
        assert_eq!(took > 0.0, grants, "{age_s}: {took}");
        assert!(took <= 40_000.0, "{age_s}: {took}");
    }
    // Just submitted, whatever its id.
    let mut watch = Watch::one("task-0", None, start);
    watch.handle_known(
        0,
        task_with_estimate("task-0", "pending", Some(5)),
        true,
        start,
        0.5,
    );
    assert!(ends_after(&mut watch, start) >= 30_000.0);
    assert_eq!(ends_after(&mut Watch::one("task-0", None, start), start), 0.0);
}

#[test]
fn a_failed_read_is_repeated_soon_and_then_as_the_schedule_says() {
    for (error, pauses) in [
        (
            failure(ErrorKind::Connection, "connection_failed"),
            [250, 500, 1_000, 2_000],
        ),
        (
            failure(ErrorKind::RateLimit, "slow_down"),
            [3_000, 6_000, 6_000, 6_000],
        ),
    ] {
        let mut watch = Watch::one("task-0", None, 0.0);
        watch.handle_known(0, task("task-0", "processing"), false, 0.0, 0.5);
        let mut now = 0.0;
        let mut seen = Vec::new();
        for _ in 0..7 {
            let pause = step(&mut watch, now);
            seen.push(pause.sleep_ms.unwrap());
            sleep(&mut watch, &pause, &mut now);
            let read = step(&mut watch, now).reads.remove(0);
            fail(&mut watch, read, error.clone(), now);
        }
        assert_eq!(seen[1..5], pauses);
        assert!(seen[5] > 3_000 && seen[6] > 3_000, "{seen:?}");
    }
}

#[test]
fn a_host_that_slept_through_the_deadline_reads_each_task_once_more() {
    for (late_ms, status, reads) in [
        (5_000.0, "completed", 0),
        (5_001.0, "completed", 1),
        (6_000.0, "processing", 1),
    ] {
        let mut watch = Watch::one("task-0", Some(10_000), 0.0);
        watch.handle_known(0, task("task-0", "processing"), false, 0.0, 0.5);
        let now = 10_000.0 + late_ms;
        let mut last = step(&mut watch, now);
        assert_eq!(last.reads.len(), reads, "{late_ms} {status}");
        if reads == 1 {
            assert_eq!(last.reads[0].limit_ms, Some(LAST_READ_MS));
            answer(&mut watch, last.reads.remove(0), status, now);
            assert_eq!(step(&mut watch, now + 20_000.0).sleep_ms, None);
        }
        assert_eq!(watch.into_task().is_ok(), reads == 1 && status == "completed");
    }
}

#[test]
fn a_wake_up_polls_no_sooner_than_the_shortest_delay() {
    for (woken_at, next_at) in [(200.0, 1_000.0), (5_000.0, 5_000.0)] {
        let mut watch = Watch::one("task-0", None, 0.0);
        let read = step(&mut watch, 0.0).reads.remove(0);
        answer(&mut watch, read, "processing", 0.0);
        assert!(step(&mut watch, 0.0).sleep_ms.unwrap() > 10_000);
        watch.handle_wake(woken_at);
        let woken = step(&mut watch, woken_at);
        let wait_ms = if woken.reads.is_empty() {
            woken.sleep_ms.unwrap()
        } else {
            0
        };
        assert_eq!(woken_at + f64::from(wait_ms), next_at);
    }
}

#[test]
fn a_clock_set_back_does_not_extend_a_sleep() {
    let mut watch = Watch::one("task-0", Some(5_000), 1_000_000.0);
    let read = step(&mut watch, 1_000_000.0).reads.remove(0);
    answer(&mut watch, read, "processing", 1_000_000.0);
    assert_eq!(step(&mut watch, 1_000_000.0).sleep_ms, Some(5_000));
    watch.handle_sleep_end(500_000.0);
    assert_eq!(step(&mut watch, 500_000.0).sleep_ms, None);
}

#[test]
fn a_stopped_clock_causes_no_busy_loop() {
    let mut watch = Watch::one("task-0", None, 0.0);
    watch.handle_known(0, task("task-0", "processing"), false, 0.0, 0.5);
    // Just before it is due.
    let pause = step(&mut watch, 0.0).sleep_ms.unwrap();
    let almost = f64::from(pause) - 0.5;
    assert_eq!(step(&mut watch, almost).sleep_ms, Some(1));
}
