//! Dates of JSON.

use super::http_date::days_since_1970;
use crate::text::parse_digits;

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
}
