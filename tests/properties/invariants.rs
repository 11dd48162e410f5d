//! Invariants for every input, checked by the property tests and the fuzz targets.

use evolink_video::domain::api::MAX_FILES;
use evolink_video::domain::url::Url;
use evolink_video::domain::{
    Kind, PathSegment, Report, Retag, Tag, ValidateOptions, Value, parse_tags, retag, validate,
};
use serde_json::Value as Json;

/// The prompt with every tag of the kind replaced by a noncharacter.
pub fn masked(prompt: &str, kind: Kind) -> String {
    let mut out = String::new();
    let mut done = 0;
    for tag in parse_tags(prompt).iter().filter(|tag| tag.kind == kind) {
        out += &prompt[done..tag.start];
        out.push('\u{10ffff}');
        done = tag.end;
    }
    out + &prompt[done..]
}

/// The file that a tag refers to.
pub fn target(tag: &Tag) -> (Kind, u32) {
    (tag.kind, tag.index)
}

/// Tags are in order, do not overlap, match their spans, and parse on their own.
pub fn tags(prompt: &str) {
    let mut done = 0;
    for tag in parse_tags(prompt) {
        assert!(done <= tag.start && tag.start < tag.end);
        assert_eq!(prompt[tag.start..tag.end], tag.text);
        assert!((1..=MAX_FILES[tag.kind as usize]).contains(&tag.index));
        let alone = parse_tags(&tag.text);
        assert_eq!(alone.iter().map(target).collect::<Vec<_>>(), [target(&tag)]);
        assert_eq!((alone[0].start, alone[0].end), (0, tag.end - tag.start));
        done = tag.end;
    }
}

/// `retag` changes only the tags of the kind, and each keeps referring to the same file.
pub fn retagging(prompt: &str, kind: Kind, order: &[u32]) {
    let limit = MAX_FILES[kind as usize];
    let invalid = order
        .iter()
        .enumerate()
        .any(|(at, old)| !(1..=limit).contains(old) || order[..at].contains(old));
    let Ok(result) = retag(prompt, kind, &Retag::Order(order.to_vec())) else {
        return assert!(invalid, "rejected {order:?}");
    };
    assert!(!invalid, "accepted {order:?}");
    assert_eq!(result.dropped.len(), result.removed.len());
    if is_grouped(prompt, kind) {
        return;
    }
    if stays(prompt, kind, order) && result.prompt == prompt {
        return assert!(result.dropped.is_empty() && result.renumbered.is_empty());
    }
    let expected: Vec<_> = parse_tags(prompt)
        .iter()
        .map(target)
        .filter_map(|(of, index)| match order.iter().position(|old| *old == index) {
            _ if of != kind => Some((of, index)),
            Some(at) => Some((kind, at as u32 + 1)),
            None => None,
        })
        .collect();
    let found: Vec<_> = parse_tags(&result.prompt).iter().map(target).collect();
    assert_eq!(found, expected, "{}", result.prompt);
    for tag in &result.dropped {
        assert!(tag.kind == kind && !order.contains(&tag.index));
        assert_eq!(prompt[tag.start..tag.end], tag.text);
    }
    let dropped: Vec<Tag> = parse_tags(prompt)
        .into_iter()
        .filter(|tag| tag.kind == kind && !order.contains(&tag.index))
        .collect();
    assert_eq!(result.dropped, dropped);
    // The text without the tags of the kind, and without what was removed with them, is unchanged.
    let rest = |text: &str| masked(text, kind).replace('\u{10ffff}', "");
    if !prompt.contains('\u{10ffff}') {
        let kept = without(prompt, &result.dropped, &result.removed);
        assert_eq!(rest(&result.prompt), rest(&kept));
    }
    if dropped.is_empty() {
        let mut inverse: Vec<u32> = (1..=order.len() as u32).collect();
        inverse.sort_by_key(|new| order[*new as usize - 1]);
        // The order may omit files without a tag; then it has no inverse.
        if order.iter().all(|old| *old as usize <= order.len()) {
            assert_eq!(
                retag(&result.prompt, kind, &Retag::Order(inverse))
                    .unwrap()
                    .prompt,
                prompt
            );
        }
    }
    let identity: Vec<u32> = (1..=limit).collect();
    let same = retag(prompt, kind, &Retag::Order(identity)).unwrap();
    assert_eq!((same.prompt.as_str(), same.dropped.len()), (prompt, 0));
}

/// Whether files of the kind may be named by a range, by numbers in a list, or in a list whose separators differ: then
/// the text between the tags changes too. Unit tests have what becomes of it.
pub fn is_grouped(prompt: &str, kind: Kind) -> bool {
    const SEPARATORS: &str = "- – — ~ ～ 〜 … ... to through thru until bis hasta até à до إلى 至 到 から 부터 에서 & / + \
                              and und et e y и 和 と و 与 와 과";
    parse_tags(prompt)
        .iter()
        .filter(|tag| tag.kind == kind)
        .any(|tag| {
            let rest = prompt[tag.end..]
                .trim_start()
                .trim_start_matches([',', '，', '、', '،'])
                .trim_start();
            SEPARATORS.split(' ').any(|separator| rest.starts_with(separator))
                || rest.starts_with(|first: char| first.is_ascii_digit())
        })
}

