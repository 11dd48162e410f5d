//! The properties of a file that the rules need.

use crate::media::info::{Media, MediaInfo};

/// The properties of a file that the rules need. A property that does not apply is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen<'a> {
    /// `image`, `video`, `audio`, `other` or `broken`; `unread` if its URL could not be read, `lost`
    /// if it is a local file that could not.
    pub kind: &'a str,
    /// The detected format; empty if it is unknown.
    pub format: &'a str,
    /// Why it cannot be used, as the end of a sentence.
    pub reason: &'a str,
    /// Bytes of the file; 0 if unknown.
    pub bytes: u64,
    /// Pixels, as shown.
    pub width: u32,
    /// Pixels, as shown.
    pub height: u32,
    /// Whether an image has several frames.
    pub animated: bool,
    /// Milliseconds.
    pub duration_ms: u64,
    /// Whether the duration was extrapolated from a part of the file.
    pub estimated: bool,
    /// Frames per second; 0 if unknown.
    pub frame_rate: f64,
}

impl<'a> From<&'a MediaInfo> for Seen<'a> {
    fn from(info: &'a MediaInfo) -> Self {
        let seen = Self {
            bytes: info.bytes,
            ..Self::default()
        };
        match &info.media {
            Media::Image(image) => Self {
                kind: "image",
                format: image.format,
                width: image.width,
                height: image.height,
                animated: image.animated,
                ..seen
            },
            Media::Video(video) => Self {
                kind: "video",
                format: video.format,
                width: video.width,
                height: video.height,
                duration_ms: video.duration_ms,
                frame_rate: video.frame_rate.map_or(0.0, |rate| rate.as_f64()),
                ..seen
            },
            Media::Audio(audio) => Self {
                kind: "audio",
                format: audio.format,
                duration_ms: audio.duration_ms,
                estimated: audio.estimated,
                ..seen
            },
            Media::Other { format, .. } => Self {
                kind: "other",
                format: format.unwrap_or_default(),
                ..seen
            },
            Media::Broken { format, reason } => Self {
                kind: "broken",
                format,
                reason,
                ..seen
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decimal::Decimal;
    use crate::media::info::Codec;
    use crate::media::{AudioInfo, ImageInfo, VideoInfo};

    #[test]
    fn takes_what_the_rules_need_of_each_kind() {
        let image = Media::Image(ImageInfo {
            format: "gif",
            width: 640,
            height: 480,
            orientation: 1,
            animated: true,
        });
        let video = Media::Video(VideoInfo {
            format: "mov",
            width: 1280,
            height: 720,
            rotation: 90,
            duration_ms: 5_000,
            frame_rate: Some(Decimal::thousandths(23_976)),
            video_codec: Codec::Known("h264"),
            audio_codec: None,
        });
        let audio = Media::Audio(AudioInfo {
            format: "wav",
            duration_ms: 7_000,
            sample_rate: 8_000,
            channels: 1,
            codec: Codec::Known("pcm_s16le"),
            estimated: true,
        });
        let other = Media::Other {
            format: Some("heic"),
            mime_type: None,
        };
        let unknown = Media::Other {
            format: None,
            mime_type: None,
        };
        let broken = Media::Broken {
            format: "png",
            reason: "it is cut off".into(),
        };
        let of = |kind, format| Seen {
            kind,
            format,
            bytes: 9,
            ..Seen::default()
        };
        let sized = |seen, width, height| Seen {
            width,
            height,
            ..seen
        };
        for (media, expected) in [
            (
                image,
                Seen {
                    animated: true,
                    ..sized(of("image", "gif"), 640, 480)
                },
            ),
            (
                video,
                Seen {
                    duration_ms: 5_000,
                    frame_rate: 23.976,
                    ..sized(of("video", "mov"), 1280, 720)
                },
            ),
            (
                audio,
                Seen {
                    duration_ms: 7_000,
                    estimated: true,
                    ..of("audio", "wav")
                },
            ),
            (other, of("other", "heic")),
            (unknown, of("other", "")),
            (
                broken,
                Seen {
                    reason: "it is cut off",
                    ..of("broken", "png")
                },
            ),
        ] {
            let info = MediaInfo {
                bytes: 9,
                bytes_read: 9,
                media,
            };
            assert_eq!(Seen::from(&info), expected);
        }
    }
}
