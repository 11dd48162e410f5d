//! Creating a task: the one call that costs money.

use super::exchange::invalid_answer;
use super::{Client, Clock, Method, Request, Transport};
use crate::domain::config::{ApiKey, check_idempotency_key};
use crate::domain::retry::Call;
use crate::domain::text::text;
use crate::domain::{Error, Issue, Mode, Tag, Task, Value, validate};

/// What [`Client::submit`] would send.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The method.
    pub method: Method,
    /// The exact URL.
    pub url: String,
    /// The headers, with the key left out and a note in place of a random idempotency key.
    pub headers: Value,
    /// The exact body.
    pub body: String,
    /// What the API will make of the inputs.
    pub mode: Option<Mode>,
    /// The tags of the prompt.
    pub tags: Vec<Tag>,
    /// What to look at before paying.
    pub warnings: Vec<Issue>,
}

/// An accepted request.
#[derive(Clone, Debug)]
pub struct Submission {
    /// The new task.
    pub task: Task,
    /// The key that went along; asking again with it is free.
    pub idempotency_key: String,
    /// Whether the server had seen the key before and repeats its answer.
    pub replayed: bool,
    /// The server's id for the exchange.
    pub request_id: Option<String>,
    /// What the validation warned of.
    pub warnings: Vec<Issue>,
}

impl From<Prepared> for Value {
    fn from(prepared: Prepared) -> Self {
        Value::object([
            ("method", Some(prepared.method.into())),
            ("url", Some(prepared.url.into())),
            ("headers", Some(prepared.headers)),
            ("body", Some(prepared.body.into())),
            ("mode", Some(prepared.mode.into())),
            ("tags", Some(prepared.tags.into())),
            ("warnings", Some(prepared.warnings.into())),
        ])
    }
}

impl From<Submission> for Value {
    fn from(submission: Submission) -> Self {
        Value::object([
            ("task", Some((&submission.task).into())),
            ("idempotencyKey", Some(submission.idempotency_key.into())),
            ("replayed", Some(submission.replayed.into())),
            ("requestId", Some(submission.request_id.into())),
            ("warnings", Some(submission.warnings.into())),
        ])
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A dry run: validates and shows what would be sent.
    ///
    /// # Errors
    /// A validation error with every issue.
    pub fn prepare(&self, request: &Value) -> Result<Prepared, Error> {
        let (report, create) = self.create_request(request, "(a new random one for each call)")?;
        let mut headers: Vec<_> = create
            .headers
            .into_iter()
            .map(|(name, value)| (name.into(), Value::String(value)))
            .collect();
        if self.config.api_key != ApiKey::None {
            headers.push(("Authorization".into(), "Bearer ***".into()));
        }
        Ok(Prepared {
            method: create.method,
            url: create.url,
            headers: Value::Object(headers),
            body: create.body.unwrap_or_default(),
            mode: report.mode,
            tags: report.tags,
            warnings: report.warnings,
        })
    }

    /// Creates a task, charged at most once: one idempotency key (the caller's, else random) and the
    /// same bytes on every attempt.
    ///
    /// # Errors
    /// A validation error before anything is sent; what the server refused; or outcome unknown, with
    /// the key, when the call may have been charged. Every error after the validation carries the key.
    pub async fn submit(
        &self,
        request: &Value,
        idempotency_key: Option<String>,
    ) -> Result<Submission, Error> {
        let key = match idempotency_key {
            Some(key) => check_idempotency_key(&key)?.to_owned(),
            None => self.random_key(),
        };
        let (report, create) = self.create_request(request, &key)?;
        let outcome = self.exchange(&create, &self.patience(Call::Create)).await;
        let answered = outcome.and_then(|(json, answer)| match Task::read(json) {
            Some(task) => Ok((task, answer)),
            None => Err(invalid_answer(
                &answer,
                "invalid_answer",
                "The server accepted the request, but its answer holds no task.",
            )
            .outcome_unknown()),
        });
        match answered {
            Ok((task, answer)) => Ok(Submission {
                task,
                idempotency_key: key,
                replayed: answer.is_replay(),
                request_id: answer.request_id(),
                warnings: report.warnings,
            }),
            Err(mut error) => {
                error.idempotency_key = Some(key);
                Err(error)
            }
        }
    }

    fn create_request(&self, request: &Value, key: &str) -> Result<(crate::domain::Report, Request), Error> {
        let mut report = validate(request);
        if !report.errors.is_empty() {
            return Err(Error::validation(std::mem::take(&mut report.errors)));
        }
        let mut create = self.request(Method::Post, "/v1/videos/generations");
        create
            .headers
            .push(("Content-Type".into(), "application/json".into()));
        create.headers.push(("Idempotency-Key".into(), key.into()));
        create.body = Some(request.to_json());
        Ok((report, create))
    }

    pub(super) fn request(&self, method: Method, path: &str) -> Request {
        let mut headers = self.config.headers.clone();
        headers.push(("Accept".into(), "application/json".into()));
        Request {
            method,
            url: text!("{}{}", self.config.base_url, path),
            headers,
            body: None,
        }
    }

    /// 120 random bits in 24 characters, within what the server takes (16 to 96 of A-Z a-z 0-9 . _ -).
    fn random_key(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut key = String::from("evolink-video-");
        for _ in 0..24 {
            key.push(LETTERS[(self.clock.random() * 32.0) as usize & 31] as char);
        }
        key
    }
}
