//! Many tasks that one call waits for, and the endpoint that reads many at once.

use crate::plan::life;
use crate::server::{Content, Life, Response, Server, answer, refusal};
use fastrand::Rng;
use serde_json::{Value as Json, json};

/// Where many tasks are read at once.
pub const BATCH_URL: &str = "https://api.evolink.ai/v1/tasks/batch";
/// How many the server lets one call read.
const MOST: usize = 50;

/// What a call waits for that waits for many.
#[derive(Clone, Debug)]
pub struct Many {
    /// The tasks, and how old each is when the world begins.
    pub tasks: Vec<(Life, u64)>,
    /// What is asked for: one of these, or, with `None`, one that the server does not know.
    pub places: Vec<Option<usize>>,
}

/// How the server reads many at once.
#[derive(Clone, Copy, Debug)]
pub enum Batch {
    Reads {
        /// How many of the tasks an answer lacks, in percent.
        left_out: u32,
        /// Whether completed tasks come without their links.
        bare: bool,
    },
    /// It never does.
    Refused(u16),
    /// It answers with a page, or with a list that is none.
    Nonsense(bool),
}

impl Many {
    pub fn draw(rng: &mut Rng) -> Self {
        let count = [1, rng.usize(1..8), rng.usize(1..60), rng.usize(1..=120)][rng.usize(..4)];
        // Mostly of one kind, as when somebody makes many videos at once.
        let common = life(rng);
        let tasks = (0..count).map(|_| {
            let own = match rng.u32(..3) {
                0 => life(rng),
                _ => common.clone(),
            };
            (own, rng.u64(0..300_000) * rng.u64(0..=1))
        });
        let tasks = tasks.collect();
        let unknown = [0, 0, 3][rng.usize(..3)];
        let twice = [0, 0, 10][rng.usize(..3)];
        let places = (0..count).map(|place| match rng.u32(..100) {
            lot if lot < unknown => None,
            lot if lot < unknown + twice => Some(rng.usize(..count)),
            _ => Some(place),
        });
        let places = places.collect();
        Self { tasks, places }
    }

    /// Whether one of the tasks never ends.
    pub fn is_endless(&self) -> bool {
        self.tasks.iter().any(|(life, _)| life.ends_at_ms.is_none())
    }

    /// Adds the tasks to a server; the ids that are asked for.
    pub fn ids(&self, server: &mut Server) -> Vec<String> {
        let tasks = self.tasks.iter();
        let ids: Vec<String> = tasks
            .map(|(life, age)| server.add(life.clone(), -(*age as i64)))
            .collect();
        let places = self.places.iter().enumerate();
        let places = places.map(|(place, task)| match task {
            Some(task) => ids[*task].clone(),
            None => format!("task-unified-0-nothing{place}"),
        });
        places.collect()
    }
}

impl Batch {
    pub fn draw(rng: &mut Rng) -> Self {
        match rng.u32(..8) {
            0 => Batch::Refused([400, 403, 404, 405][rng.usize(..4)]),
            1 => Batch::Nonsense(rng.bool()),
            _ => Batch::Reads {
                left_out: [0, 0, 5, 40][rng.usize(..4)],
                bare: rng.u32(..4) == 0,
            },
        }
    }
}

impl Server {
    pub fn read_many(&self, body: &str, now: u64) -> Response {
        let (left_out, bare) = match self.batch {
            Batch::Reads { left_out, bare } => (left_out, bare),
            Batch::Refused(status) => return refusal(status, "not_found"),
            Batch::Nonsense(true) => {
                return Response {
                    status: 200,
                    headers: Vec::new(),
                    content: Content::Text("<html>Welcome</html>"),
                };
            }
            Batch::Nonsense(false) => return answer(200, json!({ "data": { "none": true } })),
        };
        let ids = ids_of(body);
        if ids.is_empty() || ids.len() > MOST {
            return refusal(400, "invalid_parameters");
        }
        // By the time and the place, so that it is another one each time, and the same in a replay.
        let is_there = |index: usize| (now / 7 + index as u64 * 37) % 100 >= u64::from(left_out);
        let mut told: Vec<Json> = self
            .tasks
            .iter()
            .enumerate()
            .filter(|(index, task)| ids.contains(&task.id) && is_there(*index))
            .map(|(_, task)| task.tell(now as i64))
            .collect();
        for task in told.iter_mut().filter(|_| bare) {
            task.as_object_mut().unwrap().remove("results");
        }
        // What nobody asked for.
        if now.is_multiple_of(5) {
            told.push(Json::Null);
            told.push(json!({ "id": "task-of-somebody-else", "status": "failed", "progress": 100 }));
        }
        answer(200, json!({ "data": told }))
    }
}

/// The ids that a read of many asks for.
pub fn ids_of(body: &str) -> Vec<String> {
    let body: Json = serde_json::from_str(body).unwrap_or_default();
    let ids = body["task_ids"].as_array();
    let ids = ids.into_iter().flatten().filter_map(Json::as_str);
    ids.map(str::to_owned).collect()
}
