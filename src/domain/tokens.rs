//! How many tokens a prompt has, in bounds.
//!
//! The vendor counts with a tokenizer that it does not name \[ref\]. What follows bounds the count of
//! the tokenizers in use: a word is at least one token and seldom more than one for each character;
//! a character outside ASCII is between a fraction of a token and one token for each of its bytes.

use super::value::Value;

/// A count of tokens, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenEstimate {
    /// No tokenizer is expected to count fewer.
    pub low: u32,
    /// The likely count.
    pub estimate: u32,
    /// No tokenizer is expected to count more.
    pub high: u32,
}

impl From<TokenEstimate> for Value {
    fn from(tokens: TokenEstimate) -> Self {
        Value::object([
            ("low", Some(tokens.low.into())),
            ("estimate", Some(tokens.estimate.into())),
            ("high", Some(tokens.high.into())),
        ])
    }
}

/// Hundredths of a token, for each run of ASCII letters or digits, and for each character of a class.
struct Weights {
    low: u32,
    estimate: u32,
    high: u32,
}

/// Bounds for the number of tokens; linear in the length of the prompt.
pub fn estimate_tokens(prompt: &str) -> TokenEstimate {
    let mut sum = [0_u64; 3];
    let mut run = 0_u32;
    let mut add = |weights: Weights| {
        for (total, weight) in sum.iter_mut().zip([weights.low, weights.estimate, weights.high]) {
            *total += u64::from(weight);
        }
    };
    for character in prompt.chars().chain([' ']) {
        if character.is_ascii_alphanumeric() {
            run += 1;
            continue;
        }
        if run > 0 {
            add(word(run));
            run = 0;
        }
        add(single(character));
    }
    // The space that closes the last word is not of the prompt.
    sum[2] -= 100;
    let [low, estimate, high] = sum.map(|total| u32::try_from(total.div_ceil(100)).unwrap_or(u32::MAX));
    TokenEstimate { low, estimate, high }
}

/// A run of ASCII letters and digits: English words are mostly one token, long ones one for every
/// five letters or so, random letters one for every letter.
fn word(length: u32) -> Weights {
    Weights {
        low: 100 * length.div_ceil(24),
        estimate: 100 * length.div_ceil(8),
        high: 100_u32.saturating_mul(length),
    }
}

/// A character that is no ASCII letter or digit.
fn single(character: char) -> Weights {
    let bytes = character.len_utf8() as u32;
    let (low, estimate) = match character {
        // White space joins the word that follows it.
        ' ' | '\t' | '\n' | '\r' => (0, 0),
        '!'..='~' => (10, 80),
        // Greek, Cyrillic, Hebrew, Arabic and the like: several letters a token.
        '\u{80}'..='\u{fff}' => (10, 45),
        // Chinese, Japanese, Korean: about one token a character.
        '\u{1000}'..='\u{ffff}' => (25, 85),
        _ => (30, 250),
    };
    Weights {
        low,
        estimate,
        high: 100 * bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_ordered_and_grow() {
        let mut last = TokenEstimate {
            low: 0,
            estimate: 0,
            high: 0,
        };
        for text in [
            "",
            "A",
            "A cat",
            "A cat walks",
            "A cat walks 慢慢地",
            "A cat walks 慢慢地 🐈!",
        ] {
            let now = estimate_tokens(text);
            assert!(
                now.low <= now.estimate && now.estimate <= now.high,
                "{text}: {now:?}"
            );
            assert!(now.low >= last.low && now.estimate >= last.estimate && now.high >= last.high);
            last = now;
        }
        assert_eq!(
            estimate_tokens(""),
            TokenEstimate {
                low: 0,
                estimate: 0,
                high: 0
            }
        );
    }

    #[test]
    fn an_english_sentence_is_about_its_words() {
        let count = estimate_tokens("The woman turns her head slowly and smiles").estimate;
        assert!((8..=10).contains(&count), "{count}");
    }
}
