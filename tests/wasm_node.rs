//! The bindings in Node.
#![cfg(target_arch = "wasm32")]

mod wasm;

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn accepts_a_literal_key_outside_a_page() {
    wasm::check_options(&wasm::js("{ apiKey: 'sk-secret' }")).unwrap();
}
