//! The result of an inspection.

use crate::domain::decimal::Decimal;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::text::split_once;

/// What a file is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MediaInfo {
    /// The bytes of the file.
    pub bytes: u64,
    /// The number of bytes that were read.
    pub bytes_read: u64,
    /// What it is.
    pub media: Media,
}

/// What a file is, by kind.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Media {
    /// A JPEG, PNG, WebP, BMP, TIFF or GIF.
    Image(ImageInfo),
    /// An MP4 or MOV with a picture.
    Video(VideoInfo),
    /// An MP3 or WAV.
    Audio(AudioInfo),
    /// Another format, which the API does not accept.
    #[non_exhaustive]
    Other {
        /// Its name, such as `heic`, `webm`, `pdf`, if it is known.
        format: Option<&'static str>,
        /// Its MIME type, if it has one.
        mime_type: Option<&'static str>,
    },
    /// A file of a known format that cannot be used: cut off, damaged, without an index.
    #[non_exhaustive]
    Broken {
        /// The format that it begins as.
        format: &'static str,
        /// What is wrong, as the end of a sentence: "it is cut off".
        reason: String,
    },
}

/// An image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// `jpeg`, `png`, `webp`, `bmp`, `tiff` or `gif`.
    pub format: &'static str,
    /// Pixels of the width, as shown: the orientation is applied.
    pub width: u32,
    /// Pixels of the height, as shown.
    pub height: u32,
    /// The orientation of EXIF, 1 to 8; 1 if there is none.
    pub orientation: u8,
    /// Whether it has more than one frame.
    pub animated: bool,
}

/// A video.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VideoInfo {
    /// `mp4` or `mov`.
    pub format: &'static str,
    /// Pixels of the width, as shown: rotation and pixel aspect are applied.
    pub width: u32,
    /// Pixels of the height, as shown.
    pub height: u32,
    /// Degrees that players turn it clockwise: 0, 90, 180 or 270.
    pub rotation: u16,
    /// The duration, in milliseconds.
    pub duration_ms: u64,
    /// Frames per second, on average, if known.
    pub frame_rate: Option<Decimal>,
    /// The codec of the picture: `h264`, `hevc`, `av1` ...; the four letters of the file for others.
    pub video_codec: Codec,
    /// The codec of the first sound, if there is one: `aac`, `mp3`, `pcm_s16le` ...
    pub audio_codec: Option<Codec>,
}

/// An audio file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AudioInfo {
    /// `mp3` or `wav`.
    pub format: &'static str,
    /// Milliseconds.
    pub duration_ms: u64,
    /// Samples per second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// The codec: `mp3`, `pcm_s16le`, `adpcm_ms` ...
    pub codec: Codec,
    /// Whether the duration is not stated, and was extrapolated from a part of the file.
    pub estimated: bool,
}

/// The name of a codec: a known one, or the four letters in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// A known one, as ffprobe names it.
    Known(&'static str),
    /// The four characters of the file.
    FourCc([u8; 4]),
}

impl Codec {
    /// The name. Characters that are not printable ASCII become `.`.
    pub fn name(&self) -> String {
        match self {
            Codec::Known(name) => (*name).into(),
            Codec::FourCc(code) => code
                .iter()
                .map(|byte| {
                    if byte.is_ascii_graphic() {
                        *byte as char
                    } else {
                        '.'
                    }
                })
                .collect(),
        }
    }
}

/// Another format, by its name and MIME type with a space between them; empty if unknown.
#[inline(never)]
pub(super) fn other(format: &'static str) -> Media {
    let (format, mime_type) = name(format);
    let known = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    Media::Other {
        format: known(format),
        mime_type: known(mime_type),
    }
}

/// The name before a MIME type, and the MIME type.
pub(super) fn name(format: &'static str) -> (&'static str, &'static str) {
    split_once(format, b' ').unwrap_or((format, ""))
}

/// The format of a broken file whose format is unknown.
pub(super) const UNKNOWN: &str = "unknown";

/// The MIME type of a format that the API accepts.
pub(super) fn mime_type(format: &str) -> &'static str {
    match format {
        "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "tiff" => "image/tiff",
        "gif" => "image/gif",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "mp3" => "audio/mpeg",
        _ => "audio/wav",
    }
}

impl ToJson for Codec {
    fn write(&self, json: &mut Json) {
        self.name().as_str().write(json);
    }
}

impl ToJson for MediaInfo {
    fn write(&self, json: &mut Json) {
        json.open('{');
        let (kind, format) = match &self.media {
            Media::Image(image) => ("image", Some(image.format)),
            Media::Video(video) => ("video", Some(video.format)),
            Media::Audio(audio) => ("audio", Some(audio.format)),
            Media::Other { format, .. } => ("other", *format),
            Media::Broken { format, .. } => ("broken", Some(*format).filter(|format| *format != UNKNOWN)),
        };
        json.field("kind", &kind);
        json.field("format", &OrNull(format.as_ref()));
        match &self.media {
            Media::Other { mime_type, .. } => json.field("mimeType", &OrNull(mime_type.as_ref())),
            Media::Broken { reason, .. } => json.field("reason", &reason.as_str()),
            _ => json.field("mimeType", &mime_type(format.unwrap_or_default())),
        }
        match &self.media {
            Media::Image(image) => {
                json.field("width", &image.width);
                json.field("height", &image.height);
                json.field("orientation", &u32::from(image.orientation));
                json.field("animated", &image.animated);
            }
            Media::Video(video) => {
                json.field("width", &video.width);
                json.field("height", &video.height);
                json.field("rotation", &u32::from(video.rotation));
                json.field("durationMs", &(video.duration_ms as i64));
                json.field("frameRate", &OrNull(video.frame_rate.as_ref()));
                json.field("videoCodec", &video.video_codec);
                json.field("audioCodec", &OrNull(video.audio_codec.as_ref()));
            }
            Media::Audio(audio) => {
                json.field("durationMs", &(audio.duration_ms as i64));
                json.field("sampleRate", &audio.sample_rate);
                json.field("channels", &u32::from(audio.channels));
                json.field("codec", &audio.codec);
                json.field("estimated", &audio.estimated);
            }
            _ => {}
        }
        json.field("bytes", &(self.bytes as i64));
        json.field("bytesRead", &(self.bytes_read as i64));
        json.close('}');
    }
}
