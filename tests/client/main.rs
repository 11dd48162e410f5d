//! The client layer under simulated time, against a scripted server: no host, no network, no waiting.

mod retrieve;
mod simulation;
mod submit;
mod wait;
