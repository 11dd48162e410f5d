//! MP3 and WAV.

mod mp3;
#[cfg(test)]
mod tests;
mod wav;

pub(super) use mp3::{Scan, read as mp3};
pub(super) use wav::read as wav;

/// How long samples or bytes last, of which a second has so many.
fn milliseconds(units: u64, rate: u32) -> u64 {
    (units as f64 / f64::from(rate) * 1_000.0 + 0.5) as u64
}
