//! How similar two words are.

use std::str::Bytes;

/// Compares ASCII letters and digits only, ignoring case: "1080P", "16/9", "api_key".
pub fn loosely_equal(one: &str, other: &str) -> bool {
    fn letter(bytes: &mut Bytes) -> Option<u8> {
        for byte in bytes {
            if byte.is_ascii_alphanumeric() {
                return Some(byte.to_ascii_lowercase());
            }
        }
        None
    }
    let (mut one, mut other) = (one.bytes(), other.bytes());
    loop {
        let next = letter(&mut one);
        if next != letter(&mut other) {
            return false;
        }
        if next.is_none() {
            return true;
        }
    }
}

/// The digits of a string.
pub fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

/// The Levenshtein distance in bytes, at most `FAR`.
pub fn edit_distance(one: &str, other: &str) -> usize {
    const FAR: usize = 9;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) >= FAR {
        return FAR;
    }
    let mut row = Vec::new();
    for cell in 0..other.len() + 1 {
        row.push(cell);
    }
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = i;
        for (cell, b) in other.iter().enumerate() {
            let [left, above] = [if cell == 0 { i + 1 } else { row[cell] }, row[cell + 1]];
            row[cell] = left;
            let best = (diagonal + usize::from(a != b)).min(left + 1).min(above + 1);
            diagonal = above;
            row[cell + 1] = best;
        }
        row[0] = i + 1;
    }
    row.last().copied().unwrap_or(FAR).min(FAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_counts_insertions_deletions_and_replacements() {
        for (one, other, letters) in [
            ("prompt", "prompt", 0),
            ("prompt", "promt", 1),
            ("duration", "durration", 1),
            ("quality", "qualty", 1),
            ("model", "mdoel", 2),
            ("", "abc", 3),
            ("seed", "prompt", 6),
        ] {
            assert_eq!(
                (edit_distance(one, other), edit_distance(other, one)),
                (letters, letters),
                "{one} {other}"
            );
        }
    }
}
