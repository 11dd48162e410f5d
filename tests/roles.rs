//! The precision and recall of role detection on labelled prompts.

use evolink_video::domain::parse_tags;
use serde_json::Value as Json;

/// Prompts in English and Chinese, written for this test. Each tag is labelled with the role that a careful reader
/// infers from the wording, or none. The labels were made independently of the code.
const PROMPTS: &str = include_str!("roles/prompts.json");

/// The prompts from this index on were not used in development, so the results on them apply to other prompts.
const FIRST_HELD_OUT: usize = 155;

#[derive(Default)]
struct Score {
    true_positives: u32,
    false_positives: u32,
    false_negatives: u32,
}

impl Score {
    fn count(&mut self, detected: Option<&str>, expected: Option<&str>) {
        if detected.is_some() && detected == expected {
            self.true_positives += 1;
        } else {
            self.false_positives += u32::from(detected.is_some());
            self.false_negatives += u32::from(expected.is_some());
        }
    }

    fn precision(&self) -> f64 {
        f64::from(self.true_positives) / f64::from(self.true_positives + self.false_positives)
    }

    fn recall(&self) -> f64 {
        f64::from(self.true_positives) / f64::from(self.true_positives + self.false_negatives)
    }
}

#[test]
fn role_detection_meets_its_precision_and_recall() {
    let prompts: Vec<Json> = serde_json::from_str(PROMPTS).unwrap();
    let (mut all, mut held_out) = (Score::default(), Score::default());
    for (index, entry) in prompts.iter().enumerate() {
        let prompt = entry["prompt"].as_str().unwrap();
        let labels = entry["roles"].as_array().unwrap();
        let tags = parse_tags(prompt);
        assert_eq!(tags.len(), labels.len(), "{prompt}");
        for (tag, label) in tags.iter().zip(labels) {
            assert_eq!(tag.text, label[0], "{prompt}");
            let (detected, expected) = (tag.role.map(|role| role.as_str()), label[1].as_str());
            all.count(detected, expected);
            if index >= FIRST_HELD_OUT {
                held_out.count(detected, expected);
            }
            // `cargo test --test roles -- --nocapture` lists the errors.
            if detected != expected && index < FIRST_HELD_OUT {
                println!("{} {detected:?}, expected {expected:?}: {prompt}", tag.text);
            }
        }
    }
    for (which, score, precision, recall) in [("all", all, 0.95, 0.74), ("held out", held_out, 0.95, 0.74)] {
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
