//! What JavaScript calls. `pkg-template/` gives these the shape of the public contract.

use super::clock::{HostClock, in_browser};
use super::error::throwable;
use super::read::{function, property, read};
use super::signal::Abort;
use super::store::HostStore;
use super::transport::FetchTransport;
use super::write::write;
use crate::client::{Client, Either, Target, race};
use crate::domain::config::{CallOptions, Runtime};
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::tags::Kind;
use crate::domain::text::text;
use crate::domain::{self, Config, Error, Issue, IssueCode, PollState, Report, Severity, Task, Value};
use js_sys::Promise;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// `validate(request)`: a request to send, or errors.
#[wasm_bindgen]
pub fn validate(request: &JsValue) -> JsValue {
    let request = read(request);
    let report = domain::validate(&request);
    write(&Validation { request, report })
}

struct Validation {
    request: Value,
    report: Report,
}

impl ToJson for Validation {
    fn write(&self, json: &mut Json) {
        let valid = self.report.errors.is_empty();
        json.open('{');
        json.field("valid", &valid);
        json.field("request", &valid.then_some(&self.request));
        json.field("errors", &(!valid).then_some(&self.report.errors));
        json.field("mode", &OrNull(self.report.mode));
        json.field("tags", &self.report.tags);
        json.field("warnings", &self.report.warnings);
        json.close('}');
    }
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
    let kind = Kind::ALL.iter().copied().find(|kind| kind.as_str() == name);
    let kind =
        kind.ok_or_else(|| wrong("kind", "\"image\", \"video\" or \"audio\"", &Value::String(name)))?;
    let order = read(order);
    let mut indices = Vec::new();
    for item in order.as_array().unwrap_or(&[Value::Null]) {
        let index = match item {
            Value::Number(number) => number.as_integer().and_then(|index| u32::try_from(index).ok()),
            _ => None,
        };
        let Some(index) = index else {
            return Err(wrong("order", "an array of whole numbers", &order));
        };
        indices.push(index);
    }
    match domain::retag(&prompt, kind, &indices) {
        Ok(retagged) => Ok(write(&retagged)),
        Err(error) => Err(throwable(&error)),
    }
}

/// `detectMode(request)`
#[wasm_bindgen(js_name = detectMode)]
pub fn detect_mode(request: &JsValue) -> JsValue {
    let mode = domain::detect_mode(&read(request));
    // A word or nothing: what serde's way out is cheap for.
    mode.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// `estimateTokens(prompt)`
#[wasm_bindgen(js_name = estimateTokens)]
pub fn estimate_tokens(prompt: &JsValue) -> Result<JsValue, JsValue> {
    Ok(write(&domain::estimate_tokens(&text(prompt, "prompt")?)))
}

/// `progressEstimate(state, now)`
#[wasm_bindgen(js_name = progressEstimate)]
pub fn progress_estimate(state: &JsValue, now: &JsValue) -> Result<f64, JsValue> {
    let state = read(state);
    let Some(known) = PollState::read(&state) else {
        return Err(wrong("state", "the state that `poll` or `onUpdate` gave", &state));
    };
    match now.as_f64() {
        Some(now) if now.is_finite() => Ok(known.progress_estimate(now)),
        _ => Err(wrong(
            "now",
            "milliseconds since 1970, as of Date.now()",
            &read(now),
        )),
    }
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

/// The calls of a client that take time.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum Operation {
    /// `client.submit(request, options)`
    Submit,
    /// `client.retrieve(taskId, options)`
    Retrieve,
    /// `client.poll(state, options)`
    Poll,
    /// `client.wait(task, options)`
    Wait,
    /// What `client.watch(task, options)` is made of: each change is told, the last task is the result.
    Watch,
    /// `client.generate(request, options)`
    Generate,
    /// `client.waitAll(ids, options)`, and what `client.watchAll(ids, options)` is made of.
    WaitAll,
    /// What `client.resume(options)` is made of.
    Resume,
}

impl Operation {
    /// The options that it takes.
    fn option_names(self) -> &'static [&'static str] {
        match self {
            Operation::Submit => &["signal", "idempotencyKey"],
            Operation::Retrieve | Operation::Poll => &["signal"],
            Operation::Wait | Operation::Watch | Operation::WaitAll | Operation::Resume => {
                &["signal", "timeoutMs", "onUpdate"]
            }
            Operation::Generate => &["signal", "idempotencyKey", "timeoutMs", "onUpdate"],
        }
    }
}

