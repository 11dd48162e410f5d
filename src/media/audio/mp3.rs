//! MP3: a sequence of frames. The first one may state their number.

use super::{milliseconds, wav};
use crate::media::info::{self, Codec};
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};
use crate::media::{AudioInfo, Media};

/// The progress of counting frames. This is the only parser that does not start again at each step.
#[derive(Default)]
pub(in crate::media) struct Scan(Option<Count>);

/// The frames of a file that does not state them.
#[derive(Clone, Copy)]
struct Count {
    /// The first frame with sound, and its offset.
    first: Frame,
    start: u64,
    /// The next frame, and the number of frames before it.
    at: u64,
    frames: u64,
}

/// The fields of a frame's header.
#[derive(Clone, Copy)]
struct Frame {
    /// What is the same in all frames: version, layer, sample rate.
    same: [u8; 2],
    layer: u8,
    rate: u32,
    channels: u16,
    samples: u32,
    bytes: u32,
    /// The offset at which a header with the count of frames would be.
    header_at: u64,
}

/// The number of bytes in which frames are counted. For a longer file, the rest is extrapolated.
const MOST_COUNTED: u64 = 16 * 1024 * 1024;
const LARGEST_READ: u32 = 512 * 1024;
/// The most bytes that may precede a frame.
const MOST_JUNK: u64 = 256 * 1024;
const WINDOW: u64 = 16 * 1024;
const MOST_TAGS: u32 = 16;

const XING: u32 = u32::from_be_bytes(*b"Xing");
const INFO: u32 = u32::from_be_bytes(*b"Info");
const VBRI: u32 = u32::from_be_bytes(*b"VBRI");

/// What a file is that begins with a tag or a frame. `None` if no frame can be found.
pub(in crate::media) fn read(ranges: &mut Ranges, scan: &mut Scan) -> Found<Option<Media>> {
    if scan.0.is_none() {
        let found = first_sound(ranges, scan);
        if let Err(stop) = ranges.check() {
            scan.0 = None;
            return Err(stop);
        }
        if scan.0.is_none() {
            return found;
        }
        ranges.allow(MOST_COUNTED + 2 * MOST_JUNK, LARGEST_READ);
    }
    let Some(count) = &mut scan.0 else {
        return Ok(None);
    };
    count.run(ranges);
    ranges.forget_before(count.at);
    ranges.check()?;
    Ok(Some(Media::Audio(count.info(ranges.size()))))
}

impl Scan {
    /// Whether the beginning of the file is no longer needed.
    pub fn has_begun(&self) -> bool {
        self.0.is_some()
    }
}

/// What the beginning of the file says. If the frames must be counted, where to start.
fn first_sound(ranges: &Ranges, scan: &mut Scan) -> Found<Option<Media>> {
    let mut at = 0;
    for _ in 0..MOST_TAGS {
        match tag(ranges, at) {
            Some(length) => at += length,
            None => break,
        }
    }
    match ranges.up_to(at, 12) {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E'] => {
            return wav(ranges, at).map(Some);
        }
        [b'f', b'L', b'a', b'C', ..] => return Ok(Some(info::other("flac audio/flac"))),
        [0xFF, 0xF0 | 0xF1 | 0xF8 | 0xF9, rate, ..] if rate >> 2 & 15 < 13 => {
            return Ok(Some(info::other("aac audio/aac")));
        }
        _ => {}
    }
    if let Some(frame) = Frame::at(ranges, at)
        && frame.bytes == 0
        && is_free(ranges, at, frame)
    {
        return Err(Stop::FreeFormat);
    }
    let mut found = find(ranges, at);
    if found.is_none() && at > 10 {
        // A tag may lie about its length.
        found = find(ranges, 10);
    }
    let Some((start, frame)) = found else {
        return Ok(None);
    };
    match frame.layer {
        1 => return Ok(Some(info::other("mp1 audio/mpeg"))),
        2 => return Ok(Some(info::other("mp2 audio/mpeg"))),
        _ => {}
    }
    let stated = frame.stated(ranges, start);
    let mut count = Count {
        first: frame,
        start,
        at: start,
        frames: 0,
    };
    if let Some(frames) = stated {
        count.start += u64::from(frame.bytes);
        count.at = count.start;
        if frames > 0 {
            count.frames = frames;
            return Ok(Some(Media::Audio(count.stated())));
        }
    }
    scan.0 = Some(count);
    Ok(None)
}

