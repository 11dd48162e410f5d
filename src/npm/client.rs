//! A client of the host, from the options of the package.

use super::read::read;
use super::write::write;
use crate::client::Client;
use crate::domain::config::Runtime;
use crate::domain::{Config, Error};
use crate::web::clock::{HostClock, in_browser};
use crate::web::object::{function, property};
use crate::web::store::HostStore;
use crate::web::transport::FetchTransport;
use wasm_bindgen::prelude::*;

/// The client of a host.
pub type HostClient = Client<FetchTransport, HostClock>;

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
