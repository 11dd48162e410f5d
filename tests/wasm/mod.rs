//! Tests of the bindings with real JavaScript values, promises, timers and signals. Only `fetch` is a stub.

#[cfg(feature = "serde")]
mod values;

use evolink_video::npm::{compute, start};
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;
use web_sys::AbortController;

/// Evaluates a JavaScript expression.
pub fn js(expression: &str) -> JsValue {
    Function::new_no_args(&format!("return ({expression});"))
        .call0(&JsValue::UNDEFINED)
        .unwrap()
}

/// Calls a synchronous function of the rules.
fn call(function: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let none = JsValue::UNDEFINED;
    let argument = |at: usize| arguments.get(at).copied().unwrap_or(&none);
    compute(function, argument(0), argument(1), argument(2))
}

/// Checks the options of a client.
pub fn check_options(options: &JsValue) -> Result<JsValue, JsValue> {
    compute("checkOptions", options, &JsValue::UNDEFINED, &JsValue::UNDEFINED)
}

/// The setup that a `VideoClient` with these options stores.
fn setup(options: &JsValue) -> Result<JsValue, JsValue> {
    let values = ["apiKey", "fetch", "store", "onEvent"].map(|name| get(options, name));
    let setup = Array::of1(&check_options(options)?);
    for value in &values {
        setup.push(value);
    }
    Ok(setup.into())
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |object, name| {
        Reflect::get(&object, &name.into()).unwrap()
    })
}

