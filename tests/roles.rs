//! How well the roles of tags are read, measured on labelled prompts.

use evolink_video::domain::parse_tags;
use serde_json::Value as Json;

/// Prompts written for this, in English and Chinese, each tag with the role that a careful reader takes
/// from the wording, or none. Labelled without a look at the reader.
const PROMPTS: &str = include_str!("roles/prompts.json");

/// The prompts from here on were not looked at while the reader was made: how it does on these is how it
/// does on prompts at large.
const FIRST_UNSEEN: usize = 155;

#[derive(Default)]
struct Score {
    /// Roles read, and right.
    right: u32,
    /// Roles read that are others, or none.
    wrong: u32,
    /// Roles that were not read, or not so.
    missed: u32,
}

impl Score {
    fn count(&mut self, read: Option<&str>, wanted: Option<&str>) {
        if read.is_some() && read == wanted {
            self.right += 1;
        } else {
            self.wrong += u32::from(read.is_some());
            self.missed += u32::from(wanted.is_some());
        }
    }

    /// Of the roles read, how many are right.
    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong)
    }

    /// Of the roles there are, how many were read.
    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.missed)
    }
}

#[test]
fn roles_are_read_with_precision_and_recall() {
    let prompts: Vec<Json> = serde_json::from_str(PROMPTS).unwrap();
    let (mut all, mut unseen) = (Score::default(), Score::default());
    for (index, entry) in prompts.iter().enumerate() {
        let prompt = entry["prompt"].as_str().unwrap();
        let labels = entry["roles"].as_array().unwrap();
        let tags = parse_tags(prompt);
        assert_eq!(tags.len(), labels.len(), "{prompt}");
        for (tag, label) in tags.iter().zip(labels) {
            assert_eq!(tag.text, label[0], "{prompt}");
            let (read, wanted) = (tag.role.map(|role| role.as_str()), label[1].as_str());
            all.count(read, wanted);
            if index >= FIRST_UNSEEN {
                unseen.count(read, wanted);
            }
            // `cargo test --test roles -- --nocapture` lists them.
            if read != wanted && index < FIRST_UNSEEN {
                println!("{} {read:?}, not {wanted:?}: {prompt}", tag.text);
            }
        }
    }
    for (which, score, precision, recall) in [("all", all, 0.95, 0.74), ("unseen", unseen, 0.95, 0.74)] {
        println!(
            "{which}: precision {:.3}, recall {:.3}",
            score.precision(),
            score.recall()
        );
        assert!(
            score.precision() >= precision && score.recall() >= recall,
            "{which}"
        );
    }
}
