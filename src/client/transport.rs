use crate::domain::error::Cause;
use crate::domain::words::words;
use crate::domain::{Answer, Value};
use std::future::Future;

words! {
    /// The HTTP methods that the API uses.
    Method {
        /// Reads.
        Get = "GET",
        /// Creates.
        Post = "POST",
    }
}

/// One HTTP request, but for `Authorization`, which is the transport's to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL; never holds the key.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, the same bytes on every attempt.
    pub body: Option<String>,
}

impl Request {
    /// Sends a value along.
    pub(super) fn json(&mut self, body: &Value) {
        self.headers
            .push(("Content-Type".into(), "application/json".into()));
        self.body = Some(body.to_json());
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The exchange failed: network, DNS, TLS, a browser's CORS check.
    Network(Cause),
    /// The function that gives the API key failed; nothing was sent.
    Credential(Cause),
}

/// Carries one HTTP exchange: sends the request with the key, reads the answer to its end.
///
/// It follows no redirect, takes no answer from a cache, repeats nothing, and dropped it aborts.
pub trait Transport {
    /// The answer, whatever its status, or why there is none.
    fn send(&self, request: &Request) -> impl Future<Output = Result<Answer, Failure>>;

    /// Whether requests carry an API key: [`Client::prepare`](super::Client::prepare) shows a placeholder for it.
    fn sends_key(&self) -> bool {
        true
    }
}
