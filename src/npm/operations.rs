//! The asynchronous calls of a client.

use super::client::{HostClient, client};
use super::error::throwable;
use super::options::call::{CallOptions, read_call};
use super::read::read;
use super::signal::Abort;
use super::utf16::{convert_error, convert_issues, prompt};
use super::write::write;
use crate::client::{Delivery, Either, SubmitOptions, Target, WaitOptions, race};
use crate::domain::words::words;
use crate::domain::{Error, PollState, Task, Value};
use crate::text::template;
use crate::web::object::{function, property};
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
        /// `client.poll(state, options)`
        Poll = "poll",
        /// `client.wait(task, options)`
        Wait = "wait",
        /// `client.watch(task, options)`: `onUpdate` gets each change, the last task is the result.
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
    }
}

impl Operation {
    /// The options of the call.
    fn option_names(self) -> &'static [&'static str] {
        match self {
            Operation::Submit => &["signal", "idempotencyKey", "allow", "extraFields"],
            Operation::Retrieve
            | Operation::Poll
            | Operation::Acknowledge
            | Operation::Pending
            | Operation::Forget => &["signal"],
            Operation::Wait | Operation::Watch | Operation::WaitAll | Operation::Resume => {
                &["signal", "timeoutMs", "onUpdate"]
            }
            Operation::Generate => &[
                "signal",
                "idempotencyKey",
                "timeoutMs",
                "onUpdate",
                "allow",
                "extraFields",
            ],
        }
    }
}

/// Starts an operation on its subject: a request, a task id, a task, a poll state. `own` may hold a
/// `signal` and an `onUpdate` of the package's, beside those of the caller in `call`.
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
    let prepared = call_options(&call, operation.option_names()).and_then(|of| {
        abort.listen(property(&call, "signal"))?;
        abort.listen(property(&own, "signal"))?;
        Ok((of, client(setup)?))
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
        let work = run(operation, &client, value, of.submit, wait, &mut tell);
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
    submit: SubmitOptions,
    wait: WaitOptions,
    tell: &mut dyn FnMut(&Task, &PollState),
) -> Result<JsValue, Error> {
    let task = match operation {
        Operation::Submit => {
            let submitted = client.submit_value(&subject, submit).await;
            let mut submission = submitted.map_err(|error| convert_error(error, &subject))?;
            convert_issues(&mut submission.warnings, prompt(&subject));
            return Ok(write(&submission));
        }
        Operation::Poll => return Ok(write(&client.poll(poll_state(client, &subject)?).await?)),
        Operation::WaitAll => {
            let tasks = client.watch_all(&ids(&subject)?, wait, tell).await?;
            return Ok(write(&tasks));
        }
        Operation::Resume => return Ok(write(&client.resume(wait, tell).await?)),
        Operation::Acknowledge => {
            client.acknowledge(id(&subject)?).await;
            return Ok(JsValue::UNDEFINED);
        }
        Operation::Pending => return Ok(write(&client.pending().await?)),
        Operation::Forget => {
            client.forget(id(&subject)?).await?;
            return Ok(JsValue::UNDEFINED);
        }
        Operation::Retrieve => client.retrieve(id(&subject)?).await?,
        Operation::Wait => client.wait(target(subject)?, wait, tell).await?,
        Operation::Watch => client.watch(target(subject)?, wait, tell).await?,
        Operation::Generate => {
            let task = client.generate_value(&subject, submit, wait, tell).await;
            task.map_err(|error| convert_error(error, &subject))?
        }
    };
    Ok(write(&task))
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

fn ids(subject: &Value) -> Result<Vec<String>, Error> {
    let Some(items) = subject.as_array() else {
        return Err(Error::configuration(template!(
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
        Error::configuration(template!(
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
