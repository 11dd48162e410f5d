use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

#[derive(Default)]
struct Line {
    is_taken: bool,
    waiting: Vec<Waker>,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// The turn to write to a store: who reads a document, changes it and writes it back is not to overwrite what
/// another call of the same process wrote meanwhile. Dropped, it is the next one's.
pub(super) struct Turn(());

impl Turn {
    /// Waits for it.
    pub async fn take() -> Self {
        poll_fn(|context| {
            LINE.with_borrow_mut(|line| {
                if line.is_taken {
                    line.waiting.push(context.waker().clone());
                    return Poll::Pending;
                }
                line.is_taken = true;
                Poll::Ready(Self(()))
            })
        })
        .await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let waiting = LINE.with_borrow_mut(|line| {
            line.is_taken = false;
            std::mem::take(&mut line.waiting)
        });
        waiting.into_iter().for_each(Waker::wake);
    }
}
