//! HTTP exchanges over `fetch`.
//!
//! `gloo-net` builds the headers. The rest accepts any answer: `fetch` may be a mock, its `Response` may come from
//! another realm, and it may reject with something that is no `Error`.

use super::promise::settled;
use super::runtime::in_browser;
use super::secret::{safe_cause, without_escaped_key, without_key};
use crate::client::{Failure, Request, Transport};
use crate::domain::READ_HEADERS;
use crate::domain::config::check_key;
use crate::domain::{Answer, Body, Error};
use crate::js_object::function;
use crate::text::template;
use gloo_net::http::Headers;
use js_sys::{Function, JsString, Object, Reflect};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    /// A `Response` of any realm, or an object that works like one.
    type AnyResponse;

    #[wasm_bindgen(catch, method, getter)]
    fn status(this: &AnyResponse) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, getter)]
    fn headers(this: &AnyResponse) -> Result<AnyHeaders, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn text(this: &AnyResponse) -> Result<JsValue, JsValue>;

    type AnyHeaders;

    #[wasm_bindgen(catch, method)]
    fn get(this: &AnyHeaders, name: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn set(this: &AnyHeaders, name: &str, value: &JsString) -> Result<(), JsValue>;
}

type KeyFunction = dyn Fn() -> Pin<Box<dyn Future<Output = Result<String, JsValue>>>>;

enum Key {
    None,
    Literal(JsString),
    Function(Box<KeyFunction>),
}

/// A [`Transport`] over the `fetch` of the host, or over a function that works like it.
///
/// A literal key stays a JavaScript string: the module's memory does not hold it.
pub struct FetchTransport {
    key: Key,
    fetch: Option<Function>,
}

impl Default for FetchTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl FetchTransport {
    /// A transport that sends no API key, for a server that adds it.
    pub fn new() -> Self {
        Self {
            key: Key::None,
            fetch: None,
        }
    }

    /// Sends this API key. In a page, every visitor can read it.
    ///
    /// # Errors
    /// A configuration error if a header cannot hold the key.
    pub fn with_api_key(self, key: &str) -> Result<Self, Error> {
        match check_key(key) {
            Ok(()) => Ok(self.with_checked_key(key.into())),
            Err(why) => Err(Error::configuration(template!("The API key {}", why))),
        }
    }

    /// Sends an API key that was checked before.
    pub(crate) fn with_checked_key(mut self, key: JsString) -> Self {
        self.key = Key::Literal(key);
        self
    }

    /// Calls a function for each request, which returns the API key to send.
    pub fn with_key_function<F>(mut self, function: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<String, JsValue>> + 'static,
    {
        self.key = Key::Function(Box::new(move || Box::pin(function())));
        self
    }

    /// Calls this function instead of the host's `fetch`.
    pub fn with_fetch(mut self, fetch: Function) -> Self {
        self.fetch = Some(fetch);
        self
    }

    async fn key(&self) -> Result<Option<JsString>, Failure> {
        let credential = |cause: JsValue| Failure::Credential(Rc::new(safe_cause(None, cause)));
        match &self.key {
            Key::None => Ok(None),
            Key::Literal(key) => Ok(Some(key.clone())),
            Key::Function(function) => {
                let key = function().await.map_err(credential)?;
                match check_key(&key) {
                    Ok(()) => Ok(Some(key.into())),
                    // Not the value itself: it may contain a key.
                    Err(_) => Err(credential(
                        "`apiKey()` must return a non-empty string of visible ASCII characters.".into(),
                    )),
                }
            }
        }
    }
}

impl Transport for FetchTransport {
    fn sends_key(&self) -> bool {
        !matches!(self.key, Key::None)
    }

    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let key = self.key().await?;
        let fetch = self.fetch.clone();
        let Some(fetch) = fetch.or_else(|| function(&js_sys::global(), "fetch")) else {
            return Err(missing("fetch", "Pass one as the option `fetch`."));
        };
        let network = |cause| Failure::Network(Rc::new(safe_cause(key.as_ref(), cause)));
        let exchange = Exchange::new()?;
        let init = exchange.init(request, key.as_ref())?;
        let promise = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init);
        let response: AnyResponse = settled(promise).await.map_err(network)?.unchecked_into();
        let status = response.status().ok().and_then(|status| status.as_f64());
        let Some(status) = status else {
            return Err(network("`fetch` must return a Response.".into()));
        };
        let mut headers = Vec::new();
        if let Ok(given) = response.headers() {
            for name in READ_HEADERS {
                if let Ok(value) = given.get(name).unwrap_or_default().dyn_into::<JsString>() {
                    headers.push((*name, without_key(key.as_ref(), value).into()));
                }
            }
        }
        let body = match settled(response.text()).await {
            Ok(text) => match text.dyn_into() {
                Ok(text) => Body::read(&String::from(without_escaped_key(key.as_ref(), text))),
                Err(_) => Body::Text(String::new()),
            },
            Err(cause) => Body::Broken(Rc::new(safe_cause(key.as_ref(), cause))),
        };
        exchange.finish();
        Ok(Answer {
            status: status as u16,
            headers,
            body,
        })
    }
}

/// The advice for a host without a class that `fetch` needs.
const POLYFILL: &str = "Define it as a global, for example with a polyfill of the Fetch API.";

/// An exchange in progress, aborted if it is dropped before it finishes.
struct Exchange(Option<AbortController>);

impl Exchange {
    fn new() -> Result<Self, Failure> {
        match AbortController::new() {
            Ok(controller) => Ok(Self(Some(controller))),
            Err(_) => Err(missing("AbortController", POLYFILL)),
        }
    }

    fn init(&self, request: &Request, key: Option<&JsString>) -> Result<Object, Failure> {
        let headers = match web_sys::Headers::new() {
            Ok(headers) => Headers::from_raw(headers),
            Err(_) => return Err(missing("Headers", POLYFILL)),
        };
        for (name, value) in &request.headers {
            headers.set(name, value);
        }
        let headers = headers.into_raw();
        if let Some(key) = key {
            let value = JsString::from("Bearer ").concat(key);
            // The key was checked, so that this cannot throw.
            let _ = headers.unchecked_ref::<AnyHeaders>().set("Authorization", &value);
        }
        let init = Object::new();
        // A plain object: setting its properties cannot throw.
        let set = |name: &str, value: &JsValue| drop(Reflect::set(&init, &name.into(), value));
        set("method", &request.method.as_str().into());
        if let Some(body) = &request.body {
            set("body", &body.as_str().into());
        }
        // "error" throws in workerd. "manual" returns the redirect as an answer everywhere.
        set("redirect", &"manual".into());
        // Only browsers keep answers. workerd rejects the option under compatibility dates before November 2024.
        if in_browser() {
            set("cache", &"no-store".into());
        }
        set("headers", &headers);
        if let Some(controller) = &self.0 {
            set("signal", &controller.signal());
        }
        Ok(init)
    }

    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

fn missing(what: &str, advice: &str) -> Failure {
    Failure::Unsupported(template!("This host has no `{}`. {}", what, advice))
}
