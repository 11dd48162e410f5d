//! What holds for every prompt, address and request, tried on drawn ones.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;
mod inputs;
mod laws;

use evolink_video::domain::host::locate;
use evolink_video::domain::json::{parse_described, quoted, to_described_json, to_json};
use evolink_video::domain::url::Url;
use evolink_video::domain::{Kind, Retag, Value, parse_tags, retag};
use inputs::{
    address, anything, disguised, ipv4, kind, name, order, permutation, prompt, request, spelling_of,
};
use laws::target;
use proptest::collection::vec;
use proptest::prelude::*;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What fails is shrunk and printed, and becomes a test by hand; no file keeps the seed.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn tags_stand_where_they_say(prompt in prompt()) {
        laws::tags(&prompt);
    }

    #[test]
    fn text_elsewhere_leaves_tags_as_they_are(
        prompt in prompt(),
        text in "[^@]{0,20}",
        place in any::<prop::sample::Index>(),
    ) {
        // At the ends and beside white space, a blank keeps the text away from what could be a tag.
        let mut places: Vec<(usize, String)> = prompt
            .match_indices(' ')
            .map(|(at, _)| (at + 1, format!("{text} ")))
            .collect();
        places.extend([(0, format!("{text} ")), (prompt.len(), format!(" {text}"))]);
        let (at, text) = place.get(&places);
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
    fn tags_follow_their_files(
        prompt in prompt(),
        (kind, order) in kind().prop_flat_map(|kind| (Just(kind), order(kind))),
    ) {
        laws::renumbering(&prompt, kind, &order);
    }

    #[test]
    fn an_unusable_order_is_refused(prompt in prompt(), kind in kind(), order in vec(0u32..12, 0..6)) {
        laws::renumbering(&prompt, kind, &order);
    }

    #[test]
    fn a_permutation_and_its_inverse_give_the_prompt_back(
        prompt in prompt(),
        (kind, order) in kind().prop_flat_map(|kind| (Just(kind), permutation(kind))),
    ) {
        let mut inverse = order.clone();
        for (new, old) in order.iter().enumerate() {
            inverse[*old as usize - 1] = new as u32 + 1;
        }
        let there = retag(&prompt, kind, &Retag::Order(order.clone())).unwrap();
        prop_assert!(there.dropped.is_empty());
        prop_assert_eq!(laws::masked(&there.prompt, kind), laws::masked(&prompt, kind));
        for other in Kind::ALL.iter().filter(|other| **other != kind) {
            let of_other = |text: &str| -> Vec<_> {
                parse_tags(text).into_iter().filter(|tag| tag.kind == *other).map(|tag| tag.text).collect()
            };
            prop_assert_eq!(of_other(&there.prompt), of_other(&prompt));
        }
        prop_assert_eq!(retag(&there.prompt, kind, &Retag::Order(inverse.clone())).unwrap().prompt, prompt);
    }

    #[test]
    fn an_order_of_the_used_files_and_back_gives_the_prompt_back(
        prompt in prompt(),
        (kind, seed) in kind().prop_flat_map(|kind| (Just(kind), permutation(kind))),
    ) {
        let used = parse_tags(&prompt).iter().filter(|tag| tag.kind == kind).map(|tag| tag.index).max();
        let order: Vec<u32> = seed.into_iter().filter(|index| Some(*index) <= used).collect();
        laws::renumbering(&prompt, kind, &order);
        prop_assert!(retag(&prompt, kind, &Retag::Order(order.clone())).unwrap().dropped.is_empty());
    }

    #[test]
    fn any_text_is_an_address_or_not(text in address()) {
        laws::url(&text);
        locate(&text);
    }

    #[test]
    fn every_spelling_of_an_address_is_in_one_place(
        (address, spelling, disguise) in ipv4().prop_flat_map(|address| {
            spelling_of(address).prop_flat_map(move |spelling| {
                (Just(address), Just(spelling.clone()), disguised(spelling))
            })
        }),
    ) {
        let plain = Ipv4Addr::from_bits(address);
        let place = locate(&plain.to_string());
        prop_assert!(place.is_some());
        prop_assert_eq!(locate(&spelling), place);
        prop_assert_eq!(locate(&disguise), place);
        let url = format!("https://{disguise}:8080/a.jpg");
        prop_assert_eq!(Url::parse(&url).map(|url| url.place), place);
    }

    #[test]
    fn ipv4_within_ipv6_is_in_the_same_place(address in ipv4()) {
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
            prop_assert_eq!(locate(&spelling), locate(&plain.to_string()), "{}", spelling);
        }
    }

    #[test]
    fn too_large_a_part_is_no_address(address in ipv4(), more in 256u32.., at in 0usize..3) {
        let mut parts = Ipv4Addr::from_bits(address).octets().map(u32::from);
        parts[at] = more;
        let name = parts.map(|part| part.to_string()).join(".");
        prop_assert_eq!(locate(&name), None);
    }

    #[test]
    fn neither_case_nor_a_last_dot_matters(name in prop_oneof![name(), "[!-~]{0,12}", any::<String>()]) {
        let place = locate(&name);
        prop_assert_eq!(locate(&name.to_ascii_uppercase()), place);
        if !name.is_empty() && !name.ends_with(['.', '。', '．', '｡']) && !name.starts_with('[') && place.is_some() {
            prop_assert_eq!(locate(&format!("{name}.")), place);
        }
    }

    #[test]
    fn neither_scheme_case_nor_port_nor_path_moves_a_host(name in name(), port in any::<u16>(), path in "[!-~]{0,12}") {
        let place = locate(&name);
        for url in [
            format!("https://{name}"),
            format!("HTTPS://{name}:{port}/{path}"),
            format!("https://{name}?{path}"),
            format!("http://{name}#{path}"),
        ] {
            prop_assert_eq!(Url::parse(&url).map(|url| url.place), place, "{}", url);
        }
    }

    #[test]
    fn a_value_from_javascript_is_read_as_it_is(value in anything()) {
        let read = parse_described(&written(&value)).unwrap();
        prop_assert_eq!(written(&read), written(&value));
        prop_assert_eq!(to_described_json(&read), to_described_json(&value));
    }

    #[test]
    fn no_text_is_too_odd_for_a_value(text in "[ntfidsx\\[\\]{}0-9:;,\"!é🎬-]{0,30}") {
        parse_described(&text);
    }

    #[test]
    fn what_is_an_ipv6_address_is_as_the_standard_library_has_it(
        text in prop_oneof![
            "[0-9a-f:.]{0,24}",
            "(([0-9a-f]{1,4}:){0,7}|:)(:([0-9a-f]{1,4}:){0,3})?([0-9a-f]{0,5}|[0-9]{1,3}(\\.[0-9]{1,3}){2,4})",
        ]
    ) {
        prop_assert_eq!(locate(&format!("[{text}]")).is_some(), text.parse::<Ipv6Addr>().is_ok());
    }

    #[test]
    fn any_value_gets_a_report(value in anything()) {
        laws::report(&value);
    }

    #[test]
    fn a_request_without_errors_can_be_sent(request in request()) {
        laws::report(&request);
    }
}

