use crate::common::{any_key, value, with_key};
use crate::script::*;
use evolink_video::client::{Method, Request};
use evolink_video::domain::{Charged, Config, Error, ErrorKind, Value};
use serde_json::json;

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    headers
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn fails(script: impl IntoIterator<Item = Reply>) -> (Error, usize) {
    let world = World::new(script);
    let error = world
        .run(world.client().submit(&request(), any_key()))
        .unwrap_err();
    (error, world.requests().len())
}

#[test]
fn a_request_goes_out_once_as_the_reference_has_it() {
    let world = World::new([with_headers(
        200,
        &[("x-request-id", "req-1")],
        task("pending", 0),
    )]);
    let submission = world.run(world.client().submit(&request(), any_key())).unwrap();
    assert_eq!(submission.task.id, TASK_ID);
    assert_eq!(submission.request_id.as_deref(), Some("req-1"));
    assert!(!submission.replayed);

    let requests = world.requests();
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
fn an_invalid_request_never_reaches_the_network() {
    let world = World::new([json(200, task("pending", 0))]);
    let bad = value(&json!({ "model": "seedance-2.0", "prompt": "", "duration": 99 }));
    let error = world
        .run(world.client().submit_value(&bad, any_key()))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Validation);
    assert_eq!(error.charged, Charged::No);
    assert_eq!(error.issues.as_ref().unwrap().len(), 2);
    assert_eq!(world.requests().len(), 0);
}

#[test]
fn every_attempt_carries_the_same_key_and_the_same_bytes() {
    let replay = with_headers(200, &[("idempotency-replayed", "true")], task("pending", 0));
    let world = World::new([Reply::Broken(10), json(429, refusal("slow_down")), replay]);
    let submission = world.run(world.client().submit(&request(), any_key())).unwrap();
    assert!(submission.replayed);
    let requests = world.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|(_, sent)| *sent == requests[0].1));
}

#[test]
fn each_call_has_a_key_of_its_own_that_the_server_takes() {
    let world = World::new([json(200, task("pending", 0))]);
    let client = world.client();
    let keys: Vec<String> = (0..2)
        .map(|_| {
            world
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
fn the_callers_key_is_used_and_a_bad_one_is_refused() {
    let world = World::new([json(200, task("pending", 0))]);
    let client = world.client();
    let key = "order-4711-video-1".to_owned();
    let submission = world
        .run(client.submit(&request(), with_key(key.clone())))
        .unwrap();
    assert_eq!(submission.idempotency_key, key);
    let error = world
        .run(client.submit(&request(), with_key("short")))
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn what_the_server_refused_is_not_charged_and_not_repeated() {
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
fn a_fate_that_is_not_known_is_told_with_the_key() {
    let unknown: [(&str, Reply, usize); 8] = [
        ("no answer", Reply::Broken(10), 3),
        ("silence", Reply::Silent, 3),
        ("broke off", cut_off(200), 3),
        ("not JSON", text(200, "<html>"), 1),
        ("no id", json(200, json!({ "status": "pending" })), 1),
        ("a failure", json(500, refusal("oops")), 1),
        ("a proxy's failure", text(502, "<html>Bad Gateway"), 1),
        ("still deciding", json(409, refusal("paid_outcome_unknown")), 1),
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
fn a_busy_server_is_asked_again_when_it_says_so() {
    let busy = with_headers(503, &[("retry-after", "2")], refusal("busy"));
    let world = World::new([busy, json(200, task("pending", 0))]);
    world.run(world.client().submit(&request(), any_key())).unwrap();
    let requests = world.requests();
    assert!(requests[1].0 - requests[0].0 >= 2_000, "{}", requests[1].0);
}

#[test]
fn retries_end() {
    let (error, attempts) = fails([json(429, refusal("slow_down"))]);
    assert_eq!((error.kind, attempts), (ErrorKind::RateLimit, 3));
    assert!(error.retryable);

    let world = World::new([json(429, refusal("slow_down"))]);
    let client = world.client_with(Config {
        max_retries: Some(0),
        ..Config::default()
    });
    world.run(client.submit(&request(), any_key())).unwrap_err();
    assert_eq!(world.requests().len(), 1);
}

#[test]
fn silence_ends_with_the_time_limit_of_each_attempt() {
    let world = World::new([Reply::Silent]);
    let client = world.client_with(Config {
        request_timeout_ms: 1_000,
        max_retries: Some(1),
        ..Config::default()
    });
    world.run(client.submit(&request(), any_key())).unwrap_err();
    assert!((2_000..3_000).contains(&world.elapsed()), "{}", world.elapsed());
    assert_eq!(world.in_flight(), 0);
}

#[test]
fn a_dry_run_shows_what_would_be_sent() {
    let world = World::new([]);
    let prepared = world.client().prepare(&request()).unwrap();
    assert_eq!(prepared.url, "https://api.evolink.ai/v1/videos/generations");
    assert_eq!(
        prepared.body,
        r#"{"model":"seedance-2.0","prompt":"A cat walks"}"#
    );
    assert_eq!(
        prepared.headers.get("Content-Type").and_then(Value::as_str),
        Some("application/json")
    );
    assert!(world.client().prepare_value(&Value::Null).is_err());
    assert_eq!(world.requests().len(), 0);
}

#[test]
fn a_refusal_after_an_attempt_that_nobody_answered_does_not_say_that_nothing_was_charged() {
    for refused in [
        json(402, refusal("insufficient_quota")),
        json(401, refusal("key_disabled")),
        with_headers(429, &[("retry-after", "300")], refusal("slow_down")),
    ] {
        let (error, sent) = fails([Reply::Broken(10), refused]);
        assert_eq!((error.charged, sent), (Charged::Unknown, 2), "{error}");
        assert_eq!(error.kind, ErrorKind::OutcomeUnknown);
        assert!(error.idempotency_key.is_some());
    }
}

#[test]
fn a_request_that_was_not_sent_is_retried_and_not_charged() {
    let world = World::new([Reply::Refused, Reply::Refused, json(200, task("pending", 0))]);
    world.run(world.client().submit(&request(), any_key())).unwrap();
    assert_eq!(world.requests().len(), 3);

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
