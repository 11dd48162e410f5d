#![doc = include_str!("README.md")]

pub mod client;
pub mod domain;
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod js_object;
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
