//! When a signed URL expires, as its own query says.

use super::http_date::days_since_1970;
use crate::text::{parse_digits, slice, split, split_once};

/// Seconds since 1970 after which a signed URL is invalid; `None` if its query does not say so.
///
/// Read are the date `X-Amz-Date` with the seconds `X-Amz-Expires` (S3; Google and Alibaba have such a pair too), the
/// seconds since 1970 of `Expires` (CloudFront, Google, Alibaba) and `e` (Qiniu), the end of `q-sign-time` (Tencent), the
/// hexadecimal seconds of `ex` (Discord) and `oe` (Meta), and the date `se` (Azure).
pub fn expiry(query: &str) -> Option<f64> {
    let query = query.strip_prefix("?")?.to_ascii_lowercase();
    let (mut start, mut end) = (None, None);
    for pair in split(&query, b'&') {
        let Some((name, value)) = split_once(pair, b'=') else {
            continue;
        };
        if name.ends_with("-date") {
            start = seconds(value);
        }
        let read = match name {
            "se" => seconds(value),
            "ex" | "oe" => hexadecimal(value),
            "q-sign-time" => parse_digits(slice(value, value.len().saturating_sub(10)..value.len())),
            _ if name == "e" || name.ends_with("expires") => parse_digits(value),
            _ => None,
        };
        end = read.or(end);
    }
    // A smaller number is how long the URL is valid, or no time at all; a larger one has another unit.
    match end? {
        end if end < 1e9 => Some(start? + end),
        end => Some(end).filter(|end| *end < 1e10),
    }
}

/// The number of eight hexadecimal digits in lower case.
fn hexadecimal(text: &str) -> Option<f64> {
    let digit = |value: f64, byte: u8| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        Some(value * 16.0 + f64::from(digit))
    };
    text.bytes().try_fold(0.0, digit).filter(|_| text.len() == 8)
}

/// Seconds since 1970 of an ISO date with or without separators, in which a colon may be `%3A`.
fn seconds(text: &str) -> Option<f64> {
    const DIGITS: usize = 14;
    let (mut number, mut count, mut skipped) = (0_i64, 0, 0);
    for byte in text.bytes() {
        if byte == b'%' {
            skipped = 3;
        }
        if skipped > 0 {
            skipped -= 1;
        } else if byte.is_ascii_digit() && count < DIGITS {
            number = number * 10 + i64::from(byte - b'0');
            count += 1;
        }
    }
    // At least the date.
    if count < 8 {
        return None;
    }
    for _ in count..DIGITS {
        number *= 10;
    }
    let part = |unit: i64| number / unit % 100;
    let days = days_since_1970(number / 10_000_000_000, part(100_000_000), part(1_000_000));
    Some((((days * 24 + part(10_000)) * 60 + part(100)) * 60 + part(1)) as f64)
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
            ("ex=6b090208&is=6b08b088&hm=a", Some(1_795_752_456)),
            ("_nc_ht=a&oh=00_A&oe=6B090208&_nc_sid=1", Some(1_795_752_456)),
            (
                "q-sign-algorithm=sha1&q-sign-time=1795764600;1795768200&q-key-time=1;2",
                Some(1_795_768_200),
            ),
            ("q-sign-time=1795764600%3B1795768200", Some(1_795_768_200)),
            ("", None),
            ("oe=utf8&ex=12&q-sign-time=1", None),
            ("expires=3600", None),
            ("X-Amz-Date=20261127T083000Z", None),
            ("Expires=99999999999", None),
            ("Expires=soon", None),
            ("se=right", None),
            ("t=1500000000", None),
        ] {
            assert_eq!(expiry(&format!("?{query}")), end.map(f64::from), "{query}");
        }
    }
}
