use crate::common::{any_key, value, with_key};
use crate::script::*;
use evolink_video::client::{Method, Request, SubmitOptions};
use evolink_video::domain::{Charged, Config, Error, ErrorKind, IssueCode, Value, VideoRequest};
use serde_json::json;
use std::collections::BTreeSet;

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    headers
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn fails(script: impl IntoIterator<Item = Reply>) -> (Error, usize) {
    let simulation = Simulation::new(script);
    let error = simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap_err();
    (error, simulation.requests().len())
}

#[test]
fn sends_a_request_once_as_in_the_reference() {
    let simulation = Simulation::new([with_headers(
        200,
        &[("x-request-id", "req-1")],
        task("pending", 0),
    )]);
    let submission = simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap();
    assert_eq!(submission.task.id, TASK_ID);
    assert_eq!(submission.request_id.as_deref(), Some("req-1"));
    assert!(!submission.replayed);

    let requests = simulation.requests();
    assert_eq!(requests.len(), 1);
    let sent = &requests[0].1;
    assert_eq!(sent.method, Method::Post);
    assert_eq!(sent.url, "https://api.evolink.ai/v1/videos/generations");
    assert_eq!(
        sent.body.as_deref(),
        Some(r#"{"model":"seedance-2.0","prompt":"A cat walks"}"#)
    );
    assert_eq!(header(sent, "Content-Type"), Some("application/json"));
    assert_eq!(
        header(sent, "Idempotency-Key"),
        Some(submission.idempotency_key.as_str())
    );
    assert_eq!(header(sent, "Authorization"), None, "the key is the transport's");
}

#[test]
fn does_not_send_an_invalid_request() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let bad = value(&json!({ "model": "seedance-2.0", "prompt": "", "duration": 99 }));
    let error = simulation
        .run(simulation.client().submit_within(&bad, any_key(), None))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Validation);
    assert_eq!(error.charged, Charged::No);
    assert_eq!(error.issues.as_ref().unwrap().len(), 2);
    assert_eq!(simulation.requests().len(), 0);
}

#[test]
fn every_attempt_has_the_same_key_and_body() {
    let replay = with_headers(200, &[("idempotency-replayed", "true")], task("pending", 0));
    let simulation = Simulation::new([Reply::Broken(10), json(429, refusal("slow_down")), replay]);
    let submission = simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap();
    assert!(submission.replayed);
    let requests = simulation.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|(_, sent)| *sent == requests[0].1));
}

#[test]
fn each_call_has_its_own_valid_key() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = simulation.client();
    let keys: Vec<String> = (0..2)
        .map(|_| {
            simulation
                .run(client.submit(&request(), any_key()))
                .unwrap()
                .idempotency_key
        })
        .collect();
    assert_ne!(keys[0], keys[1]);
    for key in keys {
        assert!((16..=96).contains(&key.len()), "{key}");
        assert!(
            key.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)),
            "{key}"
        );
    }
}

#[test]
fn uses_the_callers_key_and_rejects_an_invalid_one() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = simulation.client();
    let key = "order-4711-video-1".to_owned();
    let submission = simulation
        .run(client.submit(&request(), with_key(key.clone())))
        .unwrap();
    assert_eq!(submission.idempotency_key, key);
    let error = simulation
        .run(client.submit(&request(), with_key("short")))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert_eq!(simulation.requests().len(), 1);
}

#[test]
fn a_rejected_call_is_not_charged_and_not_retried() {
    for (status, code, kind) in [
        (400, "invalid_parameters", ErrorKind::BadRequest),
        (401, "invalid_api_key", ErrorKind::Authentication),
        (402, "anything", ErrorKind::InsufficientCredits),
        (403, "key_model_not_allowed", ErrorKind::PermissionDenied),
        (403, "insufficient_user_quota", ErrorKind::InsufficientCredits),
        (404, "model_unavailable", ErrorKind::NotFound),
        (409, "idempotency_conflict", ErrorKind::BadRequest),
        (413, "request_too_large", ErrorKind::BadRequest),
        (302, "moved", ErrorKind::BadRequest),
    ] {
        let (error, attempts) = fails([json(status, refusal(code))]);
        assert_eq!((error.kind, error.status), (kind, Some(status)), "{code}");
        assert_eq!(error.code, code);
        assert_eq!(error.charged, Charged::No, "{code}");
        assert_eq!(attempts, 1, "{code}");
        assert!(error.idempotency_key.is_some(), "{code}");
    }
}

