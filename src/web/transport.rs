//! One HTTP exchange over the host's `fetch`, or the caller's.
//!
//! `gloo-net` builds the headers. The exchange itself takes every answer as it comes: `fetch` may be a
//! mock, its `Response` of another realm, its rejection no `Error`.

use super::object::{function, property, set};
use super::promise::settled;
use crate::client::{Failure, Request, Transport};
use crate::domain::answer::READ_HEADERS;
use crate::domain::config::ApiKey;
use crate::domain::{Answer, Body};
use crate::text::template;
use gloo_net::http::Headers;
use js_sys::{Function, JsString, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    /// A `Response` of any realm, or anything that works like one.
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
}

/// The host's `fetch`, with the key.
pub struct FetchTransport {
    /// The options of the client: holds the functions `fetch` and `apiKey`.
    pub options: JsValue,
    /// The key, or where it comes from.
    pub api_key: ApiKey,
}

impl Transport for FetchTransport {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let key = self.key().await?;
        let exchange = Exchange::new().map_err(network)?;
        let init = exchange.init(request, key.as_deref()).map_err(network)?;
        let fetch = self
            .function("fetch")
            .or_else(|| function(&js_sys::global(), "fetch"));
        let Some(fetch) = fetch else {
            let message = JsValue::from_str("This host has no `fetch`. Pass one as the option `fetch`.");
            return Err(Failure::NotSent(Rc::new(message)));
        };
        let promise = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &init);
        let response: AnyResponse = settled(promise).await.map_err(network)?.unchecked_into();
        let status = response.status().ok().and_then(|status| status.as_f64());
        let Some(status) = status else {
            return Err(network("The function `fetch` gave no Response.".into()));
        };
        let mut headers = Vec::new();
        if let Ok(given) = response.headers() {
            for name in READ_HEADERS {
                if let Some(value) = given.get(name).ok().and_then(|value| value.as_string()) {
                    headers.push((name, value));
                }
            }
        }
        let body = match settled(response.text()).await {
            Ok(text) => match redacted(key.as_deref(), status, text).as_string() {
                Some(text) => Body::read(&text),
                None => Body::Text(String::new()),
            },
            Err(cause) => Body::Broken(Rc::new(cause)),
        };
        exchange.done();
        Ok(Answer {
            status: status as u16,
            headers,
            body,
        })
    }
}

impl FetchTransport {
    async fn key(&self) -> Result<Option<String>, Failure> {
        match &self.api_key {
            ApiKey::None => Ok(None),
            ApiKey::Literal(key) => Ok(Some(key.clone())),
            ApiKey::Function => {
                let credential = |cause: JsValue| Failure::Credential(Rc::new(cause));
                let function = self
                    .function("apiKey")
                    .ok_or_else(|| credential(JsValue::UNDEFINED))?;
                let key = settled(function.call0(&JsValue::UNDEFINED))
                    .await
                    .map_err(credential)?;
                match key.as_string() {
                    Some(key) if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                        Ok(Some(key))
                    }
                    // Not the value itself: it may be a key in a wrong wrapping.
                    _ => Err(credential(
                        "The function `apiKey` gave no text that can stand in a header.".into(),
                    )),
                }
            }
        }
    }

    fn function(&self, name: &str) -> Option<Function> {
        function(&self.options, name)
    }
}

/// An exchange under way; dropped before it is done, it is aborted.
struct Exchange(Option<AbortController>);

impl Exchange {
    fn new() -> Result<Self, JsValue> {
        Ok(Self(Some(AbortController::new()?)))
    }

    fn init(&self, request: &Request, key: Option<&str>) -> Result<JsValue, JsValue> {
        let headers = Headers::new();
        for (name, value) in &request.headers {
            headers.set(name, value);
        }
        if let Some(key) = key {
            headers.set("Authorization", &template!("Bearer {}", key));
        }
        let init = js_sys::Object::new().into();
        set(&init, "method", &request.method.as_str().into())?;
        if let Some(body) = &request.body {
            set(&init, "body", &body.as_str().into())?;
        }
        // "error" throws in workerd; "manual" shows the redirect as an answer everywhere.
        set(&init, "redirect", &"manual".into())?;
        if knows_cache() {
            set(&init, "cache", &"no-store".into())?;
        }
        set(&init, "headers", &headers.into_raw())?;
        if let Some(controller) = &self.0 {
            set(&init, "signal", &controller.signal())?;
        }
        Ok(init)
    }

    fn done(mut self) {
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

/// Whether `cache` is an option of this host's requests: workerd throws at it under compatibility
/// dates before November 2024, and takes nothing from a cache there.
fn knows_cache() -> bool {
    let prototype = property(&property(&js_sys::global(), "Request"), "prototype");
    Reflect::has(&prototype, &"cache".into()).unwrap_or(false)
}

fn network(cause: JsValue) -> Failure {
    Failure::Network(Rc::new(cause))
}

/// Some servers repeat the key that they refuse; an error must not. A key shorter than any real one is let
/// be, since its letters may well be those of a word.
fn redacted(key: Option<&str>, status: f64, text: JsValue) -> JsValue {
    const SHORTEST: usize = 8;
    match (key, text.dyn_ref::<JsString>()) {
        (Some(key), Some(said)) if status >= 300.0 && key.len() >= SHORTEST => {
            said.split(key).join("***").into()
        }
        _ => text,
    }
}
