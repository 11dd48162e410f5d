//! Dates of HTTP headers.

use crate::text::{parse_digits, slice};

/// The length of a year in milliseconds, on average.
const YEAR_MS: f64 = 31_556_952_000.0;

/// Milliseconds since 1970 of a date in one of the three forms of RFC 9110:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
///
/// `now`, in milliseconds since 1970, tells the century of a year with two digits.
pub fn http_date_ms(text: &str, now: f64) -> Option<f64> {
    let mut numbers = [0_i64; 5];
    let (mut count, mut words, mut month) = (0, 0, 0);
    let mut is_short = false;
    let mut from = 0;
    for at in 0..text.len() + 1 {
        if let None | Some(b' ' | b',' | b'-' | b':') = text.as_bytes().get(at) {
            let part = slice(text, from..at);
            from = at + 1;
            if part.is_empty() {
                continue;
            }
            if let Some(number) = parse_digits(part) {
                *numbers.get_mut(count)? = number as i64;
                is_short |= count == 1 && part.len() == 2;
                count += 1;
                continue;
            }
            words += 1;
            match words {
                1 => drop(index_of(slice(part, 0..3), b"SunMonTueWedThuFriSat")?),
                2 => month = index_of(part, b"JanFebMarAprMayJunJulAugSepOctNovDec")? + 1,
                _ if part == "GMT" => {}
                _ => return None,
            }
        }
    }
    let [day, b, c, d, e] = numbers;
    let (mut year, hour, minute, second) = match (count, words) {
        (5, 3) => (b, c, d, e),
        (5, 2) => (e, b, c, d),
        _ => return None,
    };
    if is_short && words == 3 {
        // At most 50 years ahead.
        let latest = 1970 + (now / YEAR_MS) as i64 + 50;
        year = latest - (latest - year).rem_euclid(100);
    }
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // The last second of some days is 60.
    if !(1..=days).contains(&day) || year > 9999 || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_since_1970(year, month, day);
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) as f64 * 1000.0)
}

/// Days since 1970-01-01, counting years from March so that the leap day comes last.
pub fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468
}

/// The position of a name in a list of names of three letters.
fn index_of(name: &str, names: &[u8]) -> Option<i64> {
    let index = names.chunks(3).position(|other| other == name.as_bytes());
    index.map(|index| index as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-27.
    const NOW: f64 = 1_795_737_600_000.0;

    #[test]
    fn parses_the_three_forms() {
        for (text, seconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777.0),
            ("Sun Nov  6 08:49:37 1994", 784_111_777.0),
            ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800.0),
            ("Friday, 27-Nov-26 00:00:10 GMT", 1_795_737_610.0),
            ("Fri Nov 27 00:00:10 2026", 1_795_737_610.0),
            // 2076 is within 50 years, 2077 is not.
            ("Friday, 01-Jan-76 00:00:00 GMT", 3_345_062_400.0),
            ("Saturday, 01-Jan-77 00:00:00 GMT", 220_924_800.0),
            ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800.0),
            ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400.0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799.0),
        ] {
            assert_eq!(http_date_ms(text, NOW), Some(seconds * 1000.0), "{text}");
        }
    }

    #[test]
    fn rejects_what_is_no_date() {
        for text in [
            "",
            "soon",
            "-5",
            "Sun, 06 Nov 1994",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Foo, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Thu, 31 Feb 2024 00:00:00 GMT",
            "Wed, 29 Feb 2023 00:00:00 GMT",
            "Thu, 29 Feb 1900 00:00:00 GMT",
            "Sat, 01 Jan 10000 00:00:00 GMT",
            "Mon, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:61 GMT",
            "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994 GMT extra words",
        ] {
            assert_eq!(http_date_ms(text, NOW), None, "{text}");
        }
    }
}
