//! A client of the host, from the options of the package.

use super::read::read;
use super::write::write;
use crate::client::{Client, Event};
use crate::domain::config::Runtime;
use crate::domain::{Config, Error};
use crate::web::clock::{HostClock, in_browser};
use crate::web::object::{function, property};
use crate::web::store::HostStore;
use crate::web::transport::FetchTransport;
use wasm_bindgen::prelude::*;

/// The client of a host.
pub type HostClient = Client<FetchTransport, HostClock, Option<HostStore>, HostObserver>;

type HostObserver = Box<dyn Fn(&Event)>;

/// The client that these options ask for.
///
/// # Errors
/// An option is not usable.
pub fn client(options: &JsValue) -> Result<HostClient, Error> {
    let config = Config::read(&read(options), runtime())?;
    let transport = FetchTransport {
        options: options.clone(),
        api_key: config.api_key.clone(),
    };
    let on_event = function(options, "onEvent");
    let observer: HostObserver = Box::new(move |event| {
        if let Some(on_event) = &on_event {
            // An observer that throws does not fail the call.
            drop(on_event.call1(&JsValue::UNDEFINED, &write(event)));
        }
    });
    Ok(Client::new(config, transport, HostClock)
        .with_store(HostStore::of(options)?)
        .on_event(observer))
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
