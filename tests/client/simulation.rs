//! A clock that jumps to the next timer, and a server that answers from a script.

use crate::common::value;
use evolink_video::client::{Client, Clock, Event, Failure, Request, Transport};
use evolink_video::domain::{Answer, Body, Config, Value, VideoRequest};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What the server does with a request.
#[derive(Clone)]
pub enum Reply {
    /// Answers after a while.
    Answer(u32, Answer),
    /// Breaks the connection after a while.
    Broken(u32),
    /// Never answers.
    Silent,
}

/// What a server makes of a request.
pub type Answerer = Box<dyn FnMut(&Request) -> Reply>;

/// The simulated world. Time moves only when everybody waits.
#[derive(Default)]
pub struct World {
    now: Cell<u64>,
    timers: RefCell<Vec<u64>>,
    lots: Cell<u64>,
    script: RefCell<VecDeque<Reply>>,
    /// Answers instead of the script, where there is one.
    pub answerer: RefCell<Option<Answerer>>,
    requests: RefCell<Vec<(u64, Request)>>,
    in_flight: Cell<u32>,
    /// When the page becomes visible, in milliseconds since the world began.
    pub wakes: RefCell<Vec<u64>>,
    /// When the laptop falls asleep, and when it wakes up, likewise.
    pub nap: Cell<Option<(u64, u64)>>,
    /// When the wall clock is set back, and by how much, likewise.
    pub set_back: Cell<Option<(u64, u64)>>,
    pub events: RefCell<Vec<Event>>,
}

pub type SimulatedClient = Client<Simulated, Simulated>;

/// The world as a host: transport and clock.
#[derive(Clone)]
pub struct Simulated(pub Rc<World>);

impl World {
    /// A world whose server answers so, in order, and the last reply for ever.
    pub fn new(script: impl IntoIterator<Item = Reply>) -> Rc<Self> {
        let world = Self::default();
        world.script.borrow_mut().extend(script);
        world.now.set(1_700_000_000_000);
        Rc::new(world)
    }

    pub fn client(self: &Rc<Self>) -> SimulatedClient {
        self.client_with(Config::default())
    }

    pub fn client_with(self: &Rc<Self>, config: Config) -> SimulatedClient {
        let world = Rc::clone(self);
        Client::new(config, Simulated(Rc::clone(self)), Simulated(Rc::clone(self)))
            .on_event(move |event| world.events.borrow_mut().push(event.clone()))
    }

    /// Runs a future to its end.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..100_000 {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            self.skip();
        }
        panic!("it does not end");
    }

    /// Runs a future until this much time has passed, then drops it.
    pub fn run_for<T>(&self, ms: u64, future: impl Future<Output = T>) -> Option<T> {
        let end = self.now.get() + ms;
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return Some(value);
            }
            let next = self.timers.borrow().iter().copied().min().unwrap_or(u64::MAX);
            if next > end {
                return None;
            }
            self.skip();
        }
    }

    /// Milliseconds since the world began.
    pub fn elapsed(&self) -> u64 {
        self.now.get() - 1_700_000_000_000
    }

    /// Lets time pass in which nothing happens.
    pub fn advance(&self, ms: u64) {
        self.now.set(self.now.get() + ms);
    }

    /// What was sent, and when.
    pub fn requests(&self) -> Vec<(u64, Request)> {
        let begin = 1_700_000_000_000;
        let requests = self.requests.borrow();
        requests
            .iter()
            .map(|(at, request)| (at - begin, request.clone()))
            .collect()
    }

    /// Exchanges that were neither answered nor aborted.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.get()
    }

    fn skip(&self) {
        let mut timers = self.timers.borrow_mut();
        let next = *timers.iter().min().expect("everybody waits, and no timer runs");
        timers.retain(|at| *at > next);
        self.now.set(self.now.get().max(next));
        if let Some((from, to)) = self.nap.get()
            && self.elapsed() >= from
        {
            self.nap.set(None);
            self.now.set(self.now.get() + to - from);
        }
    }
}

