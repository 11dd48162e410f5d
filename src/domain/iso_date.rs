//! Dates as ISO 8601 writes them.

use super::http_date::days_since_1970;
use crate::text::{parse_digits, push_integer};

/// Milliseconds since 1970 of a date such as `2025-10-09T00:47:04+08:00`. Fractions of a second are dropped.
///
/// A date without a zone is one of China, as the dates of the files API are.
/// [`Source::VendorPages`](super::api::Source::VendorPages)
pub fn iso_date_ms(text: &str) -> Option<f64> {
    let number = |from: usize, digits: usize| {
        let digits = parse_digits(text.get(from..from.checked_add(digits)?)?)?;
        Some(digits as i64)
    };
    let bytes = text.as_bytes();
    let is_date = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let has_time = matches!(bytes.get(10), Some(b'T' | b't' | b' ')) && bytes.get(13) == Some(&b':');
    if !is_date || !has_time || bytes.get(16) != Some(&b':') {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let mut zone = 19;
    while matches!(bytes.get(zone), Some(b'.' | b'0'..=b'9')) {
        zone += 1;
    }
    let ahead = match bytes.get(zone) {
        None => 8 * 60,
        Some(b'Z' | b'z') => 0,
        Some(sign @ (b'+' | b'-')) => {
            let colon = usize::from(bytes.get(zone + 3) == Some(&b':'));
            let minutes = number(zone + 1, 2)? * 60 + number(zone + 3 + colon, 2).unwrap_or(0);
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let minutes = (days_since_1970(year, month, day) * 24 + hour) * 60 + minute - ahead;
    Some((minutes * 60 + second) as f64 * 1000.0)
}

/// A time after 1970 as an ISO date with the minute: `2026-11-27T08:30Z`.
pub fn iso_minute(seconds: i64) -> String {
    let (days, minutes) = (seconds / 86_400, seconds % 86_400 / 60);
    let (mut year, mut month) = (1970, 1);
    while days_since_1970(year + 1, 1, 1) <= days {
        year += 1;
    }
    while days_since_1970(year, month + 1, 1) <= days {
        month += 1;
    }
    let mut out = String::new();
    for (number, before) in [
        (year / 100, ""),
        (year % 100, ""),
        (month, "-"),
        (days - days_since_1970(year, month, 1) + 1, "-"),
        (minutes / 60, "T"),
        (minutes % 60, ":"),
    ] {
        out.push_str(before);
        if number < 10 {
            out.push('0');
        }
        push_integer(number, &mut out);
    }
    out.push('Z');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_with_and_without_a_zone() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0.0)),
            ("2025-10-09T00:47:04+08:00", Some(1_759_942_024.0)),
            ("2025-10-09T00:47:04", Some(1_759_942_024.0)),
            ("2025-10-08 16:47:04.123Z", Some(1_759_942_024.0)),
            ("2025-10-08T11:47:04-0500", Some(1_759_942_024.0)),
            ("2025-10-08T11:47:04-05", Some(1_759_942_024.0)),
            ("", None),
            ("2025-10-09", None),
            ("2025-13-09T00:47:04Z", None),
            ("2025-10-09T00:47:04+", None),
            ("2025-10-09T00:47:04 CET", None),
            ("2025-10-0é:47:04Z-------", None),
        ] {
            assert_eq!(
                iso_date_ms(text),
                seconds.map(|seconds| seconds * 1000.0),
                "{text}"
            );
        }
    }

    #[test]
    fn writes_a_time_to_the_minute() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00Z"),
            (951_782_399, "2000-02-28T23:59Z"),
            (951_782_400, "2000-02-29T00:00Z"),
            (1_709_251_199, "2024-02-29T23:59Z"),
            (1_709_251_200, "2024-03-01T00:00Z"),
            (1_795_768_200, "2026-11-27T08:30Z"),
            (1_798_761_599, "2026-12-31T23:59Z"),
            (9_999_999_999, "2286-11-20T17:46Z"),
            (1_791_627_000, "2026-10-10T10:10Z"),
        ] {
            assert_eq!(iso_minute(seconds), text);
        }
    }
}
