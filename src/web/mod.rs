//! The web platform as the client's host, for Rust front ends and workers: `fetch`, timers, storage.
//!
//! This module exports nothing to JavaScript: an application that uses it keeps its own exports and its own start
//! function.
//!
//! With the feature `serde`, `from_js` and `to_js` convert requests, tasks and other public types from and to plain
//! JavaScript values.
//!
#![doc = include_str!("example.md")]

// Whatever a host may throw is caught where it is called: an exception that passes through Rust frames leaves the
// instance unusable.

mod clock;
mod listener;
mod promise;
mod runtime;
mod secret;
mod storage;
mod transport;
#[cfg(feature = "serde")]
mod values;

pub use clock::WebClock;
pub use runtime::runtime;
pub use storage::WebStorage;
pub use transport::FetchTransport;
#[cfg(feature = "serde")]
pub use values::{from_js, to_js};

#[cfg(feature = "npm-client")]
pub(crate) use listener::Listener;
#[cfg(feature = "npm-client")]
pub(crate) use promise::settled;
