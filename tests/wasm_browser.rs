//! The bindings in a headless browser.
#![cfg(target_arch = "wasm32")]

mod wasm;

use evolink_video::npm::Computation::CheckOptions;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_literal_key_is_refused_in_a_page_unless_allowed() {
    let check = |options| wasm::call(CheckOptions, &[&wasm::js(options)]);
    let error = check("{ apiKey: 'sk-secret' }").unwrap_err();
    assert_eq!(wasm::text(&error, "name"), "ConfigurationError");
    assert!(!wasm::text(&error, "message").contains("secret"));
    check("{ apiKey: 'sk-secret', dangerouslyAllowBrowser: true }").unwrap();
}
