//! The tasks of a `watch_all` call, and a model of the batch endpoint.

use crate::plan::lifecycle;
use crate::server::{Content, Lifecycle, Response, Server, error_response, json_response};
use fastrand::Rng;
use serde_json::{Value as Json, json};

pub const BATCH_URL: &str = "https://api.evolink.ai/v1/tasks/batch";
/// The maximum number of ids in a batch.
const MAX_BATCH: usize = 50;

/// The tasks of a `watch_all` call.
#[derive(Clone, Debug)]
pub struct WaitAllPlan {
    /// The tasks with their age at the start.
    pub tasks: Vec<(Lifecycle, u64)>,
    /// The requested tasks by index; `None` is an id that the server does not know.
    pub targets: Vec<Option<usize>>,
}

/// How the batch endpoint behaves.
#[derive(Clone, Copy, Debug)]
pub enum BatchEndpoint {
    Works {
        /// The tasks missing from a response, in percent.
        omitted_percent: u32,
        /// Whether completed tasks lack their links.
        without_links: bool,
    },
    /// It always responds with this status.
    Rejects(u16),
    /// It responds with HTML (`true`), or with JSON in which `data` is not an array.
    Invalid(bool),
}

impl WaitAllPlan {
    pub fn draw(rng: &mut Rng) -> Self {
        let count = [1, rng.usize(1..8), rng.usize(1..60), rng.usize(1..=120)][rng.usize(..4)];
        // Most are similar, as if one user generates many videos.
        let common = lifecycle(rng);
        let tasks = (0..count).map(|_| {
            let own = match rng.u32(..3) {
                0 => lifecycle(rng),
                _ => common.clone(),
            };
            (own, rng.u64(0..300_000) * rng.u64(0..=1))
        });
        let tasks = tasks.collect();
        let unknown = [0, 0, 3][rng.usize(..3)];
        let twice = [0, 0, 10][rng.usize(..3)];
        let targets = (0..count).map(|index| match rng.u32(..100) {
            percent if percent < unknown => None,
            percent if percent < unknown + twice => Some(rng.usize(..count)),
            _ => Some(index),
        });
        let targets = targets.collect();
        Self { tasks, targets }
    }

    /// Whether one of the tasks never finishes.
    pub fn is_endless(&self) -> bool {
        self.tasks
            .iter()
            .any(|(lifecycle, _)| lifecycle.ends_at_ms.is_none())
    }

    /// Adds the tasks to a server, and returns the requested ids.
    pub fn ids(&self, server: &mut Server) -> Vec<String> {
        let tasks = self.tasks.iter();
        let ids: Vec<String> = tasks
            .map(|(lifecycle, age)| server.add(0, lifecycle.clone(), -(*age as i64)))
            .collect();
        let targets = self.targets.iter().enumerate();
        let targets = targets.map(|(index, task)| match task {
            Some(task) => ids[*task].clone(),
            None => format!("task-unified-0-unknown{index}"),
        });
        targets.collect()
    }
}

impl BatchEndpoint {
    pub fn draw(rng: &mut Rng) -> Self {
        match rng.u32(..8) {
            0 => BatchEndpoint::Rejects([400, 403, 404, 405][rng.usize(..4)]),
            1 => BatchEndpoint::Invalid(rng.bool()),
            _ => BatchEndpoint::Works {
                omitted_percent: [0, 0, 5, 40][rng.usize(..4)],
                without_links: rng.u32(..4) == 0,
            },
        }
    }
}

impl Server {
    pub fn read_batch(&self, account: usize, body: &str, now: u64) -> Response {
        let (omitted_percent, without_links) = match self.batch {
            BatchEndpoint::Works {
                omitted_percent,
                without_links,
            } => (omitted_percent, without_links),
            BatchEndpoint::Rejects(status) => return error_response(status, "not_found"),
            BatchEndpoint::Invalid(true) => {
                return Response {
                    status: 200,
                    headers: Vec::new(),
                    content: Content::Text("<html>Welcome</html>"),
                };
            }
            BatchEndpoint::Invalid(false) => return json_response(200, json!({ "data": { "none": true } })),
        };
        let ids = ids_of(body);
        if ids.is_empty() || ids.len() > MAX_BATCH {
            return error_response(400, "invalid_parameters");
        }
        // Depends on the time and the index: differs between reads, but not between replays.
        let is_included = |index: usize| (now / 7 + index as u64 * 37) % 100 >= u64::from(omitted_percent);
        let mut data: Vec<Json> = self
            .tasks_of(account)
            .filter(|(index, task)| ids.contains(&task.id) && is_included(*index))
            .map(|(_, task)| task.to_json(now as i64))
            .collect();
        for task in data.iter_mut().filter(|_| without_links) {
            task.as_object_mut().unwrap().remove("results");
        }
        // Entries that were not requested.
        if now.is_multiple_of(5) {
            data.push(Json::Null);
            data.push(json!({ "id": "task-of-somebody-else", "status": "failed", "progress": 100 }));
        }
        json_response(200, json!({ "data": data }))
    }
}

/// The ids in the body of a batch request.
pub fn ids_of(body: &str) -> Vec<String> {
    let body: Json = serde_json::from_str(body).unwrap_or_default();
    let ids = body["task_ids"].as_array();
    let ids = ids.into_iter().flatten().filter_map(Json::as_str);
    ids.map(str::to_owned).collect()
}
