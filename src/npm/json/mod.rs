//! The types of the client as JavaScript values.

mod error;
#[cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "natively only its tests use it")
)]
pub mod event;
mod listing;
mod pending;
mod polled;
mod submission;
mod task;
