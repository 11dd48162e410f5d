//! A model of the server: idempotency keys, charges, and tasks that change over time. It does not depend on the
//! client's code.

use crate::wait_all::{BATCH_URL, BatchEndpoint};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

pub const CREATE_URL: &str = "https://api.evolink.ai/v1/videos/generations";
const UPLOAD_URL: &str = "https://files-api.evolink.ai/api/v1/files/upload/stream";
/// The prefix of the URL of a task.
pub const TASKS_URL: &str = "https://api.evolink.ai/v1/tasks/";

#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    Json(Json),
    Text(&'static str),
}

#[derive(Clone, Debug)]
pub struct ServerRequest {
    /// The call that sent it.
    pub call: usize,
    /// The account of the API key.
    pub account: usize,
    pub url: String,
    pub key: Option<String>,
    /// The id of an upload, or of the receipt that is asked for.
    pub upload_id: Option<String>,
    pub body: Option<String>,
}

/// The states of a task, by its age.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    /// When it finishes, or `None` if it never does.
    pub ends_at_ms: Option<u64>,
    pub ending: Ending,
    pub progress: ProgressPattern,
    /// The delay of the links after the status `completed`.
    pub links_late_ms: u64,
    pub estimated_s: Option<u32>,
    /// How far the server's clock is ahead of real time, in seconds.
    pub skew_s: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Completed,
    Failed,
    Cancelled,
}

/// The status and progress of a task before it finishes.
#[derive(Clone, Copy, Debug)]
pub enum ProgressPattern {
    /// No progress.
    Silent,
    /// Linear progress.
    Steady,
    /// 0, then 65, then the end.
    Jump,
    /// Processing, then pending again, with less progress than before.
    Backwards,
    /// A status that the client does not know.
    UnknownStatus,
    /// Progress that is not a number from 0 to 100.
    Invalid,
}

#[derive(Clone, Debug)]
pub struct Charge {
    pub call: usize,
    pub account: usize,
    pub key: Option<String>,
    pub task: usize,
    pub at: u64,
}

pub struct Task {
    pub id: String,
    /// Other accounts cannot read it.
    pub account: usize,
    pub created_at: i64,
    pub lifecycle: Lifecycle,
}

pub struct Server {
    pub tasks: Vec<Task>,
    pub charges: Vec<Charge>,
    /// For each account and key the body and the task.
    keys: HashMap<(usize, String), (String, usize)>,
    /// The ids of the uploads, in order. The same bytes are another file each time.
    uploads: Vec<String>,
    /// The lifecycles of new tasks, cycled through in order.
    lifecycles: Vec<Lifecycle>,
    /// The task that each call received, new or replayed.
    pub task_of: HashMap<usize, usize>,
    pub batch: BatchEndpoint,
    /// A task that it does not know any more.
    pub lost_task: Option<usize>,
}

impl Server {
    pub fn new(lifecycles: Vec<Lifecycle>, batch: BatchEndpoint) -> Self {
        Self {
            tasks: Vec::new(),
            charges: Vec::new(),
            keys: HashMap::new(),
            uploads: Vec::new(),
            lifecycles,
            task_of: HashMap::new(),
            batch,
            lost_task: None,
        }
    }

    /// Adds a task of an account.
    pub fn add(&mut self, account: usize, lifecycle: Lifecycle, created_at: i64) -> String {
        let id = format!("task-unified-{}-sim{:05}", 1_700_000_000, self.tasks.len());
        self.tasks.push(Task {
            id: id.clone(),
            account,
            created_at,
            lifecycle,
        });
        id
    }

    pub fn receive(&mut self, received: &ServerRequest, now: u64) -> Response {
        if let Some(id) = &received.upload_id {
            return self.receive_upload(received, id);
        }
        match (&received.body, received.url.strip_prefix(TASKS_URL)) {
            (Some(body), None) if received.url == CREATE_URL => self.create(received, body, now),
            (Some(body), Some(_)) if received.url == BATCH_URL => {
                self.read_batch(received.account, body, now)
            }
            (None, Some(id)) => match self.tasks_of(received.account).find(|(_, task)| task.id == id) {
                Some((_, task)) => json_response(200, task.to_json(now as i64)),
                None => error_response(404, "task_not_found"),
            },
            _ => error_response(400, "invalid_request"),
        }
    }

    fn receive_upload(&mut self, received: &ServerRequest, id: &str) -> Response {
        let file = |number: usize| {
            let url = format!("https://files.evolink.ai/{number}.png");
            json!({ "file_id": number.to_string(), "file_url": url })
        };
        if received.url == UPLOAD_URL {
            self.uploads.push(id.to_owned());
            return json_response(200, json!({ "data": file(self.uploads.len() - 1) }));
        }
        let data = match self.uploads.iter().position(|known| known == id) {
            Some(number) => json!({ "state": "done", "file": file(number) }),
            None => json!({ "state": "outcome_unknown" }),
        };
        json_response(200, json!({ "data": data }))
    }

