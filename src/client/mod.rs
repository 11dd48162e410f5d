//! Submission, retrieval and waiting: plain async Rust over a [`Transport`] and a [`Clock`].
//!
//! Every future here is cancelled by dropping it: the request in flight is then aborted and the
//! timer cleared by the host's own futures, and nothing further is sent.

mod clock;
mod event;
mod exchange;
mod journal;
mod race;
mod retrieve;
mod store;
mod submit;
mod transport;
mod wait;

pub use clock::Clock;
pub use event::Event;
pub use race::{Either, race};
pub use store::{Access, Accessed, Store};
pub use submit::{Prepared, Submission};
pub use transport::{Failure, Method, Request, Transport};
pub use wait::{PollResult, Target};

use crate::domain::Config;

/// A client of the API.
///
/// It holds no state between calls, so that one may serve many calls at once.
pub struct Client<T, C> {
    config: Config,
    transport: T,
    clock: C,
    store: Option<Box<dyn Store>>,
    observer: Box<dyn Fn(&Event)>,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A client over a host's transport and clock.
    pub fn new(config: Config, transport: T, clock: C) -> Self {
        Self {
            config,
            transport,
            clock,
            store: None,
            observer: Box::new(|_| {}),
        }
    }

    /// Keeps what is needed to go on after a crash; see [`Client::resume`].
    pub fn with_store(mut self, store: impl Store + 'static) -> Self {
        self.store = Some(Box::new(store));
        self
    }

    /// Tells every [`Event`] to a function.
    pub fn on_event(mut self, observer: impl Fn(&Event) + 'static) -> Self {
        self.observer = Box::new(observer);
        self
    }
}
