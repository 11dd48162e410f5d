//! A client of the package, made anew for each call.

use super::error::throwable;
use super::json::event::CallEvent;
use super::options::call::CallOptions;
use super::options::client::{is_path, pack, unpack};
use super::options::not;
use super::read::read;
use super::store::JsStore;
use super::write::write;
use crate::client::{Client, Event};
use crate::domain::{Error, Value};
use crate::js_object::{function, property};
use crate::text::template;
use crate::web::{FetchTransport, WebClock, runtime, settled};
use js_sys::{Array, Function, JsString};
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::prelude::*;

/// Tells the events of calls apart.
static NEXT_CALL: AtomicU32 = AtomicU32::new(1);

/// The client that JavaScript uses.
pub type HostClient = Client<FetchTransport, WebClock, Option<JsStore>, Observer>;

type Observer = Box<dyn Fn(&Event)>;

/// Checks the options of `new VideoClient(options)`, and packs the ones that are data.
///
/// # Errors
/// A `ConfigurationError` that names the option.
pub fn check_options(options: &JsValue) -> Result<JsValue, JsValue> {
    let check = || {
        let packed = pack(&resolved(read(options)), runtime())?;
        let store = property(options, "store");
        if !store.is_undefined() {
            JsStore::check(&store)?;
        }
        let files = property(options, "files");
        if !files.is_undefined() && function(&files, "put").is_none() {
            return Err(not("files", "an object with a function `put`", &read(&files)));
        }
        Ok(packed)
    };
    match check() {
        Ok(packed) => Ok(packed.into()),
        Err(error) => Err(throwable(&error)),
    }
}

/// The options, with the whole address of a `baseUrl` that is a path. On a server that renders a page it stays a path.
fn resolved(mut options: Value) -> Value {
    let origin = property(&property(&js_sys::global(), "location"), "origin").as_string();
    let path = options.get("baseUrl").and_then(Value::as_str);
    if let (Some(origin), Some(path)) = (origin, path)
        && is_path(path)
    {
        let url = template!("{}{}", origin, path);
        options.set("baseUrl", url.into());
    }
    options
}

/// The client of a setup: an array of the packed options, then the options `apiKey`, `fetch`, `store` and `onEvent`.
/// An item of an array is read without passing a name to JavaScript. Each call passes the API key anew, so that the
/// module does not keep it.
///
/// # Errors
/// The configuration is not one that [`check_options`] packed.
pub fn client(setup: &JsValue, call: Option<(&'static str, &CallOptions)>) -> Result<HostClient, Error> {
    let setup: &Array = setup.unchecked_ref();
    let [packed, key, fetch, store, on_event] = [0, 1, 2, 3, 4].map(|index| setup.get(index));
    let mut config = unpack(&packed.as_string().unwrap_or_default())?;
    let mut operation = "";
    if let Some((name, call)) = call {
        operation = name;
        config.headers.extend(call.headers.iter().cloned());
        config.request_timeout_ms = call.request_timeout_ms.unwrap_or(config.request_timeout_ms);
        config.max_retries = call.max_retries.or(config.max_retries);
    }
    let call_id = NEXT_CALL.fetch_add(1, Ordering::Relaxed);
    let mut transport = FetchTransport::new();
    match key.dyn_into::<Function>() {
        Ok(function) => {
            transport = transport.with_key_function(move || {
                let returned = function.call0(&JsValue::UNDEFINED);
                // Anything but a string is refused as an empty key is.
                async { Ok(settled(returned).await?.as_string().unwrap_or_default()) }
            });
        }
        Err(key) => {
            if let Ok(key) = key.dyn_into::<JsString>() {
                transport = transport.with_checked_key(key);
            }
        }
    }
    if let Ok(fetch) = fetch.dyn_into() {
        transport = transport.with_fetch(fetch);
    }
    let on_event = on_event.dyn_into::<Function>().ok();
    let observer: Observer = Box::new(move |event| {
        if let Some(on_event) = &on_event {
            // An observer that throws does not fail the call.
            let event = CallEvent {
                event,
                call_id,
                operation,
            };
            drop(on_event.call1(&JsValue::UNDEFINED, &write(&event)));
        }
    });
    Ok(Client::new(config, transport, WebClock)
        .with_store((!store.is_undefined()).then_some(JsStore(store)))
        .on_event(observer)
        .deferring_writes())
}
