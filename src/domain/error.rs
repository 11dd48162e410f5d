//! Errors, as values with fields.

use super::fault::Particulars;
use super::issue::Issue;
use super::task::Task;
use super::words::words;
use crate::text::template;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// The error of a transport or a store. Shared, so that errors can be cloned.
#[cfg(not(target_arch = "wasm32"))]
pub type Cause = std::sync::Arc<dyn std::error::Error + Send + Sync>;
/// The error of a transport or a store: a thrown JavaScript value, or a boxed error.
#[cfg(target_arch = "wasm32")]
pub type Cause = std::rc::Rc<dyn std::any::Any>;

type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// A [`Cause`] from an error, or from a message.
pub fn cause(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Cause {
    let error: BoxedError = error.into();
    #[cfg(not(target_arch = "wasm32"))]
    return error.into();
    #[cfg(target_arch = "wasm32")]
    return std::rc::Rc::new(error);
}

words! {
    /// The class of an error, named as in JavaScript.
    #[non_exhaustive]
    ErrorKind {
        /// The request is invalid. Nothing was sent.
        Validation = "ValidationError",
        /// An option of the client or of a call is invalid. Nothing was sent.
        Configuration = "ConfigurationError",
        /// The server refused the request (400, 409, 413 and other 4xx).
        BadRequest = "BadRequestError",
        /// The key is missing, wrong, disabled or expired (401).
        Authentication = "AuthenticationError",
        /// The balance or a quota is used up (402, and codes about this).
        InsufficientCredits = "InsufficientCreditsError",
        /// The key may not do this (403).
        PermissionDenied = "PermissionDeniedError",
        /// No such task or endpoint (404).
        NotFound = "NotFoundError",
        /// Too many requests (429).
        RateLimit = "RateLimitError",
        /// The server failed, or its answer cannot be read.
        Server = "ServerError",
        /// No response: the network, DNS, TLS, or a browser's CORS check.
        Connection = "ConnectionError",
        /// No response within `requestTimeoutMs`.
        RequestTimeout = "RequestTimeoutError",
        /// The outcome of a submission is unknown: it may have been charged.
        OutcomeUnknown = "OutcomeUnknownError",
        /// The task failed.
        TaskFailed = "TaskFailedError",
        /// The task was cancelled.
        TaskCancelled = "TaskCancelledError",
        /// The wait reached its time limit. The task continues.
        WaitTimeout = "WaitTimeoutError",
    }
}

words! {
    /// Whether the call was charged.
    Charged {
        /// It was not.
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
#[non_exhaustive]
pub struct Details {
    /// The class.
    pub kind: ErrorKind,
    /// The server's code, or one of this library.
    pub code: String,
    /// A description for people.
    pub message: String,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Whether the call was charged.
    pub charged: Charged,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The server's id for the exchange.
    pub request_id: Option<String>,
    /// The id of the task.
    pub task_id: Option<String>,
    /// The idempotency key of the submission.
    pub idempotency_key: Option<String>,
    /// How long the server asks to wait, in milliseconds.
    pub retry_after_ms: Option<u32>,
    /// Other fields of the server's error object.
    pub particulars: Particulars,
    /// The beginning of the answer's body as it came, at most 4 KB, without the API key and the secrets of URLs.
    pub body: Option<String>,
    /// Whether the API itself reported the error, and not a server in between.
    pub(crate) is_of_api: bool,
    /// The issues of an invalid request.
    pub issues: Option<Vec<Issue>>,
    /// The task as it was last seen.
    pub task: Option<Task>,
    /// After a wait for many tasks: each as it was last seen, in the order of their ids.
    pub tasks: Option<Vec<Option<Task>>>,
    /// What the transport or the store failed with.
    pub cause: Option<Cause>,
}

/// How many issues the message of a validation error has. All of them are in `issues`.
const MAX_TOLD: usize = 3;

/// The message of a validation error, from the messages and the hints of its issues.
pub(crate) fn validation_message(issues: &[(&str, Option<&str>)]) -> String {
    let mut message = "The request is not valid.".to_owned();
    for (problem, hint) in issues.iter().take(MAX_TOLD) {
        message.push(' ');
        message.push_str(problem);
        if let Some(hint) = hint {
            message.push(' ');
            message.push_str(hint);
        }
    }
    if let Some(more) = issues.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
        message.push_str(&template!(" There are {} more issues.", more));
    }
    message
}

impl Error {
    /// An error that is neither retryable nor charged.
    pub(crate) fn new(kind: ErrorKind, code: &str, message: impl Into<String>) -> Self {
        Self::of(kind, code, message.into())
    }

    /// Not generic, so that it is compiled once.
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
            particulars: Particulars::default(),
            body: None,
            is_of_api: false,
            issues: None,
            task: None,
            tasks: None,
            cause: None,
        }))
    }

    /// The request is invalid.
    pub(crate) fn validation(issues: Vec<Issue>) -> Self {
        let mut told = Vec::new();
        for issue in &issues {
            told.push((issue.message.as_str(), issue.hint.as_deref()));
        }
        let mut error = Self::new(
            ErrorKind::Validation,
            "invalid_request",
            validation_message(&told),
        );
        error.issues = Some(issues);
        error
    }

    /// An option is invalid. The code is `invalid_option`; the message names the option.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, "invalid_option", message)
    }

    /// The same error for another task, without what was particular to one.
    pub(crate) fn brief(&self) -> Self {
        let mut brief = Self::of(self.kind, &self.code, self.message.clone());
        brief.retryable = self.retryable;
        brief.charged = self.charged;
        brief.status = self.status;
        brief.request_id = self.request_id.clone();
        brief.retry_after_ms = self.retry_after_ms;
        brief.cause = self.cause.clone();
        brief.particulars = self.particulars.clone();
        brief.body = self.body.clone();
        brief
    }

    /// Marks the error as retryable: the same call may succeed later.
    pub(crate) fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Turns it into the error of a submission with an unknown outcome, which may have been charged. Submitting
    /// again with the same key is safe.
    pub(crate) fn outcome_unknown(mut self) -> Self {
        self.kind = ErrorKind::OutcomeUnknown;
        self.charged = Charged::Unknown;
        self.retryable = true;
        self.message.push_str(
            " It may have been charged. Retry with the same `idempotencyKey`, which is never charged twice.",
        );
        self
    }

    /// Adds the cause.
    pub(crate) fn caused_by(mut self, cause: Cause) -> Self {
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let cause = self.cause.as_deref()?;
        #[cfg(not(target_arch = "wasm32"))]
        return Some(cause);
        #[cfg(target_arch = "wasm32")]
        return Some(cause.downcast_ref::<BoxedError>()?.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ValidateOptions, Value, validate};

    #[test]
    fn the_message_of_a_validation_error_has_three_issues_and_the_number_of_the_others() {
        let issues = validate(&Value::Null, &ValidateOptions::default()).errors;
        for (count, rest) in [(3, None), (5, Some(" There are 2 more issues."))] {
            let issues: Vec<Issue> = issues.iter().cycle().take(count).cloned().collect();
            let error = Error::validation(issues);
            assert_eq!(
                error
                    .message
                    .matches(&error.issues.as_ref().unwrap()[0].message)
                    .count(),
                3
            );
            assert_eq!(error.to_string(), error.message);
            assert_eq!(error.message.contains("more issues"), rest.is_some());
            assert!(error.message.ends_with(rest.unwrap_or_default()), "{error}");
        }
    }
}
