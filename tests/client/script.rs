//! A scripted server, and clients of it in simulated time.

use crate::common::value;
use crate::time::{FakeClock, Jump, Time};
use evolink_video::client::{Client, Event, Failure, NoStore, Request, Transport};
use evolink_video::domain::cause;
use evolink_video::domain::{Answer, Body, Config, VideoRequest};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The server's reply to a request.
#[derive(Clone)]
pub enum Reply {
    /// Responds after a delay.
    Answer(u32, Answer),
    /// Breaks the connection after a delay.
    Broken(u32),
    /// Refuses the connection, so that nothing is sent.
    Refused,
    /// Never responds.
    Silent,
}

/// A function that replies to requests.
pub type Answerer = Box<dyn FnMut(&Request) -> Reply>;

/// A server, its requests, and the time.
pub struct Simulation {
    time: Rc<Time>,
    script: RefCell<VecDeque<Reply>>,
    /// Replies instead of the script.
    pub answerer: RefCell<Option<Answerer>>,
    requests: RefCell<Vec<(u64, Request)>>,
    in_flight: Cell<u32>,
    pub events: RefCell<Vec<Event>>,
}

pub type SimulatedClient<S = NoStore> = Client<Scripted, FakeClock, S, Box<dyn Fn(&Event)>>;

/// A transport to the scripted server.
pub struct Scripted(Rc<Simulation>);

impl Simulation {
    /// A simulation whose server replies in this order, and repeats the last reply.
    pub fn new(script: impl IntoIterator<Item = Reply>) -> Rc<Self> {
        Rc::new(Self {
            time: Time::new(0),
            script: RefCell::new(script.into_iter().collect()),
            answerer: RefCell::default(),
            requests: RefCell::default(),
            in_flight: Cell::default(),
            events: RefCell::default(),
        })
    }

    pub fn client(self: &Rc<Self>) -> SimulatedClient {
        self.client_with(Config::default())
    }

    pub fn client_with(self: &Rc<Self>, config: Config) -> SimulatedClient {
        let simulation = Rc::clone(self);
        Client::new(
            config,
            Scripted(Rc::clone(self)),
            FakeClock(Rc::clone(&self.time)),
        )
        .on_event(Box::new(move |event| {
            simulation.events.borrow_mut().push(event.clone())
        }))
    }

    /// The simulated clock.
    pub fn clock(&self) -> FakeClock {
        FakeClock(Rc::clone(&self.time))
    }

    /// Makes the page visible at these times, in milliseconds since the start.
    pub fn wake_at(&self, times: impl IntoIterator<Item = u64>) {
        self.time.wake_at(times);
    }

    /// Puts the host to sleep at a time, for a duration.
    pub fn sleep_host(&self, at: u64, ms: u64) {
        self.time.jumps.borrow_mut().push((at, Jump::Sleep(ms)));
    }

    /// Sets the wall clock back at a time.
    pub fn set_clock_back(&self, at: u64, ms: i64) {
        self.time.jumps.borrow_mut().push((at, Jump::SetClock(-ms)));
    }

    /// Advances the time.
    pub fn advance(&self, ms: u64) {
        self.time.advance(self.elapsed() + ms);
    }

    /// Runs a future to completion.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..100_000 {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            let next = self.time.next().expect("everybody waits, and no timer runs");
            self.time.advance(next);
        }
        panic!("it does not end");
    }

    /// Runs a future until this much time has passed, then drops it.
    pub fn run_for<T>(&self, ms: u64, future: impl Future<Output = T>) -> Option<T> {
        let end = self.elapsed() + ms;
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return Some(value);
            }
            let next = self.time.next().filter(|next| *next <= end)?;
            self.time.advance(next);
        }
    }

    /// Milliseconds since the start.
    pub fn elapsed(&self) -> u64 {
        self.time.elapsed()
    }

    /// The sent requests with their times.
    pub fn requests(&self) -> Vec<(u64, Request)> {
        self.requests.borrow().clone()
    }

    /// The number of exchanges that were neither answered nor aborted.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.get()
    }
}

/// Counts an exchange until it ends or is dropped.
struct InFlight<'a>(&'a Simulation);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}

impl Transport for Scripted {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let simulation = &*self.0;
        simulation
            .requests
            .borrow_mut()
            .push((simulation.elapsed(), request.clone()));
        simulation.in_flight.set(simulation.in_flight.get() + 1);
        let _in_flight = InFlight(simulation);
        let reply = if let Some(answer) = simulation.answerer.borrow_mut().as_mut() {
            answer(request)
        } else {
            let mut script = simulation.script.borrow_mut();
            match script.len() {
                0 => panic!("the script is empty"),
                1 => script[0].clone(),
                _ => script.pop_front().unwrap(),
            }
        };
        match reply {
            Reply::Answer(ms, answer) => {
                simulation.time.sleep(u64::from(ms)).await;
                Ok(answer)
            }
            Reply::Broken(ms) => {
                simulation.time.sleep(u64::from(ms)).await;
                Err(Failure::network("the connection broke"))
            }
            Reply::Refused => Err(Failure::not_sent("the connection was refused")),
            Reply::Silent => pending().await,
        }
    }
}

/// A response with a JSON body, after 50 ms.
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

/// A response that is not JSON.
pub fn text(status: u16, text: &str) -> Reply {
    answer(status, Vec::new(), Body::Text(text.into()))
}

/// A response with a truncated body.
pub fn cut_off(status: u16) -> Reply {
    answer(status, Vec::new(), Body::Broken(cause("cut off")))
}

fn answer(status: u16, headers: Vec<(&'static str, String)>, body: Body) -> Reply {
    let answer = Answer {
        status,
        headers,
        body,
    };
    Reply::Answer(50, answer)
}

/// A task in the reference's format.
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

/// A valid request.
pub fn request() -> VideoRequest {
    VideoRequest::new("A cat walks")
}

/// An error in the vendor's format.
pub fn refusal(code: &str) -> serde_json::Value {
    serde_json::json!({ "error": { "code": code, "message": "No.", "type": "some_error" } })
}
