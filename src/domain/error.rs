//! What can go wrong, as values with fields.

use super::issue::Issue;
use super::json::{Json, ToJson};
use super::task::Task;
use super::words::words;
use crate::text::template;
use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// What the host threw, kept as it came.
pub type Cause = Rc<dyn Any>;

words! {
    /// The class of an error, named as in JavaScript.
    ErrorKind {
        /// The request breaks the rules; nothing was sent.
        Validation = "ValidationError",
        /// An option of the client or of a call is not usable; nothing was sent.
        Configuration = "ConfigurationError",
        /// The server refused the request (400, 409, 413 and other 4xx).
        BadRequest = "BadRequestError",
        /// The key is missing, wrong, disabled or expired (401).
        Authentication = "AuthenticationError",
        /// Balance or quota is used up (402, and codes that say so).
        InsufficientCredits = "InsufficientCreditsError",
        /// The key may not do this (403).
        PermissionDenied = "PermissionDeniedError",
        /// No such task or endpoint (404).
        NotFound = "NotFoundError",
        /// Too many requests (429).
        RateLimit = "RateLimitError",
        /// The server failed, or answered what cannot be read.
        Server = "ServerError",
        /// No answer: the network, DNS, TLS, or a browser's CORS check.
        Connection = "ConnectionError",
        /// No answer within `timeoutMs`.
        RequestTimeout = "RequestTimeoutError",
        /// A create call whose fate is not known: it may have been charged.
        OutcomeUnknown = "OutcomeUnknownError",
        /// The task ended as failed.
        TaskFailed = "TaskFailedError",
        /// The task ended as cancelled.
        TaskCancelled = "TaskCancelledError",
        /// The wait reached its limit; the task goes on.
        WaitTimeout = "WaitTimeoutError",
    }
}

words! {
    /// Whether money was spent.
    Charged {
        /// Certainly not.
        No = "no",
        /// It may have been.
        Unknown = "unknown",
        /// It was.
        Yes = "yes",
    }
}

/// An error, boxed so that results stay small. Its fields are those of [`Details`].
#[derive(Clone, Debug)]
pub struct Error(Box<Details>);

/// The fields of an error.
#[derive(Clone, Debug)]
pub struct Details {
    /// The class.
    pub kind: ErrorKind,
    /// The server's code where it gave one, else a word of this library.
    pub code: String,
    /// What was wrong, what was seen and what to do.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Whether money was spent.
    pub charged: Charged,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The server's id for the exchange.
    pub request_id: Option<String>,
    /// The task, if it is known.
    pub task_id: Option<String>,
    /// The key of the create call.
    pub idempotency_key: Option<String>,
    /// How long the server asks to wait, in milliseconds.
    pub retry_after_ms: Option<u32>,
    /// What is wrong with the request.
    pub issues: Option<Vec<Issue>>,
    /// The task as it was last seen.
    pub task: Option<Task>,
    /// Where many were waited for: each as it was last seen, in the order asked.
    pub tasks: Option<Vec<Option<Task>>>,
    /// What the host threw.
    pub cause: Option<Cause>,
}

/// How many issues the message of a validation error has. All of them are in `issues`.
const MAX_TOLD: usize = 3;

impl Error {
    /// An error that is not retryable and that cost nothing; the builders below say more.
    pub fn new(kind: ErrorKind, code: &str, message: impl Into<String>) -> Self {
        Self::of(kind, code, message.into())
    }

    /// Not generic, so that it is there once.
    fn of(kind: ErrorKind, code: &str, message: String) -> Self {
        Self(Box::new(Details {
            kind,
            code: code.to_owned(),
            message,
            retryable: false,
            charged: Charged::No,
            status: None,
            request_id: None,
            task_id: None,
            idempotency_key: None,
            retry_after_ms: None,
            issues: None,
            task: None,
            tasks: None,
            cause: None,
        }))
    }

    /// The request breaks the rules.
    pub fn validation(issues: Vec<Issue>) -> Self {
        let mut message = "The request is not valid.".to_owned();
        for issue in issues.iter().take(MAX_TOLD) {
            message.push(' ');
            message.push_str(&issue.message);
            if let Some(hint) = &issue.hint {
                message.push(' ');
                message.push_str(hint);
            }
        }
        if let Some(more) = issues.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
            message.push_str(&template!(" There are {} more issues.", more));
        }
        let mut error = Self::new(ErrorKind::Validation, "invalid_request", message);
        error.issues = Some(issues);
        error
    }

    /// An option is not usable. The code is `invalid_option`; the message names the option.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, "invalid_option", message)
    }

    /// The same call may succeed later.
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// It is about a create call whose fate is not known: the money may be spent. Asking again with the
    /// same key is safe.
    pub fn outcome_unknown(mut self) -> Self {
        self.kind = ErrorKind::OutcomeUnknown;
        self.charged = Charged::Unknown;
        self.retryable = true;
        self.message.push_str(
            " It is not known whether the call was charged. Call again with the same `idempotencyKey` to find out without paying twice.",
        );
        self
    }

    /// With what the host threw.
    pub fn caused_by(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }
}

impl Deref for Error {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl ToJson for Error {
    /// The fields as JavaScript has them, but for `cause`, which is the host's own.
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("name", &self.kind);
        json.field("code", &self.code);
        json.field("message", &self.message);
        json.field("retryable", &self.retryable);
        json.field("charged", &self.charged);
        json.field("status", &self.status.map(u32::from));
        json.field("requestId", &self.request_id);
        json.field("taskId", &self.task_id);
        json.field("idempotencyKey", &self.idempotency_key);
        json.field("retryAfterMs", &self.retry_after_ms);
        json.field("issues", &self.issues);
        json.field("task", &self.task);
        json.field("tasks", &self.tasks);
        json.close('}');
    }
}
