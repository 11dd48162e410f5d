//! MP3 and WAV.

mod mp3;
#[cfg(test)]
mod tests;
mod wav;

pub(super) use mp3::{Scan, read as mp3};
pub(super) use wav::read as wav;

/// The duration of samples or bytes, by their number per second.
fn milliseconds(units: u64, rate: u32) -> u64 {
    (units as f64 / f64::from(rate) * 1_000.0 + 0.5) as u64
}
