//! The web platform as the client's host, for Rust front ends and workers: `fetch`, timers, storage.
//!
//! This module exports nothing to JavaScript: an application that uses it keeps its own exports and its own start
//! function.
//!
//! ```no_run
//! use evolink_video::client::{Client, Target};
//! use evolink_video::domain::{Config, Error, VideoRequest};
//! use evolink_video::web::{FetchTransport, WebClock, WebStorage, runtime};
//!
//! /// Generates a video, and returns the link to it.
//! async fn generate(prompt: &str) -> Result<String, Error> {
//!     let config = Config {
//!         runtime: runtime(),
//!         // A server of the application that adds the API key.
//!         base_url: "https://my-server.example/evolink".into(),
//!         ..Config::default()
//!     };
//!     let mut client = Client::new(config.checked()?, FetchTransport::new(), WebClock);
//!     if let Some(storage) = WebStorage::local() {
//!         client = client.with_store(storage);
//!     }
//!     let request = VideoRequest {
//!         prompt: prompt.into(),
//!         ..VideoRequest::default()
//!     };
//!     let submission = client.submit(&request.into(), None).await?;
//!     let target = Target::Task(Box::new(submission.task));
//!     let task = client.wait(target, Some(900_000), &mut |task, _| {
//!         web_sys::console::log_1(&task.status.as_str().into());
//!     });
//!     Ok(task.await?.results.remove(0))
//! }
//! ```

// Whatever a host may throw is caught where it is called: an exception that passes through Rust frames leaves the
// instance unusable.

mod clock;
mod listener;
pub(crate) mod object;
mod promise;
mod runtime;
mod storage;
mod transport;

pub use clock::WebClock;
pub use runtime::runtime;
pub use storage::WebStorage;
pub use transport::FetchTransport;

#[cfg(feature = "npm-client")]
pub(crate) use listener::Listener;
#[cfg(feature = "npm-client")]
pub(crate) use promise::settled;
