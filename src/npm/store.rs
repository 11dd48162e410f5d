//! The option `store`: an object with `getItem`, `setItem` and `removeItem`, and to list its keys `getKeys` as storages
//! of `unstorage` have it, or `length` and `key` as `localStorage` has them. Each is synchronous or asynchronous.

use super::read::read;
use crate::client::{Access, Item, Store};
use crate::domain::error::Cause;
use crate::domain::{Error, Value};
use crate::js_object::function;
use crate::text::template;
use crate::web::settled;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/items.js")]
extern "C" {
    /// Performs one access. Returns a promise.
    fn perform(store: &JsValue, access: &str, key: &str, value: &str) -> JsValue;
}

/// A store of the caller.
pub struct JsStore(pub JsValue);

impl JsStore {
    /// Checks that a store has its functions.
    ///
    /// # Errors
    /// A configuration error that names the missing function.
    pub fn check(store: &JsValue) -> Result<(), Error> {
        let missing = |name: &&&str| function(store, name).is_none();
        match ["getItem", "setItem", "removeItem"].iter().find(missing) {
            None => Ok(()),
            Some(name) => Err(Error::configuration(template!(
                "The option `store` must have `getItem`, `setItem` and `removeItem`, like `localStorage`, but it has no `{}`.",
                name
            ))),
        }
    }

    async fn perform(&self, access: Access<'_>) -> Result<Option<Vec<Item>>, Cause> {
        let (name, key, value) = match access {
            Access::Get(key) => ("get", key, ""),
            Access::Set(key, value) => ("set", key, value),
            Access::Remove(key) => ("remove", key, ""),
            Access::List(base) => ("list", base, ""),
        };
        let answer = settled(Ok(perform(&self.0, name, key, value))).await;
        let answer = answer.map_err(|thrown| Rc::new(thrown) as Cause)?;
        let Value::Array(pairs) = read(&answer) else {
            return Ok(None);
        };
        let mut items = Vec::new();
        for pair in pairs {
            if let Value::Array(pair) = pair
                && let [Value::String(key), Value::String(value)] = pair.as_slice()
            {
                items.push((key.clone(), value.clone()));
            }
        }
        Ok(Some(items))
    }
}

impl Store for JsStore {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        let items = self.perform(Access::Get(key)).await?;
        Ok(items.and_then(|mut items| Some(items.pop()?.1)))
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        self.perform(Access::Set(key, value)).await.map(drop)
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        self.perform(Access::Remove(key)).await.map(drop)
    }

    async fn list(&self, base: &str) -> Result<Option<Vec<Item>>, Cause> {
        self.perform(Access::List(base)).await
    }

    // The four above would each be a state of whatever awaits an access.
    fn access(&self, access: Access<'_>) -> impl Future<Output = Result<Option<Vec<Item>>, Cause>> {
        self.perform(access)
    }
}
