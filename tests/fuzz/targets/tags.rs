//! Any text as a prompt: its tags, and its renumbering.
#![no_main]

#[allow(dead_code)]
#[path = "../../properties/laws.rs"]
mod laws;

use evolink_video::domain::Kind;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // The order first: a count, and as many indices; then the prompt.
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
    laws::tags(prompt);
    laws::renumbering(prompt, kind, &order);
    Corpus::Keep
});
