//! One call: attempts, each with a time limit, until one succeeds or the retry policy gives up.

use super::race::{Either, race};
use super::{Client, Clock, Event, EventKind, Failure, Request, Store, Transport};
use crate::domain::api::{Meaning, find_code};
use crate::domain::retry::{self, Attempt, Call};
use crate::domain::stopwatch::Stopwatch;
use crate::domain::{Answer, Body, Error, ErrorKind, Value};
use crate::marks::mark;
use crate::text::template;

/// How often and how long a call may be attempted.
pub(super) struct RetryBudget {
    pub call: Call,
    pub max_retries: u32,
    /// The limit of one attempt, in milliseconds.
    pub request_timeout_ms: u32,
    /// The limit of all attempts together, in milliseconds; `None` for none.
    pub limit_ms: Option<u32>,
    /// Whether an earlier call was sent with the same idempotency key, and its outcome is unknown.
    pub in_doubt: bool,
    /// The longest sleep before another attempt, in milliseconds; `None` for no limit but that of the policy.
    pub max_sleep_ms: Option<u32>,
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// The budget of the client's options, with a limit of all attempts together.
    pub(super) fn budget(&self, call: Call, limit_ms: Option<u32>) -> RetryBudget {
        RetryBudget {
            call,
            max_retries: self.config.max_retries.unwrap_or(call.default_retries()),
            request_timeout_ms: self.config.request_timeout_ms,
            limit_ms,
            in_doubt: false,
            max_sleep_ms: None,
        }
    }

