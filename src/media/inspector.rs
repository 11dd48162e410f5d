//! The interface to the code that reads the file.

use super::info::{Media, MediaInfo, UNKNOWN, name, other};
use super::ranges::Ranges;
use super::stop::{Found, Stop};
use super::{audio, image, sniff, video};
use crate::text::template;

/// What an inspector needs next.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Read these bytes, and [`supply`](Inspector::supply) them. Fewer than asked for mean that the file ends there.
    Read {
        /// The offset of the first byte.
        start: u64,
        /// How many, at least 1.
        length: u32,
    },
    /// The inspection is finished.
    Done(MediaInfo),
}

/// Finds out what a file is, from as few of its bytes as possible.
///
/// It reads at most 2 MiB in 128 reads, and 16 MiB of an MP3 that does not state its length.
pub struct Inspector {
    ranges: Ranges,
    audio: audio::Scan,
    asked: u32,
}

impl Inspector {
    /// An inspector of a file with this many bytes; `u64::MAX` if unknown.
    pub fn new(bytes: u64) -> Self {
        Self {
            ranges: Ranges::new(bytes),
            audio: audio::Scan::default(),
            asked: 0,
        }
    }

    /// The inspector of a file whose end is expensive to read, such as a stream: it does not look whether the end of a
    /// JPEG is there.
    pub fn of_stream(bytes: u64) -> Self {
        let mut inspector = Self::new(bytes);
        inspector.ranges.leave_ends();
        inspector
    }

    /// What is wanted next.
    pub fn step(&mut self) -> Step {
        let media = match self.inspect() {
            Ok(media) => media,
            Err(Stop::Read) => {
                let (start, length) = self.ranges.wanted();
                self.asked = length;
                return Step::Read { start, length };
            }
            Err(stop) => Media::Broken {
                format: match sniff::format(&self.ranges) {
                    Ok("") | Err(_) => UNKNOWN,
                    Ok(format) => name(format).0,
                },
                reason: match self.ranges.stated_size() {
                    0 => stop.reason().into(),
                    stated => template!(
                        "it is cut off after {} of {} bytes",
                        self.ranges.size() as i64,
                        stated as i64
                    ),
                },
            },
        };
        Step::Done(MediaInfo {
            bytes: self.ranges.size(),
            bytes_read: self.ranges.bytes_read(),
            media,
        })
    }

    /// The bytes that [`Step::Read`] asked for.
    pub fn supply(&mut self, start: u64, bytes: &[u8]) {
        self.ranges.supply(start, self.asked, bytes);
    }
}

impl Inspector {
    fn inspect(&mut self) -> Found<Media> {
        let found = self.read();
        self.ranges.check()?;
        found
    }

    fn read(&mut self) -> Found<Media> {
        let ranges = &mut self.ranges;
        let format = if self.audio.has_begun() {
            "mp3"
        } else {
            sniff::format(ranges)?
        };
        match format {
            "jpeg" => image::jpeg(ranges),
            "png" => image::png(ranges),
            "webp" => image::webp(ranges),
            "gif" => image::gif(ranges),
            "bmp" => image::bmp(ranges),
            "tiff" => image::tiff(ranges),
            "mp4" | "mov" => video::read(ranges, format),
            "wav" => audio::wav(ranges, 0),
            // Junk may precede the first frame of an MP3.
            "mp3" | "" => match audio::mp3(ranges, &mut self.audio)? {
                Some(media) => Ok(media),
                None if format.is_empty() => Ok(other(format)),
                None => Err(Stop::NoSound),
            },
            _ => Ok(other(format)),
        }
    }
}
