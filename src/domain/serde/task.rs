//! A task in JSON: the API's answer, in which the fields that the library reads have one form.

use crate::domain::task::{Status, Task};
use crate::domain::value::Value;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

impl Serialize for Task {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = Value::Object(self.raw.entries().to_vec());
        form.set("id", self.id.as_str().into());
        form.set("status", self.status.known_str().into());
        if let Some(word) = self.raw_status() {
            form.set("rawStatus", word.to_owned().into());
        }
        form.set("progress", self.progress.map(u32::from).into());
        if self.status == Status::Completed {
            form.set("results", Value::texts(&self.results));
        }
        if let Some(expires_at) = self.expires_at {
            form.set("expiresAt", expires_at.into());
        }
        if let Some(error) = self.error_value() {
            form.set("error", error);
        }
        form.serialize(serializer)
    }
}

/// Reads the form above, and an answer of the API as it came.
impl<'de> Deserialize<'de> for Task {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut raw = Value::deserialize(deserializer)?;
        // What the API did not send does not belong to `raw`.
        if let Some(word @ Value::String(_)) = remove(&mut raw, "rawStatus") {
            raw.set("status", word);
        }
        let expires_at = remove(&mut raw, "expiresAt");
        if raw.get("progress") == Some(&Value::Null) {
            remove(&mut raw, "progress");
        }
        let mut task = Task::read(raw).ok_or_else(|| {
            D::Error::custom("a task must be an object with a well-formed `id` and a `status`")
        })?;
        if task.status == Status::Completed {
            task.expires_at = task.expires_at.max(expires_at.and_then(|at| at.as_integer()));
        }
        Ok(task)
    }
}

fn remove(object: &mut Value, name: &str) -> Option<Value> {
    let Value::Object(entries) = object else {
        return None;
    };
    let at = entries.iter().position(|(key, _)| key == name)?;
    Some(entries.remove(at).1)
}
