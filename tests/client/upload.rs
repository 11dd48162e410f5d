//! Uploads to the files API.

use crate::script::*;
use evolink_video::client::{Method, Uploaded, check_stored, check_upload};
use evolink_video::domain::{Config, Error, ErrorKind, Kind, LocalFile, Value};
use serde_json::{Value as Json, json};
use std::rc::Rc;

fn file() -> LocalFile {
    LocalFile::new("me.jpg", "image/jpeg", 3_276_800)
}

fn stored() -> Json {
    json!({
        "file_id": "file_1",
        "file_url": "https://files.example.com/me.jpg",
        "mime_type": "image/png",
        "expires_at": "2025-10-09T00:47:04+08:00",
    })
}

fn success(data: Json) -> Reply {
    json(
        200,
        json!({ "success": true, "code": 200, "msg": "ok", "data": data }),
    )
}

fn receipt(state: &str, file: Json) -> Reply {
    success(json!({ "state": state, "file": file }))
}

/// The outcome, and the methods of the requests with their times in seconds.
fn upload(
    script: impl IntoIterator<Item = Reply>,
    replays: bool,
) -> (Result<Uploaded, Error>, Rc<Simulation>) {
    let simulation = Simulation::new(script);
    let outcome = simulation.run(simulation.client().upload_file(&file(), replays));
    assert_eq!(simulation.in_flight(), 0);
    (outcome, simulation)
}

fn methods(simulation: &Simulation) -> Vec<Method> {
    simulation
        .requests()
        .iter()
        .map(|(_, request)| request.method)
        .collect()
}

use Method::{Get, Post};

#[test]
fn an_upload_has_an_id_and_returns_the_url() {
    let (outcome, simulation) = upload([success(stored())], true);
    let expected = Uploaded {
        url: "https://files.example.com/me.jpg".into(),
        expires_at: Some(1_759_942_024_000.0),
        file_id: Some("file_1".into()),
        bytes: 3_276_800,
        media_type: "image/png".into(),
    };
    assert_eq!(outcome.unwrap(), expected);
    let (_, request) = &simulation.requests()[0];
    assert_eq!(
        request.url,
        "https://files-api.evolink.ai/api/v1/files/upload/stream"
    );
    let id = request.headers.iter().find(|(name, _)| name == "X-Evo-Upload-Id");
    assert!((16..=128).contains(&id.unwrap().1.len()));
    assert_eq!(request.body, None);
}

#[test]
fn files_go_to_the_proxy_unless_there_is_another_address() {
    for (files_base_url, url) in [
        (None, "https://my.example/evolink/api/v1/files/upload/stream"),
        (
            Some("https://files.example"),
            "https://files.example/api/v1/files/upload/stream",
        ),
    ] {
        let simulation = Simulation::new([success(stored())]);
        let client = simulation.client_with(Config {
            base_url: "https://my.example/evolink".into(),
            files_base_url: files_base_url.map(str::to_owned),
            ..Config::default()
        });
        simulation.run(client.upload_file(&file(), true)).unwrap();
        assert_eq!(simulation.requests()[0].1.url, url);
    }
}

#[test]
fn the_receipt_of_a_lost_answer_prevents_a_second_upload() {
    for lost in [
        Reply::Broken(50),
        text(502, "<html>"),
        json(500, json!({})),
        cut_off(200),
    ] {
        for replays in [true, false] {
            let (outcome, simulation) = upload([lost.clone(), receipt("done", stored())], replays);
            assert_eq!(outcome.unwrap().url, "https://files.example.com/me.jpg");
            assert_eq!(methods(&simulation), [Post, Get]);
            let requests = simulation.requests();
            let id = |at: usize| requests[at].1.headers.last().unwrap().1.clone();
            assert_eq!(id(0), id(1));
            assert!(
                requests[1]
                    .1
                    .url
                    .ends_with(&format!("/upload-receipts/{}", id(0)))
            );
        }
    }
}

#[test]
fn an_upload_that_its_receipt_does_not_confirm_is_sent_again_with_the_same_id() {
    for unknown in [
        receipt("outcome_unknown", Json::Null),
        json(
            404,
            json!({ "success": false, "code": 404, "msg": "upload not found" }),
        ),
    ] {
        let script = [Reply::Broken(50), unknown.clone(), success(stored())];
        let (outcome, simulation) = upload(script, true);
        assert!(outcome.is_ok());
        assert_eq!(methods(&simulation), [Post, Get, Post]);
        let requests = simulation.requests();
        assert_eq!(requests[0].1, requests[2].1);
        // A stream is gone.
        let (outcome, simulation) = upload([Reply::Broken(50), unknown.clone()], false);
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::Connection);
        assert_eq!(methods(&simulation), [Post, Get]);
        // Two retries by default.
        let broken = [Reply::Broken(50), unknown.clone()];
        let (outcome, simulation) = upload(broken.iter().cycle().take(6).cloned(), true);
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::Connection);
        assert_eq!(methods(&simulation), [Post, Get, Post, Get, Post, Get]);
    }
}

