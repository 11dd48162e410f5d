//! JavaScript values in and out, `fetch`, timers, abort signals. Nothing is decided here.
//!
//! Whatever a host may throw is caught where it is called: an exception that passes through Rust
//! frames leaves the instance unusable.

mod client;
mod clock;
mod error;
mod functions;
mod listener;
mod operations;
mod promise;
mod read;
mod signal;
mod store;
mod transport;
mod write;

pub use error::install_errors;
pub use functions::{Computation, compute};
pub use operations::{Operation, start};
