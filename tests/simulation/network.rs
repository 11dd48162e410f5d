//! A simulated network between the client and the server: a transport with faults, and a journal of the exchanges.

use crate::common::value;
use crate::faults::{Delivery, NetworkFaults, Outage, Reply};
use crate::server::{CREATE_URL, Content, Response, Server, ServerRequest};
use crate::time::Time;
use evolink_video::client::{Failure, Request, Transport};
use evolink_video::domain::cause;
use evolink_video::domain::{Answer, Body};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A point in time, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Real time since the start.
    pub at: u64,
    /// The wall clock of the host.
    pub wall: i64,
}

/// A recorded exchange.
#[derive(Debug)]
pub struct Exchange {
    pub request: ServerRequest,
    pub sent: Moment,
    pub delivery: Delivery,
    /// The server's response, which the client may not have received.
    pub response: Option<Response>,
    pub end: Option<(Moment, ExchangeEnd)>,
}

/// How an exchange ended for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeEnd {
    Answered,
    Truncated,
    ConnectionLost,
    /// The client dropped it.
    Abandoned,
}

impl Exchange {
    pub fn is_create(&self) -> bool {
        self.request.url == CREATE_URL
    }

    pub fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |response| response.status)
    }

    /// Whether the client learned nothing about a task from it.
    pub fn failed(&self) -> bool {
        let is_answered = matches!(self.end, Some((_, ExchangeEnd::Answered)));
        let is_usable = |response: &Response| match &response.content {
            Content::Json(json) => {
                response.status == 200 && (json["id"].is_string() || json["data"].is_array())
            }
            Content::Text(_) => false,
        };
        !is_answered || !self.response.as_ref().is_some_and(is_usable)
    }

    /// How long the server asked the client to wait, from the moment of the response.
    pub fn asked_ms(&self) -> Option<u64> {
        let headers = &self.response.as_ref()?.headers;
        let (_, text) = headers.iter().find(|(name, _)| *name == "retry-after")?;
        match text.parse::<u64>() {
            Ok(seconds) => Some(seconds * 1000),
            Err(_) => {
                let server_clock = headers.iter().find(|(name, _)| *name == "date");
                let now = match server_clock {
                    Some((_, date)) => seconds_of_date(date)? * 1000,
                    None => self.end?.0.wall,
                };
                Some((seconds_of_date(text)? * 1000 - now).max(0) as u64)
            }
        }
    }
}

/// Parses a date of the few months that the simulation can span.
fn seconds_of_date(text: &str) -> Option<i64> {
    let mut words = text.split(' ').skip(1);
    let day: i64 = words.next()?.parse().ok()?;
    let days_before = match (words.next()?, words.next()?) {
        ("Nov", "2023") => 0,
        ("Dec", "2023") => 30,
        ("Jan", "2024") => 61,
        ("Feb", "2024") => 92,
        _ => return None,
    };
    let mut clock = words.next()?.split(':').map(|part| part.parse::<i64>());
    let (hours, minutes, seconds) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    // 2023-11-01T00:00:00Z
    Some(1_698_796_800 + (((days_before + day - 1) * 24 + hours) * 60 + minutes) * 60 + seconds)
}

/// The connection to the server.
pub struct Wire {
    pub time: Rc<Time>,
    pub server: RefCell<Server>,
    pub journal: RefCell<Vec<Exchange>>,
    /// The call that is being polled.
    pub caller: Cell<usize>,
    faults: NetworkFaults,
    outages: Vec<Outage>,
    /// The exchanges that the client received an answer to, in order.
    pub answered: RefCell<Vec<usize>>,
    rng: RefCell<fastrand::Rng>,
    /// Requests on their way to the server: the time of arrival, and the index in the journal.
    in_transit: RefCell<Vec<(u64, usize)>>,
}

/// A [`Transport`] over a [`Wire`], with the API key of an account.
pub struct SimulatedTransport {
    wire: Rc<Wire>,
    account: usize,
}

impl SimulatedTransport {
    pub fn new(wire: &Rc<Wire>, account: usize) -> Self {
        Self {
            wire: Rc::clone(wire),
            account,
        }
    }
}

impl Wire {
    pub fn new(
        time: Rc<Time>,
        server: Server,
        faults: NetworkFaults,
        outages: Vec<Outage>,
        seed: u64,
    ) -> Rc<Self> {
        Rc::new(Self {
            time,
            server: RefCell::new(server),
            journal: RefCell::default(),
            caller: Cell::new(0),
            faults,
            outages,
            answered: RefCell::default(),
            rng: RefCell::new(fastrand::Rng::with_seed(seed ^ 0x5eed)),
            in_transit: RefCell::default(),
        })
    }