#[test]
fn a_refusal_is_not_repeated() {
    for (refused, kind) in [
        (json(413, refusal("too_large")), ErrorKind::BadRequest),
        (json(401, refusal("unauthorized")), ErrorKind::Authentication),
        (
            json(200, json!({ "success": false, "code": 400, "msg": "No" })),
            ErrorKind::BadRequest,
        ),
        (text(403, "<html>"), ErrorKind::PermissionDenied),
    ] {
        let (outcome, simulation) = upload([refused], true);
        assert_eq!(outcome.unwrap_err().kind, kind);
        assert_eq!(methods(&simulation), [Post]);
    }
}

#[test]
fn the_pause_of_the_server_is_respected() {
    let limited = with_headers(429, &[("retry-after", "7")], refusal("rate_limit_exceeded"));
    let (outcome, simulation) = upload([limited.clone(), success(stored())], true);
    assert!(outcome.is_ok());
    assert_eq!(methods(&simulation), [Post, Post]);
    assert!(simulation.requests()[1].0 >= 7_000);
    assert_eq!(upload([limited], false).0.unwrap_err().kind, ErrorKind::RateLimit);
    let busy = with_headers(503, &[("retry-after", "7")], refusal("service_unavailable"));
    let unknown = receipt("outcome_unknown", Json::Null);
    let (outcome, simulation) = upload([busy, unknown, success(stored())], true);
    assert!(outcome.is_ok());
    assert_eq!(methods(&simulation), [Post, Get, Post]);
    assert!(simulation.requests()[1].0 >= 7_000);
}

#[test]
fn nothing_is_asked_without_a_connection() {
    let (outcome, simulation) = upload([Reply::Refused], true);
    assert_eq!(outcome.unwrap_err().code, "not_sent");
    assert_eq!(methods(&simulation), [Post, Post, Post]);
}

#[test]
fn the_time_limit_grows_with_the_file() {
    // 60 s, and 100 s for 3,276,800 bytes.
    let script = [Reply::Silent, receipt("done", stored())];
    let (outcome, simulation) = upload(script, true);
    assert!(outcome.is_ok());
    let asked = simulation.requests()[1].0;
    assert!((160_000..=161_000).contains(&asked), "{asked}");
}

#[test]
fn an_answer_must_have_a_url_that_the_api_can_open() {
    for url in [
        "",
        "me.jpg",
        "http://files.example.com/me.jpg",
        "https://127.0.0.1/a",
        "https://a:b@c.com/",
    ] {
        let (outcome, _) = upload([success(json!({ "file_url": url }))], true);
        let error = outcome.unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_str()),
            (ErrorKind::Server, "invalid_answer"),
            "{url}"
        );
        assert!(error.body.is_some());
    }
    let simulation = Simulation::new([success(json!({ "download_url": "http://localhost:8787/a" }))]);
    let client = simulation.client_with(Config {
        base_url: "http://localhost:8787".into(),
        ..Config::default()
    });
    let uploaded = simulation.run(client.upload_file(&file(), true)).unwrap();
    assert_eq!(
        (uploaded.media_type.as_str(), uploaded.expires_at),
        ("image/jpeg", None)
    );
}

#[test]
fn checks_the_size_of_a_file_before_it_is_sent() {
    let check = |bytes, kind, is_ours| {
        let file = LocalFile::new("a", "", bytes);
        check_upload(&file, kind, is_ours).map_err(|error| (error.kind, error.message.clone()))
    };
    // Megabytes of 2^20 bytes are not certainly too many.
    for (kind, is_ours, most) in [
        (Some(Kind::Image), true, 31_457_280),
        (Some(Kind::Image), false, 31_457_280),
        (None, true, 104_857_600),
    ] {
        assert_eq!(check(most, kind, is_ours), Ok(()));
        let (error, message) = check(most + 1, kind, is_ours).unwrap_err();
        assert_eq!(error, ErrorKind::Validation);
        assert!(message.contains("at most"), "{message}");
    }
    assert_eq!(check(u64::MAX, None, false), Ok(()));
    for is_ours in [false, true] {
        let (_, message) = check(0, None, is_ours).unwrap_err();
        assert!(message.contains("empty"), "{message}");
    }
}

#[test]
fn takes_only_urls_that_the_api_can_open_from_a_destination() {
    let stored = |url: &str| Value::object([("url", Some(url.into()))]);
    for (url, is_local, is_usable) in [
        ("https://cdn.example.com/a.png", false, true),
        ("http://cdn.example.com/a.png", false, false),
        ("http://127.0.0.1:8787/a.png", false, false),
        ("http://127.0.0.1:8787/a.png", true, true),
        ("/a.png", true, false),
    ] {
        let checked = check_stored(&stored(url), is_local);
        assert_eq!(checked.is_ok(), is_usable, "{url}");
    }
    let error = check_stored(&Value::Null, false).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.message.contains("`files.put`"), "{}", error.message);
}
