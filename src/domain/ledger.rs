//! What is written down of calls and tasks, so that another process can go on with them: short words, each
//! with the time when it was written, one to a line. No key, no prompt and no URL is among them.

use super::api::RESULT_LIFETIME_HOURS;
use crate::text::{cut, number, split, template};

/// How long an entry is kept, in milliseconds: as long as the links of a task live.
pub const KEPT_MS: f64 = RESULT_LIFETIME_HOURS as f64 * 3_600_000.0;

/// The entries of one document of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    entries: Vec<(String, f64)>,
    /// What was dropped when it was read, since its time was over.
    pub expired: Vec<String>,
}

impl Ledger {
    /// Reads a document; what is no entry, or not of the last 24 hours, is dropped.
    pub fn read(text: &str, now: f64) -> Self {
        let mut ledger = Self::default();
        for line in split(text, b'\n') {
            let Some((word, at)) = cut(line, b' ') else {
                continue;
            };
            // Milliseconds since 1970 are integers, which need no reader of floats.
            let Some(at) = number(at) else { continue };
            if (now - at).abs() < KEPT_MS {
                ledger.entries.push((word.to_owned(), at));
            } else {
                ledger.expired.push(word.to_owned());
            }
        }
        ledger
    }

    /// The words that begin so, oldest first, without that beginning.
    pub fn words(&self, beginning: &str) -> Vec<String> {
        let mut words = Vec::new();
        for (word, _) in &self.entries {
            if let Some(rest) = word.strip_prefix(beginning) {
                words.push(rest.to_owned());
            }
        }
        words
    }

    /// Adds a word, or makes it as fresh as `now`.
    pub fn add(&mut self, word: &str, now: f64) {
        self.remove(word);
        self.entries.push((word.to_owned(), now));
    }

    /// Removes a word.
    pub fn remove(&mut self, word: &str) {
        self.entries.retain(|(other, _)| other != word);
    }

    /// The document.
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
    fn it_survives_as_text() {
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
    fn what_is_old_or_of_another_hand_is_dropped() {
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
