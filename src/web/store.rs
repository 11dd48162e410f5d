//! The caller's store: anything with `get`, `set` and `delete`, which may answer at once or later.

use super::object::{function, property};
use super::promise::settled;
use crate::client::Store;
use crate::domain::Error;
use crate::domain::error::Cause;
use crate::text::template;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The option `store`.
pub struct HostStore(JsValue);

impl HostStore {
    /// The store of these options, if there is one.
    ///
    /// # Errors
    /// It lacks a function.
    pub fn of(options: &JsValue) -> Result<Option<Self>, Error> {
        let store = property(options, "store");
        if store.is_undefined() {
            return Ok(None);
        }
        match ["get", "set", "delete"]
            .iter()
            .find(|name| function(&store, name).is_none())
        {
            None => Ok(Some(Self(store))),
            Some(name) => Err(Error::configuration(template!(
                "The option `store` must have the functions `get`, `set` and `delete`, but it has no `{}`.",
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
}

impl Store for HostStore {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        let answer = self.call("get", key, None).await?;
        if answer.is_undefined() || answer.is_null() {
            return Ok(None);
        }
        match answer.as_string() {
            Some(value) => Ok(Some(value)),
            None => {
                let message = JsValue::from_str("`store.get()` must return a string.");
                Err(Rc::new(message))
            }
        }
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        self.call("set", key, Some(value)).await.map(drop)
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        self.call("delete", key, None).await.map(drop)
    }
}
