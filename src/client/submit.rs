//! Creating a task: the one call that costs money.

use super::calls::push_encoded;
use super::exchange::{RetryBudget, invalid_answer};
use super::{Client, Clock, Event, Method, Request, Store, SubmitOptions, Transport};
use crate::domain::api::{Endpoint, Family, Kind, MODELS, Meaning, find_code, find_field, in_table_order};
use crate::domain::config::check_idempotency_key;
use crate::domain::iso_date::iso_minute;
use crate::domain::params::Params;
use crate::domain::retry::Call;
use crate::domain::stopwatch::Stopwatch;
use crate::domain::validate::not_sendable;
use crate::domain::{
    Answer, Charged, Error, ErrorKind, Issue, IssueCode, Mode, PollState, Report, Severity, Tag, Task,
    ValidateOptions, Value, VideoRequest, resolve_model, validate,
};
use crate::marks::mark;
use crate::text::{one_of, template};
use std::borrow::Cow;

/// The request that [`Client::submit`] would send.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Prepared {
    /// The HTTP method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The headers, with `***` for the API key and a note in place of a random idempotency key.
    pub headers: Value,
    /// The body. A file that is not uploaded yet has a URL of the host `upload.invalid`.
    pub body: String,
    /// The mode that the API derives from the inputs.
    pub mode: Option<Mode>,
    /// The tags of the prompt.
    pub tags: Vec<Tag>,
    /// The warnings of the validation.
    pub warnings: Vec<Issue>,
}

/// An accepted request.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
#[non_exhaustive]
pub struct Submission {
    /// The new task.
    pub task: Task,
    /// The idempotency key that was sent. Submitting again with it is free.
    pub idempotency_key: String,
    /// Whether the server had seen the key before and repeated its answer.
    pub replayed: bool,
    /// The server's id for the exchange.
    pub request_id: Option<String>,
    /// The warnings of the validation.
    pub warnings: Vec<Issue>,
    /// The state to poll with first.
    pub state: PollState,
    /// When to poll first, in milliseconds from now; `None` if the task is final.
    pub delay_ms: Option<u32>,
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Validates a request and returns what [`Client::submit`] would send. Sends nothing.
    ///
    /// # Errors
    /// A validation error with every issue.
    pub fn prepare(&self, request: &VideoRequest) -> Result<Prepared, Error> {
        self.prepare_value(&request.clone().into(), &SubmitOptions::default())
    }

