//! The bindings in a headless browser.
#![cfg(target_arch = "wasm32")]

mod wasm;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn rejects_a_literal_key_in_a_page_unless_allowed() {
    let error = wasm::check_options(&wasm::js("{ apiKey: 'sk-secret' }")).unwrap_err();
    assert_eq!(wasm::text(&error, "name"), "ConfigurationError");
    assert!(!wasm::text(&error, "message").contains("secret"));
    wasm::check_options(&wasm::js(
        "{ apiKey: 'sk-secret', dangerouslyAllowBrowser: true }",
    ))
    .unwrap();
}
