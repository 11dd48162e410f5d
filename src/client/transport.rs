use crate::domain::Answer;
use crate::domain::error::{Cause, cause};
use crate::domain::words::words;
use std::future::Future;

words! {
    /// An HTTP method that the API uses.
    #[non_exhaustive]
    Method {
        /// Reads.
        Get = "GET",
        /// Creates.
        Post = "POST",
        /// Replaces.
        Put = "PUT",
        /// Changes.
        Patch = "PATCH",
        /// Removes.
        Delete = "DELETE",
    }
}

/// An HTTP request without `Authorization`, which the transport adds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, the same bytes on every attempt.
    pub body: Option<String>,
    /// The task that it is about, for events.
    pub task_id: Option<String>,
    /// Whether a success need not be JSON.
    pub(super) accepts_text: bool,
}

impl Request {
    /// Sets a JSON body.
    pub(super) fn json(&mut self, body: String) {
        self.headers
            .push(("Content-Type".into(), "application/json".into()));
        self.body = Some(body);
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The exchange failed, and the request may have reached the server: network, DNS, TLS, a browser's CORS check.
    Network(Cause),
    /// The request certainly did not reach the server, as when the connection was refused.
    NotSent(Cause),
    /// There is no API key: its source failed, and nothing was sent.
    Credential(Cause),
    /// The host lacks something that an exchange needs, and nothing was sent. The sentence says what, and what to do.
    Unsupported(String),
}

impl Failure {
    /// [`Failure::Network`] from an error or a message.
    pub fn network(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Failure::Network(cause(error))
    }

    /// [`Failure::NotSent`] from an error or a message.
    pub fn not_sent(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Failure::NotSent(cause(error))
    }

    /// [`Failure::Credential`] from an error or a message.
    pub fn credential(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Failure::Credential(cause(error))
    }
}

/// Performs one HTTP exchange: sends the request with the key, and reads the whole answer.
///
/// It follows no redirect, uses no cache, and does not retry. Dropping the future aborts the exchange.
pub trait Transport {
    /// The answer, whatever its status, or why there is none.
    fn send(&self, request: &Request) -> impl Future<Output = Result<Answer, Failure>>;

    /// Whether requests carry an API key: [`Client::prepare`](super::Client::prepare) shows a placeholder for it.
    fn sends_key(&self) -> bool {
        true
    }
}
