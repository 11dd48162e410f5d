//! The documents of a store, from which another process can go on with calls and tasks: one entry a line, with the
//! time when it was written. They contain no API key, prompt or URL.

use super::api::RESULT_LIFETIME_HOURS;
use crate::text::{parse_digits, split, split_once, template};

/// How long an entry is kept, in milliseconds: as long as the links of a task live.
pub const KEPT_MS: f64 = RESULT_LIFETIME_HOURS as f64 * 3_600_000.0;

/// The entries of one document of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    entries: Vec<(String, f64)>,
    /// The entries that had expired when it was read.
    pub expired: Vec<String>,
}

impl Ledger {
    /// Reads a document, without expired or malformed entries.
    pub fn read(text: &str, now: f64) -> Self {
        let mut ledger = Self::default();
        for line in split(text, b'\n') {
            let Some((word, at)) = split_once(line, b' ') else {
                continue;
            };
            // An integer needs no float parser.
            let Some(at) = parse_digits(at) else { continue };
            if (now - at).abs() < KEPT_MS {
                ledger.entries.push((word.to_owned(), at));
            } else {
                ledger.expired.push(word.to_owned());
            }
        }
        ledger
    }

    /// The entries with a prefix, oldest first, without it.
    pub fn words(&self, beginning: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (word, _) in &self.entries {
            if let Some(rest) = word.strip_prefix(beginning) {
                words.push(rest.to_owned());
            }
        }
        words
    }

    /// Adds an entry, or renews it.
    pub fn add(&mut self, word: &str, now: f64) {
        self.remove(word);
        self.entries.push((word.to_owned(), now));
    }

    /// Removes an entry.
    pub fn remove(&mut self, word: &str) {
        self.entries.retain(|(other, _)| other != word);
    }

    /// The text of the document.
    pub fn text(&self) -> String {
        let mut lines = String::new();
        for (word, at) in &self.entries {
            lines.push_str(&template!("{} {}\n", word, *at as i64));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_700_000_000_000.0;

    #[test]
    fn text_preserves_the_ledger() {
        let mut ledger = Ledger::default();
        ledger.add("task:a", NOW);
        ledger.add("call:b", NOW + 5.0);
        ledger.add("task:a", NOW + 9.0);
        let kept = Ledger::read(&ledger.text(), NOW);
        assert_eq!(kept, ledger);
        assert_eq!(kept.words("task:"), ["a"]);
        ledger.remove("task:a");
        ledger.remove("call:b");
        assert_eq!(ledger.text(), "");
    }

    #[test]
    fn drops_expired_future_and_invalid_entries() {
        let text = format!(
            "old {}\nfuture {}\nfresh {}\nnonsense\n\nno time\n",
            NOW as i64 - 86_400_000,
            NOW as i64 + 86_400_001,
            NOW as i64 - 86_399_999,
        );
        let ledger = Ledger::read(&text, NOW);
        assert_eq!(ledger.words(""), ["fresh"]);
        assert_eq!(ledger.expired, ["old", "future"]);
        assert_eq!(Ledger::read("{\"json\": 1}", NOW), Ledger::default());
    }
}
