use crate::domain::schedule::PollState;
use crate::domain::value::Value;
use serde::de::{Deserialize, Deserializer, Error};

impl<'de> Deserialize<'de> for PollState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        PollState::read(&value).ok_or_else(|| D::Error::custom("not the state of a poll"))
    }
}
