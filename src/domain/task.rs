//! A task as the API reports it.

use super::api::{LINK_PLACES, RESULT_LIFETIME_HOURS, STATUS_WORDS};
use super::fault::{Fault, Particulars};
use super::task_id::{created_ms_of_id, is_task_id};
use super::value::Value;
use crate::text::split_once;

/// How long the links of a completed task work, in milliseconds.
pub(crate) const LINK_LIFETIME_MS: i64 = RESULT_LIFETIME_HOURS as i64 * 3_600_000;

/// The status of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// Accepted and not started.
    Pending,
    /// In progress.
    Processing,
    /// Finished, with results.
    Completed,
    /// Finished without a video.
    Failed,
    /// Cancelled on request.
    Cancelled,
    /// A status that this version does not know. The task counts as unfinished.
    Unknown(String),
}

impl Status {
    fn read(word: &str) -> Self {
        let trimmed = word.trim_ascii();
        let row = STATUS_WORDS
            .iter()
            .find(|row| row.word.eq_ignore_ascii_case(trimmed));
        match row.map_or("", |row| row.means) {
            "pending" => Status::Pending,
            "processing" => Status::Processing,
            "completed" => Status::Completed,
            "failed" => Status::Failed,
            "cancelled" => Status::Cancelled,
            _ => Status::Unknown(word.to_owned()),
        }
    }

    /// The string of the API.
    pub fn as_str(&self) -> &str {
        match self {
            Status::Unknown(word) => word,
            known => known.known_str(),
        }
    }

    /// One of the words that this version knows, or `unknown`.
    pub(crate) fn known_str(&self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Processing => "processing",
            Status::Completed => "completed",
            Status::Failed => "failed",
            Status::Cancelled => "cancelled",
            Status::Unknown(_) => "unknown",
        }
    }
}

/// Why a task failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TaskError {
    /// A code of the vendor in lower case, such as `content_policy_violation`. Default: `unknown_error`.
    pub code: String,
    /// The vendor's message.
    pub message: String,
    /// The server's id for the exchange that failed.
    pub request_id: Option<String>,
    /// Other fields of the vendor's error object.
    pub particulars: Particulars,
}

impl TaskError {
    fn read(error: Option<&Value>) -> Self {
        let fault = error.map(Fault::read).unwrap_or_default();
        Self {
            code: fault.code.unwrap_or_else(|| "unknown_error".to_owned()),
            message: fault
                .message
                .unwrap_or_else(|| "The API gave no reason.".to_owned()),
            request_id: fault.request_id,
            particulars: fault.particulars,
        }
    }
}

/// What a task costs. Each field is `None` if the API does not report it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Usage {
    /// What the price depends on, such as `per_second`.
    pub billing_rule: Option<String>,
    /// The credits reserved when the task was created.
    pub credits_reserved: Option<f64>,
    /// The user group, such as `default`.
    pub user_group: Option<String>,
}

/// Details of a task. Each field is `None` if the API does not report it, as later in a task's life.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TaskInfo {
    /// Whether the task can be cancelled. No endpoint for that is documented.
    pub can_cancel: Option<bool>,
    /// How long the vendor expects the task to take from its creation, in seconds.
    pub estimated_time: Option<f64>,
    /// The length of the video in seconds.
    pub video_duration: Option<f64>,
}

/// A task as the API reports it.
///
/// ```
/// use evolink_video::domain::{Status, Task, Value};
///
/// let info = Value::object([("estimated_time", Some(165_u32.into()))]);
/// let answer = Value::object([
///     ("id", Some("task-unified-1757156493-imcg5zqt".into())),
///     ("status", Some("processing".into())),
///     ("progress", Some(40_u32.into())),
///     ("task_info", Some(info)),
///     ("seed", Some(7_u32.into())),
/// ]);
/// let task = Task::read(answer).expect("it has an id and a status");
/// assert_eq!((task.status.clone(), task.progress), (Status::Processing, Some(40)));
/// assert_eq!(task.info().estimated_time, Some(165.0));
/// assert_eq!(task.extra("seed").and_then(Value::as_f64), Some(7.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Task {
    /// The id, which is all that a later process needs to continue with the task.
    pub id: String,
    /// The status.
    pub status: Status,
    /// The progress, 0 to 100; `None` if the API reports none.
    pub progress: Option<u8>,
    /// URLs of the video, which work for 24 hours. A completed task without any is not final: they may be late.
    pub results: Vec<String>,
    /// The earliest time at which the links may expire, in milliseconds since 1970: 24 hours after the task was
    /// last known to be unfinished. `None` if the task is not completed or no such time is known.
    pub expires_at: Option<i64>,
    /// Why the task failed.
    pub error: Option<TaskError>,
    /// The whole answer.
    pub raw: Value,
}

