//! What the API is: its requests and their rules, its tags, tasks and errors. No JavaScript, no I/O.

pub mod advice;
pub mod answer;
pub mod config;
pub mod error;
pub mod host;
pub mod issue;
pub mod json;
pub mod ledger;
pub mod limits;
pub mod mode;
pub mod model;
pub mod request;
pub mod retry;
pub mod schedule;
pub mod schema;
pub mod tags;
pub mod task;
pub mod tokens;
pub mod url;
pub mod validate;
pub mod value;
pub(crate) mod words;

pub use answer::{Answer, Body};
pub use config::Config;
pub use error::{Charged, Error, ErrorKind};
pub use issue::{Issue, IssueCode, Severity};
pub use limits::LIMITS;
pub use mode::{Mode, detect_mode};
pub use request::VideoRequest;
pub use schedule::PollState;
pub use tags::{Tag, parse_tags, retag};
pub use task::{Status, Task};
pub use tokens::estimate_tokens;
pub use validate::{Report, validate};
pub use value::{Number, Value};
