//! MP3 and WAV.

/// How far the scan of an MP3 without a header has come. The only parser that does not begin again at each step.
#[derive(Default)]
pub(super) struct Scan {}
