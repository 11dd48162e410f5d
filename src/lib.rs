//! Client for the EvoLink Video Generation API. Unofficial.
//!
//! Four layers, and the arrows point one way:
//!
//! 1. [`domain`]: the request and its rules, tags, modes, tasks, errors, retries, the poll schedule.
//!    Plain Rust without I/O; every number of the API stands once, in [`domain::limits`].
//! 2. [`client`]: submission, retrieval and waiting, over two small traits: a
//!    [`Transport`](client::Transport) that carries one HTTP exchange and a
//!    [`Clock`](client::Clock) that tells the time, sleeps and draws lots.
//! 3. `web` (feature `web`, wasm32): `fetch`, timers and stores of the web platform, for Rust front ends.
//! 4. `npm` (features `npm-*`, wasm32): the exports of the npm package, and the wire format to JavaScript.
//!
//! ```
//! use evolink_video::domain::{validate, Mode, VideoRequest};
//!
//! let request = VideoRequest {
//!     prompt: "@Image1 as first frame, @Image2 as last frame".into(),
//!     image_urls: vec!["https://example.com/a.jpg".into(), "https://example.com/b.jpg".into()],
//!     ..VideoRequest::default()
//! };
//! let report = validate(&request.into());
//! assert!(report.errors.is_empty());
//! assert_eq!(report.mode, Some(Mode::FirstLastFrame));
//! ```

pub mod client;
pub mod domain;
// Also natively, where its wire format is tested.
#[cfg(feature = "npm-rules")]
#[doc(hidden)]
pub mod npm;
mod text;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod web;

#[cfg(all(target_arch = "wasm32", feature = "npm-rules"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
