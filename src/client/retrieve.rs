//! Reading a task.

use super::exchange::{Patience, invalid_answer};
use super::{Client, Clock, Method, Transport};
use crate::domain::retry::Call;
use crate::domain::task::{Status, is_task_id};
use crate::domain::{Charged, Error, Task, Value};
use crate::text::template;

impl<T: Transport, C: Clock> Client<T, C> {
    /// Reads a task as it stands now.
    ///
    /// # Errors
    /// What the server refused, that no answer came, or that the answer cannot be read.
    pub async fn retrieve(&self, task_id: &str) -> Result<Task, Error> {
        self.read_task(task_id, &self.patience(Call::Read, None)).await
    }

    pub(super) async fn read_task(&self, task_id: &str, patience: &Patience) -> Result<Task, Error> {
        check_task_id(task_id)?;
        let request = self.request(Method::Get, &template!("/v1/tasks/{}", task_id));
        let outcome = self.exchange(&request, patience).await;
        let task = outcome.and_then(|(json, answer)| match Task::read(json) {
            None => Err(invalid_answer(
                &answer,
                "invalid_answer",
                "The server's answer holds no task.",
            )),
            // The links may be a moment late; reading again is the mend.
            Some(task) if task.status == Status::Completed && task.results.is_empty() => {
                let mut error = invalid_answer(
                    &answer,
                    "result_missing",
                    "The task is completed, but the server's answer holds no link to the video.",
                );
                error.charged = Charged::Yes;
                Err(error)
            }
            Some(task) => Ok(task),
        });
        task.map_err(|mut error| {
            error.task_id = Some(task_id.to_owned());
            error
        })
    }

    /// Reads many tasks at once, at most [`BATCH_MAX`](crate::domain::watch::BATCH_MAX); those that the server leaves out are not there.
    pub(super) async fn read_tasks(&self, ids: &[String], patience: &Patience) -> Result<Vec<Task>, Error> {
        let mut request = self.request(Method::Post, "/v1/tasks/batch");
        request.json(&Value::object([("task_ids", Some(Value::texts(ids)))]));
        let (json, answer) = self.exchange(&request, patience).await?;
        match json.get("data").and_then(Value::as_array) {
            Some(items) => {
                let mut tasks = Vec::new();
                for item in items {
                    if let Some(task) = Task::read(item.clone()) {
                        tasks.push(task);
                    }
                }
                Ok(tasks)
            }
            None => Err(invalid_answer(
                &answer,
                "invalid_answer",
                "The server's answer holds no list of tasks.",
            )),
        }
    }
}

/// Whether a text can be a task's id.
pub(super) fn check_task_id(task_id: &str) -> Result<(), Error> {
    if is_task_id(task_id) {
        return Ok(());
    }
    Err(Error::configuration(template!(
        "The task id must be letters, digits, - _ and . only, as the API gives it, but it is {}.",
        Value::from(task_id).seen()
    )))
}
