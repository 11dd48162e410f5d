//! `parse_tags` and `retag` on any prompt.
#![no_main]

#[allow(dead_code)]
#[path = "../../properties/invariants.rs"]
mod invariants;

use evolink_video::domain::Kind;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // Input: the kind and the length of the order, the order, the prompt.
    let Some((&head, rest)) = bytes.split_first() else {
        return Corpus::Reject;
    };
    let kind = Kind::ALL[usize::from(head) % Kind::ALL.len()];
    let Some((order, prompt)) = rest.split_at_checked(usize::from(head >> 4)) else {
        return Corpus::Reject;
    };
    let Ok(prompt) = std::str::from_utf8(prompt) else {
        return Corpus::Reject;
    };
    let order: Vec<u32> = order.iter().map(|index| u32::from(index % 12)).collect();
    invariants::tags(prompt);
    invariants::retagging(prompt, kind, &order);
    Corpus::Keep
});
