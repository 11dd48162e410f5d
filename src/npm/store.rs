//! The option `store`: an object with `getItem`, `setItem` and `removeItem`, and to list its keys `getKeys` as storages
//! of `unstorage` have it, or `length` and `key` as `localStorage` has them. Each is synchronous or asynchronous.

use crate::client::Store;
use crate::domain::Error;
use crate::domain::error::Cause;
use crate::text::template;
use crate::web::object::{function, property};
use crate::web::settled;
use js_sys::{Array, Function};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

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
                "The option `store` must have the functions `getItem`, `setItem` and `removeItem`, as `localStorage` has, but it has no `{}`.",
                name
            ))),
        }
    }

    async fn call(&self, name: &str, key: &str, value: Option<&str>) -> Result<JsValue, Cause> {
        let call = async {
            let method = function(&self.0, name).ok_or(JsValue::UNDEFINED)?;
            let answer = match value {
                Some(value) => method.call2(&self.0, &key.into(), &value.into()),
                None => method.call1(&self.0, &key.into()),
            };
            settled(answer).await
        };
        call.await.map_err(|thrown| Rc::new(thrown) as Cause)
    }

    /// The keys of a store like `localStorage`, which calls `key` for each.
    fn numbered_keys(&self, key: &Function) -> Result<Vec<String>, Cause> {
        let mut keys = Vec::new();
        let count = property(&self.0, "length").as_f64().unwrap_or_default() as u32;
        for index in 0..count {
            match key.call1(&self.0, &index.into()) {
                Ok(key) => keys.extend(key.as_string()),
                Err(thrown) => return Err(Rc::new(thrown)),
            }
        }
        Ok(keys)
    }
}

impl Store for JsStore {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        let answer = self.call("getItem", key, None).await?;
        if answer.is_undefined() || answer.is_null() {
            return Ok(None);
        }
        match answer.as_string() {
            Some(value) => Ok(Some(value)),
            None => Err(wrong("`store.getItem()` must return a string or null.")),
        }
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        self.call("setItem", key, Some(value)).await.map(drop)
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        self.call("removeItem", key, None).await.map(drop)
    }

    async fn keys(&self, base: &str) -> Result<Option<Vec<String>>, Cause> {
        if function(&self.0, "getKeys").is_none() {
            return match function(&self.0, "key") {
                Some(key) => self.numbered_keys(&key).map(Some),
                None => Ok(None),
            };
        }
        let answer = self.call("getKeys", base, None).await?;
        if !Array::is_array(&answer) {
            return Err(wrong("`store.getKeys()` must return an array of strings."));
        }
        let mut keys = Vec::new();
        for key in answer.unchecked_into::<Array>().iter() {
            keys.extend(key.as_string());
        }
        Ok(Some(keys))
    }
}

fn wrong(message: &str) -> Cause {
    Rc::new(JsValue::from_str(message))
}