pub fn text(object: &JsValue, path: &str) -> String {
    get(object, path).as_string().unwrap_or_default()
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

/// Options of a client whose `fetch` is this function body; `url` and `init` are its arguments.
fn options(fetch: &str) -> JsValue {
    let options = js(r#"{ apiKey: async () => "sk-secret", baseUrl: "https://example.com/api" }"#);
    let fetch = Function::new_with_args("url, init", fetch);
    Reflect::set(&options, &"fetch".into(), &fetch).unwrap();
    options
}

async fn run(
    operation: &str,
    options: &JsValue,
    subject: &JsValue,
    call: &JsValue,
) -> Result<JsValue, JsValue> {
    JsFuture::from(start(
        operation,
        &setup(options)?,
        subject.clone(),
        call.clone(),
        JsValue::UNDEFINED,
    ))
    .await
}

fn request() -> JsValue {
    js(r#"{ model: "seedance-2.0", prompt: "A cat walks", duration: undefined }"#)
}

const COMPLETED: &str =
    r#"{ id: "task-unified-1-abcdefgh", status: "completed", progress: 100, results: ["https://a/v.mp4"] }"#;

#[wasm_bindgen_test]
fn validate_returns_a_plain_copy_of_a_valid_request() {
    let result = call("validate", &[&request()]).unwrap();
    assert_eq!(get(&result, "valid"), true);
    assert_eq!(
        json(&get(&result, "request")),
        r#"{"model":"seedance-2.0","prompt":"A cat walks"}"#
    );
    assert_eq!(text(&result, "mode"), "text-to-video");
    assert!(!Reflect::has(&result, &"errors".into()).unwrap());
}

#[wasm_bindgen_test]
fn validate_never_throws() {
    for expression in [
        "undefined",
        "null",
        "5",
        "'text'",
        "Symbol('s')",
        "10n",
        "() => {}",
        "[]",
        "new Map()",
        "new Date()",
        "new Proxy({}, { ownKeys() { throw 1 } })",
        "new Proxy({}, { get() { throw 1 } })",
        "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()",
        "({ get prompt() { throw new Error('no') } })",
        "({ model: 'm', prompt: '\\ud83d' })",
        "({ image_urls: [, 1, undefined, null] })",
        "({ image_urls: new Proxy([], { get: (t, k) => k === 'length' ? 4294967295 : 'x' }) })",
        "(() => { const a = { prompt: 'p' }; a.self = a; return a })()",
        "({ duration: NaN, quality: 10n, x: { y: [() => {}] } })",
    ] {
        let result = call("validate", &[&js(expression)]).unwrap();
        assert_eq!(get(&result, "valid"), false, "{expression}");
        assert!(
            get(&result, "errors.length").as_f64().unwrap() >= 1.0,
            "{expression}"
        );
    }
}

#[wasm_bindgen_test]
fn issues_have_the_declared_fields() {
    let odd = js("({ model: 'seedance-2.0', prompt: '🎬 @Image2', duration: 5.5 })");
    let result = call("validate", &[&odd]).unwrap();
    assert_eq!(
        json(&get(&result, "errors.0")),
        concat!(
            r#"{"severity":"error","code":"tag_without_asset","path":["prompt"],"#,
            r#""message":"The prompt uses `@Image2`, but `image_urls` has no image.","#,
            r#""hint":"Add the file to `image_urls`, or remove the tag.","span":[3,10],"limit":0,"actual":2,"#,
            r#""params":{"tag":"@Image2","kind":"image","field":"image_urls","word":"Image","count":0,"#,
            r#""limit":0,"received":2}}"#
        )
    );
    assert_eq!(
        text(&result, "errors.1.message"),
        "`duration` must be a whole number, but it is 5.5."
    );
}

#[wasm_bindgen_test]
fn tags_modes_and_tokens_are_plain_values() {
    let prompt = JsValue::from("🎬 @Image1 as first frame");
    let tags = call("parseTags", &[&prompt]).unwrap();
    assert_eq!(
        json(&tags),
        r#"[{"kind":"image","index":1,"text":"@Image1","start":3,"end":10,"role":"first-frame"}]"#
    );
    assert_eq!(call("detectMode", &[&request()]).unwrap(), "text-to-video");
    assert!(call("detectMode", &[&JsValue::NULL]).unwrap().is_null());
    let tokens = call("estimateTokens", &[&prompt]).unwrap();
    assert!(get(&tokens, "low").as_f64() <= get(&tokens, "high").as_f64());
    let retagged = call(
        "retag",
        &[
            &"@Image1 @Image2".into(),
            &"image".into(),
            &js("({ order: [2, 1] })"),
        ],
    )
    .unwrap();
    assert_eq!(text(&retagged, "prompt"), "@Image2 @Image1");
}

#[wasm_bindgen_test]
fn an_argument_of_the_wrong_type_is_a_validation_error() {
    for error in [
        call("parseTags", &[&JsValue::from(5)]).unwrap_err(),
        call("estimateTokens", &[]).unwrap_err(),
        call("retag", &[&"p".into(), &"picture".into(), &Array::new()]).unwrap_err(),
        call("retag", &[&"p".into(), &"image".into(), &js("[1.5]")]).unwrap_err(),
    ] {
        assert_eq!(text(&error, "name"), "ValidationError");
    }
}

#[wasm_bindgen_test]
fn errors_name_the_invalid_option() {
    let error = check_options(&js("{ apiKey: () => 'k', requestTimeoutMs: '5' }")).unwrap_err();
    assert_eq!(text(&error, "name"), "ConfigurationError");
    assert!(text(&error, "message").contains("requestTimeoutMs"));
}

#[wasm_bindgen_test]
async fn prepare_masks_the_key() {
    let prepared = compute(
        "prepare",
        &setup(&options("throw new Error('sent')")).unwrap(),
        &request(),
        &JsValue::UNDEFINED,
    )
    .unwrap();
    assert_eq!(
        text(&prepared, "url"),
        "https://example.com/api/v1/videos/generations"
    );
    assert_eq!(text(&prepared, "headers.Authorization"), "Bearer ***");
    assert!(!json(&prepared).contains("secret"));
}

#[wasm_bindgen_test]
async fn a_request_has_the_key_and_the_exact_body() {
    let options = options(&format!(
        r#"
        globalThis.sent = {{ url, method: init.method, body: init.body, redirect: init.redirect,
            key: init.headers.get("authorization"), own: init.headers.get("idempotency-key") }};
        return new Response(JSON.stringify({COMPLETED}), {{ headers: {{ "x-request-id": "req-1" }} }});
        "#
    ));
    let call = js("{ idempotencyKey: 'order-4711-video-1' }");
    let submission = run("submit", &options, &request(), &call).await.unwrap();
    assert_eq!(text(&submission, "requestId"), "req-1");
    assert_eq!(text(&submission, "idempotencyKey"), "order-4711-video-1");
    assert_eq!(
        json(&js("globalThis.sent")),
        concat!(
            r#"{"url":"https://example.com/api/v1/videos/generations","method":"POST","#,
            r#""body":"{\"model\":\"seedance-2.0\",\"prompt\":\"A cat walks\"}","redirect":"manual","#,
            r#""key":"Bearer sk-secret","own":"order-4711-video-1"}"#
        )
    );
}

#[wasm_bindgen_test]
async fn generate_reports_updates_and_resolves_with_the_task() {
    let options = options(&format!("return new Response(JSON.stringify({COMPLETED}));"));
    let call =
        js("{ onUpdate: (task) => { globalThis.updates = [...(globalThis.updates ?? []), task.status] } }");
    let task = run("generate", &options, &request(), &call).await.unwrap();
    assert_eq!(text(&task, "task.results.0"), "https://a/v.mp4");
    assert!(text(&task, "submission.idempotencyKey").starts_with("evolink-video-"));
    assert_eq!(json(&js("globalThis.updates")), r#"["completed"]"#);
}

#[wasm_bindgen_test]
async fn accepts_responses_of_any_kind() {
    for fetch in [
        format!(
            "return {{ status: 200, headers: new Map(), text: async () => JSON.stringify({COMPLETED}) }};"
        ),
        format!("return {{ status: 200, text: () => JSON.stringify({COMPLETED}) }};"),
        format!("return {{ then: (done) => done(new Response(JSON.stringify({COMPLETED}))) }};"),
        format!(
            "return {{ status: 200, headers: {{ get() {{ throw 1 }} }}, text: async () => JSON.stringify({COMPLETED}) }};"
        ),
    ] {
        let task = run(
            "retrieve",
            &options(&fetch),
            &"task-1".into(),
            &JsValue::UNDEFINED,
        )
        .await;
        assert_eq!(text(&task.unwrap(), "status"), "completed", "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn an_error_of_fetch_is_a_connection_error_with_that_cause() {
    for fetch in [
        "throw 'text'",
        "return Promise.reject('text')",
        "return Promise.reject(undefined)",
        "return 5",
    ] {
        let options = options(fetch);
        Reflect::set(&options, &"maxRetries".into(), &0.into()).unwrap();
        let error = run("retrieve", &options, &"task-1".into(), &JsValue::UNDEFINED)
            .await
            .unwrap_err();
        assert_eq!(text(&error, "name"), "ConnectionError", "{fetch}");
        if fetch.contains("text") {
            assert_eq!(text(&error, "cause"), "text", "{fetch}");
        }
    }
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_its_reason_and_aborts_the_request() {
    let options = options("globalThis.signal = init.signal; return new Promise(() => {});");
    for reason in [
        js("'text'"),
        js("5"),
        js("new Error('e')"),
        js("({ any: 'thing' })"),
        JsValue::NULL,
    ] {
        let controller = AbortController::new().unwrap();
        let call = Object::new();
        Reflect::set(&call, &"signal".into(), &controller.signal()).unwrap();
        let subject = request();
        let pending = run("generate", &options, &subject, &call);
        let abort = async {
            JsFuture::from(js_sys::Promise::resolve(&JsValue::UNDEFINED))
                .await
                .unwrap();
            sleep(20).await;
            controller.abort_with_reason(&reason);
        };
        let (outcome, ()) = join(pending, abort).await;
        assert!(Object::is(&outcome.unwrap_err(), &reason));
        assert_eq!(js("globalThis.signal.aborted"), true);
    }
}

#[wasm_bindgen_test]
async fn an_aborted_signal_prevents_the_request() {
    let options = options("globalThis.sentAnyway = true; return new Promise(() => {});");
    let call = js("{ signal: AbortSignal.abort('early') }");
    let error = run("submit", &options, &request(), &call).await.unwrap_err();
    assert_eq!(error, "early");
    assert!(js("globalThis.sentAnyway").is_undefined());
}

#[wasm_bindgen_test]
async fn an_error_of_on_update_rejects_the_call() {
    let options = options(r#"return new Response('{"id":"task-1","status":"processing"}');"#);
    let call = js("{ onUpdate() { throw 'my bug' } }");
    let error = run("wait", &options, &"task-1".into(), &call).await.unwrap_err();
    assert_eq!(error, "my bug");
}

#[wasm_bindgen_test]
async fn a_failing_key_function_prevents_the_request() {
    for key in [
        "() => { throw 'no key' }",
        "async () => undefined",
        "async () => 'a\\nb'",
    ] {
        let options = options("globalThis.sentWithoutKey = true; return new Promise(() => {});");
        Reflect::set(&options, &"apiKey".into(), &js(key)).unwrap();
        let error = run("submit", &options, &request(), &JsValue::UNDEFINED)
            .await
            .unwrap_err();
        assert_eq!(text(&error, "name"), "AuthenticationError", "{key}");
        assert_eq!(text(&error, "charged"), "no", "{key}");
        assert!(js("globalThis.sentWithoutKey").is_undefined());
    }
}

/// Runs two futures concurrently.
async fn join<A>(one: impl Future<Output = A>, other: impl Future<Output = ()>) -> (A, ()) {
    let mut other = std::pin::pin!(other);
    let mut over = false;
    let mut one = std::pin::pin!(one);
    let value = std::future::poll_fn(|context| {
        if !over {
            over = other.as_mut().poll(context).is_ready();
        }
        one.as_mut().poll(context)
    })
    .await;
    (value, ())
}

async fn sleep(ms: i32) {
    let wait = Function::new_with_args("ms", "return new Promise((done) => setTimeout(done, ms));");
    JsFuture::from(js_sys::Promise::from(
        wait.call1(&JsValue::UNDEFINED, &ms.into()).unwrap(),
    ))
    .await
    .unwrap();
}
