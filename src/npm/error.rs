//! Errors as instances of the package's classes.

use super::write::write;
use crate::domain::Error;
use js_sys::{Function, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// Makes an error of the class that `fields.name` says.
    static FACTORY: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Installs the function that makes an error from its fields; once for each instance.
#[wasm_bindgen(js_name = installErrors)]
pub fn install_errors(factory: Function) {
    FACTORY.with(|slot| slot.replace(Some(factory)));
}

/// The JavaScript error.
pub fn throwable(error: &Error) -> JsValue {
    let fields = write(error);
    if let Some(cause) = error
        .cause
        .as_ref()
        .and_then(|cause| cause.downcast_ref::<JsValue>())
    {
        let _ = Reflect::set(&fields, &"cause".into(), cause);
    }
    let factory = FACTORY.with(|slot| slot.borrow().clone());
    factory
        .and_then(|factory| factory.call1(&JsValue::UNDEFINED, &fields).ok())
        .unwrap_or(fields)
}
