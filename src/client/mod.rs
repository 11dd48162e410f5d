//! Submission, retrieval and waiting: plain async Rust over a [`Transport`] and a [`Clock`].
//!
//! Dropping a future cancels the call: the futures of the host abort the request in flight and clear the timer,
//! and nothing further is sent.
//!
#![doc = include_str!("example.md")]

mod calls;
mod claims;
mod clock;
mod event;
mod exchange;
mod journal;
mod options;
mod poll;
mod race;
mod resume;
mod retrieve;
mod store;
mod submit;
mod transport;
mod upload;
mod wait;
mod writes;

pub use crate::domain::watch::Polled;
#[doc(hidden)]
pub use calls::in_order;
pub use calls::{Reply, TaskQuery};
pub use clock::Clock;
pub use event::{Event, EventKind};
pub use options::{Delivery, SubmitOptions, WaitOptions};
pub use poll::PollOptions;
#[doc(hidden)]
pub use race::{Either, race};
#[doc(hidden)]
pub use resume::Kept;
pub use resume::Pending;
#[doc(hidden)]
pub use store::Access;
pub use store::{Item, NoStore, Store};
pub use submit::{Prepared, Submission};
pub use transport::{Failure, Method, Request, Transport};
#[doc(hidden)]
pub use upload::{Uploaded, check_stored, check_upload};
pub use wait::Target;
#[doc(hidden)]
pub use wait::{Subject, Waited};

use crate::domain::Config;
use writes::Writes;

/// A client of the API, over a transport, a clock, a store and an observer of events.
///
/// It holds no state between calls, so one client may serve many calls concurrently. Its futures are `Send` if the
/// futures of its parts are, and a call is cancelled by dropping its future.
///
/// ```
/// use evolink_video::client::{Client, Clock, Failure, Request, SubmitOptions, Transport};
/// use evolink_video::domain::{Answer, Body, Config, ErrorKind, VideoRequest};
/// use std::pin::pin;
/// use std::task::{Context, Poll, Waker};
///
/// /// A server that has no credits left. A real transport sends the request with the API key.
/// struct Server;
///
/// impl Transport for Server {
///     async fn send(&self, request: &Request) -> Result<Answer, Failure> {
///         assert_eq!(request.url, "https://api.evolink.ai/v1/videos/generations");
///         let body = Body::read(r#"{"error": {"code": "insufficient_quota"}}"#);
///         Ok(Answer { status: 402, headers: Vec::new(), body })
///     }
/// }
///
/// struct SystemClock;
///
/// impl Clock for SystemClock {
///     fn now(&self) -> f64 {
///         let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
///         since.map_or(0.0, |since| since.as_secs_f64() * 1000.0)
///     }
///
///     async fn sleep(&self, _ms: u32) {
///         std::future::pending().await // the timer of your async runtime
///     }
///
///     fn random(&self) -> f64 {
///         0.5 // a random number
///     }
/// }
///
/// let client = Client::new(Config::default(), Server, SystemClock);
/// let request = VideoRequest::new("A cat walks through snow");
/// let mut call = pin!(client.submit(&request, SubmitOptions::default()));
/// let mut context = Context::from_waker(Waker::noop()); // an async runtime does this
/// let Poll::Ready(outcome) = call.as_mut().poll(&mut context) else { panic!() };
/// let error = outcome.unwrap_err();
/// assert_eq!(error.kind, ErrorKind::InsufficientCredits);
/// assert!(error.idempotency_key.is_some());
/// ```
pub struct Client<T, C, S = NoStore, O = fn(&Event)> {
    config: Config,
    transport: T,
    clock: C,
    store: S,
    observer: O,
    writes: Writes,
    /// Whether the caller does the writes after a result, with [`Client::flush`].
    defers_writes: bool,
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
            writes: Writes::default(),
            defers_writes: false,
        }
    }
}

impl<T, C, S, O> Client<T, C, S, O> {
    /// Keeps idempotency keys and task ids in a store, so that a later process can continue; see
    /// [`Client::resume`].
    pub fn with_store<Other: Store>(self, store: Other) -> Client<T, C, Other, O> {
        Client {
            config: self.config,
            transport: self.transport,
            clock: self.clock,
            store,
            observer: self.observer,
            writes: self.writes,
            defers_writes: self.defers_writes,
        }
    }

    /// Leaves the writes after a result to [`Client::flush`], so that a slow store delays no result.
    #[must_use]
    pub fn deferring_writes(mut self) -> Self {
        self.defers_writes = true;
        self
    }

    /// Passes every [`Event`] to a function.
    pub fn on_event<Other: Fn(&Event)>(self, observer: Other) -> Client<T, C, S, Other> {
        Client {
            config: self.config,
            transport: self.transport,
            clock: self.clock,
            store: self.store,
            observer,
            writes: self.writes,
            defers_writes: self.defers_writes,
        }
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Reports an event.
    fn emit(&self, kind: EventKind, attempt: u32, task_id: Option<&str>) {
        (self.observer)(&Event {
            kind,
            attempt,
            task_id: task_id.map(str::to_owned),
        });
    }

    /// Does the writes that [`Client::deferring_writes`] left, for example in a separate task. Without it, a later
    /// process still finds everything, but asks the server again.
    pub async fn flush(&self) {
        self.write_all().await;
    }
}
