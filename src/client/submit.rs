//! Creating a task: the one call that costs money.

use super::exchange::{Patience, invalid_answer};
use super::stopwatch::Stopwatch;
use super::{Client, Clock, Method, Request, Transport};
use crate::domain::config::{ApiKey, check_idempotency_key};
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::retry::Call;
use crate::domain::{
    Charged, Error, ErrorKind, Issue, Mode, Status, Tag, Task, ValidateOptions, Value, validate,
};
use crate::text::template;

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

impl ToJson for Prepared {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("method", &self.method);
        json.field("url", &self.url);
        json.field("headers", &self.headers);
        json.field("body", &self.body);
        json.field("mode", &OrNull(self.mode));
        json.field("tags", &self.tags);
        json.field("warnings", &self.warnings);
        json.close('}');
    }
}

impl ToJson for Submission {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("task", &self.task);
        json.field("idempotencyKey", &self.idempotency_key);
        json.field("replayed", &self.replayed);
        json.field("requestId", &OrNull(self.request_id.as_ref()));
        json.field("warnings", &self.warnings);
        json.close('}');
    }
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// A dry run: validates and shows what would be sent.
    ///
    /// # Errors
    /// A validation error with every issue.
    pub fn prepare(&self, request: &Value) -> Result<Prepared, Error> {
        let (report, mut create) = self.create_request(request)?;
        create
            .headers
            .push(idempotency_header("(a new random one for each call)"));
        let mut headers = Vec::new();
        for (name, value) in create.headers {
            headers.push((name.into(), Value::String(value)));
        }
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
        self.submit_within(request, idempotency_key, None).await
    }

    /// The same, all attempts together within a limit.
    pub(super) async fn submit_within(
        &self,
        request: &Value,
        idempotency_key: Option<String>,
        limit_ms: Option<u32>,
    ) -> Result<Submission, Error> {
        if let Some(key) = &idempotency_key {
            check_idempotency_key(key)?;
        }
        let (report, mut create) = self.create_request(request)?;
        let mut stopwatch = Stopwatch::start(&self.clock);
        let body = create.body.as_deref().unwrap_or_default();
        let call = self.begin_call(idempotency_key.clone(), body).await;
        let call = call.map_err(|mut error| {
            error.idempotency_key = idempotency_key;
            error
        })?;
        let limit_ms = stopwatch.left_ms(limit_ms, &self.clock);
        if limit_ms == Some(0) {
            let mut error = Error::new(
                ErrorKind::RequestTimeout,
                "request_timeout",
                "The option `store` took all of `timeoutMs`; nothing was sent.",
            )
            .retryable();
            error.idempotency_key = Some(call.key);
            return Err(error);
        }
        create.headers.push(idempotency_header(&call.key));
        let patience = Patience {
            in_doubt: call.is_repeated,
            ..self.patience(Call::Create, limit_ms)
        };
        let outcome = self.exchange(&create, &patience).await;
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
            Ok((mut task, answer)) => {
                // A repeated call may bring a task that is done but for its links: not done, to a caller.
                if task.status == Status::Completed && !task.is_final() {
                    task.status = Status::Processing;
                }
                // Even if it is final: should the process die right now, nobody would have been told of it.
                self.end_call(&call, Some(&task.id)).await;
                Ok(Submission {
                    task,
                    idempotency_key: call.key,
                    replayed: answer.is_replay(),
                    request_id: answer.request_id(),
                    warnings: report.warnings,
                })
            }
            Err(mut error) => {
                // Asking again is to take up the key only where it may have been charged.
                if error.charged == Charged::No {
                    self.end_call(&call, None).await;
                }
                error.idempotency_key = Some(call.key);
                Err(error)
            }
        }
    }

    fn create_request(&self, request: &Value) -> Result<(crate::domain::Report, Request), Error> {
        let mut report = validate(request, &ValidateOptions::default());
        if !report.errors.is_empty() {
            return Err(Error::validation(std::mem::take(&mut report.errors)));
        }
        let mut create = self.request(Method::Post, "/v1/videos/generations");
        create.json(request);
        Ok((report, create))
    }

    pub(super) fn request(&self, method: Method, path: &str) -> Request {
        let mut headers = self.config.headers.clone();
        headers.push(("Accept".into(), "application/json".into()));
        Request {
            method,
            url: template!("{}{}", self.config.base_url, path),
            headers,
            body: None,
        }
    }

    /// 120 random bits in 24 characters, within what the server takes (16 to 96 of A-Z a-z 0-9 . _ -).
    pub(super) fn random_key(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut key = String::from("evolink-video-");
        for _ in 0..4 {
            // A draw is dear, and good for the 30 bits of six letters.
            let mut bits = (self.clock.random() * f64::from(1 << 30)) as u32;
            for _ in 0..6 {
                key.push(LETTERS[bits as usize & 31] as char);
                bits >>= 5;
            }
        }
        key
    }
}

fn idempotency_header(key: &str) -> (String, String) {
    ("Idempotency-Key".into(), key.into())
}
