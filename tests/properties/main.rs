//! Property tests: invariants of prompts, URLs and requests, checked on generated inputs.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;
mod invariants;
mod strategies;

use evolink_video::domain::host::classify;
use evolink_video::domain::json::{parse_described, quoted, to_described_json, to_json};
use evolink_video::domain::url::Url;
use evolink_video::domain::{Kind, Retag, Value, parse_tags, retag};
use invariants::target;
use proptest::collection::vec;
use proptest::prelude::*;
use std::net::{Ipv4Addr, Ipv6Addr};
use strategies::{
    address, any_value, disguised, ipv4, kind, name, order, permutation, prompt, request, spelling_of,
};

/// A failure is shrunk and printed, and becomes a regression test below; seeds are not stored in a file.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn tag_spans_match_their_text(prompt in prompt()) {
        invariants::tags(&prompt);
    }

    #[test]
    fn inserting_text_elsewhere_keeps_tags(
        prompt in prompt(),
        text in "[^@]{0,20}",
        position in any::<prop::sample::Index>(),
    ) {
        // Inserted at the ends or next to a space, with a space between the text and any tag.
        let mut positions: Vec<(usize, String)> = prompt
            .match_indices(' ')
            .map(|(at, _)| (at + 1, format!("{text} ")))
            .collect();
        positions.extend([(0, format!("{text} ")), (prompt.len(), format!(" {text}"))]);
        let (at, text) = position.get(&positions);
        let longer = format!("{}{text}{}", &prompt[..*at], &prompt[*at..]);
        let (before, by) = (*at, text.len());
        let expected: Vec<_> = parse_tags(&prompt)
            .iter()
            .map(|tag| (target(tag), if tag.start < before { tag.start } else { tag.start + by }))
            .collect();
        let found: Vec<_> = parse_tags(&longer).iter().map(|tag| (target(tag), tag.start)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn retag_keeps_each_tag_on_its_file(
        prompt in prompt(),
        (kind, order) in kind().prop_flat_map(|kind| (Just(kind), order(kind))),
    ) {
        invariants::retagging(&prompt, kind, &order);
    }

    #[test]
    fn retag_rejects_invalid_orders(prompt in prompt(), kind in kind(), order in vec(0u32..12, 0..6)) {
        invariants::retagging(&prompt, kind, &order);
    }

    #[test]
    fn retag_with_the_inverse_permutation_restores_the_prompt(
        prompt in prompt(),
        (kind, order) in kind().prop_flat_map(|kind| (Just(kind), permutation(kind))),
    ) {
        let mut inverse = order.clone();
        for (new, old) in order.iter().enumerate() {
            inverse[*old as usize - 1] = new as u32 + 1;
        }
        prop_assume!(!invariants::stays(&prompt, kind, &order) && !invariants::is_grouped(&prompt, kind));
        let permuted = retag(&prompt, kind, &Retag::Order(order.clone())).unwrap();
        prop_assert!(permuted.dropped.is_empty());
        prop_assert_eq!(invariants::masked(&permuted.prompt, kind), invariants::masked(&prompt, kind));
        for other in Kind::ALL.iter().filter(|other| **other != kind) {
            let of_other = |text: &str| -> Vec<_> {
                parse_tags(text).into_iter().filter(|tag| tag.kind == *other).map(|tag| tag.text).collect()
            };
            prop_assert_eq!(of_other(&permuted.prompt), of_other(&prompt));
        }
        prop_assert_eq!(retag(&permuted.prompt, kind, &Retag::Order(inverse.clone())).unwrap().prompt, prompt);
    }

    #[test]
    fn retag_with_an_order_of_all_used_files_drops_nothing(
        prompt in prompt(),
        (kind, seed) in kind().prop_flat_map(|kind| (Just(kind), permutation(kind))),
    ) {
        // A number in a list may be that of a further file.
        prop_assume!(!invariants::is_grouped(&prompt, kind));
        let used = parse_tags(&prompt).iter().filter(|tag| tag.kind == kind).map(|tag| tag.index).max();
        let order: Vec<u32> = seed.into_iter().filter(|index| Some(*index) <= used).collect();
        invariants::retagging(&prompt, kind, &order);
        prop_assert!(retag(&prompt, kind, &Retag::Order(order.clone())).unwrap().dropped.is_empty());
    }

    #[test]
    fn url_parser_accepts_or_rejects_any_string(text in address()) {
        invariants::url(&text);
        classify(&text);
    }

    #[test]
    fn every_spelling_of_an_address_has_the_same_scope(
        (address, spelling, disguise) in ipv4().prop_flat_map(|address| {
            spelling_of(address).prop_flat_map(move |spelling| {
                (Just(address), Just(spelling.clone()), disguised(spelling))
            })
        }),
    ) {
        let plain = Ipv4Addr::from_bits(address);
        let scope = classify(&plain.to_string());
        prop_assert!(scope.is_some());
        prop_assert_eq!(classify(&spelling), scope);
        prop_assert_eq!(classify(&disguise), scope);
        let url = format!("https://{disguise}:8080/a.jpg");
        prop_assert_eq!(Url::parse(&url).map(|url| url.scope), scope);
    }

    #[test]
    fn ipv4_mapped_to_ipv6_has_the_same_scope(address in ipv4()) {
        let plain = Ipv4Addr::from_bits(address);
        let (high, low) = (address >> 16, address & 0xffff);
        let mapped: Ipv6Addr = plain.to_ipv6_mapped();
        for spelling in [
            format!("[{mapped}]"),
            format!("[::ffff:{plain}]"),
            format!("[::FFFF:{high:x}:{low:X}]"),
            format!("[0:0:0:0:0:ffff:{high:04x}:{low:04x}]"),
            format!("[0000:0000::0000:ffff:{plain}]"),
        ] {
            prop_assert_eq!(classify(&spelling), classify(&plain.to_string()), "{}", spelling);
        }
    }

    #[test]
    fn rejects_ipv4_parts_above_255(address in ipv4(), more in 256u32.., at in 0usize..3) {
        let mut parts = Ipv4Addr::from_bits(address).octets().map(u32::from);
        parts[at] = more;
        let name = parts.map(|part| part.to_string()).join(".");
        prop_assert_eq!(classify(&name), None);
    }

    #[test]
    fn case_and_a_trailing_dot_do_not_change_the_scope(name in prop_oneof![name(), "[!-~]{0,12}", any::<String>()]) {
        let scope = classify(&name);
        prop_assert_eq!(classify(&name.to_ascii_uppercase()), scope);
        if !name.is_empty() && !name.ends_with(['.', '。', '．', '｡']) && !name.starts_with('[') && scope.is_some() {
            prop_assert_eq!(classify(&format!("{name}.")), scope);
        }
    }

    #[test]
    fn scheme_case_port_and_path_do_not_change_the_scope(name in name(), port in any::<u16>(), path in "[!-~]{0,12}") {
        let scope = classify(&name);
        for url in [
            format!("https://{name}"),
            format!("HTTPS://{name}:{port}/{path}"),
            format!("https://{name}?{path}"),
            format!("http://{name}#{path}"),
        ] {
            prop_assert_eq!(Url::parse(&url).map(|url| url.scope), scope, "{}", url);
        }
    }

    #[test]
    fn values_survive_the_described_json(value in any_value()) {
        let read = parse_described(&described_json(&value)).unwrap();
        prop_assert_eq!(described_json(&read), described_json(&value));
        prop_assert_eq!(to_described_json(&read), to_described_json(&value));
    }

    #[test]
    fn described_json_reader_does_not_panic(text in "[ntfidsx\\[\\]{}0-9:;,\"!é🎬-]{0,30}") {
        parse_described(&text);
    }

    #[test]
    fn accepts_the_same_ipv6_addresses_as_the_standard_library(
        text in prop_oneof![
            "[0-9a-f:.]{0,24}",
            "(([0-9a-f]{1,4}:){0,7}|:)(:([0-9a-f]{1,4}:){0,3})?([0-9a-f]{0,5}|[0-9]{1,3}(\\.[0-9]{1,3}){2,4})",
        ]
    ) {
        prop_assert_eq!(classify(&format!("[{text}]")).is_some(), text.parse::<Ipv6Addr>().is_ok());
    }

    #[test]
    fn validate_reports_on_any_value(value in any_value()) {
        invariants::report(&value);
    }

    #[test]
    fn valid_requests_serialize_to_json(request in request()) {
        invariants::report(&request);
    }
}

/// The JSON with descriptions that JavaScript passes.
fn described_json(value: &Value) -> String {
    match value {
        Value::Foreign(what) => format!("!{}", quoted(what)),
        Value::File(file) => format!(
            "!{{\"name\":{},\"mediaType\":{},\"bytes\":{}}}",
            quoted(&file.name),
            quoted(&file.media_type),
            file.bytes
        ),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(described_json).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", quoted(key), described_json(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        plain => to_json(plain),
    }
}

#[test]
fn generated_requests_are_both_valid_and_invalid() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut valid = 0;
    for _ in 0..1000 {
        let request = request().new_tree(&mut runner).unwrap().current();
        valid += usize::from(invariants::report(&request).errors.is_empty());
    }
    assert!((50..950).contains(&valid), "{valid} of 1000 are valid");
}

