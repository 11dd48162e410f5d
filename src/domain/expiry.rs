//! When a signed URL expires, as its own query says.

use super::http_date::days_since_1970;
use crate::text::{parse_digits, slice, split, split_once, template};

/// Seconds since 1970 after which a signed URL is invalid; `None` if its query does not say so.
///
/// Read are the date `X-Amz-Date` with the seconds `X-Amz-Expires` (S3; Google and Alibaba have such a pair too), the
/// seconds since 1970 of `Expires` (CloudFront, Google, Alibaba), of `e` (Qiniu) and at the end of `q-sign-time`
/// (Tencent), the same in hexadecimal of `ex` (Discord) and `oe` (Meta), and the date `se` (Azure).
pub fn expiry(query: &str) -> Option<i64> {
    let (mut start, mut end) = (None, None);
    for pair in split(query, b'&') {
        let Some((name, value)) = split_once(pair, b'=') else {
            continue;
        };
        let name = name.to_ascii_lowercase();
        let read = match name.as_str() {
            "se" => seconds(value),
            "ex" | "oe" => hexadecimal(value),
            // Two numbers of ten digits, with ";" or "%3B" between them.
            "q-sign-time" => decimal(slice(value, value.len().saturating_sub(10)..value.len())),
            _ if name == "e" || name.ends_with("expires") => decimal(value),
            _ if name.ends_with("-date") => {
                start = seconds(value);
                continue;
            }
            _ => continue,
        };
        end = read.or(end);
    }
    let end = end?;
    // A smaller number is how long the URL is valid, or no time at all.
    if end >= 1_000_000_000 {
        Some(end)
    } else {
        Some(start? + end)
    }
}

fn decimal(text: &str) -> Option<i64> {
    parse_digits(text)
        .filter(|number| *number < 1e10)
        .map(|number| number as i64)
}

fn hexadecimal(text: &str) -> Option<i64> {
    let digit = |number: i64, digit: char| Some(number * 16 + i64::from(digit.to_digit(16)?));
    if text.len() == 8 {
        text.chars().try_fold(0, digit)
    } else {
        None
    }
}

/// Seconds since 1970 of an ISO date with or without separators, in which a colon may be `%3A`.
fn seconds(text: &str) -> Option<i64> {
    let mut digits = String::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'0'..=b'9' => digits.push(byte.into()),
            b'%' => drop((bytes.next(), bytes.next())),
            // A fraction.
            b'.' => break,
            _ => {}
        }
    }
    // A date, perhaps with the time.
    if digits.len() < 8 {
        return None;
    }
    let part =
        |from: usize, to: usize| parse_digits(slice(&digits, from..to)).map_or(0, |number| number as i64);
    let days = days_since_1970(part(0, 4), part(4, 6), part(6, 8));
    Some(((days * 24 + part(8, 10)) * 60 + part(10, 12)) * 60 + part(12, 14))
}

/// A time as text: "2026-11-27 08:30 UTC".
pub fn date_text(seconds: i64) -> String {
    // The inverse of `days_since_1970`.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 {
        (year, month + 3)
    } else {
        (year + 1, month - 9)
    };
    let minutes = seconds / 60 % 1_440;
    let digits =
        (((era * 400 + year) * 100 + month) * 100 + day) * 10_000 + minutes / 60 * 100 + minutes % 60;
    let digits = template!("{}", digits);
    let part = |from: usize, to: usize| slice(&digits, from..to);
    template!(
        "{}-{}-{} {}:{} UTC",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_end_of_signed_urls() {
        for (query, end) in [
            (
                "X-Amz-Date=20261127T083000Z&X-Amz-Expires=3600",
                Some(1_795_771_800),
            ),
            (
                "x-goog-expires=60&X-Goog-Date=20240229T235959Z",
                Some(1_709_251_259),
            ),
            (
                "x-oss-date=20261127T083000Z&x-oss-expires=0&x-oss-signature=1",
                Some(1_795_768_200),
            ),
            ("Expires=1795768200&Signature=9999999999", Some(1_795_768_200)),
            ("x-expires=1795768200&x-signature=a", Some(1_795_768_200)),
            (
                "imageMogr2/format/png&e=1795768200&token=a:b",
                Some(1_795_768_200),
            ),
            ("ex=6b093b48&is=65f00000&hm=a&", Some(1_795_767_112)),
            ("q-sign-time=1795764600;1795768200", Some(1_795_768_200)),
            ("q-sign-time=1795764600%3B1795768200", Some(1_795_768_200)),
            (
                "sv=2024-11-04&st=2026-11-01T00:00:00Z&se=2026-11-27T08%3A30%3A00Z&sig=a",
                Some(1_795_768_200),
            ),
            ("se=2026-11-27T08:30:00.1234567Z", Some(1_795_768_200)),
            ("se=2026-11-27T08:30Z", Some(1_795_768_200)),
            ("se=2026-11-27", Some(1_795_737_600)),
            (
                "X-Amz-Date=20261127T083000Z&X-Amz-Expires=60&response-expires=never",
                Some(1_795_768_260),
            ),
            ("", None),
            ("expires=3600", None),
            ("X-Amz-Date=20261127T083000Z", None),
            ("Expires=99999999999", None),
            ("Expires=soon", None),
            ("ex=1", None),
            ("ex=sentence", None),
            ("se=right", None),
            ("t=1500000000", None),
        ] {
            assert_eq!(expiry(query), end, "{query}");
        }
    }

    #[test]
    fn a_time_as_text_is_read_as_the_same_time() {
        assert_eq!(date_text(1_795_768_200), "2026-11-27 08:30 UTC");
        assert_eq!(date_text(1_709_164_799), "2024-02-28 23:59 UTC");
        for days in 0..60_000 {
            let time = days * 86_400 + 3_660;
            assert_eq!(seconds(&date_text(time)), Some(time));
        }
    }
}