impl Frame {
    fn parse(header: [u8; 4]) -> Option<Self> {
        let [0xFF, kind, rates, mode] = header else {
            return None;
        };
        let layer = 4 - (kind >> 1 & 3);
        if kind < 0xE0 || layer == 4 {
            return None;
        }
        let (first_version, halves) = match kind >> 3 & 3 {
            3 => (true, 0),
            2 => (false, 1),
            0 => (false, 2),
            _ => return None,
        };
        let rate = match rates >> 2 & 3 {
            0 => 44_100,
            1 => 48_000,
            2 => 32_000,
            _ => return None,
        } >> halves;
        // In units of 8 kbit/s, by the four bits of the header.
        let kilobits: &[u8; 16] = match (first_version, layer) {
            (true, 1) => b"\0\x04\x08\x0C\x10\x14\x18\x1C\x20\x24\x28\x2C\x30\x34\x38\0",
            (true, 2) => b"\0\x04\x06\x07\x08\x0A\x0C\x0E\x10\x14\x18\x1C\x20\x28\x30\0",
            (true, _) => b"\0\x04\x05\x06\x07\x08\x0A\x0C\x0E\x10\x14\x18\x1C\x20\x28\0",
            (false, 1) => b"\0\x04\x06\x07\x08\x0A\x0C\x0E\x10\x12\x14\x16\x18\x1C\x20\0",
            (false, _) => b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x0A\x0C\x0E\x10\x12\x14\0",
        };
        let index = rates >> 4;
        let bits = 8_000 * u32::from(*kilobits.get(usize::from(index))?);
        if bits == 0 && index != 0 {
            return None;
        }
        let padding = u32::from(rates >> 1 & 1);
        let (samples, bytes) = match (layer, first_version) {
            (1, _) => (384, (12 * bits / rate + padding) * 4),
            (3, false) => (576, 72 * bits / rate + padding),
            _ => (1_152, 144 * bits / rate + padding),
        };
        let mono = mode >> 6 == 3;
        let header_at = match (first_version, mono) {
            (true, false) => 36,
            (false, true) => 13,
            _ => 21,
        };
        Some(Self {
            same: [kind & 0xFE, rates & 0x0C],
            layer,
            rate,
            channels: if mono { 1 } else { 2 },
            samples,
            // 0 in the free format, which does not say it.
            bytes: if bits == 0 { 0 } else { bytes },
            header_at,
        })
    }

    fn at(ranges: &Ranges, at: u64) -> Option<Self> {
        match ranges.up_to(at, 4) {
            &[a, b, c, d] => Self::parse([a, b, c, d]),
            _ => None,
        }
    }

    /// Whether so many frames like this one follow, or fewer and the end of the sound.
    fn is_followed(self, ranges: &Ranges, mut at: u64, frames: u32) -> bool {
        let mut frame = self;
        for _ in 0..frames {
            if frame.bytes == 0 {
                return false;
            }
            at = at.saturating_add(frame.bytes.into());
            match Self::at(ranges, at) {
                Some(next) if next.same == self.same => frame = next,
                _ => return at == ranges.size() || tag(ranges, at).is_some(),
            }
        }
        true
    }

    /// The number of frames that a header in the first frame states: Xing, Info, or VBRI. 0 if the number is not
    /// plausible.
    fn stated(&self, ranges: &Ranges, at: u64) -> Option<u64> {
        // The rest of the file, and of the frame.
        let (rest, length) = (ranges.size() - at, u64::from(self.bytes).min(64));
        let number = |from: u64| match from + 4 <= length.min(rest) {
            true => ranges.be(at + from, 4) as u32,
            false => 0,
        };
        // Writers of checksums disagree about whether these two bytes move the header.
        let xing = [self.header_at, self.header_at + 2]
            .into_iter()
            .find(|at| matches!(number(*at), XING | INFO));
        let (frames, bytes) = match xing {
            Some(at) => {
                let flags = number(at + 4);
                let frames = if flags & 1 > 0 { number(at + 8) } else { 0 };
                let bytes = if flags & 3 == 3 { number(at + 12) } else { 0 };
                (frames, bytes)
            }
            None if number(36) == VBRI => (number(50), number(46)),
            None => return None,
        };
        let smallest = match self.samples {
            1_152 => 144 * 32_000 / self.rate,
            _ => 72 * 8_000 / self.rate,
        };
        let fits = u64::from(frames) * u64::from(smallest) <= rest;
        // Two joined files have the header of the first. A file that is cut off has the header of the whole file.
        let bytes = u64::from(bytes);
        let is_whole = bytes == 0 || (bytes..=bytes * 17 / 16 + 4_096).contains(&rest);
        Some(if fits && is_whole { frames.into() } else { 0 })
    }
}

