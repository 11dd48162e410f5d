//! A task, as the API tells it.

use super::json::{Json, OrNull, ToJson};
use super::value::Value;

/// How long the links of a completed task live \[doc\], in milliseconds: 24 hours.
const LINK_LIFE_MS: i64 = 86_400_000;

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Accepted, not begun.
    Pending,
    /// Being worked on.
    Processing,
    /// Done: the results are there.
    Completed,
    /// Ended without a video.
    Failed,
    /// Ended on request.
    Cancelled,
    /// A word that this version does not know; the task is taken as unfinished.
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

    /// The API's word.
    pub fn as_str(&self) -> &str {
        match self {
            Status::Unknown(word) => word,
            known => known.known_str(),
        }
    }

    /// One of the words that this version knows, or `unknown`.
    fn known_str(&self) -> &'static str {
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
pub struct TaskError {
    /// One of the vendor's codes, such as `content_policy_violation`.
    pub code: String,
    /// The vendor's words.
    pub message: String,
}

/// A task: what this library reads of it, and everything else as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its id, which is all that is needed to go on with it later.
    pub id: String,
    /// Where it stands.
    pub status: Status,
    /// 0 to 100, if it was told.
    pub progress: Option<u8>,
    /// Links to the video; they live 24 hours. Never empty once completed.
    pub results: Vec<String>,
    /// Until when the links live at the least, in milliseconds since 1970: 24 hours from the last moment at
    /// which it was known to be unfinished, be it only that of its creation.
    pub expires_at: Option<i64>,
    /// Why it failed.
    pub error: Option<TaskError>,
    /// The whole answer.
    pub raw: Value,
}

impl Task {
    /// Reads a task object. `None` if it is no object with a well-formed id and a status.
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

    /// The API's word for a status that this version does not know.
    fn raw_status(&self) -> Option<&str> {
        match &self.status {
            Status::Unknown(word) => Some(word),
            _ => None,
        }
    }

    /// Takes in that it was unfinished then; of interest once it is completed.
    pub fn completed_after(&mut self, unfinished_at: Option<i64>) {
        if self.status == Status::Completed {
            self.expires_at = self.expires_at.max(unfinished_at.map(|at| at + LINK_LIFE_MS));
        }
    }

    /// How long the vendor expected it to take, in seconds from its creation.
    pub fn estimated_seconds(&self) -> Option<f64> {
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

    /// Whether nothing more will happen. Completed without a link is not the end: the link may be late.
    pub fn is_final(&self) -> bool {
        match self.status {
            Status::Completed => !self.results.is_empty(),
            Status::Failed | Status::Cancelled => true,
            _ => false,
        }
    }

    /// Whether anything that a caller watches differs.
    pub fn differs_from(&self, other: &Task) -> bool {
        self.status != other.status || self.progress != other.progress
    }
}

/// Whether a text can be a task's id: it becomes part of a URL, so nothing but these letters.
pub fn is_task_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && !text.bytes().all(|byte| byte == b'.')
}

fn read_error(error: Option<&Value>) -> TaskError {
    let text = |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str);
    TaskError {
        code: text("code").unwrap_or("unknown_error").to_owned(),
        message: text("message")
            .or_else(|| error.and_then(Value::as_str))
            .unwrap_or("The API gave no reason.")
            .to_owned(),
    }
}

/// The links, from the three places where they have been seen: `results: [url]` \[doc\],
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

/// Adds a link; an empty text is none.
fn add_link(link: Option<&Value>, links: &mut Vec<String>) {
    if let Some(Value::String(link)) = link
        && !link.is_empty()
    {
        links.push(link.clone());
    }
}

impl ToJson for Task {
    /// The answer as it came, with the fields that were read in their one form.
    fn write(&self, json: &mut Json) {
        let completed = self.status == Status::Completed;
        let raw_status = self.raw_status();
        json.open('{');
        for (name, value) in self.raw.entries() {
            let is_read = match name.as_ref() {
                "id" | "status" | "progress" => true,
                "results" => completed,
                "expiresAt" => self.expires_at.is_some(),
                "rawStatus" => raw_status.is_some(),
                "error" => self.error.is_some(),
                _ => false,
            };
            if !is_read {
                json.field(name, value);
            }
        }
        json.field("id", &self.id);
        json.field("status", &self.status.known_str());
        json.field("rawStatus", &raw_status);
        json.field("progress", &OrNull(self.progress.map(u32::from)));
        json.field("results", &completed.then_some(&self.results));
        json.field("expiresAt", &self.expires_at);
        json.field("error", &self.error);
        json.close('}');
    }
}

impl ToJson for TaskError {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("code", &self.code);
        json.field("message", &self.message);
        json.close('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::{parse, to_json};

    #[test]
    fn an_unknown_status_keeps_its_word_when_it_is_written_and_read_again() {
        let task = Task::read(parse(r#"{"id":"task-1","status":"queued"}"#).unwrap()).unwrap();
        let written = to_json(&task);
        assert_eq!(
            written,
            r#"{"id":"task-1","status":"unknown","rawStatus":"queued","progress":null}"#
        );
        assert_eq!(
            Task::read(parse(&written).unwrap()),
            Some(Task {
                raw: parse(&written).unwrap(),
                ..task
            })
        );
        assert_eq!(to_json(&Task::read(parse(&written).unwrap()).unwrap()), written);
    }
}
