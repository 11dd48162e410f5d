//! `localStorage` and `sessionStorage` as a store.

use crate::client::{Item, Store};
use crate::domain::error::Cause;
use crate::js_object::property;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

/// A [`Store`] in the browser: what a page needs to resume its tasks after a reload.
pub struct WebStorage(Storage);

impl WebStorage {
    /// `localStorage`, which all tabs of an origin share, and which outlives them.
    /// `None` where there is none: in workers, on servers, and where the user blocks it.
    pub fn local() -> Option<Self> {
        Self::named("localStorage")
    }

    /// `sessionStorage`, which lasts as long as the tab. `None` as for [`WebStorage::local`].
    pub fn session() -> Option<Self> {
        Self::named("sessionStorage")
    }

    fn named(name: &str) -> Option<Self> {
        let storage: Storage = property(&js_sys::global(), name).dyn_into().ok()?;
        Some(Self(storage))
    }
}

impl Store for WebStorage {
    async fn get(&self, key: &str) -> Result<Option<String>, Cause> {
        self.0.get_item(key).map_err(cause)
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Cause> {
        self.0.set_item(key, value).map_err(cause)
    }

    async fn remove(&self, key: &str) -> Result<(), Cause> {
        self.0.remove_item(key).map_err(cause)
    }

    async fn list(&self, base: &str) -> Result<Option<Vec<Item>>, Cause> {
        let mut items = Vec::new();
        for index in 0..self.0.length().map_err(cause)? {
            if let Some(key) = self.0.key(index).map_err(cause)?
                && key.starts_with(base)
                && let Some(value) = self.0.get_item(&key).map_err(cause)?
            {
                items.push((key, value));
            }
        }
        Ok(Some(items))
    }
}

fn cause(thrown: JsValue) -> Cause {
    Rc::new(thrown)
}