    pub fn now(&self) -> Moment {
        Moment {
            at: self.time.elapsed(),
            wall: self.time.wall(),
        }
    }

    /// Delivers the requests that have arrived by a time to the server, in the order of arrival.
    pub fn deliver(&self, until: u64) {
        loop {
            let mut in_transit = self.in_transit.borrow_mut();
            let due = in_transit.iter().enumerate().filter(|(_, (at, _))| *at <= until);
            let Some((index, (at, number))) = due.min_by_key(|(_, arrival)| **arrival) else {
                return;
            };
            let (at, number) = (*at, *number);
            in_transit.remove(index);
            let exchange = &mut self.journal.borrow_mut()[number];
            let response = self.serve(&exchange.request, at);
            // The first of two copies is answered; a rejected request has no copy.
            if exchange.response.get_or_insert(response).status >= 400 {
                in_transit.retain(|(_, other)| *other != number);
            }
        }
    }

    fn serve(&self, request: &ServerRequest, at: u64) -> Response {
        let is_active =
            |outage: &&Outage| (outage.from_ms..outage.to_ms).contains(&at) && at < self.faults.until_ms;
        let kind = self.outages.iter().find(is_active).map(|outage| outage.kind);
        if kind.is_none_or(|kind| kind.processes_request()) {
            let response = self.server.borrow_mut().receive(request, at);
            if kind.is_none() {
                return response;
            }
        }
        kind.unwrap().response(at)
    }

    fn end(&self, number: usize, end: ExchangeEnd) {
        self.journal.borrow_mut()[number].end = Some((self.now(), end));
        if end == ExchangeEnd::Answered {
            self.answered.borrow_mut().push(number);
        }
    }
}

/// Records an exchange as abandoned when the client drops it.
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
        wire.end(number, ExchangeEnd::Abandoned);
        if !wire.journal.borrow()[number].delivery.survives_abort {
            // The request is lost if it has not arrived by now.
            let now = wire.time.elapsed();
            let mut in_transit = wire.in_transit.borrow_mut();
            in_transit.retain(|(at, other)| *other != number || *at <= now);
        }
    }
}

impl Transport for SimulatedTransport {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let wire = &*self.wire;
        let sent = wire.now();
        let delivery = wire.faults.delivery(&mut wire.rng.borrow_mut(), sent.at);
        let number = wire.journal.borrow().len();
        let arrivals = [delivery.arrives_ms, delivery.copy_ms].into_iter().flatten();
        let arrivals = arrivals.map(|ms| (sent.at + ms, number));
        wire.in_transit.borrow_mut().extend(arrivals);
        let header = |name| {
            let mut headers = request.headers.iter();
            headers
                .find(|(other, _)| other == name)
                .map(|(_, value)| value.clone())
        };
        wire.journal.borrow_mut().push(Exchange {
            request: ServerRequest {
                call: wire.caller.get(),
                account: self.account,
                url: request.url.clone(),
                key: header("Idempotency-Key"),
                upload_id: header("X-Evo-Upload-Id"),
                body: request.body.clone(),
            },
            sent,
            delivery: delivery.clone(),
            response: None,
            end: None,
        });
        let _in_flight = InFlight { wire, number };
        match delivery.reply {
            Reply::Never => std::future::pending().await,
            Reply::Answer(ms) | Reply::Truncated(ms) | Reply::ConnectionLost(ms) => wire.time.sleep(ms).await,
        }
        wire.deliver(wire.time.elapsed());
        let response = wire.journal.borrow()[number].response.clone();
        match (delivery.reply, response) {
            (Reply::Answer(_), Some(response)) => {
                wire.end(number, ExchangeEnd::Answered);
                Ok(Answer {
                    status: response.status,
                    headers: response.headers,
                    body: match response.content {
                        Content::Json(json) => Body::Json(value(&json)),
                        Content::Text(text) => Body::Text(text.into()),
                    },
                })
            }
            (Reply::Truncated(_), Some(response)) => {
                wire.end(number, ExchangeEnd::Truncated);
                Ok(Answer {
                    status: response.status,
                    headers: response.headers,
                    body: Body::Broken(cause("the body is truncated")),
                })
            }
            _ => {
                wire.end(number, ExchangeEnd::ConnectionLost);
                Err(Failure::network("the connection broke"))
            }
        }
    }
}
