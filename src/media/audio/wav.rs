//! WAV: RIFF, RIFX (big endian), RF64 and BW64 (longer than 4 GB).

use crate::media::AudioInfo;
use crate::media::codec::{find, pcm};
use crate::media::info::Codec;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// Behind so many chunks no sound is looked for.
const MOST_CHUNKS: u32 = 500;

/// The fields of `fmt `.
struct Layout {
    tag: u16,
    channels: u16,
    rate: u32,
    bytes_per_second: u32,
    bytes_per_block: u16,
    bits: u16,
}

pub(in crate::media) fn read(ranges: &Ranges, start: u64) -> Found<AudioInfo> {
    let [r, i, f, f2, ..] = ranges.array::<12>(start)?;
    let big_endian = [r, i, f, f2] == *b"RIFX";
    let be = |bytes: [u8; 4]| {
        if big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    };
    let mut layout = None;
    // The length of the data, and the samples, by `ds64` and `fact`.
    let mut long = None;
    let mut samples = 0;
    let mut at = start + 12;
    for _ in 0..MOST_CHUNKS {
        if ranges.size() < at.saturating_add(8) {
            break;
        }
        let [i, d, d2, d3, length @ ..] = ranges.array::<8>(at)?;
        let length = u64::from(be(length));
        let body = at + 8;
        match &[i, d, d2, d3] {
            b"fmt " => layout = Some(Layout::read(ranges, body, length, big_endian)?),
            b"ds64" => long = Some(u64::from_le_bytes(ranges.array(body + 8)?)),
            b"fact" if length >= 4 => samples = be(ranges.array(body)?),
            b"data" => {
                let layout = layout.ok_or(Stop::NoFormat)?;
                let rest = ranges.size() - body;
                // Writers that could not seek leave 0 or all ones.
                let length = match (length, long) {
                    (0xFFFF_FFFF, Some(long)) => long,
                    (0, _) => rest,
                    _ => length,
                };
                return layout.info(length.min(rest), samples, big_endian);
            }
            _ => {}
        }
        at = body.saturating_add(length);
        // Chunks are padded to an even length, except by writers that forget it.
        if length % 2 == 1 && matches!(ranges.up_to(at, 1)?, [0] | []) {
            at += 1;
        }
    }
    Err(Stop::NoData)
}

impl Layout {
    fn read(ranges: &Ranges, at: u64, length: u64, big_endian: bool) -> Found<Self> {
        let body = ranges.get(at, length.min(40) as usize)?;
        let number = |at: usize| match body.get(at..) {
            Some([a, b, ..]) if big_endian => u16::from_be_bytes([*a, *b]),
            Some([a, b, ..]) => u16::from_le_bytes([*a, *b]),
            _ => 0,
        };
        let long = |at: usize| {
            let (first, second) = (u32::from(number(at)), u32::from(number(at + 2)));
            if big_endian {
                first << 16 | second
            } else {
                second << 16 | first
            }
        };
        Ok(Self {
            // EXTENSIBLE has the tag in front of a GUID.
            tag: match number(0) {
                0xFFFE if body.len() >= 26 => number(24),
                tag => tag,
            },
            channels: number(2),
            rate: long(4),
            bytes_per_second: long(8),
            bytes_per_block: number(12),
            bits: number(14),
        })
    }

    /// What so many bytes of sound are.
    fn info(self, bytes: u64, samples: u32, big_endian: bool) -> Found<AudioInfo> {
        if self.rate == 0 || self.channels == 0 {
            return Err(Stop::NoRate);
        }
        let bits = self.bits.into();
        let (codec, sample_bits) = match self.tag {
            1 => (pcm(bits, false, big_endian, true), bits.next_multiple_of(8)),
            3 => (pcm(bits, true, big_endian, false), bits),
            6 | 7 => (compressed(self.tag), 8),
            tag => (compressed(tag), 0),
        };
        let rate = f64::from(self.rate);
        let block = u64::from(self.channels) * u64::from(sample_bits) / 8;
        // Blocks are believed that are larger than their samples: 24 bits in 4 bytes.
        let block = if sample_bits > 0 {
            block.max(self.bytes_per_block.into())
        } else {
            0
        };
        let (seconds, estimated) = match (block, samples, self.bytes_per_second) {
            (1.., ..) => ((bytes / block) as f64 / rate, false),
            (0, 1.., _) => (f64::from(samples) / rate, false),
            (0, 0, 1..) => (bytes as f64 / f64::from(self.bytes_per_second), true),
            _ => return Err(Stop::NoLength),
        };
        Ok(AudioInfo {
            format: "wav",
            duration_ms: (seconds * 1_000.0 + 0.5) as u64,
            sample_rate: self.rate,
            channels: self.channels,
            codec: Codec::Known(codec),
            estimated,
        })
    }
}

/// The name of a codec by its tag.
fn compressed(tag: u16) -> &'static str {
    let [high, low] = tag.to_be_bytes();
    match tag {
        0x00FF => "aac",
        0xF1AC => "flac",
        _ => find([b'm', b's', high, low]).unwrap_or("unknown"),
    }
}
