//! What the API is: its requests and their rules, its tags, tasks and errors. No JavaScript, no I/O.

mod answer;
pub mod api;
pub(crate) mod config;
pub(crate) mod decimal;
pub(crate) mod digest;
pub(crate) mod error;
pub(crate) mod expiry;
pub(crate) mod fault;
// Hidden: what the tests of this repository use besides.
#[doc(hidden)]
pub mod host;
mod http_date;
pub(crate) mod iso_date;
pub(crate) mod issue;
pub(crate) mod item;
#[doc(hidden)]
pub mod json;
pub(crate) mod listing;
mod local_file;
pub(crate) mod params;
mod record;
mod request;
pub(crate) mod retry;
pub(crate) mod schedule;
#[cfg(feature = "serde")]
mod serde;
pub(crate) mod stopwatch;
pub(crate) mod tags;
pub(crate) mod task;
pub(crate) mod task_id;
mod tokens;
#[doc(hidden)]
pub mod url;
pub(crate) mod validate;
mod value;
#[doc(hidden)]
pub mod watch;
pub(crate) mod words;

pub use answer::{Answer, Body, READ_HEADERS};
pub use api::{
    CostEstimate, CostOptions, Kind, Limits, MODELS, Mode, PriceTable, Role, detect_mode, estimate_cost,
    find_model, limits_for, resolve_model,
};
pub use config::{
    Config, DEFAULT_BASE_URL, DEFAULT_REQUEST_TIMEOUT_MS, DEFAULT_WAIT_MS, Runtime, check_key,
    idempotency_key,
};
pub use decimal::Decimal;
pub use error::{Cause, Charged, Details, Error, ErrorKind, cause};
pub use fault::Particulars;
pub use issue::{Issue, IssueCode, PathSegment, Severity};
pub use listing::{Credits, TaskPage};
pub use local_file::LocalFile;
pub use params::Params;
pub use request::{AspectRatio, Quality, VideoDuration, VideoRequest};
pub use schedule::PollState;
pub use tags::{Retag, Retagged, Tag, Typo, find_typos, parse_tags, retag};
pub use task::{Status, Task, TaskError, TaskInfo, Usage};
pub use tokens::{TokenEstimate, estimate_tokens};
pub use validate::{Report, ValidateOptions, validate};
pub use value::{Key, Number, Value};
