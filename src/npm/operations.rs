//! The asynchronous calls of a client.

use super::client::{HostClient, client};
use super::error::throwable;
use super::options::call::{CallOptions, read_call};
use super::options::{check_names, not, whole};
use super::read::read;
use super::signal::Abort;
use super::utf16::{convert_error, convert_issues, prompt};
use super::write::write;
use crate::client::{
    Delivery, Either, Method, Subject, Submission, Target, TaskQuery, WaitOptions, in_order, race,
};
use crate::domain::api::Endpoint;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::words::words;
use crate::domain::{Error, LocalFile, PollState, Task, Value};
use crate::js_object::{function, property};
use crate::text::template;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

words! {
    /// The asynchronous calls of a client.
    Operation {
        /// `client.submit(request, options)`
        Submit = "submit",
        /// `client.retrieve(taskId, options)`
        Retrieve = "retrieve",
        /// `client.retrieveAll(taskIds, options)`
        RetrieveAll = "retrieveAll",
        /// `client.poll(target, options)`
        Poll = "poll",
        /// `client.pollAll(targets, options)`
        PollAll = "pollAll",
        /// `client.wait(target, options)`
        Wait = "wait",
        /// `client.watch(target, options)`: `onUpdate` gets each change, the last task is the result.
        Watch = "watch",
        /// `client.generate(request, options)`
        Generate = "generate",
        /// `client.waitAll(ids, options)` and `client.watchAll(ids, options)`
        WaitAll = "waitAll",
        /// `client.resume(options)`
        Resume = "resume",
        /// A loop over an iterable took a final task.
        Acknowledge = "acknowledge",
        /// `client.pending(options)`
        Pending = "pending",
        /// `client.forget(id, options)`
        Forget = "forget",
        /// A page of `client.list(query, options)`
        List = "list",
        /// `client.credits(options)`
        Credits = "credits",
        /// `client.models(options)`
        Models = "models",
        /// `client.request(method, path, options)`
        Request = "request",
        /// `client.upload(file, options)`, after the scripts have checked it. The `fetch` of its setup adds the bytes.
        Upload = "upload",
    }
}

impl Operation {
    /// The options of the call besides those of every call.
    fn option_names(self) -> &'static [&'static str] {
        match self {
            Operation::Submit => &["idempotencyKey", "allow", "extraFields", "maxSleepMs", "onUpload"],
            Operation::Poll | Operation::PollAll => &["maxSleepMs"],
            Operation::Wait | Operation::Watch | Operation::WaitAll | Operation::Resume => {
                &["timeoutMs", "onUpdate"]
            }
            Operation::Generate => &[
                "idempotencyKey",
                "allow",
                "extraFields",
                "maxSleepMs",
                "timeoutMs",
                "onUpdate",
                "onUpload",
            ],
            Operation::Request => &["body"],
            _ => &[],
        }
    }
}

/// Starts an operation on its subject: a request, a task id, a task, a poll state. `own` may hold a
/// `signal` and an `onUpdate` of the package's, beside those of the caller in `call`, and the `identity` and
/// the `expiresAt` of a request with files.
///
/// One function for all, since each future that JavaScript can start costs kilobytes.
///
/// # Panics
/// There is no operation of this name.
#[wasm_bindgen]
pub fn start(operation: &str, setup: &JsValue, subject: JsValue, call: JsValue, own: JsValue) -> Promise {
    let operation = Operation::find(operation).expect("the scripts of the package know the operations");
    // Read now, and not when the future begins: the caller may use the same object for the next call.
    let mut value = read(&subject);
    // A task that is too large to be read whole: its id is enough.
    if let (Value::Foreign(_), Operation::Wait | Operation::Watch) = (&value, operation)
        && let Some(id) = property(&subject, "id").as_string()
    {
        value = Value::String(id);
    }
    let mut abort = Abort::default();
    let prepared = call_options(&call, operation.option_names()).and_then(|mut of| {
        of.submit.identity = property(&own, "identity").as_string();
        of.submit.expires_at = property(&own, "expiresAt").as_f64();
        abort.listen(property(&call, "signal"))?;
        abort.listen(property(&own, "signal"))?;
        let client = client(setup, Some((operation.as_str(), &of)))?;
        Ok((of, client))
    });
    let updates = [function(&own, "onUpdate"), function(&call, "onUpdate")];
    let delivery = match &updates {
        [Some(_), _] => Delivery::Acknowledged,
        [None, Some(_)] => Delivery::Update,
        [None, None] => Delivery::Result,
    };
    let work = async move {
        let (of, client) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return (Err(throwable(&error)), None),
        };
        let stopper = abort.stopper();
        // What the caller's function throws ends the call, as a bug of the caller's should.
        let mut tell = |task: &Task, state: &PollState| {
            for on_update in updates.iter().flatten() {
                if stopper.is_stopped() {
                    return;
                }
                let (task, state, is_final) = (write(task), write(state), task.is_final().into());
                if let Err(thrown) = on_update.call3(&JsValue::UNDEFINED, &task, &state, &is_final) {
                    stopper.stop(thrown);
                }
            }
        };
        let wait = WaitOptions {
            timeout_ms: of.wait_ms,
            delivery,
        };
        let work = run(operation, &client, value, of, wait, &mut tell);
        let outcome = match race(abort.reason(), work).await {
            Either::First(reason) => Err(reason),
            // The last update may have ended it.
            Either::Second(outcome) => match abort.reason_now() {
                Some(reason) => Err(reason),
                None => outcome.map_err(|error| throwable(&error)),
            },
        };
        (outcome, Some(client))
    };
    let mut work = Some(work);
    Promise::new(&mut |resolve, reject| {
        let Some(work) = work.take() else { return };
        spawn_local(async move {
            let (outcome, client) = work.await;
            // Neither throws.
            let _ = match outcome {
                Ok(value) => resolve.call1(&JsValue::UNDEFINED, &value),
                Err(reason) => reject.call1(&JsValue::UNDEFINED, &reason),
            };
            if let Some(client) = client {
                client.flush().await;
            }
        });
    })
}