    /// The JSON of a successful answer, and the answer with its text.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        budget: &RetryBudget,
    ) -> Result<(Value, Answer), Error> {
        let mut stopwatch = Stopwatch::start(self.clock.now());
        let mut retries = 0;
        // After an attempt with an unknown outcome, a refusal of a later one says nothing about it.
        let mut doubt = budget.in_doubt;
        loop {
            let left_ms = stopwatch.left_ms(budget.limit_ms, self.clock.now());
            let limit_ms = budget.request_timeout_ms;
            let timeout_ms = left_ms.map_or(limit_ms, |left| left.min(limit_ms));
            let attempted = self.attempt(request, budget.call, timeout_ms, retries + 1).await;
            let FailedAttempt { mut error, attempt } = match attempted {
                Ok(done) => return Ok(done),
                Err(failed) => failed,
            };
            // Even if the key was used for another request, because the outcome of the earlier attempt is unknown.
            if doubt && error.kind != ErrorKind::OutcomeUnknown {
                mark!("a refusal leaves an earlier attempt in doubt");
                if is_key_reused(&error) {
                    // Its advice is to use another key, but that would be a second order.
                    error.message =
                        "The server refused the idempotency key after an attempt with an unknown outcome."
                            .into();
                }
                error = error.outcome_unknown();
            }
            doubt = error.kind == ErrorKind::OutcomeUnknown;
            let delay = attempt.and_then(|attempt| {
                retry::delay_ms(
                    budget.call,
                    attempt,
                    retries,
                    budget.max_retries,
                    stopwatch.left_ms(budget.limit_ms, self.clock.now()),
                    self.clock.random(),
                )
            });
            let max_sleep_ms = budget.max_sleep_ms.unwrap_or(u32::MAX);
            let Some(delay_ms) = delay.filter(|delay| *delay <= max_sleep_ms) else {
                return Err(error);
            };
            let task_id = request.task_id.as_deref();
            self.emit(EventKind::Retry { delay_ms }, retries + 1, task_id);
            self.clock.sleep(delay_ms).await;
            // The host may have slept past the limit.
            if stopwatch.left_ms(budget.limit_ms, self.clock.now()) == Some(0) {
                mark!("the host slept past the limit");
                return Err(error);
            }
            retries += 1;
        }
    }

    async fn attempt(
        &self,
        request: &Request,
        call: Call,
        timeout_ms: u32,
        number: u32,
    ) -> Result<(Value, Answer), FailedAttempt> {
        let started = self.clock.now();
        let emit = |kind| self.emit(kind, number, request.task_id.as_deref());
        emit(EventKind::Request {
            method: request.method,
            url: request.url.clone(),
        });
        let outcome = race(self.transport.send(request), self.clock.sleep(timeout_ms)).await;
        let elapsed_ms = (self.clock.now() - started).max(0.0) as u32;
        let error = match outcome {
            Either::First(Ok(mut answer)) => {
                let text = answer.parse();
                emit(EventKind::Response {
                    status: answer.status,
                    request_id: answer.request_id(),
                    elapsed_ms,
                });
                if request.accepts_text && answer.is_success() && let Body::Text(text) = &answer.body {
                    return Ok((Value::String(text.clone()), answer));
                }
                if answer.is_success() && !answer.is_refusal() && let Body::Json(json) = &mut answer.body {
                    let json = match text {
                        // Kept for an error, if the caller cannot use the JSON.
                        Some(text) => {
                            let json = std::mem::replace(json, Value::Null);
                            answer.body = Body::Text(text);
                            json
                        }
                        None => json.clone(),
                    };
                    return Ok((json, answer));
                }
                return Err(self.failed_answer(&answer, text.as_deref(), call));
            }
            Either::First(Err(Failure::Credential(cause))) => Error::new(
                ErrorKind::Authentication,
                "api_key_failed",
                "`apiKey` returned no usable key, so nothing was sent. See `cause`.",
            )
            .caused_by(cause),
            Either::First(Err(Failure::Unsupported(message))) => Error::configuration(message),
            Either::First(Err(Failure::NotSent(cause))) => Error::new(
                ErrorKind::Connection,
                "not_sent",
                "The request could not be sent. See `cause`.",
            )
            .caused_by(cause),
            Either::First(Err(Failure::Network(cause))) => Error::new(
                ErrorKind::Connection,
                "connection_failed",
                if self.config.runtime.checks_cors() {
                    "No response: the network, DNS or TLS failed, or CORS does not allow this origin (if so, set `baseUrl` to your own proxy). See `cause`."
                } else {
                    "No response: the network, DNS or TLS failed. See `cause`."
                },
            )
            .caused_by(cause),
            Either::Second(()) => Error::new(
                ErrorKind::RequestTimeout,
                "request_timeout",
                template!(
                    "No response within {} ms (`{}`).",
                    timeout_ms,
                    if timeout_ms < self.config.request_timeout_ms {
                        "timeoutMs"
                    } else {
                        "requestTimeoutMs"
                    }
                ),
            ),
        };
        emit(EventKind::Failure {
            code: error.code.clone(),
            elapsed_ms,
        });
        if error.kind == ErrorKind::Configuration {
            return Err(FailedAttempt { error, attempt: None });
        }
        let was_sent = !matches!(error.code.as_str(), "api_key_failed" | "not_sent");
        let failed = FailedAttempt {
            attempt: (error.kind != ErrorKind::Authentication).then_some(Attempt::Unanswered),
            error: error.retryable(),
        };
        Err(match call {
            Call::Create if was_sent => {
                mark!("a create has no answer");
                failed.outcome_unknown()
            }
            _ => failed,
        })
    }

    /// An error, or a success without JSON.
    fn failed_answer(&self, answer: &Answer, text: Option<&str>, call: Call) -> FailedAttempt {
        if !answer.is_success() || answer.is_refusal() {
            let (error, attempt) = answer.refusal(call, self.clock.now(), text);
            return FailedAttempt { error, attempt };
        }
        let (code, what, attempt) = match &answer.body {
            // As good as no answer.
            Body::Broken(_) => ("broken_answer", "was cut off", Some(Attempt::Unanswered)),
            _ => ("invalid_answer", "is not JSON", None),
        };
        let message = template!("The response {} (HTTP {}).", what, answer.status);
        let mut error = invalid_answer(answer, &message);
        error.code = code.to_owned();
        let failed = FailedAttempt { error, attempt };
        match call {
            Call::Create => {
                mark!("a create has an unreadable answer");
                failed.outcome_unknown()
            }
            Call::Read => failed,
        }
    }
}

/// Whether the server says that the key was used for another request.
fn is_key_reused(error: &Error) -> bool {
    find_code(&error.code).is_some_and(|row| row.meaning == Meaning::KeyReused)
}

/// The error of a success without usable content.
pub(super) fn invalid_answer(answer: &Answer, message: &str) -> Error {
    let mut error = Error::new(ErrorKind::Server, "invalid_answer", message).retryable();
    answer.describe(&mut error, None);
    error
}

/// Why an attempt failed, and what the retry policy needs to decide; `None` if it must not retry.
struct FailedAttempt {
    error: Error,
    attempt: Option<Attempt>,
}

impl FailedAttempt {
    fn outcome_unknown(mut self) -> Self {
        self.error = self.error.outcome_unknown();
        self
    }
}
