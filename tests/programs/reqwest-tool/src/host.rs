//! What the client needs of its host: HTTP from `reqwest`, time from `tokio`.

use evolink_video::client::{Clock, Failure, Request, Transport};
use evolink_video::domain::{Answer, Body, READ_HEADERS, cause};
use std::time::{Duration, SystemTime};

/// Sends requests with the API key.
pub struct HttpTransport {
    http: reqwest::Client,
    api_key: String,
}

impl HttpTransport {
    pub fn new(api_key: String) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, api_key })
    }
}

impl Transport for HttpTransport {
    async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes());
        let method = method.map_err(Failure::not_sent)?;
        let mut exchange = self.http.request(method, &request.url).bearer_auth(&self.api_key);
        for (name, value) in &request.headers {
            exchange = exchange.header(name, value);
        }
        if let Some(body) = &request.body {
            exchange = exchange.body(body.clone());
        }
        let response = exchange.send().await.map_err(|error| {
            // Without a connection nothing was sent, so nothing can have been charged.
            if error.is_connect() {
                Failure::not_sent(error)
            } else {
                Failure::network(error)
            }
        })?;
        let status = response.status().as_u16();
        let mut headers = Vec::new();
        for name in READ_HEADERS {
            if let Some(Ok(value)) = response.headers().get(*name).map(|value| value.to_str()) {
                headers.push((*name, value.to_owned()));
            }
        }
        let body = match response.text().await {
            Ok(text) => Body::read(&text),
            Err(error) => Body::Broken(cause(error)),
        };
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> f64 {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        since.as_secs_f64() * 1000.0
    }

    async fn sleep(&self, ms: u32) {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
    }

    fn random(&self) -> f64 {
        let bits = getrandom::u32().expect("the system has random numbers");
        f64::from(bits) / 2_f64.powi(32)
    }
}
