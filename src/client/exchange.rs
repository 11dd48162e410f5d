//! One call: attempts, each with its time limit, until an answer can be used or the policy gives up.

use super::race::{Either, race};
use super::stopwatch::Stopwatch;
use super::{Client, Clock, Event, Failure, Request, Transport};
use crate::domain::retry::{self, Attempt, Call};
use crate::domain::{Answer, Body, Error, ErrorKind, Value};
use crate::text::template;

/// How often and how long a call may try.
pub(super) struct Patience {
    pub call: Call,
    pub max_retries: u32,
    /// The limit of all attempts together, in milliseconds; `None` for none.
    pub limit_ms: Option<u32>,
    /// Whether an earlier call went out with the same key, and what became of it is not known.
    pub in_doubt: bool,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// The patience that the options ask for, within a limit of all attempts together.
    pub(super) fn patience(&self, call: Call, limit_ms: Option<u32>) -> Patience {
        Patience {
            call,
            max_retries: self.config.max_retries.unwrap_or(call.default_retries()),
            limit_ms,
            in_doubt: false,
        }
    }

    /// The JSON of a successful answer, and the answer it was in.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        patience: &Patience,
    ) -> Result<(Value, Answer), Error> {
        let mut stopwatch = Stopwatch::start(&self.clock);
        let mut retries = 0;
        // Once no answer came to a create call, a later refusal does not tell what became of it.
        let mut doubt = patience.in_doubt;
        loop {
            let left_ms = stopwatch.left_ms(patience.limit_ms, &self.clock);
            let timeout_ms = left_ms.map_or(self.config.timeout_ms, |left| left.min(self.config.timeout_ms));
            let attempted = self
                .attempt(request, patience.call, timeout_ms, retries + 1)
                .await;
            let Unusable { mut error, attempt } = match attempted {
                Ok(done) => return Ok(done),
                Err(unusable) => unusable,
            };
            if doubt && error.kind != ErrorKind::OutcomeUnknown {
                error = error.outcome_unknown();
            }
            doubt = error.kind == ErrorKind::OutcomeUnknown;
            let delay = attempt.and_then(|attempt| {
                retry::delay_ms(
                    patience.call,
                    attempt,
                    retries,
                    patience.max_retries,
                    stopwatch.left_ms(patience.limit_ms, &self.clock),
                    self.clock.random(),
                )
            });
            let Some(delay_ms) = delay else { return Err(error) };
            (self.observer)(&Event::Retry { delay_ms });
            self.clock.sleep(delay_ms).await;
            // A laptop may have slept through the limit.
            if stopwatch.left_ms(patience.limit_ms, &self.clock) == Some(0) {
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
    ) -> Result<(Value, Answer), Unusable> {
        let started = self.clock.now();
        (self.observer)(&Event::Request {
            method: request.method,
            url: request.url.clone(),
            attempt: number,
        });
        let outcome = race(self.transport.send(request), self.clock.sleep(timeout_ms)).await;
        let elapsed_ms = (self.clock.now() - started).max(0.0) as u32;
        let unanswered = match outcome {
            Either::First(Ok(mut answer)) => {
                (self.observer)(&Event::Response {
                    status: answer.status,
                    request_id: answer.request_id(),
                    elapsed_ms,
                });
                if answer.is_success() && let Body::Json(json) = &mut answer.body {
                    let json = std::mem::replace(json, Value::Null);
                    return Ok((json, answer));
                }
                return Err(self.unusable(&answer, call));
            }
            Either::First(Err(Failure::Credential(cause))) => Unusable {
                error: Error::new(
                    ErrorKind::Authentication,
                    "api_key_failed",
                    "The function `apiKey` gave no usable key; nothing was sent. See `cause`.",
                )
                .retryable()
                .caused_by(cause),
                attempt: None,
            },
            Either::First(Err(Failure::Network(cause))) => Unusable {
                error: Error::new(
                    ErrorKind::Connection,
                    "connection_failed",
                    if self.config.runtime.checks_cors() {
                        "No answer came from the server: the network, DNS or TLS failed, or the browser's CORS check, which looks the same from here: the server may not allow this page's origin. If so, let a server of your own pass the calls on, and give its address as `baseUrl`. See `cause`."
                    } else {
                        "No answer came from the server: the network, DNS or TLS failed. See `cause`."
                    },
                )
                .retryable()
                .caused_by(cause),
                attempt: Some(Attempt::Unanswered),
            },
            Either::Second(()) => Unusable {
                error: Error::new(
                    ErrorKind::RequestTimeout,
                    "request_timeout",
                    template!("No answer came within {} ms (`requestTimeoutMs`).", timeout_ms),
                )
                .retryable(),
                attempt: Some(Attempt::Unanswered),
            },
        };
        (self.observer)(&Event::Failure {
            code: unanswered.error.code.clone(),
            elapsed_ms,
        });
        Err(match unanswered.attempt {
            Some(_) if call == Call::Create => unanswered.outcome_unknown(),
            _ => unanswered,
        })
    }

    /// An answer that is no success, or a success whose body is not what it should be.
    fn unusable(&self, answer: &Answer, call: Call) -> Unusable {
        let now = self.clock.now();
        if !answer.is_success() {
            let error = answer.to_error(call, now);
            // No pause fills an account, whatever the status.
            let attempt = (error.kind != ErrorKind::InsufficientCredits).then_some(Attempt::Answered {
                status: answer.status,
                retry_after_ms: error.retry_after_ms,
            });
            return Unusable { error, attempt };
        }
        let (code, what, attempt) = match &answer.body {
            // The answer did not arrive whole: as good as none.
            Body::Broken(_) => ("broken_answer", "broke off", Some(Attempt::Unanswered)),
            _ => ("invalid_answer", "is not JSON", None),
        };
        let mut error = invalid_answer(
            answer,
            code,
            &template!("The server's answer {} (HTTP {}).", what, answer.status),
        );
        if let Body::Broken(cause) = &answer.body {
            error.cause = Some(cause.clone());
        }
        let unusable = Unusable { error, attempt };
        match call {
            Call::Create => unusable.outcome_unknown(),
            Call::Read => unusable,
        }
    }
}

/// A success whose content cannot be used.
pub(super) fn invalid_answer(answer: &Answer, code: &str, message: &str) -> Error {
    let mut error = Error::new(ErrorKind::Server, code, message).retryable();
    error.status = Some(answer.status);
    error.request_id = answer.request_id();
    error
}

/// Why an attempt brought nothing, and what the retry policy should be told; `None`: it has no say.
struct Unusable {
    error: Error,
    attempt: Option<Attempt>,
}

impl Unusable {
    fn outcome_unknown(mut self) -> Self {
        self.error = self.error.outcome_unknown();
        self
    }
}
