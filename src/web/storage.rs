//! `localStorage` and `sessionStorage` as a store.

use super::object::property;
use crate::client::{Access, Accessed, Store};
use crate::domain::error::Cause;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

/// A [`Store`] in the browser: what a page needs to resume its tasks after a reload.
pub struct WebStorage(Storage);

impl WebStorage {
    /// `localStorage`, which all tabs of an origin share and which outlives them.
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
    fn access<'a>(&'a self, access: Access<'a>) -> Accessed<'a> {
        let answer = match access {
            Access::Get(key) => self.0.get_item(key),
            Access::Set(key, text) => self.0.set_item(key, text).map(|()| None),
            Access::Delete(key) => self.0.remove_item(key).map(|()| None),
        };
        Box::pin(async { answer.map_err(|thrown| Rc::new(thrown) as Cause) })
    }
}
