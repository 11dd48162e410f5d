//! The branches of the client that a story reached.

use std::collections::BTreeSet;

/// The marks since the last time, on this thread. None without the feature `marks`.
pub fn take() -> BTreeSet<&'static str> {
    #[cfg(feature = "marks")]
    return evolink_video::marks::take();
    #[cfg(not(feature = "marks"))]
    return BTreeSet::new();
}

/// All marks in the source of the client.
#[cfg(feature = "marks")]
pub fn all() -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for folder in ["client", "domain", "domain/watch"] {
        for file in std::fs::read_dir(format!("{source}/{folder}")).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                let text = std::fs::read_to_string(path).unwrap();
                let calls = text.split("mark!(\"").skip(1);
                marks.extend(calls.filter_map(|call| Some(call.split_once("\")")?.0.to_owned())));
            }
        }
    }
    assert!(!marks.is_empty());
    marks
}
