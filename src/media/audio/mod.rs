//! MP3 and WAV.

mod mp3;
#[cfg(test)]
mod tests;
mod wav;

pub(super) use mp3::{Scan, read as mp3};
pub(super) use wav::read as wav;
