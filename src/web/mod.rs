//! The web platform as the client's host: `fetch`, timers, events.
//!
//! Whatever a host may throw is caught where it is called: an exception that passes through Rust
//! frames leaves the instance unusable.

pub(crate) mod clock;
mod listener;
pub(crate) mod object;
mod promise;
pub(crate) mod store;
pub(crate) mod transport;

pub(crate) use listener::Listener;
