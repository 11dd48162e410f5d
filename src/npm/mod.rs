//! The exports of the npm package's modules, and the wire format between JavaScript and Rust.
//! Nothing is decided here.

pub mod json;
#[cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "natively only its tests use it")
)]
pub mod options;
#[cfg(feature = "npm-rules")]
#[cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "natively only its tests use it")
)]
mod utf16;

#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
mod compute;
#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
mod error;
#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
mod functions;
#[cfg(all(target_arch = "wasm32", feature = "npm-media"))]
mod media_functions;
#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
mod read;
#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
mod write;

#[cfg(all(target_arch = "wasm32", feature = "npm-client"))]
mod client;
#[cfg(all(target_arch = "wasm32", feature = "npm-client"))]
mod client_functions;
#[cfg(all(target_arch = "wasm32", feature = "npm-client"))]
mod operations;
#[cfg(all(target_arch = "wasm32", feature = "npm-client"))]
mod signal;
#[cfg(all(target_arch = "wasm32", feature = "npm-client"))]
mod store;

#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
pub use compute::compute;
#[cfg(all(target_arch = "wasm32", feature = "npm-client"))]
pub use operations::start;
