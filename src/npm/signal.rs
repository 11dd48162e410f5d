//! The caller's `AbortSignal`.

use crate::domain::Error;
use crate::web::Listener;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An `AbortSignal` of any realm, or anything that works like one.
    #[derive(Clone)]
    type Signal;

    #[wasm_bindgen(catch, method, getter)]
    fn aborted(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, getter)]
    fn reason(this: &Signal) -> Result<JsValue, JsValue>;
}

/// Ends a call from outside: through a signal, or because a callback of the caller threw.
#[derive(Default)]
pub struct Abort {
    state: Rc<RefCell<State>>,
    listening: Vec<Listener>,
}

#[derive(Default)]
struct State {
    reason: Option<JsValue>,
    waker: Option<Waker>,
}

impl Abort {
    /// Listens to a signal as well, if there is one.
    ///
    /// # Errors
    /// The value is not a signal.
    pub fn listen(&mut self, signal: JsValue) -> Result<(), Error> {
        if signal.is_undefined() || signal.is_null() {
            return Ok(());
        }
        let signal: Signal = signal.unchecked_into();
        let listener = {
            let (signal, stopper) = (signal.clone(), self.stopper());
            let target: JsValue = signal.clone().into();
            Listener::new(&target, "abort", move || {
                stopper.stop(signal.reason().unwrap_or(JsValue::UNDEFINED));
            })
        };
        let aborted = signal.aborted().ok().and_then(|aborted| aborted.as_bool());
        let (Some(aborted), Ok(listener)) = (aborted, listener) else {
            return Err(Error::configuration(
                "The option `signal` must be an AbortSignal.",
            ));
        };
        if aborted {
            self.stopper().stop(signal.reason().unwrap_or(JsValue::UNDEFINED));
        }
        self.listening.push(listener);
        Ok(())
    }

    /// A handle that ends the call as the signal would.
    pub fn stopper(&self) -> Stopper {
        Stopper(Rc::clone(&self.state))
    }

    /// The reason, if the call is to end.
    pub fn reason_now(&self) -> Option<JsValue> {
        self.state.borrow_mut().reason.take()
    }

    /// Completes when the call must end, with the reason: the same value that was given.
    pub fn reason(&self) -> impl Future<Output = JsValue> {
        poll_fn(|context| {
            let mut state = self.state.borrow_mut();
            match state.reason.take() {
                Some(reason) => Poll::Ready(reason),
                None => {
                    state.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

/// Ends a call.
pub struct Stopper(Rc<RefCell<State>>);

impl Stopper {
    /// Whether the call must end.
    pub fn is_stopped(&self) -> bool {
        self.0.borrow().reason.is_some()
    }

    /// Ends it with this reason; the first one counts.
    pub fn stop(&self, reason: JsValue) {
        let mut state = self.0.borrow_mut();
        state.reason.get_or_insert(reason);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }
}
