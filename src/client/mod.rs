//! Submission, retrieval and waiting: plain async Rust over a [`Transport`] and a [`Clock`].
//!
//! Dropping a future cancels the call: the futures of the host abort the request in flight and clear the timer,
//! and nothing further is sent.

mod clock;
mod event;
mod exchange;
mod journal;
mod options;
mod race;
mod retrieve;
mod store;
mod submit;
mod transport;
mod wait;

pub use clock::Clock;
pub use event::Event;
pub use options::{SubmitOptions, WaitOptions};
pub use race::{Either, race};
pub use store::{NoStore, Store};
pub use submit::{Prepared, Submission};
pub use transport::{Failure, Method, Request, Transport};
pub use wait::{PollResult, Target};

use crate::domain::Config;

/// A client of the API, over a transport, a clock, a store and an observer of events.
///
/// It holds no state between calls, so one client may serve many calls concurrently. Its futures are `Send` if the
/// futures of its parts are, and a call is cancelled by dropping its future.
pub struct Client<T, C, S = NoStore, O = fn(&Event)> {
    config: Config,
    transport: T,
    clock: C,
    store: S,
    observer: O,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client over a transport and a clock, without a store.
    pub fn new(config: Config, transport: T, clock: C) -> Self {
        Self {
            config,
            transport,
            clock,
            store: NoStore,
            observer: |_| {},
        }
    }
}

impl<T, C, S, O> Client<T, C, S, O> {
    /// Keeps idempotency keys and task ids in a store, so that a later process can go on; see
    /// [`Client::resume`].
    pub fn with_store<Other: Store>(self, store: Other) -> Client<T, C, Other, O> {
        Client {
            config: self.config,
            transport: self.transport,
            clock: self.clock,
            store,
            observer: self.observer,
        }
    }

    /// Passes every [`Event`] to a function.
    pub fn on_event<Other: Fn(&Event)>(self, observer: Other) -> Client<T, C, S, Other> {
        Client {
            config: self.config,
            transport: self.transport,
            clock: self.clock,
            store: self.store,
            observer,
        }
    }
}
