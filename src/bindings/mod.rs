//! JavaScript values in and out, `fetch`, timers, abort signals. Nothing is decided here.
//!
//! Whatever a host may throw is caught where it is called: an exception that passes through Rust
//! frames leaves the instance unusable.

mod clock;
mod error;
mod exports;
mod listener;
mod promise;
mod read;
mod signal;
mod store;
mod transport;
mod write;

pub use exports::*;
