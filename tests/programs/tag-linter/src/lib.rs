//! Checks the `@` tags of a prompt, as a separate WebAssembly module for the editor of a web page. Of the crate, it
//! links only the tags: no client, no `fetch`, and no export but its own.

use evolink_video::domain::{Kind, find_typos, parse_tags};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn debug(message: &str);
}

/// Runs when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    debug(concat!("tag-linter ", env!("CARGO_PKG_VERSION")));
}

/// What is wrong with the tags of a prompt, for a request with so many files.
#[wasm_bindgen]
pub fn lint(prompt: &str, images: u32, videos: u32, audios: u32) -> Vec<String> {
    let tags = parse_tags(prompt);
    let mut findings = Vec::new();
    for tag in &tags {
        let files = match tag.kind {
            Kind::Image => images,
            Kind::Video => videos,
            Kind::Audio => audios,
        };
        if tag.index > files {
            findings.push((tag.start, format!("{}: there is no such file", tag.text)));
        }
    }
    for typo in find_typos(prompt, &tags) {
        findings.push((typo.start, format!("{}: not a tag", typo.text)));
    }
    findings.sort();
    findings.into_iter().map(|(_, finding)| finding).collect()
}
