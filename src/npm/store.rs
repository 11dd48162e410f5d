//! The option `store`: an object with `get`, `set` and `delete`, each synchronous or asynchronous.

use crate::client::{Access, Accessed, Store};
use crate::domain::Error;
use crate::domain::error::Cause;
use crate::text::template;
use crate::web::object::function;
use crate::web::settled;
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
        match ["get", "set", "delete"].iter().find(missing) {
            None => Ok(()),
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
                None => Err("`store.get()` must return a string, null or undefined.".into()),
            },
            _ => Ok(None),
        }
    }
}

impl Store for JsStore {
    fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a> {
        Box::pin(async move {
            let answer = self.call(access).await;
            answer.map_err(|thrown| Rc::new(thrown) as Cause)
        })
    }
}