    /// The tasks of an account, with their numbers.
    pub fn tasks_of(&self, account: usize) -> impl Iterator<Item = (usize, &Task)> {
        let tasks = self.tasks.iter().enumerate();
        tasks.filter(move |(number, task)| task.account == account && self.lost_task != Some(*number))
    }

    fn create(&mut self, received: &ServerRequest, body: &str, now: u64) -> Response {
        let account = received.account;
        let key = received.key.clone().map(|key| (account, key));
        let known = key.as_ref().and_then(|key| self.keys.get(key));
        let (task, replayed) = match known {
            Some((first, _)) if first != body => return error_response(409, "idempotency_conflict"),
            Some((_, task)) => (*task, true),
            None => {
                let lifecycle = self.lifecycles[self.tasks.len() % self.lifecycles.len()].clone();
                self.add(account, lifecycle, now as i64);
                let task = self.tasks.len() - 1;
                self.charges.push(Charge {
                    call: received.call,
                    account,
                    key: received.key.clone(),
                    task,
                    at: now,
                });
                if let Some(key) = key {
                    self.keys.insert(key, (body.to_owned(), task));
                }
                (task, false)
            }
        };
        self.task_of.insert(received.call, task);
        let mut response = json_response(200, self.tasks[task].to_json(now as i64));
        if replayed {
            response.headers.push(("idempotency-replayed", "true".into()));
        }
        response
    }
}

impl Task {
    /// Whether the final state is visible, including the links.
    pub fn is_over(&self, now: i64) -> bool {
        let lifecycle = &self.lifecycle;
        let late = match lifecycle.ending {
            Ending::Completed => lifecycle.links_late_ms,
            _ => 0,
        };
        lifecycle
            .ends_at_ms
            .is_some_and(|end| now - self.created_at >= (end + late) as i64)
    }

    pub fn to_json(&self, now: i64) -> Json {
        let lifecycle = &self.lifecycle;
        let age = (now - self.created_at).max(0) as u64;
        let mut json = json!({
            "id": self.id,
            "object": "video.generation.task",
            "created": (self.created_at + 1_700_000_000_000) / 1000 + lifecycle.skew_s,
            "model": "seedance-2.0",
            "type": "video",
        });
        if let Some(seconds) = lifecycle.estimated_s {
            json["task_info"] = json!({ "can_cancel": true, "estimated_time": seconds });
        }
        if lifecycle.ends_at_ms.is_some_and(|end| age >= end) {
            json["progress"] = json!(100);
            match lifecycle.ending {
                Ending::Completed => {
                    json["status"] = json!("completed");
                    if self.is_over(now) {
                        json["results"] = json!(["https://files.example/video.mp4"]);
                    }
                }
                Ending::Failed => {
                    json["status"] = json!("failed");
                    json["error"] = json!({ "code": "service_error", "message": "It failed." });
                }
                Ending::Cancelled => json["status"] = json!("cancelled"),
            }
            return json;
        }
        let whole = lifecycle.ends_at_ms.unwrap_or(600_000).max(1);
        let percent = (age * 100 / whole).min(99);
        let begun = percent >= 5;
        let (status, progress) = match lifecycle.progress {
            ProgressPattern::Silent => (if begun { "processing" } else { "pending" }, json!(0)),
            ProgressPattern::Steady => (if begun { "processing" } else { "pending" }, json!(percent)),
            ProgressPattern::Jump if percent < 40 => ("processing", json!(0)),
            ProgressPattern::Jump => ("processing", json!(65)),
            ProgressPattern::Backwards if age / 20_000 % 2 == 1 => ("pending", json!(percent / 3)),
            ProgressPattern::Backwards => ("processing", json!(percent)),
            ProgressPattern::UnknownStatus => ("transcoding_stage_2", json!(percent)),
            ProgressPattern::Invalid if age / 7_000 % 2 == 1 => ("processing", json!("half")),
            ProgressPattern::Invalid => ("processing", json!(age % 400)),
        };
        json["status"] = json!(status);
        json["progress"] = progress;
        json
    }
}

pub fn json_response(status: u16, json: Json) -> Response {
    Response {
        status,
        headers: Vec::new(),
        content: Content::Json(json),
    }
}

pub fn error_response(status: u16, code: &str) -> Response {
    let error = json!({ "error": { "code": code, "message": "No.", "type": "some_error" } });
    json_response(status, error)
}
