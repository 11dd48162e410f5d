//! The way between the client and the server: a transport whose exchanges meet their fates, and the journal of
//! what went over it.

use crate::common::value;
use crate::faults::{Back, Burst, Fate, Network};
use crate::server::{CREATE_URL, Content, Received, Response, Server};
use crate::time::Time;
use evolink_video::client::{Failure, Request, Transport};
use evolink_video::domain::error::cause;
use evolink_video::domain::{Answer, Body};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A moment by each of the clocks, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// That truly passed.
    pub at: u64,
    /// By the wall clock of the host.
    pub wall: i64,
}

/// One exchange, as the journal has it.
#[derive(Debug)]
pub struct Exchange {
    pub request: Received,
    pub sent: Moment,
    pub fate: Fate,
    /// The answer that the server gave, which the client may not have heard.
    pub response: Option<Response>,
    pub end: Option<(Moment, Heard)>,
}

/// How an exchange ended for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Answer,
    CutOff,
    Broken,
    /// The client gave it up.
    GivenUp,
}

impl Exchange {
    pub fn is_create(&self) -> bool {
        self.request.url == CREATE_URL
    }

    pub fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |response| response.status)
    }

    /// How long the server asked to wait, counted from when the client heard it.
    pub fn asked_ms(&self) -> Option<u64> {
        let headers = &self.response.as_ref()?.headers;
        let (_, text) = headers.iter().find(|(name, _)| *name == "retry-after")?;
        match text.parse::<u64>() {
            Ok(seconds) => Some(seconds * 1000),
            Err(_) => {
                let heard = self.end?.0.wall;
                Some((seconds_of_date(text)? * 1000 - heard).max(0) as u64)
            }
        }
    }
}

/// The dates of these simulations lie within a few months.
fn seconds_of_date(text: &str) -> Option<i64> {
    let mut words = text.split(' ').skip(1);
    let day: i64 = words.next()?.parse().ok()?;
    let before = match (words.next()?, words.next()?) {
        ("Nov", "2023") => 0,
        ("Dec", "2023") => 30,
        ("Jan", "2024") => 61,
        ("Feb", "2024") => 92,
        _ => return None,
    };
    let mut clock = words.next()?.split(':').map(|part| part.parse::<i64>());
    let (hours, minutes, seconds) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    // 2023-11-01T00:00:00Z
    Some(1_698_796_800 + (((before + day - 1) * 24 + hours) * 60 + minutes) * 60 + seconds)
}

/// The way to the server.
pub struct Wire {
    pub time: Rc<Time>,
    pub server: RefCell<Server>,
    pub journal: RefCell<Vec<Exchange>>,
    /// The call that is being polled.
    pub caller: Cell<usize>,
    faults: Network,
    bursts: Vec<Burst>,
    rng: RefCell<fastrand::Rng>,
    /// What is under way to the server: when it arrives, and its place in the journal.
    under_way: RefCell<Vec<(u64, usize)>>,
}

/// The wire as a transport.
pub struct Carrier(pub Rc<Wire>);

impl Wire {
    pub fn new(time: Rc<Time>, server: Server, faults: Network, bursts: Vec<Burst>, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            time,
            server: RefCell::new(server),
            journal: RefCell::default(),
            caller: Cell::new(0),
            faults,
            bursts,
            rng: RefCell::new(fastrand::Rng::with_seed(seed ^ 0x5eed)),
            under_way: RefCell::default(),
        })
    }

    pub fn now(&self) -> Moment {
        Moment {
            at: self.time.elapsed(),
            wall: self.time.wall(),
        }
    }

    /// Hands the server what has arrived until now, in the order of arrival.
    pub fn deliver(&self, until: u64) {
        loop {
            let mut under_way = self.under_way.borrow_mut();
            let due = under_way.iter().enumerate().filter(|(_, (at, _))| *at <= until);
            let Some((index, (at, number))) = due.min_by_key(|(_, arrival)| **arrival) else {
                return;
            };
            let (at, number) = (*at, *number);
            under_way.remove(index);
            let exchange = &mut self.journal.borrow_mut()[number];
            let response = self.serve(&exchange.request, at);
            // Of two copies, the first is answered; of what was refused, nobody on the way makes another.
            if exchange.response.get_or_insert(response).status >= 400 {
                under_way.retain(|(_, other)| *other != number);
            }
        }
    }

    fn serve(&self, request: &Received, at: u64) -> Response {
        let here = |burst: &&Burst| (burst.from_ms..burst.to_ms).contains(&at) && at < self.faults.until_ms;
        let trouble = self.bursts.iter().find(here).map(|burst| burst.trouble);
        if trouble.is_none_or(|trouble| trouble.does_the_work()) {
            let response = self.server.borrow_mut().receive(request, at);
            if trouble.is_none() {
                return response;
            }
        }
        trouble.unwrap().said(at)
    }

    fn end(&self, number: usize, heard: Heard) {
        self.journal.borrow_mut()[number].end = Some((self.now(), heard));
    }
}

/// An exchange that the client gives up by dropping it.
struct InFlight<'a> {
    wire: &'a Wire,
    number: usize,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let Self { wire, number } = *self;
        if wire.journal.borrow()[number].end.is_some() {
            return;
        }
        wire.end(number, Heard::GivenUp);
        if !wire.journal.borrow()[number].fate.stubborn {
            // What has not arrived by now never will.
            let now = wire.time.elapsed();
            let mut under_way = wire.under_way.borrow_mut();
            under_way.retain(|(at, other)| *other != number || *at <= now);
        }
    }
}

impl Transport for Carrier {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let wire = &*self.0;
        let sent = wire.now();
        let fate = wire.faults.fate(&mut wire.rng.borrow_mut(), sent.at);
        let number = wire.journal.borrow().len();
        let arrivals = [fate.arrives_ms, fate.copy_ms].into_iter().flatten();
        let arrivals = arrivals.map(|ms| (sent.at + ms, number));
        wire.under_way.borrow_mut().extend(arrivals);
        let key = request.headers.iter().find(|(name, _)| name == "Idempotency-Key");
        wire.journal.borrow_mut().push(Exchange {
            request: Received {
                call: wire.caller.get(),
                url: request.url.clone(),
                key: key.map(|(_, key)| key.clone()),
                body: request.body.clone(),
            },
            sent,
            fate: fate.clone(),
            response: None,
            end: None,
        });
        let _in_flight = InFlight { wire, number };
        match fate.back {
            Back::Silence => std::future::pending().await,
            Back::Answer(ms) | Back::CutOff(ms) | Back::Broken(ms) => wire.time.sleep(ms).await,
        }
        wire.deliver(wire.time.elapsed());
        let response = wire.journal.borrow()[number].response.clone();
        match (fate.back, response) {
            (Back::Answer(_), Some(response)) => {
                wire.end(number, Heard::Answer);
                Ok(Answer {
                    status: response.status,
                    headers: response.headers,
                    body: match response.content {
                        Content::Json(json) => Body::Json(value(&json)),
                        Content::Text(text) => Body::Text(text.into()),
                    },
                })
            }
            (Back::CutOff(_), Some(response)) => {
                wire.end(number, Heard::CutOff);
                Ok(Answer {
                    status: response.status,
                    headers: response.headers,
                    body: Body::Broken(cause("cut off")),
                })
            }
            _ => {
                wire.end(number, Heard::Broken);
                Err(Failure::network("the connection broke"))
            }
        }
    }
}
