//! Digests, which reveal nothing about their input.

use crate::text::push_hex;
use sha2::{Digest, Sha256};

/// A digest of strings: 32 hexadecimal digits, half of SHA-256, which is unique enough.
pub(crate) fn digest(texts: &[&str]) -> String {
    let mut all = String::new();
    for text in texts {
        all.push_str(text);
        all.push('\0');
    }
    hex(Sha256::digest(all).iter().take(16))
}

/// The SHA-256 digest of a file, of which not all is in memory.
#[cfg(any(test, all(target_arch = "wasm32", feature = "npm-client")))]
#[derive(Default)]
pub(crate) struct FileDigest(Sha256);

#[cfg(any(test, all(target_arch = "wasm32", feature = "npm-client")))]
impl FileDigest {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// 64 hexadecimal digits.
    pub fn hex(self) -> String {
        hex(self.0.finalize().iter())
    }
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    let mut out = String::new();
    for byte in bytes {
        push_hex(*byte, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_file_is_that_of_its_parts_together() {
        let mut digest = FileDigest::default();
        digest.add(b"a");
        digest.add(b"bc");
        assert_eq!(
            digest.hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
