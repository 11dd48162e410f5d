//! HTTP exchanges over `fetch`.
//!
//! `gloo-net` builds the headers. The rest accepts any answer: `fetch` may be a mock, its `Response` may come from
//! another realm, and it may reject with something that is no `Error`.

use super::object::function;
use super::promise::settled;
use super::runtime::in_browser;
use crate::client::{Failure, Request, Transport};
use crate::domain::READ_HEADERS;
use crate::domain::config::check_key;
use crate::domain::{Answer, Body, Error};
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

    /// A string, with the methods that take a JavaScript string.
    type AnyString;

    #[wasm_bindgen(method, js_name = replaceAll)]
    fn replace_all(this: &AnyString, text: &JsString, by: &str) -> JsValue;
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

    /// Calls this function in place of the host's `fetch`.
    pub fn with_fetch(mut self, fetch: Function) -> Self {
        self.fetch = Some(fetch);
        self
    }

    async fn key(&self) -> Result<Option<JsString>, Failure> {
        let credential = |cause: JsValue| Failure::Credential(Rc::new(cause));
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
            let message = JsValue::from_str("This host has no `fetch`. Pass one as the option `fetch`.");
            return Err(Failure::NotSent(Rc::new(message)));
        };
        let exchange = Exchange::new().map_err(network)?;
        let init = exchange.init(request, key.as_ref());
        let promise = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init);
        let response: AnyResponse = settled(promise).await.map_err(network)?.unchecked_into();
        let status = response.status().ok().and_then(|status| status.as_f64());
        let Some(status) = status else {
            return Err(network("`fetch` must return a Response.".into()));
        };
        let mut headers = Vec::new();
        if let Ok(given) = response.headers() {
            for name in READ_HEADERS {
                if let Some(value) = given.get(name).ok().and_then(|value| value.as_string()) {
                    headers.push((*name, value));
                }
            }
        }
        let body = match settled(response.text()).await {
            Ok(text) => match redacted(key.as_ref(), status, text).as_string() {
                Some(text) => Body::read(&text),
                None => Body::Text(String::new()),
            },
            Err(cause) => Body::Broken(Rc::new(cause)),
        };
        exchange.finish();
        Ok(Answer {
            status: status as u16,
            headers,
            body,
        })
    }
}

/// An exchange in progress, aborted if it is dropped before it finishes.
struct Exchange(Option<AbortController>);

impl Exchange {
    fn new() -> Result<Self, JsValue> {
        Ok(Self(Some(AbortController::new()?)))
    }

    fn init(&self, request: &Request, key: Option<&JsString>) -> Object {
        let headers = Headers::new();
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
        init
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

fn network(cause: JsValue) -> Failure {
    Failure::Network(Rc::new(cause))
}

/// Some servers repeat the key that they refuse, and an error must not contain it. A key shorter than any real one is
/// not redacted, since its letters may be part of a word.
fn redacted(key: Option<&JsString>, status: f64, text: JsValue) -> JsValue {
    const SHORTEST: u32 = 8;
    match (key, text.dyn_ref::<JsString>()) {
        (Some(key), Some(said)) if status >= 300.0 && key.length() >= SHORTEST => {
            said.unchecked_ref::<AnyString>().replace_all(key, "***")
        }
        _ => text,
    }
}
