//! What the API is: its requests and their rules, its tags, tasks and errors. No JavaScript, no I/O.

pub mod answer;
pub mod api;
pub mod config;
pub mod decimal;
pub mod error;
pub mod host;
pub mod issue;
pub mod json;
pub mod ledger;
pub mod params;
mod record;
pub mod request;
pub mod retry;
pub mod schedule;
#[cfg(feature = "serde")]
mod serde;
pub mod stopwatch;
pub mod tags;
pub mod task;
pub mod tokens;
pub mod url;
pub mod validate;
pub mod value;
pub mod watch;
pub(crate) mod words;

pub use answer::{Answer, Body};
pub use api::{
    CostEstimate, CostOptions, Kind, Limits, MODELS, Mode, PriceTable, Role, detect_mode, estimate_cost,
    find_model, limits_for, resolve_model,
};
pub use config::Config;
pub use error::{Charged, Error, ErrorKind};
pub use issue::{Issue, IssueCode, PathSegment, Severity};
pub use request::{AspectRatio, Quality, VideoRequest};
pub use schedule::PollState;
pub use tags::{Retag, Tag, parse_tags, retag};
pub use task::{Status, Task};
pub use tokens::estimate_tokens;
pub use validate::{Report, ValidateOptions, validate};
pub use value::{Number, Value};
