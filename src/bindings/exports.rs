//! What JavaScript calls. `pkg-template/` gives these the shape of the public contract.

use super::clock::HostClock;
use super::error::throwable;
use super::read::read;
use super::signal::{Abort, Stopper};
use super::transport::FetchTransport;
use super::write::write;
use crate::client::{Client, Either, Target, race};
use crate::domain::config::CallOptions;
use crate::domain::tags::Kind;
use crate::domain::{self, Config, Error, Issue, IssueCode, Mode, PollState, Tag, Task, Value};
use js_sys::{Function, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// What `validate` answers: a request to send, or errors.
#[derive(Serialize)]
struct Validation<'a> {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Issue>>,
    mode: Option<Mode>,
    tags: Vec<Tag>,
    warnings: Vec<Issue>,
}

/// `validate(request)`
#[wasm_bindgen]
pub fn validate(request: &JsValue) -> JsValue {
    let request = read(request);
    let report = domain::validate(&request);
    let valid = report.errors.is_empty();
    write(&Validation {
        valid,
        request: valid.then_some(&request),
        errors: (!valid).then_some(report.errors),
        mode: report.mode,
        tags: report.tags,
        warnings: report.warnings,
    })
}

/// `parseTags(prompt)`
#[wasm_bindgen(js_name = parseTags)]
pub fn parse_tags(prompt: &JsValue) -> Result<JsValue, JsValue> {
    Ok(write(&domain::parse_tags(&text(prompt, "prompt")?)))
}

/// `retag(prompt, kind, order)`
#[wasm_bindgen]
pub fn retag(prompt: &JsValue, kind: &JsValue, order: &JsValue) -> Result<JsValue, JsValue> {
    let prompt = text(prompt, "prompt")?;
    let name = text(kind, "kind")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.noun() == name);
    let kind =
        kind.ok_or_else(|| wrong("kind", "\"image\", \"video\" or \"audio\"", &Value::String(name)))?;
    let order = read(order);
    let indices = order.as_array().and_then(|items| {
        let index = |item: &Value| match item {
            Value::Number(number) => number.as_integer().and_then(|index| u32::try_from(index).ok()),
            _ => None,
        };
        items.iter().map(index).collect::<Option<Vec<u32>>>()
    });
    let indices = indices.ok_or_else(|| wrong("order", "an array of whole numbers", &order))?;
    match domain::retag(&prompt, kind, &indices) {
        Ok(retagged) => Ok(write(&retagged)),
        Err(error) => Err(throwable(&error)),
    }
}

/// `detectMode(request)`
#[wasm_bindgen(js_name = detectMode)]
pub fn detect_mode(request: &JsValue) -> JsValue {
    write(&domain::detect_mode(&read(request)))
}

/// `estimateTokens(prompt)`
#[wasm_bindgen(js_name = estimateTokens)]
pub fn estimate_tokens(prompt: &JsValue) -> Result<JsValue, JsValue> {
    Ok(write(&domain::estimate_tokens(&text(prompt, "prompt")?)))
}

/// Checks the options of `new VideoClient(options)`.
#[wasm_bindgen(js_name = checkOptions)]
pub fn check_options(options: &JsValue) -> Result<(), JsValue> {
    client(options).map(drop).map_err(|error| throwable(&error))
}

/// `client.prepare(request)`
#[wasm_bindgen]
pub fn prepare(options: &JsValue, request: &JsValue) -> Result<JsValue, JsValue> {
    let prepared = client(options).and_then(|client| client.prepare(&read(request)));
    prepared
        .map(|prepared| write(&prepared))
        .map_err(|error| throwable(&error))
}

/// `client.submit(request, options)`
#[wasm_bindgen]
pub fn submit(options: JsValue, request: JsValue, call: JsValue) -> Promise {
    start(
        options,
        call,
        &["signal", "idempotencyKey"],
        async move |client, call, _| client.submit(&read(&request), call.idempotency_key).await,
    )
}

/// `client.retrieve(taskId, options)`
#[wasm_bindgen]
pub fn retrieve(options: JsValue, task_id: JsValue, call: JsValue) -> Promise {
    start(options, call, &["signal"], async move |client, _, _| {
        client.retrieve(&id(&task_id)?).await
    })
}

/// `client.poll(state, options)`
#[wasm_bindgen]
pub fn poll(options: JsValue, state: JsValue, call: JsValue) -> Promise {
    start(options, call, &["signal"], async move |client, _, _| {
        let state = match read(&state) {
            Value::String(id) => client.poll_state(&id),
            value => PollState::read(&value).ok_or_else(|| {
                Error::configuration(
                    "The state to poll must be a task id, or the `state` that the last poll gave.",
                )
            })?,
        };
        client.poll(state).await
    })
}

const WAIT: [&str; 3] = ["signal", "timeoutMs", "onUpdate"];
const GENERATE: [&str; 4] = ["signal", "idempotencyKey", "timeoutMs", "onUpdate"];

