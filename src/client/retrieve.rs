//! Reading a task.

use super::{Client, Clock, Event, Method, Request, Store, Transport};
use crate::domain::api::Endpoint;
use crate::domain::task_id::is_task_id;
use crate::domain::{Error, Task, Value};
use crate::text::template;

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Reads a task.
    ///
    /// # Errors
    /// The server refused, did not answer, or its answer cannot be read.
    pub async fn retrieve(&self, task_id: &str) -> Result<Task, Error> {
        let reply = self.exchange_any(self.task_request(task_id)?).await?;
        let task = reply.task(task_id)?;
        self.forget_final(&task);
        self.write_before_return().await;
        Ok(task)
    }

    /// The request of a batch call.
    pub(super) fn batch_request(&self, task_ids: &[String]) -> Request {
        let mut request = self.request(Method::Post, Endpoint::Batch.path());
        request.json(Value::object([("task_ids", Some(Value::texts(task_ids)))]).to_json());
        request
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