async fn run(
    operation: Operation,
    client: &HostClient,
    subject: Value,
    call: CallOptions,
    wait: WaitOptions,
    tell: &mut dyn FnMut(&Task, &PollState),
) -> Result<JsValue, Error> {
    let waits_for = match operation {
        Operation::Submit => {
            let submitted = client.submit_within(&subject, call.submit, None).await;
            let mut submission = submitted.map_err(|error| convert_error(error, &subject))?;
            convert_issues(&mut submission.warnings, prompt(&subject));
            return Ok(write(&submission));
        }
        Operation::Poll | Operation::PollAll => {
            let mut targets = Vec::new();
            if operation == Operation::Poll {
                targets.push(target(subject)?);
            } else {
                for subject in items(&subject)? {
                    targets.push(target(subject.clone())?);
                }
            }
            let mut polled = client.poll_each(targets, call.poll).await?;
            return Ok(match operation {
                Operation::Poll => write(&polled.swap_remove(0).unless_over()?),
                _ => write(&polled),
            });
        }
        Operation::Upload => {
            let replays = subject.get("replays").and_then(Value::as_bool).unwrap_or(false);
            let uploaded = client.upload_file(&LocalFile::read(&subject), replays).await?;
            return Ok(write(&uploaded));
        }
        Operation::Acknowledge => {
            client.forget_later(id(&subject)?);
            return Ok(JsValue::UNDEFINED);
        }
        Operation::Pending | Operation::Forget => {
            let kept = client.kept(operation.as_str()).await?;
            if operation == Operation::Pending {
                return Ok(write(&kept.into_pending()));
            }
            client.forget_kept(&kept, id(&subject)?);
            return Ok(JsValue::UNDEFINED);
        }
        Operation::Wait | Operation::Watch => Subject::One(target(subject.clone())?),
        Operation::WaitAll => Subject::Many(ids(&subject)?),
        Operation::Resume => Subject::Stored,
        Operation::Generate => Subject::Request(subject.clone(), call.submit),
        _ => return exchange(operation, client, subject, call).await,
    };
    let waited = client.wait_for(waits_for, wait, tell).await;
    let mut waited = waited.map_err(|error| convert_error(error, &subject))?;
    match (operation, waited.submission.take()) {
        (Operation::Watch, _) => Ok(write(&waited.into_task()?)),
        (Operation::WaitAll | Operation::Resume, _) => Ok(write(&waited.into_tasks()?)),
        (_, None) => Ok(write(&waited.into_video()?)),
        (_, Some(mut submission)) => {
            convert_issues(&mut submission.warnings, prompt(&subject));
            let task = waited.into_video_of(&submission.idempotency_key)?;
            Ok(write(&Generated { task, submission }))
        }
    }
}

