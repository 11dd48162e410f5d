//! Offsets as JavaScript counts them.

/// The UTF-16 code units of the character that begins with a byte; none for one within a character.
pub fn units_from(byte: u8) -> u32 {
    match byte {
        0x80..0xc0 => 0,
        0..0xf0 => 1,
        _ => 2,
    }
}
