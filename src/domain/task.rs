//! A task as the API reports it.

use super::answer::{is_code, server_text};
use super::api::RESULT_LIFETIME_HOURS;
use super::value::Value;

/// How long the links of a completed task work, in milliseconds.
const LINK_LIFETIME_MS: i64 = RESULT_LIFETIME_HOURS as i64 * 3_600_000;

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
        match word {
            "pending" => Status::Pending,
            "processing" => Status::Processing,
            "completed" => Status::Completed,
            "failed" => Status::Failed,
            "cancelled" => Status::Cancelled,
            other => Status::Unknown(other.to_owned()),
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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskError {
    /// A code of the vendor, such as `content_policy_violation`. Default: `unknown_error`.
    pub code: String,
    /// The vendor's message.
    pub message: String,
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
    /// The id, which is all that a later process needs to go on with the task.
    pub id: String,
    /// The status.
    pub status: Status,
    /// The progress, 0 to 100; `None` if the API reports none.
    pub progress: Option<u8>,
    /// URLs of the video, which work for 24 hours. A task that is completed without any is not final.
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
    /// Reads a task object. `None` without a well-formed id and a status.
    pub fn read(raw: Value) -> Option<Self> {
        let id = raw.get("id")?.as_str().filter(|id| is_task_id(id))?.to_owned();
        let word = raw.get("status")?.as_str()?;
        // A task that this library wrote has the API's word there.
        let status = Status::read(raw.get("rawStatus").and_then(Value::as_str).unwrap_or(word));
        let progress = raw
            .get("progress")
            .and_then(Value::as_f64)
            .filter(|progress| (0.0..=100.0).contains(progress))
            .map(|progress| progress as u8);
        let error = (status == Status::Failed).then(|| read_error(raw.get("error")));
        let mut task = Self {
            id,
            status,
            progress,
            results: read_results(&raw),
            expires_at: None,
            error,
            raw,
        };
        task.completed_after(task.created_ms());
        Some(task)
    }

    /// Takes in when the task was last known to be unfinished. Of interest once it is completed.
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

    /// When it was created by the server's clock, in milliseconds since 1970.
    pub fn created_ms(&self) -> Option<i64> {
        let seconds = self.raw.get("created")?.as_f64()?;
        (0.0..1e11)
            .contains(&seconds)
            .then_some((seconds * 1000.0) as i64)
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

/// Whether a string can be a task id. It becomes part of a URL.
pub(crate) fn is_task_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && !text.bytes().all(|byte| byte == b'.')
}

fn read_error(error: Option<&Value>) -> TaskError {
    let text = |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str);
    TaskError {
        code: text("code")
            .filter(|code| is_code(code))
            .unwrap_or("unknown_error")
            .to_owned(),
        message: text("message")
            .or_else(|| error.and_then(Value::as_str))
            .map_or_else(|| "The API gave no reason.".to_owned(), server_text),
    }
}

/// The links, from the three places where they were seen: `results: [url]` \[doc\],
/// `result_data: [{video_url}]` or one such object \[client\], `output.video_url` \[third\].
fn read_results(raw: &Value) -> Vec<String> {
    let mut links = Vec::new();
    if let Some(Value::Array(items)) = raw.get("results") {
        for link in items {
            add_link(Some(link), &mut links);
        }
    }
    if links.is_empty() {
        match raw.get("result_data") {
            Some(Value::Array(items)) => {
                for item in items {
                    add_link(item.get("video_url"), &mut links);
                }
            }
            Some(one) => add_link(one.get("video_url"), &mut links),
            None => {}
        }
    }
    if links.is_empty()
        && let Some(output) = raw.get("output")
    {
        add_link(output.get("video_url"), &mut links);
    }
    links
}

/// Adds a link that is not empty.
fn add_link(link: Option<&Value>, links: &mut Vec<String>) {
    if let Some(Value::String(link)) = link
        && !link.is_empty()
    {
        links.push(link.clone());
    }
}
