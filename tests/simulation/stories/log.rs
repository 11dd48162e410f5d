//! What happened in a story, in order. The invariants read it.

use super::story::REQUESTS;
use crate::network::Wire;
use crate::server::Content;
use crate::store::OwnedAccess;
use crate::time::Time;
use evolink_video::domain::{Charged, Error, ErrorKind};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A call of a process.
#[derive(Clone, Debug)]
pub struct CallInfo {
    pub process: usize,
    pub account: usize,
    pub operation: Operation,
    /// Whether its writes do not delay its result.
    pub defers_writes: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Submit {
        prompt: usize,
        key: Option<String>,
    },
    Generate {
        prompt: usize,
    },
    /// Continues everything in the store, until it is final.
    Resume {
        told_by_update: bool,
    },
    /// A reader takes this many updates of a resume, acknowledges the final ones, and stops.
    ReadResumed {
        updates: usize,
    },
    Wait {
        id: String,
    },
    Poll {
        id: String,
    },
    Forget {
        id: String,
    },
    Pending,
}

impl Operation {
    /// The prompt, if it is an order.
    pub fn prompt(&self) -> Option<usize> {
        match self {
            Operation::Submit { prompt, .. } | Operation::Generate { prompt } => Some(*prompt),
            _ => None,
        }
    }

    /// Whether it uploads a file.
    pub fn has_file(&self) -> bool {
        self.prompt().is_some_and(|prompt| REQUESTS[prompt].1.is_some())
    }

    pub fn own_key(&self) -> Option<&str> {
        match self {
            Operation::Submit { key, .. } => key.as_deref(),
            _ => None,
        }
    }

    pub fn resumes(&self) -> bool {
        matches!(self, Operation::Resume { .. } | Operation::ReadResumed { .. })
    }
}

/// How a call ended.
#[derive(Clone, Debug)]
pub enum End {
    Done,
    /// The keys of the open calls that it lists.
    Pending(Vec<String>),
    Error {
        kind: ErrorKind,
        code: String,
        charged: Charged,
        key: Option<String>,
    },
}

impl From<&Error> for End {
    fn from(error: &Error) -> Self {
        End::Error {
            kind: error.kind,
            code: error.code.clone(),
            charged: error.charged,
            key: error.idempotency_key.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub enum Happening {
    Started {
        process: usize,
    },
    Crashed {
        process: usize,
    },
    Exited {
        process: usize,
    },
    Began {
        call: usize,
    },
    Ended {
        call: usize,
        end: End,
    },
    /// An access to the store was begun.
    Accessed {
        call: usize,
        access: OwnedAccess,
    },
    /// A value was set, or removed.
    Written {
        call: usize,
        name: String,
        value: Option<String>,
    },
    /// A create was sent.
    Sent {
        call: usize,
        key: String,
    },
    Charged {
        call: usize,
        account: usize,
        key: String,
        task: String,
    },
    /// The client received an answer with a task to a create.
    Answered {
        call: usize,
    },
    /// A caller learned of a task. It is delivered if the client no longer has to keep it.
    Given {
        call: usize,
        task: String,
        is_delivered: bool,
    },
    /// From here on nothing fails.
    Finale,
    TheEnd,
    /// A branch of the client was reached.
    #[cfg_attr(
        not(feature = "marks"),
        allow(dead_code, reason = "read with the feature only")
    )]
    Marked(&'static str),
}

pub struct Entry {
    pub at: u64,
    pub happening: Happening,
}

/// The log, with the calls that it refers to.
pub struct Log {
    wire: Rc<Wire>,
    pub entries: RefCell<Vec<Entry>>,
    pub calls: RefCell<Vec<CallInfo>>,
    /// How much of the journal, the charges and the answers is in the log.
    seen: Cell<(usize, usize, usize)>,
}

impl Log {
    pub fn new(wire: &Rc<Wire>) -> Rc<Self> {
        Rc::new(Self {
            wire: Rc::clone(wire),
            entries: RefCell::default(),
            calls: RefCell::default(),
            seen: Cell::default(),
        })
    }

    pub fn time(&self) -> &Rc<Time> {
        &self.wire.time
    }

    pub fn now(&self) -> u64 {
        self.wire.time.elapsed()
    }

    /// The call that is being polled.
    pub fn caller(&self) -> usize {
        self.wire.caller.get()
    }

    pub fn begin(&self, call: CallInfo) -> usize {
        let number = self.calls.borrow().len();
        self.calls.borrow_mut().push(call);
        self.push(Happening::Began { call: number });
        number
    }

    pub fn push(&self, happening: Happening) {
        self.read_wire();
        self.add(self.now(), happening);
    }

    fn add(&self, at: u64, happening: Happening) {
        self.entries.borrow_mut().push(Entry { at, happening });
    }

    /// Adds what the network and the server did since the last time.
    fn read_wire(&self) {
        let (mut sent, mut charged, mut answered) = self.seen.get();
        let journal = self.wire.journal.borrow();
        for mark in crate::marks::take() {
            self.add(self.now(), Happening::Marked(mark));
        }
        for exchange in &journal[sent..] {
            if exchange.is_create() {
                let (call, key) = (exchange.request.call, exchange.request.key.clone());
                let key = key.unwrap_or_default();
                self.add(exchange.sent.at, Happening::Sent { call, key });
            }
        }
        sent = journal.len();
        let server = self.wire.server.borrow();
        for charge in &server.charges[charged..] {
            self.add(
                charge.at,
                Happening::Charged {
                    call: charge.call,
                    account: charge.account,
                    key: charge.key.clone().unwrap_or_default(),
                    task: server.tasks[charge.task].id.clone(),
                },
            );
        }
        charged = server.charges.len();
        for number in &self.wire.answered.borrow()[answered..] {
            let exchange = &journal[*number];
            let has_task = exchange.status() == 200
                && matches!(&exchange.response.as_ref().unwrap().content, Content::Json(json) if json["id"].is_string());
            if exchange.is_create() && has_task {
                let call = exchange.request.call;
                self.add(self.now(), Happening::Answered { call });
            }
        }
        answered = self.wire.answered.borrow().len();
        self.seen.set((sent, charged, answered));
    }
}