/// Starts an operation on its subject: a request, a task id, a task, a poll state. `own` may hold a
/// `signal` and an `onUpdate` of the package's, beside those of the caller in `call`.
///
/// One function for all, since each future that JavaScript can start costs kilobytes.
#[wasm_bindgen]
pub fn start(
    operation: Operation,
    options: JsValue,
    subject: JsValue,
    call: JsValue,
    own: JsValue,
) -> Promise {
    // Read now, and not when the future begins: the caller may use the same object for the next call.
    let subject = read(&subject);
    let mut abort = Abort::default();
    let prepared = call_options(&call, operation.option_names()).and_then(|of| {
        abort.listen(property(&call, "signal"))?;
        abort.listen(property(&own, "signal"))?;
        Ok((of, client(&options)?))
    });
    future_to_promise(async move {
        let (of, client) = prepared.map_err(|error| throwable(&error))?;
        let updates = [function(&own, "onUpdate"), function(&call, "onUpdate")];
        let stopper = abort.stopper();
        // What the caller's function throws ends the call, as a bug of the caller's should.
        let mut tell = |task: &Task, state: &PollState| {
            for on_update in updates.iter().flatten() {
                if stopper.is_stopped() {
                    return;
                }
                if let Err(thrown) = on_update.call2(&JsValue::UNDEFINED, &write(task), &write(state)) {
                    stopper.stop(thrown);
                }
            }
        };
        let work = run(operation, client, subject, of, &mut tell);
        let outcome = match race(abort.reason(), work).await {
            Either::First(reason) => return Err(reason),
            Either::Second(outcome) => outcome,
        };
        // The last update may have ended it.
        match abort.reason_now() {
            Some(reason) => Err(reason),
            None => outcome.map_err(|error| throwable(&error)),
        }
    })
}

async fn run(
    operation: Operation,
    client: HostClient,
    subject: Value,
    call: CallOptions,
    tell: &mut dyn FnMut(&Task, &PollState),
) -> Result<JsValue, Error> {
    let task = match operation {
        Operation::Submit => return Ok(write(&client.submit(&subject, call.idempotency_key).await?)),
        Operation::Poll => return Ok(write(&client.poll(poll_state(&client, &subject)?).await?)),
        Operation::WaitAll => {
            let tasks = client.watch_all(&ids(&subject)?, call.wait_ms, tell).await?;
            return Ok(write(&tasks));
        }
        Operation::Resume => return Ok(write(&client.resume(call.wait_ms, tell).await?)),
        Operation::Retrieve => client.retrieve(id(&subject)?).await?,
        Operation::Wait => client.wait(target(subject)?, call.wait_ms, tell).await?,
        Operation::Watch => client.watch(target(subject)?, call.wait_ms, tell).await?,
        Operation::Generate => {
            let key = call.idempotency_key;
            client.generate(&subject, key, call.wait_ms, tell).await?
        }
    };
    Ok(write(&task))
}

type HostClient = Client<FetchTransport, HostClock>;

fn client(options: &JsValue) -> Result<HostClient, Error> {
    let config = Config::read(&read(options), runtime())?;
    let transport = FetchTransport {
        options: options.clone(),
        api_key: config.api_key.clone(),
    };
    let mut client = Client::new(config, transport, HostClock);
    if let Some(store) = HostStore::of(options)? {
        client = client.with_store(store);
    }
    let on_event = function(options, "onEvent");
    Ok(match on_event {
        // What an observer throws is not the call's affair.
        Some(on_event) => {
            client.on_event(move |event| drop(on_event.call1(&JsValue::UNDEFINED, &write(event))))
        }
        None => client,
    })
}

fn runtime() -> Runtime {
    let global = js_sys::global();
    let has = |name: &&str| property(&global, name).is_object();
    if ["window", "document"].iter().all(has) {
        Runtime::Page
    } else if in_browser() {
        Runtime::BrowserWorker
    } else {
        Runtime::Server
    }
}

fn call_options(call: &JsValue, names: &[&str]) -> Result<CallOptions, Error> {
    if call.is_undefined() {
        return CallOptions::read(&Value::Object(Vec::new()), names);
    }
    CallOptions::read(&read(call), names)
}

fn ids(subject: &Value) -> Result<Vec<String>, Error> {
    let Some(items) = subject.as_array() else {
        return Err(Error::configuration(text!(
            "The task ids must be an array, but they are {}.",
            subject.seen()
        )));
    };
    let mut ids = Vec::new();
    for item in items {
        ids.push(id(item)?.to_owned());
    }
    Ok(ids)
}

fn id(subject: &Value) -> Result<&str, Error> {
    subject.as_str().ok_or_else(|| {
        Error::configuration(text!(
            "The task id must be a string, but it is {}.",
            subject.seen()
        ))
    })
}

fn target(subject: Value) -> Result<Target, Error> {
    match subject {
        Value::String(id) => Ok(Target::Id(id)),
        value => match Task::read(value) {
            Some(task) => Ok(Target::Task(Box::new(task))),
            None => Err(Error::configuration(
                "What to wait for must be a task id, or a task with `id` and `status`.",
            )),
        },
    }
}

fn poll_state(client: &HostClient, subject: &Value) -> Result<PollState, Error> {
    match subject {
        Value::String(id) => Ok(client.poll_state(id)),
        value => PollState::read(value).ok_or_else(|| {
            Error::configuration(
                "The state to poll must be a task id, or the `state` that the last poll gave.",
            )
        }),
    }
}

fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value
        .as_string()
        .ok_or_else(|| wrong(name, "a string", &read(value)))
}

/// An argument of the wrong type.
fn wrong(name: &str, wanted: &str, seen: &Value) -> JsValue {
    let message = text!("`{}` must be {}, but it is {}.", name, wanted, seen.seen());
    let mut issue = Issue::new(Severity::Error, IssueCode::InvalidType, message);
    issue.at(name).actual(seen.clone());
    throwable(&Error::validation(vec![issue]))
}
