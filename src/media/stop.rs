//! Why a parser stopped.

/// Why a parser stopped. One byte, since nearly every line of a parser may return it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// [Bytes are needed](super::ranges::Ranges::wanted). The parser starts again when they are available.
    Read,
    /// The others mean that the file cannot be used.
    Empty,
    CutOff,
    TooLong,
    Damaged,
    NoPixels,
    NoSide,
    AsText,
    LateHeight,
    NoFrameHeader,
    NoIndex,
    CompressedIndex,
    NoVideo,
    NoFrames,
    NoSize,
    NoSound,
    FreeFormat,
    NoFormat,
    NoRate,
    NoData,
    NoLength,
}

pub(super) type Found<T> = Result<T, Stop>;

impl Stop {
    /// The end of a sentence about the file: "it is cut off".
    pub fn reason(self) -> &'static str {
        match self {
            Stop::Empty => "it is empty",
            Stop::Read | Stop::CutOff => "it is cut off",
            Stop::TooLong => "its header is too long or too scattered to be read",
            Stop::Damaged => "its header is damaged",
            Stop::NoPixels => "it contains no image",
            Stop::NoSide => "its width or height is 0",
            Stop::AsText => "it was transferred as text",
            Stop::LateHeight => "its height is stated after the image (DNL)",
            Stop::NoFrameHeader => "it has no frame header",
            Stop::NoIndex => "it has no index (`moov`): the recording or the upload did not finish",
            Stop::CompressedIndex => "its index (`moov`) is compressed, which few players read",
            Stop::NoVideo => "it has no video track",
            Stop::NoFrames => "its video track has no frames",
            Stop::NoSize => "its video track has no size",
            Stop::NoSound => "it has no sound that can be found",
            Stop::FreeFormat => "its frames have no stated bit rate (free format), which few decoders read",
            Stop::NoFormat => "it has no `fmt ` chunk before its sound",
            Stop::NoRate => "its `fmt ` chunk states no sample rate or no channels",
            Stop::NoData => "it has no `data` chunk with sound",
            Stop::NoLength => "its length is not stated",
        }
    }
}
