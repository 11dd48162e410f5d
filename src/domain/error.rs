//! What can go wrong, as values with fields.

use super::issue::Issue;
use super::task::Task;
use serde::Serialize;
use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// What the host threw, kept as it came.
pub type Cause = Rc<dyn Any>;

/// The class of an error, named as in JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ErrorKind {
    /// The request breaks the rules; nothing was sent.
    #[serde(rename = "ValidationError")]
    Validation,
    /// An option of the client or of a call is not usable; nothing was sent.
    #[serde(rename = "ConfigurationError")]
    Configuration,
    /// The server refused the request (400, 409, 413 and other 4xx).
    #[serde(rename = "BadRequestError")]
    BadRequest,
    /// The key is missing, wrong, disabled or expired (401).
    #[serde(rename = "AuthenticationError")]
    Authentication,
    /// Balance or quota is used up (402, and codes that say so).
    #[serde(rename = "InsufficientCreditsError")]
    InsufficientCredits,
    /// The key may not do this (403).
    #[serde(rename = "PermissionDeniedError")]
    PermissionDenied,
    /// No such task or endpoint (404).
    #[serde(rename = "NotFoundError")]
    NotFound,
    /// Too many requests (429).
    #[serde(rename = "RateLimitError")]
    RateLimit,
    /// The server failed, or answered what cannot be read.
    #[serde(rename = "ServerError")]
    Server,
    /// No answer: the network, DNS, TLS, or a browser's CORS check.
    #[serde(rename = "ConnectionError")]
    Connection,
    /// No answer within `timeoutMs`.
    #[serde(rename = "RequestTimeoutError")]
    RequestTimeout,
    /// A create call whose fate is not known: it may have been charged.
    #[serde(rename = "OutcomeUnknownError")]
    OutcomeUnknown,
    /// The task ended as failed.
    #[serde(rename = "TaskFailedError")]
    TaskFailed,
    /// The task ended as cancelled.
    #[serde(rename = "TaskCancelledError")]
    TaskCancelled,
    /// The wait reached its limit; the task goes on.
    #[serde(rename = "WaitTimeoutError")]
    WaitTimeout,
}

/// Whether money was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Charged {
    /// Certainly not.
    No,
    /// It may have been.
    Unknown,
    /// It was.
    Yes,
}

/// An error, boxed so that results stay small. Its fields are those of [`Details`].
#[derive(Clone, Debug)]
pub struct Error(Box<Details>);

/// The fields of an error.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// The class.
    #[serde(rename = "name")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The server's id for the exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The task, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// The key of the create call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// How long the server asks to wait, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u32>,
    /// What is wrong with the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issues: Option<Vec<Issue>>,
    /// The task as it was last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// What the host threw.
    #[serde(skip)]
    pub cause: Option<Cause>,
}

impl Error {
    /// An error that is not retryable and that cost nothing; the builders below say more.
    pub fn new(kind: ErrorKind, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            code: code.into(),
            message: message.into(),
            retryable: false,
            charged: Charged::No,
            status: None,
            request_id: None,
            task_id: None,
            idempotency_key: None,
            retry_after_ms: None,
            issues: None,
            task: None,
            cause: None,
        }))
    }

    /// The request breaks the rules.
    pub fn validation(issues: Vec<Issue>) -> Self {
        let mut message = match issues.len() {
            1 => "The request is not valid: ".to_owned(),
            count => format!("The request is not valid, for {count} reasons: "),
        };
        for (index, issue) in issues.iter().enumerate() {
            if index > 0 {
                message.push(' ');
            }
            message.push_str(&issue.message);
            if let Some(hint) = &issue.hint {
                message.push(' ');
                message.push_str(hint);
            }
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
