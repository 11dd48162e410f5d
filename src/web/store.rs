//! The caller's store: anything with `get`, `set` and `delete`, which may answer at once or later.

use super::object::{function, property};
use super::promise::settled;
use crate::client::{Access, Accessed, Store};
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

    async fn call(&self, access: Access<'_>) -> Result<Option<String>, JsValue> {
        let (name, key, text) = match access {
            Access::Get(key) => ("get", key, None),
            Access::Set(key, text) => ("set", key, Some(text)),
            Access::Delete(key) => ("delete", key, None),
        };
        let method = function(&self.0, name).ok_or(JsValue::UNDEFINED)?;
        let answer = settled(match text {
            Some(text) => method.call2(&self.0, &key.into(), &text.into()),
            None => method.call1(&self.0, &key.into()),
        });
        let answer = answer.await?;
        match access {
            Access::Get(_) if !answer.is_undefined() && !answer.is_null() => match answer.as_string() {
                Some(text) => Ok(Some(text)),
                None => Err("The function `get` of the store gave something else than a string.".into()),
            },
            _ => Ok(None),
        }
    }
}

impl Store for HostStore {
    fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a> {
        Box::pin(async move {
            let answer = self.call(access).await;
            answer.map_err(|thrown| Rc::new(thrown) as Cause)
        })
    }
}
