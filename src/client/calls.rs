//! Calls other than generation: any endpoint, and the account's.

use super::exchange::invalid_answer;
use super::retrieve::check_task_id;
use super::{Client, Clock, Event, Method, Request, Store, Transport};
use crate::domain::api::{BATCH_MAX, Endpoint};
use crate::domain::listing::{Credits, TaskPage, read_models};
use crate::domain::retry::Call;
use crate::domain::{Answer, Error, Task, Value};
use crate::text::{push_hex, template};

/// An answer of any endpoint.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The body: the value of JSON, otherwise a string.
    pub body: Value,
    answer: Answer,
}

/// Which tasks [`Client::list`] returns. Empty strings and zeros are not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskQuery {
    /// A status; `processing` includes pending tasks.
    pub status: String,
    /// A type of tasks, such as `video`.
    pub kind: String,
    /// The id of a model.
    pub model: String,
    /// The number of the page, from 1.
    pub page: u32,
    /// How many tasks a page has.
    pub page_size: u32,
}

impl TaskQuery {
    /// The path with the query.
    #[doc(hidden)]
    pub fn path(&self) -> String {
        let mut path = Endpoint::Tasks.path().to_owned();
        let mut separator = '?';
        let mut add = |name: &str, value: &str| {
            path.push(separator);
            path.push_str(name);
            path.push('=');
            push_encoded(value, &mut path);
            separator = '&';
        };
        for (name, value) in [
            ("status", &self.status),
            ("type", &self.kind),
            ("model", &self.model),
        ] {
            if !value.is_empty() {
                add(name, value);
            }
        }
        for (name, number) in [("page", self.page), ("page_size", self.page_size)] {
            if number > 0 {
                add(name, &template!("{}", number));
            }
        }
        path
    }
}

pub(super) fn push_encoded(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(byte as char);
        } else {
            out.push('%');
            push_hex(byte, out);
        }
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Calls any endpoint of the server, with the key and with the same errors as other calls. A `GET` is repeated as
    /// reads are. Anything else is repeated only if the server refused it for now, and only as often as
    /// [`Config::max_retries`](crate::domain::Config::max_retries) says: by default not at all.
    ///
    /// # Errors
    /// The path does not begin with a slash, the server refused, or did not answer.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Reply, Error> {
        self.exchange_any(self.any_request(method, path, body)?).await
    }

    /// A page of the tasks of the account, newest first.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn list(&self, query: &TaskQuery) -> Result<TaskPage, Error> {
        self.call(Method::Get, &query.path(), None).await?.page()
    }

    /// What the account and the key may still spend. Spends nothing, so that it also checks a key.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn credits(&self) -> Result<Credits, Error> {
        self.call(Method::Get, Endpoint::Credits.path(), None)
            .await?
            .credits()
    }

    /// The ids of the models that this key may use.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn models(&self) -> Result<Vec<String>, Error> {
        self.call(Method::Get, Endpoint::Models.path(), None)
            .await?
            .models()
    }

    /// Reads many tasks with batch calls, at most [`BATCH_MAX`] with each. A task that the server does not know is `None`.
    ///
    /// # Errors
    /// As [`Client::retrieve`].
    pub async fn retrieve_all(&self, task_ids: &[String]) -> Result<Vec<Option<Task>>, Error> {
        let mut found = Vec::new();
        for request in self.batch_requests(task_ids)? {
            found.extend(self.exchange_any(request).await?.tasks()?);
        }
        for task in &found {
            self.forget_final(task);
        }
        self.write_before_return().await;
        Ok(in_order(task_ids, &found))
    }

    /// The request of [`Client::call`].
    ///
    /// # Errors
    /// The path does not begin with a slash.
    #[doc(hidden)]
    pub fn any_request(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Request, Error> {
        if !path.starts_with('/') || path.starts_with("//") {
            return Err(Error::configuration(template!(
                "The path must begin with one slash, such as \"/v1/credits\", but it is {}.",
                Value::from(path).seen()
            )));
        }
        let mut request = self.request(method, path);
        request.accepts_text = true;
        if let Some(body) = body {
            request.json(body.to_json());
        }
        Ok(request)
    }

    /// The requests of [`Client::retrieve_all`].
    ///
    /// # Errors
    /// An id is not one.
    #[doc(hidden)]
    pub fn batch_requests(&self, task_ids: &[String]) -> Result<Vec<Request>, Error> {
        for id in task_ids {
            check_task_id(id)?;
        }
        let mut requests = Vec::new();
        for ids in task_ids.chunks(BATCH_MAX as usize) {
            requests.push(self.batch_request(ids));
        }
        Ok(requests)
    }

    /// The request of [`Client::retrieve`].
    ///
    /// # Errors
    /// The id is not one.
    #[doc(hidden)]
    pub fn task_request(&self, task_id: &str) -> Result<Request, Error> {
        check_task_id(task_id)?;
        let mut request = self.request(Method::Get, &template!("{}{}", Endpoint::Task.path(), task_id));
        request.task_id = Some(task_id.to_owned());
        Ok(request)
    }

    /// Sends a request of [`Client::any_request`], [`Client::batch_requests`] or [`Client::task_request`].
    ///
    /// One function for all, since each future that awaits an exchange is a kilobyte of WebAssembly.
    ///
    /// # Errors
    /// The server refused, or did not answer.
    #[doc(hidden)]
    pub async fn exchange_any(&self, request: Request) -> Result<Reply, Error> {
        let is_read = request.method == Method::Get || !request.accepts_text;
        let mut budget = self.budget(if is_read { Call::Read } else { Call::Create }, None);
        if !is_read {
            budget.max_retries = self.config.max_retries.unwrap_or(0);
        }
        match self.exchange(&request, &budget).await {
            Ok((body, answer)) => Ok(Reply { body, answer }),
            Err(mut error) => {
                error.task_id = request.task_id;
                Err(error)
            }
        }
    }
}

