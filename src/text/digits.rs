//! Digits in strings.

/// Adds an integer to a text.
pub fn add_integer(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    add_digits(number.unsigned_abs(), out);
}

fn add_digits(number: u64, out: &mut String) {
    if number > 9 {
        add_digits(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Adds a byte to a text as two hexadecimal digits.
pub fn add_hex(byte: u8, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(DIGITS[usize::from(byte >> 4)] as char);
    out.push(DIGITS[usize::from(byte & 15)] as char);
}

/// The number that a text of nothing but digits is.
pub fn number(text: &str) -> Option<f64> {
    let digit = |value: f64, byte: u8| {
        byte.is_ascii_digit()
            .then(|| value * 10.0 + f64::from(byte - b'0'))
    };
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0.0, digit)
}