    /// [`Client::prepare`] for any value, which may not be a request.
    #[doc(hidden)]
    pub fn prepare_value(&self, request: &Value, options: &SubmitOptions) -> Result<Prepared, Error> {
        let (report, mut create, _) = self.create_request(request, options)?;
        create.headers.push(idempotency_header("(random for each call)"));
        let mut headers = Vec::new();
        for (name, value) in create.headers {
            headers.push((name.into(), Value::String(value)));
        }
        if self.transport.sends_key() {
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

    /// Creates a task. Charged at most once: every attempt sends the same idempotency key and the same bytes.
    ///
    /// # Errors
    /// A validation error before anything is sent; what the server refused; or an error of the kind
    /// [`OutcomeUnknown`](ErrorKind::OutcomeUnknown) if the call may have been charged. Every error after the
    /// validation has the key.
    pub async fn submit(&self, request: &VideoRequest, options: SubmitOptions) -> Result<Submission, Error> {
        let submitted = self.submit_within(&request.clone().into(), options, None).await;
        self.write_before_return().await;
        submitted
    }

    /// Submits anything with a limit of all attempts together, without the writes after the result.
    #[doc(hidden)]
    pub async fn submit_within(
        &self,
        request: &Value,
        options: SubmitOptions,
        limit_ms: Option<u32>,
    ) -> Result<Submission, Error> {
        if let Some(key) = &options.idempotency_key {
            check_idempotency_key(key)?;
        }
        let (mut report, mut create, has_files) = self.create_request(request, &options)?;
        let idempotency_key = options.idempotency_key;
        let mut stopwatch = Stopwatch::start(self.clock.now());
        let body = create.body.as_deref();
        let identity = options.identity.as_deref().or(body).unwrap_or_default();
        let body = body.filter(|_| !has_files);
        let expires_at = options.expires_at.filter(|at| at.is_finite()).map(|at| at as i64);
        let call = self
            .begin_call(idempotency_key.clone(), identity, body, expires_at)
            .await;
        let mut call = call.map_err(|mut error| {
            error.idempotency_key = error.idempotency_key.take().or(idempotency_key);
            error
        })?;
        let mut expired_at = None;
        match call.body.take() {
            // A file that is uploaded again has another URL, and the server refuses a key with another body.
            Some(body) => {
                create.body = Some(body);
                expired_at = call.expires_at.filter(|at| (*at as f64) < self.clock.now());
            }
            None if has_files => {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    "not_uploaded",
                    "A file was not uploaded.",
                ));
            }
            None => {}
        }
        let limit_ms = stopwatch.left_ms(limit_ms, self.clock.now());
        if limit_ms == Some(0) {
            let mut error = Error::new(
                ErrorKind::RequestTimeout,
                "request_timeout",
                "The option `store` used up `timeoutMs`, so nothing was sent.",
            )
            .retryable();
            if !call.is_repeated {
                mark!("the store used up the time");
                self.end_call(&mut call, None);
            }
            error.idempotency_key = Some(call.key);
            return Err(error);
        }
        create.headers.push(idempotency_header(&call.key));
        let budget = RetryBudget {
            in_doubt: call.is_repeated,
            max_sleep_ms: options.max_sleep_ms,
            ..self.budget(Call::Create, limit_ms)
        };
        match self.create(&create, &budget).await {
            Ok((mut task, answer)) => {
                // The task of a replay has read its files in time.
                if let Some(at) = expired_at.filter(|_| !answer.is_replay()) {
                    mark!("a repeated call is accepted with expired uploads");
                    report.warnings.push(expired_uploads(at));
                }
                let now = self.clock.now();
                let state = PollState::of(&mut task, now);
                let delay_ms = (!task.is_final()).then(|| state.delay_ms(now, self.clock.random()));
                // Even if it is final, because the process may die before the caller receives it.
                self.end_call(&mut call, Some(&state));
                Ok(Submission {
                    task,
                    idempotency_key: call.key,
                    replayed: answer.is_replay(),
                    request_id: answer.request_id(),
                    warnings: report.warnings,
                    state,
                    delay_ms,
                })
            }
            Err(mut error) => {
                if is_model_not_served(&error) {
                    name_variants(self.model(request), request, &mut error);
                }
                // The next call reuses the key only if this one may have been charged.
                if error.charged == Charged::No {
                    mark!("a refused call is removed");
                    self.end_call(&mut call, None);
                }
                error.idempotency_key = Some(call.key);
                Err(error)
            }
        }
    }

    /// Sends a submission. Returns its task.
    pub(super) async fn create(
        &self,
        create: &Request,
        budget: &RetryBudget,
    ) -> Result<(Task, Answer), Error> {
        let (json, answer) = self.exchange(create, budget).await?;
        match Task::read_created(json) {
            Some(task) => Ok((task, answer)),
            None => {
                mark!("a success has no task");
                let message = "The response to the submission contains no task.";
                Err(invalid_answer(&answer, message).outcome_unknown())
            }
        }
    }