/// Whether an answer is about another task of the API. A server in between may use its own ids.
fn is_other_task(id: &str, wanted: &str) -> bool {
    const PREFIX: &str = "task-unified-";
    id != wanted && id.starts_with(PREFIX) && wanted.starts_with(PREFIX)
}

/// The tasks by their ids, in the order of those.
#[doc(hidden)]
pub fn in_order(task_ids: &[String], found: &[Task]) -> Vec<Option<Task>> {
    let mut tasks = Vec::new();
    for id in task_ids {
        tasks.push(found.iter().find(|task| task.id == *id).cloned());
    }
    tasks
}

impl Reply {
    pub(super) fn new(body: Value, answer: Answer) -> Self {
        Self { body, answer }
    }

    /// The HTTP status, 2xx.
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The headers that this library reads.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.answer.headers
    }

    /// The answer to [`Client::list`].
    ///
    /// # Errors
    /// It has no list.
    pub fn page(&self) -> Result<TaskPage, Error> {
        TaskPage::read(&self.body).ok_or_else(|| self.without("list of tasks"))
    }

    /// The answer to [`Client::credits`].
    ///
    /// # Errors
    /// It has no balance.
    pub fn credits(&self) -> Result<Credits, Error> {
        Credits::read(&self.body).ok_or_else(|| self.without("balance"))
    }

    /// The answer to [`Client::models`].
    ///
    /// # Errors
    /// It has no list.
    pub fn models(&self) -> Result<Vec<String>, Error> {
        read_models(&self.body).ok_or_else(|| self.without("list of models"))
    }

    /// The task of an answer to [`Client::retrieve`].
    ///
    /// # Errors
    /// It has no task.
    #[doc(hidden)]
    pub fn task(self, task_id: &str) -> Result<Task, Error> {
        let Self { body, answer } = self;
        let task = Task::read_of(body, task_id);
        let is_other = task.as_ref().is_some_and(|task| is_other_task(&task.id, task_id));
        let message = match is_other {
            true => "The response is about another task.",
            false => "The response contains no task.",
        };
        task.filter(|_| !is_other).ok_or_else(|| {
            let mut error = invalid_answer(&answer, message);
            error.task_id = Some(task_id.to_owned());
            error
        })
    }

    /// The tasks of an answer to a batch call.
    ///
    /// # Errors
    /// It has no list.
    #[doc(hidden)]
    pub fn tasks(&self) -> Result<Vec<Task>, Error> {
        let mut tasks = Vec::new();
        match self.body.get("data") {
            Some(Value::Array(items)) => {
                for item in items {
                    tasks.extend(Task::read(item.clone()));
                }
                Ok(tasks)
            }
            // None of them.
            Some(Value::Null) => Ok(tasks),
            _ => Err(self.without("list of tasks")),
        }
    }

    fn without(&self, what: &str) -> Error {
        invalid_answer(&self.answer, &template!("The response contains no {}.", what))
    }
}
