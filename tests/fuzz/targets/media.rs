//! `Inspector` on any bytes, of a known and an unknown size.
#![no_main]

#[allow(dead_code)]
#[path = "../../media/inspection.rs"]
mod inspection;

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // The first byte chooses the size, the others are the file.
    let Some((&head, file)) = bytes.split_first() else {
        return Corpus::Reject;
    };
    inspection::inspect(file, head % 2 == 0);
    Corpus::Keep
});
