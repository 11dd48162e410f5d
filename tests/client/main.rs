//! The client layer under simulated time, against a scripted server: no host, no network, no waiting.

#[path = "../common/mod.rs"]
mod common;
mod many;
mod retrieve;
mod simulation;
mod store;
mod submit;
mod wait;