#[test]
fn an_unknown_outcome_is_an_error_with_the_key() {
    let unknown = [
        ("no answer", Reply::Broken(10), 3),
        ("silence", Reply::Silent, 3),
        ("broke off", cut_off(200), 3),
        ("not JSON", text(200, "<html>"), 1),
        ("no id", json(200, json!({ "status": "pending" })), 1),
        ("a failure", json(500, refusal("oops")), 1),
        ("a gateway's failure", text(502, "<html>Bad Gateway"), 3),
        ("a gateway's timeout", json(504, json!({})), 3),
        ("a failure of Cloudflare", text(524, "<!DOCTYPE html>"), 3),
        ("an overload", json(503, refusal("service_unavailable")), 3),
        ("still deciding", json(409, refusal("paid_outcome_unknown")), 3),
        (
            "another conflict",
            json(409, json!({ "error": { "message": "In progress" } })),
            3,
        ),
        (
            "a page that forbids",
            text(403, " <!DOCTYPE html><title>Just a moment...</title>"),
            1,
        ),
        ("a page that finds nothing", text(404, "<html>"), 1),
    ];
    for (what, reply, attempts) in unknown {
        let (error, made) = fails([reply]);
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown, "{what}");
        assert_eq!(error.charged, Charged::Unknown, "{what}");
        assert!(error.idempotency_key.is_some(), "{what}");
        assert!(error.message.contains("idempotency"), "{what}: {}", error.message);
        assert_eq!(made, attempts, "{what}");
    }
}

#[test]
fn a_conflict_after_an_attempt_without_an_answer_may_be_charged() {
    let (error, made) = fails([Reply::Broken(10), json(409, refusal("idempotency_conflict"))]);
    assert_eq!((error.kind, made), (ErrorKind::OutcomeUnknown, 2));
    assert_eq!(error.charged, Charged::Unknown);
    assert!(
        !error.message.contains("another `idempotencyKey`"),
        "{}",
        error.message
    );
}

#[test]
fn another_refusal_after_an_attempt_without_an_answer_is_told() {
    let (error, made) = fails([Reply::Broken(10), json(402, refusal("insufficient_credits"))]);
    assert_eq!((error.kind, made), (ErrorKind::OutcomeUnknown, 2));
    assert!(error.message.contains("No."), "{}", error.message);
}

#[test]
fn a_conflict_of_the_key_is_final_and_asks_for_another_key() {
    for script in [
        vec![json(409, refusal("idempotency_conflict"))],
        vec![json(409, refusal("IDEMPOTENCY_CONFLICT"))],
    ] {
        let attempts = script.len();
        let (error, made) = fails(script);
        assert_eq!((error.kind, made), (ErrorKind::BadRequest, attempts));
        assert_eq!((error.charged, error.retryable), (Charged::No, false));
        assert!(
            error.message.contains("another `idempotencyKey`"),
            "{}",
            error.message
        );
        assert!(
            !error.message.contains("the same `idempotencyKey`"),
            "{}",
            error.message
        );
    }
}

#[test]
fn a_submission_that_is_still_being_decided_is_asked_again_with_the_same_key() {
    for undecided in [
        json(409, refusal("paid_outcome_unknown")),
        json(409, json!({})),
        text(502, "<html>"),
        json(520, json!({})),
    ] {
        let simulation = Simulation::new([undecided.clone(), undecided, json(200, task("pending", 0))]);
        simulation
            .run(simulation.client().submit(&request(), any_key()))
            .unwrap();
        let requests = simulation.requests();
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|(_, sent)| *sent == requests[0].1));
    }
}

#[test]
fn pauses_two_seconds_or_more_after_429_without_retry_after() {
    let simulation = Simulation::new([
        json(429, refusal("slow_down")),
        json(429, refusal("slow_down")),
        json(200, task("pending", 0)),
    ]);
    simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap();
    let times: Vec<u64> = simulation.requests().iter().map(|(at, _)| *at).collect();
    assert!((2_000..4_100).contains(&(times[1] - times[0])), "{times:?}");
    assert!((4_000..8_100).contains(&(times[2] - times[1])), "{times:?}");
}

#[test]
fn retries_after_the_delay_of_a_busy_server() {
    let busy = with_headers(503, &[("retry-after", "2")], refusal("busy"));
    let simulation = Simulation::new([busy, json(200, task("pending", 0))]);
    simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap();
    let requests = simulation.requests();
    assert!(requests[1].0 - requests[0].0 >= 2_000, "{}", requests[1].0);
}

