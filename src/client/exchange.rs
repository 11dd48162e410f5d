//! One call: attempts, each with its time limit, until an answer can be used or the policy gives up.

use super::race::{Either, race};
use super::{Client, Clock, Event, Failure, Request, Transport};
use crate::domain::retry::{self, Attempt, Call};
use crate::domain::text::text;
use crate::domain::{Answer, Body, Error, ErrorKind, Value};

/// How often and how long a call may try.
pub(super) struct Patience {
    pub call: Call,
    pub timeout_ms: u32,
    pub max_retries: u32,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// The patience that the options ask for.
    pub(super) fn patience(&self, call: Call) -> Patience {
        Patience {
            call,
            timeout_ms: self.config.timeout_ms,
            max_retries: self.config.max_retries.unwrap_or(call.default_retries()),
        }
    }

    /// The JSON of a successful answer, and the answer it was in.
    pub(super) async fn exchange(
        &self,
        request: &Request,
        patience: &Patience,
    ) -> Result<(Value, Answer), Error> {
        let mut retries = 0;
        loop {
            let Unusable { error, attempt } = match self.attempt(request, patience, retries + 1).await {
                Ok(done) => return Ok(done),
                Err(unusable) => unusable,
            };
            let delay = attempt.and_then(|attempt| {
                retry::delay_ms(
                    patience.call,
                    attempt,
                    retries,
                    patience.max_retries,
                    self.clock.random(),
                )
            });
            let Some(delay_ms) = delay else { return Err(error) };
            (self.observer)(&Event::Retry { delay_ms });
            self.clock.sleep(delay_ms).await;
            retries += 1;
        }
    }

    async fn attempt(
        &self,
        request: &Request,
        patience: &Patience,
        number: u32,
    ) -> Result<(Value, Answer), Unusable> {
        let started = self.clock.now();
        (self.observer)(&Event::Request {
            method: request.method,
            url: request.url.clone(),
            attempt: number,
        });
        let outcome = race(
            self.transport.send(request),
            self.clock.sleep(patience.timeout_ms),
        )
        .await;
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
                return Err(self.unusable(&answer, patience.call));
            }
            Either::First(Err(Failure::Credential(cause))) => Unusable {
                error: Error::new(
                    ErrorKind::Authentication,
                    "api_key_failed",
                    "The function `apiKey` gave no usable key; nothing was sent. See `cause`.",
                )
                .caused_by(cause),
                attempt: None,
            },
            Either::First(Err(Failure::Network(cause))) => Unusable {
                error: Error::new(
                    ErrorKind::Connection,
                    "connection_failed",
                    "No answer came from the server: the network, DNS or TLS failed, or, in a browser, its CORS check. See `cause`.",
                )
                .retryable()
                .caused_by(cause),
                attempt: Some(Attempt::Unanswered),
            },
            Either::Second(()) => Unusable {
                error: Error::new(
                    ErrorKind::RequestTimeout,
                    "request_timeout",
                    text!("No answer came within {} ms (`timeoutMs`).", patience.timeout_ms),
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
            Some(_) if patience.call == Call::Create => unanswered.outcome_unknown(),
            _ => unanswered,
        })
    }

    /// An answer that is no success, or a success whose body is not what it should be.
    fn unusable(&self, answer: &Answer, call: Call) -> Unusable {
        let now = self.clock.now();
        if !answer.is_success() {
            return Unusable {
                error: answer.to_error(call, now),
                attempt: Some(Attempt::Answered {
                    status: answer.status,
                    retry_after_ms: answer.retry_after_ms(now),
                }),
            };
        }
        let (code, what, attempt) = match &answer.body {
            // The answer did not arrive whole: as good as none.
            Body::Broken(_) => ("broken_answer", "broke off", Some(Attempt::Unanswered)),
            _ => ("invalid_answer", "is not JSON", None),
        };
        let mut error = invalid_answer(
            answer,
            code,
            &text!("The server's answer {} (HTTP {}).", what, answer.status),
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
