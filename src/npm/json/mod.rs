//! The types of the client as JavaScript has them.

mod error;
mod event;
mod pending;
mod poll;
mod submission;
mod task;
