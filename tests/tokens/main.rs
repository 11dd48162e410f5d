//! Compares `estimate_tokens` with the counts of real tokenizers that `tools/calibrate.js` recorded.

use evolink_video::domain::estimate_tokens;
use serde_json::Value as Json;
use std::time::{Duration, Instant};

struct Row {
    category: String,
    held_out: bool,
    text: String,
    smallest: u32,
    median: u32,
    largest: u32,
}

fn rows() -> Vec<Row> {
    let parse = |json: &str| -> Vec<Json> { serde_json::from_str(json).unwrap() };
    let corpus = parse(include_str!("corpus.json"));
    let counts = parse(include_str!("counts.json"));
    assert_eq!(corpus.len(), counts.len());
    corpus
        .iter()
        .zip(&counts)
        .flat_map(|(texts, counts)| category(texts, counts))
        .collect()
}

fn category(texts: &Json, counts: &Json) -> Vec<Row> {
    assert_eq!(texts["category"], counts["category"]);
    let list = |json: &Json| json.as_array().unwrap().clone();
    let (texts, name, counts) = (list(&texts["texts"]), &texts["category"], list(&counts["counts"]));
    assert_eq!(texts.len(), counts.len(), "{name}: run `node tools/calibrate.js`");
    let row = |(index, (text, counts)): (usize, (&Json, &Json))| {
        let count = |at: usize| counts[at].as_u64().unwrap() as u32;
        Row {
            category: name.as_str().unwrap().to_owned(),
            held_out: index % 2 == 1,
            text: text.as_str().unwrap().to_owned(),
            smallest: count(0),
            median: count(1),
            largest: count(2),
        }
    };
    texts.iter().zip(&counts).enumerate().map(row).collect()
}

/// Mean, median and 90th percentile of the error of `estimate`, in percent of the median count.
fn errors<'a>(rows: impl Iterator<Item = &'a Row>) -> [f64; 3] {
    let mut errors: Vec<f64> = rows
        .map(|row| {
            let estimate = f64::from(estimate_tokens(&row.text).estimate);
            100.0 * (estimate - f64::from(row.median)).abs() / f64::from(row.median)
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    let percentile = |share: f64| errors[(errors.len() as f64 * share) as usize];
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    [mean, percentile(0.5), percentile(0.9)]
}

#[test]
fn the_corpus_has_at_least_150_distinct_texts() {
    let mut texts: Vec<String> = rows().into_iter().map(|row| row.text).collect();
    assert!(texts.len() >= 150);
    let all = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), all);
}

#[test]
fn every_tokenizer_counts_between_low_and_high() {
    for row in rows() {
        let tokens = estimate_tokens(&row.text);
        assert!(
            tokens.low <= row.smallest,
            "{tokens:?}, {}: {}",
            row.smallest,
            row.text
        );
        assert!(
            tokens.high >= row.largest,
            "{tokens:?}, {}: {}",
            row.largest,
            row.text
        );
        assert!(tokens.low <= tokens.estimate && tokens.estimate <= tokens.high);
    }
}

/// The rows of the table "By category": the category, and the errors of both halves.
fn reported() -> Vec<(String, [f64; 6])> {
    let table = include_str!("REPORT.md").split("## By").nth(1).unwrap();
    let cells = |line: &str| {
        line.split('|')
            .map(|cell| cell.trim().to_owned())
            .collect::<Vec<_>>()
    };
    table
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .map(|line| {
            let cells = cells(line);
            let errors = std::array::from_fn(|at| cells[at + 3].parse().unwrap());
            (cells[1].clone(), errors)
        })
        .collect()
}

#[test]
fn errors_match_the_report() {
    let rows = rows();
    let reported = reported();
    assert!(
        rows.iter()
            .all(|row| reported.iter().any(|(name, _)| *name == row.category))
    );
    for (name, stated) in reported {
        let own = |held_out| {
            let name = &name;
            errors(
                rows.iter()
                    .filter(move |row| row.held_out == held_out && (name == "all" || row.category == *name)),
            )
        };
        let found = [own(false), own(true)].concat();
        for (stated, found) in stated.iter().zip(&found) {
            assert!(
                (stated - found).abs() < 0.51,
                "{name}: {found:?}; run `node tools/calibrate.js`"
            );
        }
    }
}

#[test]
fn errors_stay_below_the_limits() {
    let rows = rows();
    let assert_within = |categories: &[&str], limits: [f64; 3]| {
        let own = rows
            .iter()
            .filter(|row| categories.is_empty() || categories.contains(&&*row.category));
        let found = errors(own);
        let fits = found.iter().zip(limits).all(|(found, limit)| *found <= limit);
        assert!(fits, "{categories:?}: {found:?}");
    };
    assert_within(
        &["english short", "english", "english long", "tags"],
        [6.0, 6.0, 16.0],
    );
    assert_within(&["code", "JSON and YAML", "URLs and paths"], [12.0, 12.0, 22.0]);
    assert_within(
        &["chinese", "japanese", "korean", "mixed scripts"],
        [20.0, 15.0, 60.0],
    );
    assert_within(
        &["arabic", "hebrew", "indic", "cyrillic", "european"],
        [20.0, 20.0, 40.0],
    );
    assert_within(&[], [20.0, 10.0, 50.0]);
}

/// Splits a text near its middle.
fn halves(text: &str) -> (&str, &str) {
    let middle = (text.len() / 2..).find(|at| text.is_char_boundary(*at)).unwrap();
    text.split_at(middle)
}

#[test]
fn bounds_of_concatenated_texts_are_at_most_the_sum() {
    let rows = rows();
    let parts = rows.iter().map(|row| halves(&row.text));
    let neighbours = rows.windows(2).map(|two| (&*two[0].text, &*two[1].text));
    for (one, other) in parts.chain(neighbours) {
        let [first, second, both] = [one, other, &format!("{one}{other}")].map(estimate_tokens);
        // `low` holds for every text because it holds for every token and is subadditive.
        assert!(both.low <= first.low + second.low, "{one}|{other}");
        assert!(both.high <= first.high + second.high, "{one}|{other}");
        let sum = first.estimate + second.estimate;
        // A split word, or two words joined into one, can change the estimate slightly.
        assert!(
            both.estimate <= sum + 3 && both.estimate + 3 >= sum,
            "{one}|{other}"
        );
        assert!(both.high >= first.high.max(second.high), "{one}|{other}");
        assert!(both.low + 1 >= first.low.max(second.low), "{one}|{other}");
    }
}

#[test]
fn estimates_ten_megabytes_in_linear_time() {
    for unit in [
        "A cat walks, slowly. ",
        "a",
        " ",
        ",",
        "猫",
        "🐈‍⬛",
        "e\u{301}",
        "1",
    ] {
        let text = unit.repeat(10_000_000 / unit.len());
        let start = Instant::now();
        let tokens = estimate_tokens(&text);
        // Takes a quarter of a second unoptimized; a quadratic algorithm would take hours.
        assert!(start.elapsed() < Duration::from_secs(5), "{unit:?}");
        assert!(tokens.low <= tokens.estimate && tokens.estimate <= tokens.high);
        let hundredth = estimate_tokens(&unit.repeat(100_000 / unit.len()));
        let ratio = f64::from(tokens.high) / f64::from(hundredth.high);
        assert!((99.0..101.0).contains(&ratio), "{unit:?}: {ratio}");
    }
}
