//! Client for the EvoLink Video Generation API. Unofficial.
//!
//! Three layers, and the arrows point one way:
//!
//! 1. [`domain`]: the request and its rules, tags, modes, tasks, errors, retries, the poll schedule.
//!    Plain Rust without I/O; every number of the API stands once, in [`domain::limits`].
//! 2. [`client`]: submission, retrieval and waiting, over two small traits: a
//!    [`Transport`](client::Transport) that carries one HTTP exchange and a
//!    [`Clock`](client::Clock) that tells the time, sleeps and draws lots.
//! 3. `bindings` (wasm32 only): JavaScript values in and out, `fetch`, `setTimeout`. It decides nothing.
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

#[cfg(target_arch = "wasm32")]
pub mod bindings;
pub mod client;
pub mod domain;

#[cfg(all(target_arch = "wasm32", feature = "npm"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
