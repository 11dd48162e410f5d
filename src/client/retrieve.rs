//! Reading a task.

use super::exchange::{RetryBudget, invalid_answer};
use super::{Client, Clock, Event, Method, Store, Transport};
use crate::domain::api::Endpoint;
use crate::domain::retry::Call;
use crate::domain::task::is_task_id;
use crate::domain::{Error, Task, Value};
use crate::text::template;

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Reads a task.
    ///
    /// # Errors
    /// The server refused, did not answer, or its answer cannot be read.
    pub async fn retrieve(&self, task_id: &str) -> Result<Task, Error> {
        self.read_task(task_id, &self.budget(Call::Read, None)).await
    }

    pub(super) async fn read_task(&self, task_id: &str, budget: &RetryBudget) -> Result<Task, Error> {
        check_task_id(task_id)?;
        let request = self.request(Method::Get, &template!("{}{}", Endpoint::Task.path(), task_id));
        let outcome = self.exchange(&request, budget).await;
        let task = outcome.and_then(|(json, answer)| match Task::read(json) {
            Some(task) => Ok(task),
            None => Err(invalid_answer(&answer, "The response contains no task.")),
        });
        task.map_err(|mut error| {
            error.task_id = Some(task_id.to_owned());
            error
        })
    }

    /// Reads at most [`BATCH_MAX`](crate::domain::api::BATCH_MAX) tasks with one call. The server may leave some out.
    pub(super) async fn read_tasks(&self, ids: &[String], budget: &RetryBudget) -> Result<Vec<Task>, Error> {
        let mut request = self.request(Method::Post, Endpoint::Batch.path());
        request.json(Value::object([("task_ids", Some(Value::texts(ids)))]).to_json());
        let (json, answer) = self.exchange(&request, budget).await?;
        let mut tasks = Vec::new();
        match json.get("data") {
            Some(Value::Array(items)) => {
                for item in items {
                    if let Some(task) = Task::read(item.clone()) {
                        tasks.push(task);
                    }
                }
                Ok(tasks)
            }
            // None of them.
            Some(Value::Null) => Ok(tasks),
            _ => Err(invalid_answer(&answer, "The response contains no list of tasks.")),
        }
    }
}

/// Checks that a string can be a task id.
pub(super) fn check_task_id(task_id: &str) -> Result<(), Error> {
    if is_task_id(task_id) {
        return Ok(());
    }
    Err(Error::configuration(template!(
        "The task id must consist of A-Z a-z 0-9 . _ : -, but it is {}.",
        Value::from(task_id).seen()
    )))
}
