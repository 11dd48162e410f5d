//! The types of the client as JavaScript has them.

mod error;
mod event;
mod poll;
mod submission;
mod task;

pub use poll::read_poll_state;