    /// The model that a request is sent with.
    fn model<'a>(&self, request: &'a Value) -> Option<&'a str> {
        let own = || request.get("model").and_then(Value::as_str);
        let resolves = self.config.resolve_model;
        resolves.then(|| resolve_model(request)).flatten().or_else(own)
    }

    /// The validated request as it is sent: with the model that serves it, and with the extra fields. Whether it has
    /// files that are not uploaded yet, which have placeholders.
    fn create_request(
        &self,
        request: &Value,
        options: &SubmitOptions,
    ) -> Result<(Report, Request, bool), Error> {
        let validate_options = ValidateOptions {
            allow: options.allow.clone().unwrap_or_else(|| self.config.allow.clone()),
            loopback: self.config.is_local(),
            now: Some(self.clock.now()),
            uploads: false,
        };
        let mut request = Cow::Borrowed(request);
        if self.config.resolve_model
            && let Some(model) = self.model(&request).map(str::to_owned)
        {
            request.to_mut().set("model", model.into());
        }
        let mut report = validate(&request, &validate_options);
        if !report.errors.is_empty() {
            return Err(Error::validation(std::mem::take(&mut report.errors)));
        }
        let mut has_files = false;
        for &kind in Kind::ALL {
            if let Some(urls) = with_placeholders(request.get(kind.field())) {
                has_files = true;
                request.to_mut().set(kind.field(), urls);
            }
        }
        for (name, value) in &options.extra_fields {
            if find_field(name).is_some() {
                return Err(Error::configuration(template!(
                    "The option `extraFields` has the field `{}`, which belongs in the request.",
                    name
                )));
            }
            if let Some(what) = not_sendable(value) {
                return Err(Error::configuration(template!(
                    "The option `extraFields.{}` cannot be sent: it contains {}.",
                    name,
                    what
                )));
            }
            request.to_mut().set(name, value.clone());
        }
        let mut create = self.request(Method::Post, Endpoint::Generations.path());
        // The order of the fields does not make it a different request.
        create.json(in_table_order(&request).to_json());
        Ok((report, create, has_files))
    }

    pub(super) fn request(&self, method: Method, path: &str) -> Request {
        let mut headers = self.config.headers.clone();
        headers.push(("Accept".into(), "application/json".into()));
        Request {
            method,
            url: template!("{}{}", self.config.base_url, path),
            headers,
            body: None,
            task_id: None,
            accepts_text: false,
        }
    }

    /// A random idempotency key: 120 random bits in 24 characters.
    pub(super) fn random_key(&self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut key = String::from("evolink-video-");
        for _ in 0..4 {
            // Each random number calls the host. It has the 30 bits of six letters.
            let mut bits = (self.clock.random() * f64::from(1 << 30)) as u32;
            for _ in 0..6 {
                key.push(LETTERS[bits as usize & 31] as char);
                bits >>= 5;
            }
        }
        key
    }
}

/// The warning about an earlier call that is sent again with the URLs of its uploads, which must stay the same.
fn expired_uploads(at: i64) -> Issue {
    let params = Params::new().text("time", &iso_minute(at / 1000));
    let message = "This call repeats an earlier one, whose uploads expired at {time}. If the server did not receive that one, the task fails.";
    let mut issue = Issue::new(Severity::Warning, IssueCode::ExpiredUrl, message, params);
    issue.hint("A failed task is not charged. If it fails, call again, which uploads the files again.");
    issue
}

/// A list of files with placeholders for those that are not uploaded yet; `None` if all are URLs.
fn with_placeholders(files: Option<&Value>) -> Option<Value> {
    let files = files?.as_array()?;
    if !files.iter().any(|file| matches!(file, Value::File(_))) {
        return None;
    }
    let mut urls = Vec::new();
    for file in files {
        urls.push(match file {
            Value::File(file) => {
                let mut url = "https://upload.invalid/".to_owned();
                push_encoded(&file.name, &mut url);
                url.into()
            }
            url => url.clone(),
        });
    }
    Some(Value::Array(urls))
}

/// Whether a submission was refused because the model is not served, or not with this key. Some servers answer
/// with 404.
fn is_model_not_served(error: &Error) -> bool {
    let row = find_code(&error.code);
    row.is_some_and(|row| row.meaning == Meaning::ModelNotServed)
        || error.kind == ErrorKind::NotFound && error.charged == Charged::No
}

/// Adds the models that would serve the request to the message of a refusal.
fn name_variants(model: Option<&str>, request: &Value, error: &mut Error) {
    let (Some(id), Some(mode)) = (model, Mode::of_files(request)) else {
        return;
    };
    let mut variants = Vec::new();
    for model in MODELS {
        if model.family == Family::serving(mode) && model.id != id {
            variants.push(model.id);
        }
    }
    error.message = template!(
        "The model {} may not be available with this key. Models for these inputs: {}. {}",
        Value::from(id).seen(),
        one_of(&variants),
        error.message
    );
}

pub(super) fn idempotency_header(key: &str) -> (String, String) {
    ("Idempotency-Key".into(), key.into())
}
