//! Tests of the client layer in simulated time with a scripted server.

mod answers;
mod calls;
#[path = "../common/mod.rs"]
mod common;
mod retrieve;
mod script;
#[cfg(not(target_arch = "wasm32"))]
mod send;
mod store;
mod submit;
#[allow(dead_code, reason = "the simulation shares it, and asks more of it")]
mod time;
mod upload;
mod wait;
mod watch_all;