impl Clock for Simulated {
    fn now(&self) -> f64 {
        let set_back = self.0.set_back.get().filter(|(at, _)| self.0.elapsed() >= *at);
        (self.0.now.get() - set_back.map_or(0, |(_, by)| by)) as f64
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> {
        let mut due = None;
        poll_fn(move |_| {
            let now = self.0.now.get();
            let due = *due.get_or_insert(now + u64::from(ms));
            if due <= now {
                return Poll::Ready(());
            }
            let mut timers = self.0.timers.borrow_mut();
            if !timers.contains(&due) {
                timers.push(due);
            }
            Poll::Pending
        })
    }

    fn wake(&self) -> impl Future<Output = ()> {
        let wakes = self.0.wakes.borrow();
        let next = wakes.iter().copied().filter(|at| *at > self.0.elapsed()).min();
        let in_ms = next.map(|at| (at - self.0.elapsed()) as u32);
        async move {
            match in_ms {
                Some(ms) => self.sleep(ms).await,
                None => std::future::pending().await,
            }
        }
    }

    fn random(&self) -> f64 {
        // SplitMix64: reproducible, and different at each draw.
        let state = self.0.lots.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.lots.set(state);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Counts an exchange until it is over or dropped.
struct InFlight<'a>(&'a World);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}

impl Transport for Simulated {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let world = &*self.0;
        world
            .requests
            .borrow_mut()
            .push((world.now.get(), request.clone()));
        world.in_flight.set(world.in_flight.get() + 1);
        let _in_flight = InFlight(world);
        let reply = if let Some(answer) = world.answerer.borrow_mut().as_mut() {
            answer(request)
        } else {
            let mut script = world.script.borrow_mut();
            match script.len() {
                0 => panic!("the script is empty"),
                1 => script[0].clone(),
                _ => script.pop_front().unwrap(),
            }
        };
        match reply {
            Reply::Answer(ms, answer) => {
                self.sleep(ms).await;
                Ok(answer)
            }
            Reply::Broken(ms) => {
                self.sleep(ms).await;
                Err(Failure::Network(Rc::new("the connection broke")))
            }
            Reply::Silent => {
                self.sleep(u32::MAX).await;
                unreachable!("nobody waits for seven weeks")
            }
        }
    }
}

/// An answer with a JSON body, after 50 ms.
pub fn json(status: u16, body: serde_json::Value) -> Reply {
    with_headers(status, &[], body)
}

/// The same with headers.
pub fn with_headers(status: u16, headers: &[(&'static str, &str)], body: serde_json::Value) -> Reply {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    answer(status, headers, Body::Json(value(&body)))
}

/// An answer that is no JSON.
pub fn text(status: u16, text: &str) -> Reply {
    answer(status, Vec::new(), Body::Text(text.into()))
}

/// An answer that breaks off.
pub fn cut_off(status: u16) -> Reply {
    answer(status, Vec::new(), Body::Broken(Rc::new("cut off")))
}

fn answer(status: u16, headers: Vec<(&'static str, String)>, body: Body) -> Reply {
    let answer = Answer {
        status,
        headers,
        body,
    };
    Reply::Answer(50, answer)
}

/// A task of the reference's shape.
pub fn task(status: &str, progress: u32) -> serde_json::Value {
    let mut task = serde_json::json!({
        "id": "task-unified-1761313744-vux2jw0k",
        "object": "video.generation.task",
        "created": 1_761_313_744,
        "model": "seedance-2.0",
        "status": status,
        "progress": progress,
        "type": "video",
        "task_info": { "can_cancel": true, "estimated_time": 165, "video_duration": 8 },
    });
    match status {
        "completed" => task["results"] = serde_json::json!(["https://example.com/video.mp4"]),
        "failed" => {
            task["error"] =
                serde_json::json!({ "code": "content_policy_violation", "message": "A real face." });
        }
        _ => {}
    }
    task
}

pub const TASK_ID: &str = "task-unified-1761313744-vux2jw0k";

/// A request that is valid.
pub fn request() -> Value {
    VideoRequest {
        prompt: "A cat walks".into(),
        ..VideoRequest::default()
    }
    .into()
}

/// A server's refusal, in the vendor's shape.
pub fn refusal(code: &str) -> serde_json::Value {
    serde_json::json!({ "error": { "code": code, "message": "No.", "type": "some_error" } })
}
