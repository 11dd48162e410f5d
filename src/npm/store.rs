//! The option `store`: an object with `get`, `set` and `delete`, each synchronous or asynchronous.

use crate::client::Store;
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

impl Store for JsStore {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        let answer = self.call("get", key, None).await?;
        if answer.is_undefined() || answer.is_null() {
            return Ok(None);
        }
        match answer.as_string() {
            Some(value) => Ok(Some(value)),
            None => Err(Rc::new(JsValue::from_str("`store.get()` must return a string."))),
        }
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        self.call("set", key, Some(value)).await.map(drop)
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        self.call("delete", key, None).await.map(drop)
    }
}
