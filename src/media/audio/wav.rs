//! WAV: RIFF, RIFX (big endian), RF64 and BW64 (longer than 4 GB).

use super::milliseconds;
use crate::media::codec::{CODECS, find, pcm};
use crate::media::info::Codec;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};
use crate::media::{AudioInfo, Media};

/// After this many chunks, the search for sound ends.
const MOST_CHUNKS: u32 = 500;

const RIFX: u64 = u32::from_be_bytes(*b"RIFX") as u64;
const FMT: u64 = u32::from_be_bytes(*b"fmt ") as u64;
const DS64: u64 = u32::from_be_bytes(*b"ds64") as u64;
const FACT: u64 = u32::from_be_bytes(*b"fact") as u64;
const DATA: u64 = u32::from_be_bytes(*b"data") as u64;

pub(in crate::media) fn read(ranges: &Ranges, start: u64) -> Found<Media> {
    let big_endian = ranges.be(start, 4) == RIFX;
    let number = |at: u64, size: u64| {
        if big_endian {
            ranges.be(at, size)
        } else {
            ranges.le(at, size)
        }
    };
    // Where `fmt ` is, and its length.
    let mut layout = None;
    // The length of the data, and the samples, by `ds64` and `fact`.
    let mut long = None;
    let mut samples = 0;
    let mut at = start + 12;
    for _ in 0..MOST_CHUNKS {
        if ranges.size() < at.saturating_add(8) {
            break;
        }
        let kind = ranges.be(at, 4);
        let length = number(at + 4, 4);
        let body = at + 8;
        match kind {
            FMT => {
                layout = Some((body, length));
                // A chunk that is cut off is reported as such.
                ranges.get(body, length.min(40));
            }
            DS64 => long = Some(ranges.le(body + 8, 8)),
            FACT if length >= 4 => samples = number(body, 4),
            DATA => {
                let (fields, fields_length) = layout.ok_or(Stop::NoFormat)?;
                let field = |at: u64, size: u64| match at + size <= fields_length {
                    true => number(fields + at, size),
                    false => 0,
                };
                let rest = ranges.size() - body;
                // Writers that could not seek leave 0 or all ones.
                let bytes = match (length, long) {
                    (0xFFFF_FFFF, Some(long)) => long,
                    (0, _) => rest,
                    _ => length,
                };
                // Its length is known only at its end.
                let is_known = bytes < 0xFFFF_FFFF || long.is_some() || ranges.size() < u64::MAX;
                let bytes = if is_known { bytes.min(rest) } else { 0 };
                let mut info = info(field, bytes, samples, big_endian)?;
                info.estimated |= !is_known;
                return Ok(Media::Audio(info));
            }
            _ => {}
        }
        at = body.saturating_add(length);
        // Chunks are padded to an even length, except by writers that forget it.
        if length % 2 == 1 && matches!(ranges.up_to(at, 1), [0] | []) {
            at += 1;
        }
    }
    Err(Stop::NoData)
}

/// The properties of this many bytes of sound, by the fields of `fmt `.
fn info(field: impl Fn(u64, u64) -> u64, bytes: u64, samples: u64, big_endian: bool) -> Found<AudioInfo> {
    let (channels, sample_rate) = (field(2, 2), field(4, 4) as u32);
    if sample_rate == 0 || channels == 0 {
        return Err(Stop::NoRate);
    }
    let tag = match field(0, 2) {
        // EXTENSIBLE has the tag in front of a GUID.
        0xFFFE => match field(24, 2) {
            0 => 0xFFFE,
            tag => tag,
        },
        tag => tag,
    };
    let bits = field(14, 2);
    let (codec, sample_bits) = match tag {
        1 => (
            pcm(bits as u32, false, big_endian, true),
            bits.next_multiple_of(8),
        ),
        3 => (pcm(bits as u32, true, big_endian, false), bits),
        6 | 7 => (compressed(tag as u16), 8),
        tag => (compressed(tag as u16), 0),
    };
    // Blocks may be larger than their samples: 24 bits in 4 bytes.
    let block = match sample_bits {
        0 => 0,
        _ => (channels * sample_bits / 8).max(field(12, 2)),
    };
    let (units, rate, estimated) = match (block, samples, field(8, 4)) {
        (1.., ..) => (bytes / block, sample_rate, false),
        (0, 1.., _) => (samples, sample_rate, false),
        (0, 0, rate @ 1..) => (bytes, rate as u32, true),
        _ => return Err(Stop::NoLength),
    };
    Ok(AudioInfo {
        format: "wav",
        duration_ms: milliseconds(units, rate),
        sample_rate,
        channels: channels as u16,
        codec: Codec::Known(codec),
        estimated,
    })
}

/// The name of a codec by its tag.
fn compressed(tag: u16) -> &'static str {
    let [high, low] = tag.to_be_bytes();
    match tag {
        0x00FF => "aac",
        0xF1AC => "flac",
        _ => find(CODECS, [b'm', b's', high, low]).unwrap_or("unknown"),
    }
}