impl Task {
    /// Reads a task object, which may be wrapped as `{data: task}`. `None` without a well-formed id and a status.
    pub fn read(raw: Value) -> Option<Self> {
        let raw = unwrapped(raw);
        let id = id_of(&raw)?.to_owned();
        let results = read_results(&raw);
        let word = word_of(&raw);
        let has_error = |raw: &Value| {
            raw.get("error")
                .is_some_and(|error| !Fault::read(error).is_empty())
        };
        // Without a status, only the end can be told.
        if word.is_none() && results.is_empty() && !has_error(&raw) {
            return None;
        }
        let mut status = Status::read(word.unwrap_or_default());
        // An unknown status is final if the answer has fields that only a final task has.
        if let Status::Unknown(_) = status {
            if !results.is_empty() {
                status = Status::Completed;
            } else if has_error(&raw) {
                status = Status::Failed;
            }
        }
        let progress = raw
            .get("progress")
            .and_then(Value::as_f64)
            .filter(|progress| (0.0..=100.0).contains(progress))
            .map(|progress| progress as u8);
        let error = (status == Status::Failed).then(|| TaskError::read(raw.get("error")));
        let mut task = Self {
            id,
            status,
            progress,
            results,
            expires_at: None,
            error,
            raw,
        };
        task.completed_after(task.created_ms());
        Some(task)
    }

    /// Reads the answer to a submission. One that has an id and no status was accepted.
    pub(crate) fn read_created(raw: Value) -> Option<Self> {
        let mut raw = unwrapped(raw);
        if word_of(&raw).is_none() {
            raw.set("status", "pending".into());
        }
        Self::read(raw)
    }

    /// Reads the answer about a task, which may lack its id.
    pub(crate) fn read_of(raw: Value, task_id: &str) -> Option<Self> {
        let mut raw = unwrapped(raw);
        if id_of(&raw).is_none() && matches!(raw, Value::Object(_)) {
            raw.set("id", task_id.into());
        }
        Self::read(raw)
    }

    /// The error as an object with all fields of the API, and always with a code and a message.
    #[cfg(any(feature = "npm", feature = "serde"))]
    pub(crate) fn error_value(&self) -> Option<Value> {
        let error = self.error.as_ref()?;
        let mut value = match self.raw.get("error") {
            Some(said @ Value::Object(_)) => said.clone(),
            _ => Value::Object(Vec::new()),
        };
        value.set("code", error.code.as_str().into());
        value.set("message", error.message.as_str().into());
        Some(value)
    }

    /// The API's name for the status, if this library uses another one.
    #[cfg(any(feature = "npm", feature = "serde"))]
    pub(crate) fn raw_status(&self) -> Option<&str> {
        let own = match &self.status {
            Status::Unknown(word) => Some(word.as_str()),
            _ => None,
        };
        word_of(&self.raw)
            .filter(|word| *word != self.status.known_str())
            .or(own)
    }

    /// Records when the task was last known to be unfinished, which matters once it is completed.
    pub(crate) fn completed_after(&mut self, unfinished_at: Option<i64>) {
        if self.status == Status::Completed {
            self.expires_at = self.expires_at.max(unfinished_at.map(|at| at + LINK_LIFETIME_MS));
        }
    }

    /// How long the vendor expects it to take from its creation, in seconds, if that makes sense.
    pub(crate) fn estimated_seconds(&self) -> Option<f64> {
        let seconds = self.raw.get("task_info")?.get("estimated_time")?.as_f64()?;
        (seconds > 0.0 && seconds < 86_400.0).then_some(seconds)
    }

    /// When it was created by the server's clock, in milliseconds since 1970. Where the answer does not tell, the id
    /// may.
    pub fn created_ms(&self) -> Option<i64> {
        let seconds = self.raw.get("created").and_then(Value::as_f64);
        match seconds.filter(|seconds| (0.0..1e11).contains(seconds)) {
            Some(seconds) => Some((seconds * 1000.0) as i64),
            None => created_ms_of_id(&self.id),
        }
    }

