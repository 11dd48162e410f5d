//! Reading a task.

use super::exchange::{Patience, invalid_answer};
use super::{Client, Clock, Method, Transport};
use crate::domain::retry::Call;
use crate::domain::task::{Status, is_task_id};
use crate::domain::text::text;
use crate::domain::{Charged, Error, Task};

impl<T: Transport, C: Clock> Client<T, C> {
    /// Reads a task as it stands now.
    ///
    /// # Errors
    /// What the server refused, that no answer came, or that the answer cannot be read.
    pub async fn retrieve(&self, task_id: &str) -> Result<Task, Error> {
        self.read_task(task_id, &self.patience(Call::Read)).await
    }

    pub(super) async fn read_task(&self, task_id: &str, patience: &Patience) -> Result<Task, Error> {
        if !is_task_id(task_id) {
            return Err(Error::configuration(text!(
                "The task id must be letters, digits, - _ and . only, as the API gives it, but it is {}.",
                crate::domain::Value::from(task_id).seen()
            )));
        }
        let request = self.request(Method::Get, &text!("/v1/tasks/{}", task_id));
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
}
