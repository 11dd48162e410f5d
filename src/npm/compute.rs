//! The export of all synchronous functions.

#[cfg(feature = "npm-client")]
use super::client_functions;
use super::functions;
use wasm_bindgen::prelude::*;

/// Computes a function of up to three arguments.
///
/// One export for all functions: each export adds its own argument conversion to the module.
///
/// # Errors
/// A `ConfigurationError` for options of a client, a `ValidationError` for other arguments of the wrong type.
///
/// # Panics
/// The module has no function of this name.
#[wasm_bindgen]
pub fn compute(name: &str, first: &JsValue, second: &JsValue, third: &JsValue) -> Result<JsValue, JsValue> {
    let computed = functions::compute(name, first, second, third);
    #[cfg(feature = "npm-client")]
    let computed = computed.or_else(|| client_functions::compute(name, first, second, third));
    computed.expect("the scripts of the package know the functions of their module")
}
