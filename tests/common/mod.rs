//! Helpers of several native tests.
#![allow(dead_code, reason = "each test uses some of them")]

use evolink_video::client::{SubmitOptions, WaitOptions};
use evolink_video::domain::json::{ToJson, to_json};
use evolink_video::domain::{Number, PollState, Value};
use serde_json::Value as Json;
use std::sync::atomic::{AtomicU64, Ordering};

/// Serializes a value to JSON and parses it.
pub fn json_round_trip(written: &dyn ToJson) -> Value {
    value(&serde_json::from_str(&to_json(written)).unwrap())
}

/// The state after a JSON round trip, if the features include its JSON form.
pub fn restored(state: &PollState) -> PollState {
    #[cfg(feature = "npm-rules")]
    return PollState::read(&json_round_trip(state)).expect("JSON preserves the state");
    #[cfg(not(feature = "npm-rules"))]
    return state.clone();
}

/// Converts parsed JSON to a [`Value`].
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => {
            let float = number.as_f64().unwrap();
            Value::Number(Number::new(float, &float.to_string()))
        }
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(map) => Value::Object(
            map.iter()
                .map(|(name, item)| (name.clone().into(), value(item)))
                .collect(),
        ),
    }
}

/// The default options, which generate a random idempotency key.
pub fn any_key() -> SubmitOptions {
    SubmitOptions::default()
}

pub fn with_key(key: impl Into<String>) -> SubmitOptions {
    SubmitOptions {
        idempotency_key: Some(key.into()),
        ..SubmitOptions::default()
    }
}

pub fn within(timeout_ms: Option<u32>) -> WaitOptions {
    WaitOptions {
        timeout_ms,
        ..WaitOptions::default()
    }
}

/// One access to a store.
pub enum Access<'a> {
    Get(&'a str),
    Set(&'a str, &'a str),
    Remove(&'a str),
    List(&'a str),
}

/// A unique [`Store::scope`](evolink_video::client::Store::scope), since tests share one process.
pub fn new_scope() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Implements [`Store`](evolink_video::client::Store) with the method `access` and the field `scope` of the type.
/// `access` returns at most one item for `Get`, and for `List` all that begin with a text, or `None` if it cannot.
#[allow(unused_macros, reason = "each test uses some of them")]
macro_rules! store_by_access {
    ($store:ty) => {
        impl evolink_video::client::Store for $store {
            async fn get(&self, key: &str) -> Result<Option<String>, evolink_video::domain::Cause> {
                let value = self.access($crate::common::Access::Get(key)).await?;
                Ok(value.and_then(|mut items| Some(items.pop()?.1)))
            }

            async fn set(&self, key: &str, value: &str) -> Result<(), evolink_video::domain::Cause> {
                self.access($crate::common::Access::Set(key, value))
                    .await
                    .map(drop)
            }

            async fn remove(&self, key: &str) -> Result<(), evolink_video::domain::Cause> {
                self.access($crate::common::Access::Remove(key))
                    .await
                    .map(drop)
            }

            async fn list(
                &self,
                base: &str,
            ) -> Result<Option<Vec<evolink_video::client::Item>>, evolink_video::domain::Cause> {
                self.access($crate::common::Access::List(base)).await
            }

            fn scope(&self) -> u64 {
                self.scope
            }
        }
    };
}
#[allow(unused_imports, reason = "each test uses some of them")]
pub(crate) use store_by_access;