impl Count {
    /// Counts frames up to the end of the sound, or of what may be read.
    fn run(&mut self, ranges: &Ranges) {
        while self.at - self.start < MOST_COUNTED {
            match Frame::at(ranges, self.at) {
                Some(frame) if frame.same == self.first.same && frame.bytes > 0 => {
                    // A last one that is cut off counts too, as in ffprobe.
                    self.frames += 1;
                    self.at += u64::from(frame.bytes);
                }
                _ => match tag(ranges, self.at) {
                    Some(length) => self.at += length,
                    None => match find(ranges, self.at) {
                        Some((at, frame))
                            if frame.same == self.first.same && at > self.at && !ranges.is_stopped() =>
                        {
                            self.at = at
                        }
                        _ => return,
                    },
                },
            }
        }
    }

    /// The encoder's delay and padding are sound, as ffprobe 5 and most others count them; players may skip them.
    fn stated(&self) -> AudioInfo {
        AudioInfo {
            format: "mp3",
            duration_ms: milliseconds(self.frames * u64::from(self.first.samples), self.first.rate),
            sample_rate: self.first.rate,
            channels: self.first.channels,
            codec: Codec::Known("mp3"),
            estimated: false,
        }
    }

    fn info(&self, size: u64) -> AudioInfo {
        let mut info = self.stated();
        let counted = self.at.saturating_sub(self.start);
        if counted >= MOST_COUNTED && self.at < size {
            info.estimated = true;
            if size < u64::MAX {
                let all = size.saturating_sub(self.start) as f64 / counted as f64;
                info.duration_ms = (info.duration_ms as f64 * all + 0.5) as u64;
            }
        }
        info
    }
}

/// The first frame from an offset that others like it follow, and where it is.
fn find(ranges: &Ranges, start: u64) -> Option<(u64, Frame)> {
    if let Some(frame) = Frame::at(ranges, start) {
        // Where a frame is expected, one more is enough.
        if frame.is_followed(ranges, start, 1) {
            return Some((start, frame));
        }
    }
    let mut at = start;
    while at < start.saturating_add(MOST_JUNK).min(ranges.size()) {
        // The last three bytes are checked again together with those that follow.
        let window = ranges.up_to(at, WINDOW + 3);
        for (offset, byte) in window.iter().enumerate() {
            if *byte != 0xFF {
                continue;
            }
            let at = at + offset as u64;
            if let Some([a, b, c, d, ..]) = window.get(offset..)
                && let Some(frame) = Frame::parse([*a, *b, *c, *d])
                && frame.is_followed(ranges, at, 2)
            {
                return Some((at, frame));
            }
        }
        at += WINDOW;
    }
    None
}

/// Whether two frames like this one follow at the same distance.
fn is_free(ranges: &Ranges, start: u64, first: Frame) -> bool {
    let is_same = |at: u64| match Frame::at(ranges, start + at) {
        Some(frame) => frame.bytes == 0 && frame.same == first.same,
        None => false,
    };
    for distance in 24..4_700 {
        if is_same(distance) && (is_same(2 * distance) || is_same(2 * distance + 1)) {
            return true;
        }
    }
    false
}

/// The length of a tag at an offset, which holds no sound: ID3, APE, Lyrics3.
fn tag(ranges: &Ranges, at: u64) -> Option<u64> {
    let head = ranges.up_to(at, 32);
    if let [b'I', b'D', b'3', 2..=4, _, flags, a, b, c, d, ..] = head {
        let length = [a, b, c, d]
            .iter()
            .fold(0, |length, byte| length << 7 | u64::from(**byte & 0x7F));
        // A footer repeats the header.
        return Some(10 + length + if flags & 0x10 > 0 { 10 } else { 0 });
    }
    if head.starts_with(b"APETAGEX") && head.len() >= 16 {
        return Some(32 + ranges.le(at + 12, 4));
    }
    if head.starts_with(b"TAG") {
        return Some(if head.get(3) == Some(&b'+') { 227 } else { 128 });
    }
    head.starts_with(b"LYRICSBEGIN")
        .then(|| ranges.size().saturating_sub(at))
}
