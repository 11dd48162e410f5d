//! Digests, which reveal nothing of what they are made from.

use crate::text::push_hex;
use sha2::{Digest, Sha256};

/// A digest of strings: 32 hexadecimal digits, half of SHA-256, which is unique enough.
pub(crate) fn digest(texts: &[&str]) -> String {
    let mut all = String::new();
    for text in texts {
        all.push_str(text);
        all.push('\0');
    }
    let mut out = String::new();
    for byte in Sha256::digest(all).iter().take(16) {
        push_hex(*byte, &mut out);
    }
    out
}
