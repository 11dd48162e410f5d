//! Integers and hexadecimal digits to and from strings.

/// Appends an integer in decimal.
pub fn push_integer(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    push_digits(number.unsigned_abs(), out);
}

fn push_digits(number: u64, out: &mut String) {
    if number > 9 {
        push_digits(number / 10, out);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Appends a byte as two lowercase hexadecimal digits.
pub fn push_hex(byte: u8, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(DIGITS[usize::from(byte >> 4)] as char);
    out.push(DIGITS[usize::from(byte & 15)] as char);
}

/// Parses a string of ASCII digits. A float, so that no length overflows.
pub fn parse_digits(text: &str) -> Option<f64> {
    let digit = |value: f64, byte: u8| {
        byte.is_ascii_digit()
            .then(|| value * 10.0 + f64::from(byte - b'0'))
    };
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0.0, digit)
}