/// The text that JavaScript passes.
fn written(value: &Value) -> String {
    match value {
        Value::Foreign(what) => format!("!{}", quoted(what)),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", quoted(key), written(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        plain => to_json(plain),
    }
}

#[test]
fn some_drawn_requests_are_good_and_some_are_not() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut good = 0;
    for _ in 0..1000 {
        let request = request().new_tree(&mut runner).unwrap().current();
        good += usize::from(laws::report(&request).errors.is_empty());
    }
    assert!((50..950).contains(&good), "{good} of 1000 are good");
}

#[test]
fn what_json_can_say_reads_back() {
    let odd = serde_json::json!({ "a\"\\\u{7f}\n\u{1}": [1e300, -0.0, 0.1, 9007199254740993u64], "": {}, "🎬": null });
    laws::json(&common::value(&odd));
    laws::report(&Value::Null);
}

#[test]
fn what_was_found_stays_mended() {
    // Taking out the first tag must not make a tag of what stood right behind it and was none.
    for prompt in ["@Image1@Image1", "@Audio1@Image1", "@Image1@@Image1@Audio1["] {
        for kind in Kind::ALL {
            laws::renumbering(prompt, *kind, &[]);
        }
    }
    // White space costs no tokens, so a long text of it is not too long, and its tags must be read.
    for blank in [" ", "\n", "\t", "\u{3000}"] {
        let prompt = format!("a{}@Image5", blank.repeat(100_001));
        let request = Value::object([
            ("model", Some("seedance-2.0".into())),
            ("prompt", Some(prompt.into())),
        ]);
        assert!(!laws::report(&request).errors.is_empty(), "{blank:?}");
    }
}

#[test]
fn a_prompt_of_megabytes_gets_a_report_soon() {
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
        laws::report(&Value::object([
            ("model", Some("seedance-2.0".into())),
            ("prompt", Some(prompt.into())),
        ]));
    }
    // A second without optimisation; were one of them quadratic, it would be hours.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
