//! The clock, timers and random numbers of the web platform.

use super::listener::Listener;
use super::object::property;
use super::runtime::in_browser;
use crate::client::Clock;
use js_sys::{Date, Function, Math, Uint32Array};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: i32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(into: &Uint32Array) -> Result<(), JsValue>;
}

/// A [`Clock`] over `Date`, `setTimeout` and `crypto`. In a page, a tab that becomes visible and a connection that
/// comes back wake a waiting client.
pub struct WebClock;

thread_local! {
    /// Random numbers that were drawn and not used yet.
    static RANDOM: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// The number of random numbers generated per call of `getRandomValues`, which takes microseconds for any number.
const RANDOM_NUMBERS: u32 = 64;

impl Clock for WebClock {
    fn now(&self) -> f64 {
        Date::now()
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> {
        let mut timer = None;
        poll_fn(move |context| {
            let timer = timer.get_or_insert_with(|| Timer::start(ms));
            timer.state.borrow_mut().poll(context)
        })
    }

    fn wake(&self) -> impl Future<Output = ()> {
        let mut events = None;
        poll_fn(move |context| {
            let events = events.get_or_insert_with(PageEvents::listen);
            events.state.borrow_mut().poll(context)
        })
    }

    fn random(&self) -> f64 {
        RANDOM.with(|numbers| {
            let mut numbers = numbers.borrow_mut();
            if numbers.is_empty() {
                let drawn = Uint32Array::new_with_length(RANDOM_NUMBERS);
                if get_random_values(&drawn).is_err() {
                    return Math::random();
                }
                *numbers = drawn.to_vec();
            }
            f64::from(numbers.pop().unwrap_or_default()) / 4_294_967_296.0
        })
    }
}

#[derive(Default)]
struct State {
    finished: bool,
    waker: Option<Waker>,
}

impl State {
    fn poll(&mut self, context: &Context<'_>) -> Poll<()> {
        if self.finished {
            return Poll::Ready(());
        }
        self.waker = Some(context.waker().clone());
        Poll::Pending
    }

    fn finish(&mut self) {
        self.finished = true;
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// The events that wake a waiting client: the page becomes visible, the browser comes online.
struct PageEvents {
    state: Rc<RefCell<State>>,
    _listening: Vec<Listener>,
}

impl PageEvents {
    fn listen() -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let global = js_sys::global();
        let document = property(&global, "document");
        let mut listening = Vec::new();
        if document.is_object() {
            let (state, page) = (Rc::clone(&state), document.clone());
            let visible = move || {
                if property(&page, "visibilityState") == "visible" {
                    state.borrow_mut().finish();
                }
            };
            if let Ok(listener) = Listener::new(&document, "visibilitychange", visible) {
                listening.push(listener);
            }
        }
        if in_browser() {
            let state = Rc::clone(&state);
            let online = move || state.borrow_mut().finish();
            if let Ok(listener) = Listener::new(&global, "online", online) {
                listening.push(listener);
            }
        }
        Self {
            state,
            _listening: listening,
        }
    }
}

/// A running timer, cleared when it is dropped.
struct Timer {
    state: Rc<RefCell<State>>,
    handle: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    fn start(ms: u32) -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let callback = {
            let state = Rc::clone(&state);
            Closure::<dyn FnMut()>::new(move || state.borrow_mut().finish())
        };
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        // A host without timers could only hang, so the timer fires immediately.
        let handle = set_timeout(callback.as_ref().unchecked_ref(), ms).unwrap_or_else(|_| {
            state.borrow_mut().finished = true;
            JsValue::UNDEFINED
        });
        Self {
            state,
            handle,
            _callback: callback,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if !self.state.borrow().finished {
            let _ = clear_timeout(&self.handle);
        }
    }
}
