//! A client for the EvoLink Video Generation API. Unofficial.
//!
//! Modules only depend on the ones above them:
//!
//! 1. [`domain`]: requests and their rules, tags, tasks, errors, retry decisions, the poll schedule. Plain Rust without
//!    I/O. Every number of the API is in [`domain::api`].
//! 2. [`media`], beside it and as pure: what a file is, from its bytes.
//! 3. [`client`]: submission, retrieval and waiting, over a [`Transport`](client::Transport) that carries an HTTP
//!    exchange, a [`Clock`](client::Clock), and optionally a [`Store`](client::Store).
//! 4. `web` (feature `web`, wasm32): `fetch`, timers and storage of the web platform, for Rust front ends and workers.
//! 5. `npm` (features `npm-*`, wasm32): the modules of the npm package. Not for other crates.
//!
//! ```
//! use evolink_video::domain::{Mode, ValidateOptions, VideoRequest, validate};
//!
//! let request = VideoRequest::new("@Image1 as first frame, @Image2 as last frame")
//!     .image("https://example.com/a.jpg")
//!     .image("https://example.com/b.jpg");
//! let report = validate(&request.into(), &ValidateOptions::default());
//! assert!(report.errors.is_empty());
//! assert_eq!(report.mode, Some(Mode::FirstLastFrame));
//! ```
//!
//! [`client`] shows a native program with `reqwest`, `web` a front end with Yew. (docs.rs documents `web` for the
//! platform `wasm32-unknown-unknown`.)
//!
//! The feature `serde` implements `Serialize` and `Deserialize` for the values that programs exchange or store:
//! [`VideoRequest`](domain::VideoRequest), [`Task`](domain::Task), [`PollState`](domain::PollState),
//! [`Submission`](client::Submission), [`Prepared`](client::Prepared),
//! [`Issue`](domain::Issue), [`Tag`](domain::Tag), [`Limits`](domain::Limits), [`Value`](domain::Value). Their JSON is
//! that of the npm package, except that offsets into a prompt count bytes, and in JavaScript UTF-16 units.

pub mod client;
pub mod domain;
#[doc(hidden)]
pub mod marks;
pub mod media;
// Native builds test the wire format.
#[cfg(feature = "npm")]
#[doc(hidden)]
pub mod npm;
mod text;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
pub mod web;

#[cfg(all(target_arch = "wasm32", feature = "npm"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