#[test]
fn a_longer_sleep_than_the_option_allows_is_left_to_the_caller() {
    for (max_sleep_ms, attempts) in [(None, 2), (Some(10_000), 2), (Some(1_999), 1)] {
        let busy = with_headers(503, &[("retry-after", "2")], refusal("busy"));
        let simulation = Simulation::new([busy, json(200, task("pending", 0))]);
        let options = SubmitOptions {
            max_sleep_ms,
            ..any_key()
        };
        let outcome = simulation.run(simulation.client().submit(&request(), options));
        assert_eq!(simulation.requests().len(), attempts, "{max_sleep_ms:?}");
        if let Err(error) = outcome {
            assert_eq!((error.retry_after_ms, error.charged), (Some(2_000), Charged::No));
        }
    }
}

#[test]
fn stops_after_the_maximum_number_of_retries() {
    let (error, attempts) = fails([json(429, refusal("slow_down"))]);
    assert_eq!((error.kind, attempts), (ErrorKind::RateLimit, 3));
    assert!(error.retryable);

    let simulation = Simulation::new([json(429, refusal("slow_down"))]);
    let client = simulation.client_with(Config {
        max_retries: Some(0),
        ..Config::default()
    });
    simulation.run(client.submit(&request(), any_key())).unwrap_err();
    assert_eq!(simulation.requests().len(), 1);
}

#[test]
fn each_attempt_times_out() {
    let simulation = Simulation::new([Reply::Silent]);
    let client = simulation.client_with(Config {
        request_timeout_ms: 1_000,
        max_retries: Some(1),
        ..Config::default()
    });
    simulation.run(client.submit(&request(), any_key())).unwrap_err();
    assert!(
        (2_000..3_000).contains(&simulation.elapsed()),
        "{}",
        simulation.elapsed()
    );
    assert_eq!(simulation.in_flight(), 0);
}

#[test]
fn prepare_returns_the_request_without_sending_it() {
    let simulation = Simulation::new([]);
    let prepared = simulation.client().prepare(&request()).unwrap();
    assert_eq!(prepared.url, "https://api.evolink.ai/v1/videos/generations");
    assert_eq!(
        prepared.body,
        r#"{"model":"seedance-2.0","prompt":"A cat walks"}"#
    );
    assert_eq!(
        prepared.headers.get("Content-Type").and_then(Value::as_str),
        Some("application/json")
    );
    assert!(
        simulation
            .client()
            .prepare_value(&Value::Null, &any_key())
            .is_err()
    );
    assert_eq!(
        prepared.headers.get("Authorization").and_then(Value::as_str),
        Some("Bearer ***")
    );
    assert_eq!(simulation.requests().len(), 0);
}

#[test]
fn every_letter_of_a_random_key_varies() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let client = simulation.client();
    let mut letters = vec![BTreeSet::new(); 24];
    for _ in 0..30 {
        let submission = simulation.run(client.submit(&request(), any_key())).unwrap();
        let random = submission.idempotency_key.strip_prefix("evolink-video-").unwrap();
        assert_eq!(random.len(), letters.len());
        for (seen, letter) in letters.iter_mut().zip(random.chars()) {
            seen.insert(letter);
        }
    }
    assert!(letters.iter().all(|seen| seen.len() > 10), "{letters:?}");
}

#[test]
fn a_submission_has_the_delay_to_its_first_poll_unless_its_task_is_final() {
    for (status, polls) in [("pending", true), ("completed", false)] {
        let simulation = Simulation::new([json(200, task(status, 0))]);
        let submission = simulation
            .run(simulation.client().submit(&request(), any_key()))
            .unwrap();
        assert_eq!(submission.delay_ms.is_some(), polls, "{status}");
    }
}

#[test]
fn a_rejection_after_an_unanswered_attempt_may_be_charged() {
    for rejection in [
        json(402, refusal("insufficient_quota")),
        json(401, refusal("key_disabled")),
        with_headers(429, &[("retry-after", "300")], refusal("slow_down")),
    ] {
        let (error, sent) = fails([Reply::Broken(10), rejection]);
        assert_eq!((error.charged, sent), (Charged::Unknown, 2), "{error}");
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
        assert!(error.idempotency_key.is_some());
    }
}

