//! JSON, read and written without a library: serde_json is larger than all rules of a request.

mod reader;
mod writer;

pub use reader::{parse, parse_described};
pub use writer::{Json, OrNull, ToJson, quoted, to_described_json, to_json};
