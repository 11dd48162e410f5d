//! The web platform as the client's host, for Rust front ends and workers: `fetch`, timers, storage.
//!
//! This module exports nothing to JavaScript: an application that uses it keeps its own exports and its own start
//! function.
//!
//! ```no_run
//! use evolink_video::client::{Client, SubmitOptions, WaitOptions};
//! use evolink_video::domain::{Config, Error, PollState, Task, VideoRequest};
//! use evolink_video::web::{FetchTransport, WebClock, WebStorage, runtime};
//! use wasm_bindgen::prelude::*;
//!
//! #[wasm_bindgen]
//! extern "C" {
//!     #[wasm_bindgen(js_namespace = console)]
//!     fn log(message: &str);
//! }
//!
//! /// Generates a video, and returns the link to it.
//! async fn generate(prompt: &str) -> Result<String, Error> {
//!     let config = Config {
//!         runtime: runtime(),
//!         // A server of the application, which adds the API key.
//!         base_url: "https://my-server.example/evolink".into(),
//!         ..Config::default()
//!     };
//!     let client = Client::new(config.checked()?, FetchTransport::new(), WebClock)
//!         .with_store(WebStorage::local());
//!     let request = VideoRequest::new(prompt).duration(8);
//!     let show_status = |task: &Task, _: &PollState| log(task.status.as_str());
//!     let mut task = client
//!         .generate(&request, SubmitOptions::default(), WaitOptions::default(), show_status)
//!         .await?;
//!     Ok(task.results.remove(0))
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
#[cfg(feature = "serde")]
mod values;

pub use clock::WebClock;
pub use runtime::runtime;
pub use storage::WebStorage;
pub use transport::FetchTransport;
#[cfg(feature = "serde")]
pub use values::{from_js, to_js};

#[cfg(feature = "npm-client")]
pub(crate) use listener::Listener;
#[cfg(feature = "npm-client")]
pub(crate) use promise::settled;