#[test]
fn a_request_that_was_not_sent_is_retried_and_not_charged() {
    let simulation = Simulation::new([Reply::Refused, Reply::Refused, json(200, task("pending", 0))]);
    simulation
        .run(simulation.client().submit(&request(), any_key()))
        .unwrap();
    assert_eq!(simulation.requests().len(), 3);

    let (error, attempts) = fails([Reply::Refused]);
    assert_eq!(
        (error.kind, error.code.as_str()),
        (ErrorKind::Connection, "not_sent")
    );
    assert_eq!((error.charged, attempts), (Charged::No, 3));
    assert!(error.retryable && error.cause.is_some());

    // An earlier attempt may have arrived.
    let (error, _) = fails([Reply::Broken(10), Reply::Refused]);
    assert_eq!(
        (error.kind, error.charged),
        (ErrorKind::OutcomeUnknown, Charged::Unknown)
    );
}

#[test]
fn allowed_errors_do_not_stop_a_submission() {
    let request = VideoRequest::new("A cat").duration(60);
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let result = simulation.run(simulation.client().submit(&request, any_key()));
    assert_eq!(result.unwrap_err().kind, ErrorKind::Validation);
    let allow = vec![IssueCode::OutOfRange];
    let of_call = SubmitOptions {
        allow: Some(allow.clone()),
        ..any_key()
    };
    let submission = simulation
        .run(simulation.client().submit(&request, of_call))
        .unwrap();
    assert_eq!(submission.warnings[0].code, IssueCode::OutOfRange);
    let config = Config {
        allow,
        ..Config::default()
    };
    let client = simulation.client_with(config);
    assert!(simulation.run(client.submit(&request, any_key())).is_ok());
    let none = SubmitOptions {
        allow: Some(Vec::new()),
        ..any_key()
    };
    assert!(simulation.run(client.submit(&request, none)).is_err());
}

#[test]
fn sends_extra_fields_and_rejects_known_ones() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let with = |name: &str| SubmitOptions {
        extra_fields: vec![(name.into(), Value::from("x"))],
        ..any_key()
    };
    simulation
        .run(simulation.client().submit(&request(), with("seed_of_tomorrow")))
        .unwrap();
    let sent = simulation.requests().remove(0).1.body.unwrap();
    assert!(sent.contains("\"seed_of_tomorrow\":\"x\""), "{sent}");
    let result = simulation.run(simulation.client().submit(&request(), with("duration")));
    assert_eq!(result.unwrap_err().kind, ErrorKind::Configuration);
    assert_eq!(simulation.requests().len(), 1);
}

#[test]
fn sends_the_variant_if_models_are_resolved() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let config = Config {
        resolve_model: true,
        ..Config::default()
    };
    let request = VideoRequest::new("A cat").image("https://example.com/a.jpg");
    simulation
        .run(simulation.client_with(config).submit(&request, any_key()))
        .unwrap();
    let sent = simulation.requests().remove(0).1.body.unwrap();
    assert!(
        sent.contains("\"model\":\"seedance-2.0-image-to-video\""),
        "{sent}"
    );
}

#[test]
fn the_error_for_an_unserved_model_names_the_variants() {
    for (status, code) in [
        (400, "no_available_channel"),
        (403, "model_access_denied"),
        (404, "not_found"),
    ] {
        let body = json!({ "error": { "code": code, "message": "Specified model not found" } });
        let simulation = Simulation::new([json(status, body)]);
        let error = simulation
            .run(simulation.client().submit(&request(), any_key()))
            .unwrap_err();
        assert_eq!((error.charged, error.status), (Charged::No, Some(status)));
        for part in [
            "seedance-2.0\"",
            "seedance-2.0-text-to-video",
            "Specified model not found",
        ] {
            assert!(error.message.contains(part), "{}", error.message);
        }
        // The model that was refused, and those for other inputs.
        assert!(
            !error.message.contains("seedance-2.0,") && !error.message.contains("image-to-video"),
            "{}",
            error.message
        );
    }
    for (status, code) in [(400, "invalid_parameters"), (402, "insufficient_quota")] {
        let (error, _) = fails([json(status, refusal(code))]);
        assert!(!error.message.contains("text-to-video"), "{}", error.message);
    }
}

#[test]
fn accepts_local_files_for_a_local_server() {
    let simulation = Simulation::new([json(200, task("pending", 0))]);
    let config = Config {
        base_url: "http://127.0.0.1:8787".into(),
        ..Config::default()
    };
    let request = VideoRequest::new("A cat").image("http://localhost:8080/a.jpg");
    assert!(
        simulation
            .run(simulation.client().submit(&request, any_key()))
            .is_err()
    );
    assert!(
        simulation
            .run(simulation.client_with(config).submit(&request, any_key()))
            .is_ok()
    );
}