/// An operation that sends requests which are known when it begins.
async fn exchange(
    operation: Operation,
    client: &HostClient,
    subject: Value,
    call: CallOptions,
) -> Result<JsValue, Error> {
    let (method, path) = match operation {
        Operation::List => (Method::Get, query(&subject)?.path()),
        Operation::Credits => (Method::Get, Endpoint::Credits.path().to_owned()),
        Operation::Models => (Method::Get, Endpoint::Models.path().to_owned()),
        Operation::Request => endpoint(&subject)?,
        _ => (Method::Get, String::new()),
    };
    let requests = match operation {
        Operation::Retrieve => vec![client.task_request(id(&subject)?)?],
        Operation::RetrieveAll => client.batch_requests(&ids(&subject)?)?,
        _ => vec![client.any_request(method, &path, call.body.as_ref())?],
    };
    let mut found = Vec::new();
    for request in requests {
        let reply = client.exchange_any(request).await?;
        match operation {
            Operation::RetrieveAll => found.extend(reply.tasks()?),
            Operation::Retrieve => {
                let task = reply.task(id(&subject)?)?;
                client.forget_final(&task);
                return Ok(write(&task));
            }
            Operation::List => return Ok(write(&reply.page()?)),
            Operation::Credits => return Ok(write(&reply.credits()?)),
            Operation::Models => return Ok(write(&reply.models()?)),
            _ => return Ok(write(&reply)),
        }
    }
    let tasks = in_order(&ids(&subject)?, &found);
    let mut written = Vec::new();
    for task in &tasks {
        if let Some(task) = task {
            client.forget_final(task);
        }
        written.push(OrNull(task.as_ref()));
    }
    Ok(write(&written))
}

/// The video of a request, and the answer to its submission.
struct Generated {
    task: Task,
    submission: Box<Submission>,
}

impl ToJson for Generated {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &self.task);
        json.field("submission", &*self.submission);
        json.close('}');
    }
}

/// The options of a call.
///
/// # Errors
/// A configuration error that names the option.
pub(super) fn call_options(call: &JsValue, names: &[&str]) -> Result<CallOptions, Error> {
    if call.is_undefined() {
        return read_call(&Value::Object(Vec::new()), names);
    }
    read_call(&read(call), names)
}

/// Checks the options of a call that starts later: those of every call, and the named ones.
///
/// # Errors
/// A configuration error that names the option.
pub(super) fn check_call(call: &JsValue, names: &[&str]) -> Result<(), Error> {
    Abort::default().listen(property(call, "signal"))?;
    call_options(call, names).map(drop)
}

/// [`check_call`] for an operation.
///
/// # Errors
/// As there.
pub(super) fn check_call_of(operation: &JsValue, call: &JsValue) -> Result<JsValue, Error> {
    let operation = operation.as_string().and_then(|name| Operation::find(&name));
    check_call(call, operation.map_or(&[], Operation::option_names))?;
    Ok(JsValue::UNDEFINED)
}

fn items(subject: &Value) -> Result<&[Value], Error> {
    subject.as_array().ok_or_else(|| {
        Error::configuration(template!(
            "The tasks must be an array, but they are {}.",
            subject.seen()
        ))
    })
}

fn ids(subject: &Value) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for item in items(subject)? {
        ids.push(id(item)?.to_owned());
    }
    Ok(ids)
}

fn id(subject: &Value) -> Result<&str, Error> {
    subject.as_str().ok_or_else(|| {
        Error::configuration(template!(
            "The task id must be a string, but it is {}.",
            subject.seen()
        ))
    })
}

/// An id, a task, a submission, or the state of a poll.
fn target(subject: Value) -> Result<Target, Error> {
    if let Value::String(id) = subject {
        return Ok(Target::Id(id));
    }
    if let Some(state) = PollState::read(&subject) {
        return Ok(Target::State(Box::new(state)));
    }
    let task = match subject.get("task") {
        Some(task @ Value::Object(_)) if subject.get("idempotencyKey").is_some() => task.clone(),
        _ => subject,
    };
    match Task::read(task) {
        Some(task) => Ok(Target::Task(Box::new(task))),
        None => Err(Error::configuration(
            "The target must be a task id, a task with `id` and `status`, a submission, or the `state` of the last poll.",
        )),
    }
}

fn query(subject: &Value) -> Result<TaskQuery, Error> {
    let mut query = TaskQuery::default();
    if matches!(subject, Value::Null | Value::Foreign(_)) {
        return Ok(query);
    }
    check_names(subject, &["status", "type", "model", "page", "pageSize"], "list")?;
    let text = |name| match subject.get(name) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => Err(not(name, "a string", other)),
    };
    query.status = text("status")?;
    query.kind = text("type")?;
    query.model = text("model")?;
    query.page = whole(subject, "page", 1)?.unwrap_or(0);
    query.page_size = whole(subject, "pageSize", 1)?.unwrap_or(0);
    Ok(query)
}

/// A method and a path.
fn endpoint(subject: &Value) -> Result<(Method, String), Error> {
    let parts = subject.as_array().unwrap_or_default();
    let method = parts.first().and_then(Value::as_str).and_then(Method::find);
    match (method, parts.get(1).and_then(Value::as_str)) {
        (Some(method), Some(path)) => Ok((method, path.to_owned())),
        _ => Err(Error::configuration(
            "`request` takes a method, \"GET\", \"POST\", \"PUT\", \"PATCH\" or \"DELETE\", and a path, such as \"/v1/credits\".",
        )),
    }
}