#[test]
fn names_from_the_request_do_not_break_messages() {
    let strange = [
        "`",
        "a``b",
        "\"",
        "a\nb. C",
        "",
        "{field}",
        "x://`:`@`/?`",
        "\u{202e}a",
        "🎬",
    ];
    let mut names: Vec<String> = strange.map(str::to_owned).to_vec();
    names.extend(["a", "`", "\"", "\n", "🎬"].map(|piece| piece.repeat(500)));
    for name in names {
        let params = Value::object([("web_search", Some(true.into()))]);
        let mut params = params.entries().to_vec();
        params.push((name.clone().into(), 1_i64.into()));
        let mut request = Value::object([
            ("model", Some(name.clone().into())),
            ("prompt", Some("A cat".into())),
            ("image_urls", Some(Value::texts(&[&name]))),
            ("quality", Some(name.clone().into())),
            ("model_params", Some(Value::Object(params))),
        ]);
        request.set(&name, 1_i64.into());
        invariants::report(&request);
    }
}

#[test]
fn json_round_trips() {
    let odd = serde_json::json!({ "a\"\\\u{7f}\n\u{1}": [1e300, -0.0, 0.1, 9007199254740993u64], "": {}, "🎬": null });
    invariants::json(&common::value(&odd));
    invariants::report(&Value::Null);
}

