use std::future::Future;

/// The time, timers and random numbers of a host.
pub trait Clock {
    /// The wall clock, in milliseconds since 1970. It may jump, as when a laptop sleeps.
    fn now(&self) -> f64;

    /// Completes after `ms` milliseconds. Dropping it clears the timer.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;

    /// Completes when the host has a reason to poll immediately: a page became visible or came online. By
    /// default it never does.
    fn wake(&self) -> impl Future<Output = ()> {
        std::future::pending()
    }

    /// A random number from 0 (included) to 1 (excluded). Its first 30 bits become part of idempotency keys, so they
    /// must be unpredictable.
    fn random(&self) -> f64;
}