/// `client.wait(task, options)`
#[wasm_bindgen]
pub fn wait(options: JsValue, task: JsValue, call: JsValue) -> Promise {
    start(options, call, &WAIT, async move |client, call, update| {
        client
            .wait(target(&task)?, call.wait_ms, |task| update.tell(task))
            .await
    })
}

/// What `client.watch(task, options)` is made of: each change is told, the last task is the result.
#[wasm_bindgen]
pub fn watch(options: JsValue, task: JsValue, call: JsValue) -> Promise {
    start(options, call, &WAIT, async move |client, call, update| {
        client
            .watch(target(&task)?, call.wait_ms, |task| update.tell(task))
            .await
    })
}

/// `client.generate(request, options)`
#[wasm_bindgen]
pub fn generate(options: JsValue, request: JsValue, call: JsValue) -> Promise {
    start(options, call, &GENERATE, async move |client, call, update| {
        let update = |task: &Task| update.tell(task);
        client
            .generate(&read(&request), call.idempotency_key, call.wait_ms, update)
            .await
    })
}

type HostClient = Client<FetchTransport, HostClock>;

fn client(options: &JsValue) -> Result<HostClient, Error> {
    let config = Config::read(&read(options), is_page())?;
    let transport = FetchTransport {
        options: options.clone(),
        api_key: config.api_key.clone(),
    };
    let client = Client::new(config, transport, HostClock);
    let on_event = Reflect::get(options, &"onEvent".into())
        .ok()
        .and_then(|value| value.dyn_into::<Function>().ok());
    Ok(match on_event {
        // What an observer throws is not the call's affair.
        Some(on_event) => {
            client.on_event(move |event| drop(on_event.call1(&JsValue::UNDEFINED, &write(event))))
        }
        None => client,
    })
}

/// A page with a window, where every visitor can read a literal key.
fn is_page() -> bool {
    let has = |name: &str| Reflect::get(&js_sys::global(), &name.into()).is_ok_and(|value| value.is_object());
    has("window") && has("document")
}

/// The caller's `onUpdate`.
struct Update {
    function: Option<Function>,
    stopper: Stopper,
}

impl Update {
    /// Tells a task. What the function throws ends the call, as a bug of the caller's should.
    fn tell(&self, task: &Task) {
        if let Some(function) = &self.function
            && let Err(thrown) = function.call1(&JsValue::UNDEFINED, &write(task))
        {
            self.stopper.stop(thrown);
        }
    }
}

/// Runs a call until it is over or aborted; `names` are the options that it takes.
fn start<T: Serialize>(
    options: JsValue,
    call: JsValue,
    names: &'static [&'static str],
    run: impl AsyncFnOnce(HostClient, CallOptions, Update) -> Result<T, Error> + 'static,
) -> Promise {
    future_to_promise(async move {
        let prepared =
            call_options(&call, names).and_then(|of| Ok((of, Abort::listen(&call)?, client(&options)?)));
        let (of, abort, client) = prepared.map_err(|error| throwable(&error))?;
        let update = Update {
            function: Reflect::get(&call, &"onUpdate".into())
                .ok()
                .and_then(|value| value.dyn_into().ok()),
            stopper: abort.stopper(),
        };
        match race(abort.reason(), run(client, of, update)).await {
            Either::First(reason) => Err(reason),
            Either::Second(Ok(result)) => Ok(write(&result)),
            Either::Second(Err(error)) => Err(throwable(&error)),
        }
    })
}

fn call_options(call: &JsValue, names: &[&str]) -> Result<CallOptions, Error> {
    if call.is_undefined() {
        return CallOptions::read(&Value::Object(Vec::new()), names);
    }
    CallOptions::read(&read(call), names)
}

fn target(task: &JsValue) -> Result<Target, Error> {
    match read(task) {
        Value::String(id) => Ok(Target::Id(id)),
        value => match Task::read(value) {
            Some(task) => Ok(Target::Task(Box::new(task))),
            None => Err(Error::configuration(
                "What to wait for must be a task id, or a task with `id` and `status`.",
            )),
        },
    }
}

fn id(value: &JsValue) -> Result<String, Error> {
    value.as_string().ok_or_else(|| {
        Error::configuration(format!(
            "The task id must be a string, but it is {}.",
            read(value).seen()
        ))
    })
}

fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value
        .as_string()
        .ok_or_else(|| wrong(name, "a string", &read(value)))
}

/// An argument of the wrong type.
fn wrong(name: &str, wanted: &str, seen: &Value) -> JsValue {
    let message = format!("`{name}` must be {wanted}, but it is {}.", seen.seen());
    throwable(&Error::validation(vec![
        Issue::error(IssueCode::InvalidType, message)
            .at(name)
            .actual(seen.clone()),
    ]))
}
