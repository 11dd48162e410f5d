//! Decimal numbers, without the formatting of floats, which would add kilobytes.

use super::json::{Json, ToJson};
use crate::text::push_integer;

/// A number of millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i64);

const MILLIONTHS: i64 = 1_000_000;

impl Decimal {
    /// A number of thousandths: `Decimal::thousandths(6_251)` is 6.251.
    pub const fn thousandths(thousandths: i64) -> Self {
        Self(thousandths * 1_000)
    }

    /// The nearest number of millionths. Numbers beyond 9 * 10^12 are cut off there.
    pub fn from_f64(value: f64) -> Self {
        let half = if value < 0.0 { -0.5 } else { 0.5 };
        Self((value * MILLIONTHS as f64 + half) as i64)
    }

    /// As a float.
    pub const fn as_f64(self) -> f64 {
        self.0 as f64 / MILLIONTHS as f64
    }
}

impl ToJson for Decimal {
    fn write(&self, json: &mut Json) {
        let mut text = String::new();
        if self.0 < 0 {
            text.push('-');
        }
        let magnitude = self.0.unsigned_abs() as i64;
        push_integer(magnitude / MILLIONTHS, &mut text);
        let mut rest = magnitude % MILLIONTHS;
        if rest != 0 {
            text.push('.');
        }
        while rest != 0 {
            rest *= 10;
            text.push(char::from(b'0' + (rest / MILLIONTHS) as u8));
            rest %= MILLIONTHS;
        }
        json.word(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json::to_json;

    #[test]
    fn formats_without_trailing_zeros() {
        for (value, text) in [
            (0.0, "0"),
            (5.0, "5"),
            (6.251, "6.251"),
            (-0.4, "-0.4"),
            (0.000_001, "0.000001"),
            (67.5, "67.5"),
            (0.1 + 0.2, "0.3"),
        ] {
            assert_eq!(to_json(&Decimal::from_f64(value)), text);
        }
        assert_eq!(Decimal::thousandths(6_251), Decimal::from_f64(6.251));
    }
}
