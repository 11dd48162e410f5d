//! The clock, timers and random numbers of the web platform.

use super::listener::Listener;
use super::runtime::in_browser;
use crate::client::Clock;
use crate::js_object::property;
use js_sys::{Date, Function, Math};
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
    fn get_random_values(into: &mut [u32]) -> Result<(), JsValue>;
}

/// A [`Clock`] over `Date`, `setTimeout` and `crypto`. In a page, a tab that becomes visible and a connection that
/// comes back wake a waiting client.
pub struct WebClock;

/// How many random numbers are drawn at once: a call of `getRandomValues` takes microseconds, whatever their number.
const DRAWN_AT_ONCE: usize = 64;

/// Random numbers, of which the last `left` were not used yet.
struct Random {
    numbers: [u32; DRAWN_AT_ONCE],
    left: usize,
}

thread_local! {
    static RANDOM: RefCell<Random> = const {
        RefCell::new(Random {
            numbers: [0; DRAWN_AT_ONCE],
            left: 0,
        })
    };
}

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
        RANDOM.with(|random| {
            let random = &mut *random.borrow_mut();
            if random.left == 0 {
                if get_random_values(&mut random.numbers).is_err() {
                    return Math::random();
                }
                random.left = DRAWN_AT_ONCE;
            }
            random.left -= 1;
            f64::from(random.numbers[random.left]) / 4_294_967_296.0
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