#[test]
fn regressions() {
    // Removing the first tag must not turn the text right after it into a tag.
    for prompt in ["@Image1@Image1", "@Audio1@Image1", "@Image1@@Image1@Audio1["] {
        for kind in Kind::ALL {
            invariants::retagging(prompt, *kind, &[]);
        }
    }
    // White space costs no tokens, so a prompt of much white space is not too long, and its tags are checked.
    for blank in [" ", "\n", "\t", "\u{3000}"] {
        let prompt = format!("a{}@Image5", blank.repeat(100_001));
        let request = Value::object([
            ("model", Some("seedance-2.0".into())),
            ("prompt", Some(prompt.into())),
        ]);
        assert!(!invariants::report(&request).errors.is_empty(), "{blank:?}");
    }
}

#[test]
fn validates_a_prompt_of_megabytes_in_linear_time() {
    let start = std::time::Instant::now();
    for piece in [
        "@Image1 ",
        "@Image1 as first frame, ",
        "[Image1] ",
        "@",
        "\u{201c}",
        "\"a",
        " ",
        "第",
    ] {
        let prompt = piece.repeat(1_000_000 / piece.len()) + "a";
        invariants::report(&Value::object([
            ("model", Some("seedance-2.0".into())),
            ("prompt", Some(prompt.into())),
        ]));
    }
    // Takes a second unoptimized; a quadratic algorithm would take hours.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