    /// The id of the model.
    pub fn model(&self) -> Option<&str> {
        self.raw.get("model")?.as_str()
    }

    /// What the task costs.
    pub fn usage(&self) -> Usage {
        let field = |name: &str| self.raw.get("usage")?.get(name);
        let string = |name: &str| Some(field(name)?.as_str()?.to_owned());
        Usage {
            billing_rule: string("billing_rule"),
            credits_reserved: field("credits_reserved").and_then(Value::as_f64),
            user_group: string("user_group"),
        }
    }

    /// Details of the task.
    pub fn info(&self) -> TaskInfo {
        let field = |name: &str| self.raw.get("task_info")?.get(name);
        TaskInfo {
            can_cancel: match field("can_cancel") {
                Some(Value::Bool(can_cancel)) => Some(*can_cancel),
                _ => None,
            },
            estimated_time: field("estimated_time").and_then(Value::as_f64),
            video_duration: field("video_duration").and_then(Value::as_f64),
        }
    }

    /// Any field of the answer, such as `billing` or one that this version does not know.
    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.raw.get(name)
    }

    /// Whether the task has ended. A completed task without a link has not: the link may be late.
    pub fn is_final(&self) -> bool {
        match self.status {
            Status::Completed => !self.results.is_empty(),
            Status::Failed | Status::Cancelled => true,
            _ => false,
        }
    }

    /// Whether a watch reports the difference.
    pub(crate) fn differs_from(&self, other: &Task) -> bool {
        self.status != other.status || self.progress != other.progress
    }
}

/// The task of an answer that wraps it as `{data: task}`.
fn unwrapped(answer: Value) -> Value {
    match answer.get("data") {
        Some(task @ Value::Object(_)) if id_of(&answer).is_none() => task.clone(),
        _ => answer,
    }
}

/// Whether an answer has a task.
pub(crate) fn has_task(answer: &Value) -> bool {
    let wrapped = answer.get("data").and_then(id_of);
    id_of(answer).or(wrapped).is_some()
}

fn id_of(task: &Value) -> Option<&str> {
    for name in ["id", "task_id"] {
        if let Some(id) = task.get(name).and_then(Value::as_str)
            && is_task_id(id)
        {
            return Some(id);
        }
    }
    None
}

/// The API's name for the status. A task that this library wrote may have it in another field.
fn word_of(task: &Value) -> Option<&str> {
    let raw = task.get("rawStatus").and_then(Value::as_str);
    raw.or_else(|| task.get("status")?.as_str())
}

/// The links, from the first of the [`LINK_PLACES`] that has some.
fn read_results(raw: &Value) -> Vec<String> {
    let mut links = Vec::new();
    for place in LINK_PLACES {
        add_links(raw, place.path, &mut links);
        if !links.is_empty() {
            break;
        }
    }
    links
}

/// Adds the links at the end of a path.
fn add_links(value: &Value, path: &str, links: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                add_links(item, path, links);
            }
        }
        Value::String(link) if path.is_empty() && !link.is_empty() => links.push(link.clone()),
        _ => {
            let (name, rest) = split_once(path, b'.').unwrap_or((path, ""));
            if let Some(value) = value.get(name) {
                add_links(value, rest, links);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::parse;

    fn task(json: &str) -> Task {
        Task::read(parse(json).unwrap()).unwrap()
    }

    #[test]
    fn an_estimate_of_nothing_or_of_a_day_is_none() {
        for (estimate, seconds) in [
            ("-1", None),
            ("0", None),
            ("0.5", Some(0.5)),
            ("86399", Some(86_399.0)),
            ("86400", None),
        ] {
            let task = task(&format!(
                r#"{{"id":"task-1","status":"pending","task_info":{{"estimated_time":{estimate}}}}}"#
            ));
            assert_eq!(task.estimated_seconds(), seconds, "{estimate}");
        }
    }

    #[test]
    fn a_task_may_be_wrapped_and_may_have_data_of_its_own() {
        let wrapped = task(r#"{"code":200,"data":{"id":"task-1","status":"failed"}}"#);
        assert_eq!((wrapped.id.as_str(), wrapped.status), ("task-1", Status::Failed));
        let own = task(r#"{"id":"task-1","status":"failed","data":{"id":"task-2","status":"pending"}}"#);
        assert_eq!((own.id.as_str(), own.status), ("task-1", Status::Failed));
    }
}
