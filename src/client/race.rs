use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// The output of the first of two futures to complete.
pub enum Either<A, B> {
    /// That of the first.
    First(A),
    /// That of the second.
    Second(B),
}

/// Polls two futures until one completes, and drops the other. If both complete, the first counts.
pub async fn race<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> Either<A, B> {
    let mut first = pin!(first);
    let mut second = pin!(second);
    poll_fn(|context| {
        if let Poll::Ready(value) = first.as_mut().poll(context) {
            return Poll::Ready(Either::First(value));
        }
        second.as_mut().poll(context).map(Either::Second)
    })
    .await
}
