use std::future::Future;

/// What the client asks of the host besides HTTP: the time, to sleep, and to draw lots.
pub trait Clock {
    /// The wall clock, in milliseconds since 1970. It may jump: a laptop sleeps.
    fn now(&self) -> f64;

    /// Is over when the time has passed; dropped, it leaves no timer behind.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()>;

    /// Is over when the host has a reason to look at once: a page became visible, the network came back.
    /// By default never.
    fn wake(&self) -> impl Future<Output = ()> {
        std::future::pending()
    }

    /// A random number from 0 (included) to 1 (excluded), whose first 30 bits are good enough for unique keys.
    fn random(&self) -> f64;
}
