//! The caller's `AbortSignal`.

use crate::domain::Error;
use js_sys::{Function, Reflect};
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

    #[wasm_bindgen(catch, method, js_name = addEventListener)]
    fn add_event_listener(this: &Signal, kind: &str, listener: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, method, js_name = removeEventListener)]
    fn remove_event_listener(this: &Signal, kind: &str, listener: &Function) -> Result<(), JsValue>;
}

/// Ends a call from outside: through the caller's signal, or because a callback of the caller threw.
pub struct Abort {
    state: Rc<RefCell<State>>,
    listening: Option<(Signal, Closure<dyn FnMut()>)>,
}

#[derive(Default)]
struct State {
    reason: Option<JsValue>,
    waker: Option<Waker>,
}

impl Abort {
    /// Listens to the `signal` of a call's options, if there is one.
    pub fn listen(options: &JsValue) -> Result<Self, Error> {
        let state = Rc::new(RefCell::new(State::default()));
        let signal = Reflect::get(options, &"signal".into()).unwrap_or(JsValue::UNDEFINED);
        if signal.is_undefined() || signal.is_null() {
            return Ok(Self {
                state,
                listening: None,
            });
        }
        let signal: Signal = signal.unchecked_into();
        let stopper = Stopper(Rc::clone(&state));
        let listener = {
            let signal = signal.clone();
            Closure::<dyn FnMut()>::new(move || {
                stopper.stop(signal.reason().unwrap_or(JsValue::UNDEFINED));
            })
        };
        let aborted = signal.aborted().ok().and_then(|aborted| aborted.as_bool());
        let listens = signal.add_event_listener("abort", listener.as_ref().unchecked_ref());
        match (aborted, listens) {
            (Some(aborted), Ok(())) => {
                if aborted {
                    state.borrow_mut().reason = Some(signal.reason().unwrap_or(JsValue::UNDEFINED));
                }
            }
            _ => {
                return Err(Error::configuration(
                    "The option `signal` must be an AbortSignal.",
                ));
            }
        }
        Ok(Self {
            state,
            listening: Some((signal, listener)),
        })
    }

    /// A handle that ends the call as the signal would.
    pub fn stopper(&self) -> Stopper {
        Stopper(Rc::clone(&self.state))
    }

    /// Is over when the call is to end, with the reason: the very value that was given.
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

impl Drop for Abort {
    fn drop(&mut self) {
        if let Some((signal, listener)) = &self.listening {
            let _ = signal.remove_event_listener("abort", listener.as_ref().unchecked_ref());
        }
    }
}

/// Ends a call.
pub struct Stopper(Rc<RefCell<State>>);

impl Stopper {
    /// Ends it with this reason; the first one counts.
    pub fn stop(&self, reason: JsValue) {
        let mut state = self.0.borrow_mut();
        state.reason.get_or_insert(reason);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }
}
