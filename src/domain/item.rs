//! The items of a store: one for each open call and for each task that was not delivered.
//!
//! The text begins with a version, so that storages which parse what looks like JSON return it unchanged.

use super::json::{Json, ToJson, parse, to_json};
use super::schedule::PollState;
use super::value::Value;
use crate::text::template;

const VERSION: &str = "1 ";

fn read(text: &str) -> Option<Value> {
    parse(text.strip_prefix(VERSION)?)
}

/// A call that may have been sent and whose answer is not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OpenCall {
    /// The idempotency key.
    pub key: String,
    /// When it began, in milliseconds since 1970.
    pub since: i64,
    /// The body, if requests are stored.
    pub body: Option<String>,
    /// When a URL of it expires, in milliseconds since 1970, if that is known.
    pub expires_at: Option<i64>,
}

impl OpenCall {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let item = read(text)?;
        Some(Self {
            key: item.get("key")?.as_str()?.to_owned(),
            since: item.get("since")?.as_integer()?,
            body: item.get("body").and_then(Value::as_str).map(str::to_owned),
            expires_at: item.get("expiresAt").and_then(Value::as_integer),
        })
    }

    pub(crate) fn text(&self) -> String {
        let body = self.body.as_deref().map(Value::from);
        let item = Value::object([
            ("key", Some(self.key.as_str().into())),
            ("since", Some(Value::from(self.since))),
            // A string, since each attempt must send the same bytes.
            ("body", body),
            ("expiresAt", self.expires_at.map(Value::from)),
        ]);
        template!("{}{}", VERSION, item.to_json())
    }
}

/// A task that was not delivered: its state, and the key of the call that created it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeptTask {
    pub state: PollState,
    /// Empty if it is not known.
    pub key: String,
}

impl KeptTask {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let item = read(text)?;
        Some(Self {
            state: PollState::read(item.get("state")?)?,
            key: item.get("key")?.as_str()?.to_owned(),
        })
    }

    pub(crate) fn text(&self) -> String {
        template!("{}{}", VERSION, to_json(self))
    }
}

impl ToJson for KeptTask {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("key", &self.key);
        json.field("state", &self.state);
        json.close('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_preserve_the_items() {
        for (body, expires_at) in [
            (None, None),
            (
                Some("{\"prompt\": \"\\u0041 \\\"cat\\\"\"}".to_owned()),
                Some(1_700_259_200_000),
            ),
        ] {
            let call = OpenCall {
                key: "a-key".into(),
                since: 1_700_000_000_000,
                body,
                expires_at,
            };
            assert_eq!(OpenCall::read(&call.text()), Some(call));
        }
        let task = KeptTask {
            state: PollState::new("task-1", 1_700_000_000_000.0),
            key: "a-key".into(),
        };
        assert_eq!(KeptTask::read(&task.text()), Some(task));
    }

    #[test]
    fn other_texts_are_no_items() {
        for text in [
            "",
            "{}",
            "1 ",
            "1 {}",
            "1 {\"key\":\"k\"}",
            "2 {\"key\":\"k\",\"since\":1}",
        ] {
            assert_eq!(OpenCall::read(text), None, "{text}");
            assert_eq!(KeptTask::read(text), None, "{text}");
        }
    }
}
