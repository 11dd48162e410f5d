//! `Serialize` and `Deserialize` of the types whose JSON form is not that of their fields.

mod issue;
mod poll_state;
mod record;
mod task;
mod value;

pub(crate) use record::ReadField;

use super::json::{ToJson, parse, to_json};
use ::serde::Serialize;
use ::serde::ser::{Error, Serializer};

/// Serializes a value with its [`ToJson`], so that each format is defined only once.
pub(crate) fn serialize<S: Serializer>(value: &dyn ToJson, serializer: S) -> Result<S::Ok, S::Error> {
    match parse(&to_json(value)) {
        Some(value) => value.serialize(serializer),
        None => Err(S::Error::custom("it is nested too deeply")),
    }
}
