//! How the samples of a track are coded: the first entry of `stsd`.

use super::boxes::{Atom, be16, be32};
use super::name;
use crate::media::codec::{codec, pcm};
use crate::media::info::Codec;
use crate::media::ranges::Ranges;
use crate::media::stop::Found;

pub(super) struct SampleEntry {
    pub codec: Codec,
    /// Pixels as stored.
    pub width: u32,
    pub height: u32,
    /// The shape of a pixel, width and height, if it is said.
    pub pixel: Option<(u32, u32)>,
}

/// Where the boxes of a video entry begin, and those of a sound entry of version 0.
const VIDEO_FIELDS: u64 = 78;
const SOUND_FIELDS: u64 = 28;

/// What the boxes of an entry say.
#[derive(Default)]
struct Extensions {
    pixel: Option<(u32, u32)>,
    object: u8,
    /// The letters of an entry that is encrypted, or wrapped by QuickTime.
    original: Option<u32>,
    little_endian: bool,
    /// The bits of a sample, if a box says so.
    bits: u16,
}

impl SampleEntry {
    pub fn read(ranges: &Ranges, stsd: &Atom, sound: bool) -> Found<Option<Self>> {
        let Some(entry) = stsd.boxes(ranges, 8).advance()? else {
            return Ok(None);
        };
        let head = entry.bytes(ranges, VIDEO_FIELDS)?;
        let version = be16(head, 8);
        let fields = match version {
            _ if !sound => VIDEO_FIELDS,
            1 => SOUND_FIELDS + 16,
            2 => SOUND_FIELDS + 36,
            _ => SOUND_FIELDS,
        };
        let mut found = Extensions::default();
        // Version 1 has its fields in QuickTime, and has none in some MP4 files.
        if !found.read(ranges, &entry, fields, 0)? && sound && version == 1 {
            found.read(ranges, &entry, SOUND_FIELDS, 0)?;
        }
        let kind = match (entry.kind, found.original) {
            (name::ENCV | name::ENCA | name::DRMI | name::DRMS, Some(original)) => original,
            _ => entry.kind,
        };
        let (bits, flags) = match (version, found.bits) {
            (_, bits @ 1..) => (bits.into(), 0),
            (2, _) => (be32(head, 48), be32(head, 52)),
            _ => (be16(head, 18).into(), 0),
        };
        let little = found.little_endian;
        let name = match kind {
            _ if !sound => None,
            name::SOWT => Some(pcm(bits, false, false, false)),
            name::TWOS => Some(pcm(bits, false, true, false)),
            name::IN24 => Some(pcm(24, false, !little, false)),
            name::IN32 => Some(pcm(32, false, !little, false)),
            name::FL32 => Some(pcm(32, true, !little, false)),
            name::FL64 => Some(pcm(64, true, !little, false)),
            name::IPCM | name::FPCM => Some(pcm(bits, kind == name::FPCM, !little, false)),
            name::LPCM => Some(pcm(bits, flags & 1 > 0, flags & 2 > 0, flags & 4 == 0)),
            name::RAW | name::NONE | 0 => Some(pcm(bits, false, true, bits < 9)),
            _ => None,
        };
        Ok(Some(Self {
            codec: match name {
                Some(name) => Codec::Known(name),
                None => codec(kind, found.object),
            },
            width: be16(head, 24).into(),
            height: be16(head, 26).into(),
            pixel: found.pixel,
        }))
    }
}

impl Extensions {
    /// Reads the boxes behind some fields. Whether a known one is among them.
    fn read(&mut self, ranges: &Ranges, entry: &Atom, fields: u64, depth: u8) -> Found<bool> {
        let mut any = false;
        let mut boxes = entry.boxes(ranges, fields);
        while let Some(atom) = boxes.advance()? {
            match atom.kind {
                name::ESDS => self.object = object_type(atom.bytes(ranges, 48)?),
                name::PASP => {
                    let body = atom.bytes(ranges, 8)?;
                    self.pixel = Some((be32(body, 0), be32(body, 4)));
                }
                name::FRMA => {
                    let body = atom.bytes(ranges, 4)?;
                    if body.len() == 4 {
                        self.original = Some(be32(body, 0));
                    }
                }
                name::ENDA => self.little_endian = be16(atom.bytes(ranges, 2)?, 0) == 1,
                name::PCMC => {
                    if let [_, _, _, _, flags, bits, ..] = *atom.bytes(ranges, 6)? {
                        self.little_endian = flags & 1 > 0;
                        self.bits = bits.into();
                    }
                }
                name::SINF | name::WAVE if depth == 0 => {
                    self.read(ranges, &atom, 0, 1)?;
                }
                _ => continue,
            }
            any = true;
        }
        Ok(any)
    }
}

/// The object type of an `esds`: a descriptor (3) that holds another (4), each with a length of 1 to 4 bytes.
fn object_type(esds: &[u8]) -> u8 {
    let skip_length = |bytes: &[u8]| {
        let more = bytes.iter().take(3).take_while(|byte| **byte & 0x80 > 0).count();
        1 + more
    };
    let Some([3, rest @ ..]) = esds.get(4..) else {
        return 0;
    };
    let at = skip_length(rest);
    let flags = rest.get(at + 2).copied().unwrap_or_default();
    let url = match rest.get(at + 3) {
        Some(length) if flags & 0x40 > 0 => 1 + usize::from(*length),
        _ => 0,
    };
    let more = 2 * usize::from(flags >> 7) + url + 2 * usize::from(flags >> 5 & 1);
    match rest.get(at + 3 + more..) {
        Some([4, rest @ ..]) => rest.get(skip_length(rest)).copied().unwrap_or_default(),
        _ => 0,
    }
}
