//! A model of the server: idempotency keys, charges, and tasks that live over time. It knows nothing of the
//! client's code.

use crate::many::{BATCH_URL, Batch};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// Where creates go.
pub const CREATE_URL: &str = "https://api.evolink.ai/v1/videos/generations";
/// Where tasks are read, with the id after it.
pub const TASKS_URL: &str = "https://api.evolink.ai/v1/tasks/";

/// What the server says.
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

/// What the server gets.
#[derive(Clone, Debug)]
pub struct Received {
    /// The call that it is from, as the simulation knows.
    pub call: usize,
    pub url: String,
    pub key: Option<String>,
    pub body: Option<String>,
}

/// How a task goes on, by its age.
#[derive(Clone, Debug)]
pub struct Life {
    /// When it ends; `None`: never.
    pub ends_at_ms: Option<u64>,
    pub ending: Ending,
    pub course: Course,
    /// How long the links come after the word `completed`.
    pub links_late_ms: u64,
    pub estimated_s: Option<u32>,
    /// How far the server's clock is ahead of the true time, in seconds.
    pub skew_s: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Completed,
    Failed,
    Cancelled,
}

/// What a task tells on its way.
#[derive(Clone, Copy, Debug)]
pub enum Course {
    /// Nothing.
    Silent,
    /// Progress that rises evenly.
    Steady,
    /// 0, then 65, then the end.
    Jump,
    /// Processing, then pending again, with less progress than before.
    Backwards,
    /// A status that no version of the client knows.
    NewWord,
    /// No progress, or one that makes no sense.
    Nonsense,
}

/// A charge.
#[derive(Clone, Debug)]
pub struct Charge {
    pub call: usize,
    pub task: usize,
    pub at: u64,
}

pub struct Task {
    pub id: String,
    pub created_at: i64,
    pub life: Life,
}

/// The server's state.
pub struct Server {
    pub tasks: Vec<Task>,
    pub charges: Vec<Charge>,
    keys: HashMap<String, (String, usize)>,
    /// The lives of the tasks to come, in order, over and over.
    lives: Vec<Life>,
    /// The task of each call that got one, be it new or an earlier one.
    pub task_of: HashMap<usize, usize>,
    /// How it reads many tasks at once.
    pub batch: Batch,
}

impl Server {
    pub fn new(lives: Vec<Life>, batch: Batch) -> Self {
        Self {
            tasks: Vec::new(),
            charges: Vec::new(),
            keys: HashMap::new(),
            lives,
            task_of: HashMap::new(),
            batch,
        }
    }

    /// A task that was there before the world began.
    pub fn add(&mut self, life: Life, created_at: i64) -> String {
        let id = format!("task-unified-{}-sim{:05}", 1_700_000_000, self.tasks.len());
        self.tasks.push(Task {
            id: id.clone(),
            created_at,
            life,
        });
        id
    }

    /// Does what it is asked.
    pub fn receive(&mut self, received: &Received, now: u64) -> Response {
        match (&received.body, received.url.strip_prefix(TASKS_URL)) {
            (Some(body), None) if received.url == CREATE_URL => self.create(received, body, now),
            (Some(body), Some(_)) if received.url == BATCH_URL => self.read_many(body, now),
            (None, Some(id)) => match self.tasks.iter().find(|task| task.id == id) {
                Some(task) => answer(200, task.tell(now as i64)),
                None => refusal(404, "task_not_found"),
            },
            _ => refusal(400, "invalid_request"),
        }
    }

    fn create(&mut self, received: &Received, body: &str, now: u64) -> Response {
        let known = received.key.as_ref().and_then(|key| self.keys.get(key));
        let (task, replayed) = match known {
            Some((first, _)) if first != body => return refusal(409, "idempotency_conflict"),
            Some((_, task)) => (*task, true),
            None => {
                let life = self.lives[self.tasks.len() % self.lives.len()].clone();
                self.add(life, now as i64);
                let task = self.tasks.len() - 1;
                self.charges.push(Charge {
                    call: received.call,
                    task,
                    at: now,
                });
                if let Some(key) = &received.key {
                    self.keys.insert(key.clone(), (body.to_owned(), task));
                }
                (task, false)
            }
        };
        self.task_of.insert(received.call, task);
        let mut response = answer(200, self.tasks[task].tell(now as i64));
        if replayed {
            response.headers.push(("idempotency-replayed", "true".into()));
        }
        response
    }
}

impl Task {
    /// Whether the end can be seen, links and all.
    pub fn is_over(&self, now: i64) -> bool {
        let life = &self.life;
        let late = match life.ending {
            Ending::Completed => life.links_late_ms,
            _ => 0,
        };
        life.ends_at_ms
            .is_some_and(|end| now - self.created_at >= (end + late) as i64)
    }

    pub fn tell(&self, now: i64) -> Json {
        let life = &self.life;
        let age = (now - self.created_at).max(0) as u64;
        let mut told = json!({
            "id": self.id,
            "object": "video.generation.task",
            "created": (self.created_at + 1_700_000_000_000) / 1000 + life.skew_s,
            "model": "seedance-2.0",
            "type": "video",
        });
        if let Some(seconds) = life.estimated_s {
            told["task_info"] = json!({ "can_cancel": true, "estimated_time": seconds });
        }
        if life.ends_at_ms.is_some_and(|end| age >= end) {
            told["progress"] = json!(100);
            match life.ending {
                Ending::Completed => {
                    told["status"] = json!("completed");
                    if self.is_over(now) {
                        told["results"] = json!(["https://files.example/video.mp4"]);
                    }
                }
                Ending::Failed => {
                    told["status"] = json!("failed");
                    told["error"] = json!({ "code": "service_error", "message": "It failed." });
                }
                Ending::Cancelled => told["status"] = json!("cancelled"),
            }
            return told;
        }
        let whole = life.ends_at_ms.unwrap_or(600_000).max(1);
        let percent = (age * 100 / whole).min(99);
        let begun = percent >= 5;
        let (status, progress) = match life.course {
            Course::Silent => (if begun { "processing" } else { "pending" }, json!(0)),
            Course::Steady => (if begun { "processing" } else { "pending" }, json!(percent)),
            Course::Jump if percent < 40 => ("processing", json!(0)),
            Course::Jump => ("processing", json!(65)),
            Course::Backwards if age / 20_000 % 2 == 1 => ("pending", json!(percent / 3)),
            Course::Backwards => ("processing", json!(percent)),
            Course::NewWord => ("transcoding_stage_2", json!(percent)),
            Course::Nonsense if age / 7_000 % 2 == 1 => ("processing", json!("half")),
            Course::Nonsense => ("processing", json!(age % 400)),
        };
        told["status"] = json!(status);
        told["progress"] = progress;
        told
    }
}

pub fn answer(status: u16, json: Json) -> Response {
    Response {
        status,
        headers: Vec::new(),
        content: Content::Json(json),
    }
}

pub fn refusal(status: u16, code: &str) -> Response {
    let error = json!({ "error": { "code": code, "message": "No.", "type": "some_error" } });
    answer(status, error)
}