/// Whether the change swaps two images that may be the only frames.
pub fn stays(prompt: &str, kind: Kind, order: &[u32]) -> bool {
    let are_frames = |tag: &Tag| tag.kind == Kind::Image && tag.index <= 2;
    kind == Kind::Image && order.starts_with(&[2, 1]) && parse_tags(prompt).iter().all(are_frames)
}

/// The prompt without these texts, each of which contains its tag.
fn without(prompt: &str, dropped: &[Tag], removed: &[String]) -> String {
    assert_eq!(dropped.len(), removed.len());
    let (mut kept, mut done) = (String::new(), 0);
    for (tag, text) in dropped.iter().zip(removed) {
        let first = tag.end.saturating_sub(text.len()).max(done);
        let start = (first..=tag.start).find(|at| {
            prompt
                .get(*at..)
                .is_some_and(|rest| rest.starts_with(text.as_str()))
        });
        let start = start.expect("what is removed contains the tag");
        kept.push_str(&prompt[done..start]);
        done = start + text.len();
    }
    kept + &prompt[done..]
}

/// The parts of a URL are substrings of it, in order.
pub fn url(text: &str) {
    let Some(url) = Url::parse(text) else { return };
    assert!(!url.host.is_empty());
    assert!(url.path.is_empty() || url.path.starts_with('/'));
    let after_scheme = &text[url.scheme.len()..];
    assert!(text[..url.scheme.len()].eq_ignore_ascii_case(&url.scheme));
    assert!(after_scheme.starts_with("://"));
    let host = after_scheme.find(url.host).unwrap();
    assert!(after_scheme[host + url.host.len()..].contains(url.path));
    if let Some(ending) = url.extension() {
        assert!(url.path.to_ascii_lowercase().ends_with(&format!(".{ending}")));
        assert!(!ending.starts_with('.') && !ending.contains(['/', '?', '#']));
    }
}

/// A message for people: complete sentences, without Rust's identifiers.
pub fn sentences(text: &str) {
    const OF_RUST: [&str; 17] = [
        "Option", "None", "Some", "Ok", "Err", "Result", "usize", "u32", "i64", "f64", "str", "String",
        "Vec", "Value", "Foreign", "unwrap", "panicked",
    ];
    const NOUNS: [&str; 7] = ["image", "video", "audio", "file", "character", "token", "byte"];
    let prose = without_quotes(text);
    assert!(prose.ends_with(['.', '?']), "no full stop: {text}");
    assert!(!prose.contains("  ") && !prose.starts_with(' '), "spaces: {text}");
    assert!(!prose.contains("::") && !prose.contains("{}"), "{text}");
    let words: Vec<&str> = prose
        .split(' ')
        .map(|word| word.trim_matches(['.', ',', ':', '?', '(', ')']))
        .collect();
    assert!(!words.iter().any(|word| OF_RUST.contains(word)), "Rust: {text}");
    for pair in words.windows(2) {
        assert!(!pair[0].eq_ignore_ascii_case(pair[1]), "a word twice: {text}");
        let Ok(count) = pair[0].parse::<u64>() else {
            continue;
        };
        let wrong = |noun: &str| {
            pair[1]
                == if count == 1 {
                    format!("{noun}s")
                } else {
                    noun.to_owned()
                }
        };
        assert!(!NOUNS.into_iter().any(wrong), "number: {text}");
    }
}

/// The text with an "X" for each quoted part: `name`, "value".
fn without_quotes(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if !matches!(character, '`' | '"') {
            out.push(character);
            continue;
        }
        out.push('X');
        while let Some(inner) = characters.next().filter(|inner| *inner != character) {
            if inner == '\\' && character == '"' {
                characters.next();
            }
        }
    }
    out
}

/// Paths and spans of a report are valid, its messages are sentences, and a request without errors serializes.
pub fn report(request: &Value) -> Report {
    let report = validate(request, &ValidateOptions::default());
    let prompt = request.get("prompt").and_then(Value::as_str).unwrap_or_default();
    for issue in report.errors.iter().chain(&report.warnings) {
        sentences(&issue.message);
        issue.hint.as_deref().map(sentences);
        if let Some((start, end)) = issue.span {
            assert!(start < end, "{issue:?}");
            assert!(!prompt[start..end].is_empty());
            assert_eq!(issue.path[0], PathSegment::Field("prompt".into()));
        }
        if let Some(field) = issue.path.first() {
            assert!(
                matches!(field, PathSegment::Field(_)),
                "a path begins with a field: {issue:?}"
            );
        }
    }
    if report.errors.is_empty() {
        // Tags are skipped only in prompts that are far too long, which is an error.
        assert_eq!(report.tags, parse_tags(prompt));
        json(request);
    }
    report
}

/// A value serialized to JSON parses to the same value.
pub fn json(value: &Value) {
    let text = value.to_json();
    let read: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(same(value, &read), "{text}");
}

fn same(value: &Value, json: &Json) -> bool {
    match (value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(one), Json::Bool(other)) => one == other,
        (Value::Number(one), Json::Number(other)) => Some(one.as_f64()) == other.as_f64(),
        (Value::String(one), Json::String(other)) => one == other,
        (Value::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name.as_ref()).is_some_and(|json| same(value, json)))
        }
        _ => false,
    }
}
