//! The page's own server returns a short-lived key at `/token`, and `/v1` is the API or a proxy of it.

use evolink_video::client::{Client, SubmitOptions, WaitOptions};
use evolink_video::domain::{Config, Error, PollState, Task, VideoRequest};
use evolink_video::web::{FetchTransport, WebClock, WebStorage, runtime};
use wasm_bindgen::JsValue;

/// The API key, from the page's server.
async fn api_key() -> Result<String, JsValue> {
    let answer = async { gloo_net::http::Request::get("/token").send().await?.text().await };
    answer.await.map_err(|error| error.to_string().into())
}

/// Generates a video, and returns the link to it.
pub async fn generate(request: &VideoRequest, show: impl FnMut(&Task, &PollState)) -> Result<String, Error> {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    let config = Config {
        runtime: runtime(),
        base_url: origin.unwrap_or_default(),
        ..Config::default()
    };
    let transport = FetchTransport::new().with_key_function(api_key);
    let client = Client::new(config.checked()?, transport, WebClock).with_store(WebStorage::local());
    let mut task = client
        .generate(request, SubmitOptions::default(), WaitOptions::default(), show)
        .await?;
    Ok(task.results.remove(0))
}
