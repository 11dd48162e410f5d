//! How the samples of a track are coded: the first entry of `stsd`.

use super::boxes::Atom;
use super::name;
use crate::media::codec::{codec, pcm};
use crate::media::info::Codec;

pub(super) struct SampleEntry {
    pub codec: Codec,
    /// Pixels as stored.
    pub width: u32,
    pub height: u32,
    /// The shape of a pixel, width and height, if it is stated.
    pub pixel: Option<(u32, u32)>,
}

/// Where the boxes of a video entry begin, and those of a sound entry of version 0.
const VIDEO_FIELDS: u64 = 78;
const SOUND_FIELDS: u64 = 28;
/// Instead of bits: samples are not stored as they are.
const NO_SAMPLES: u32 = u32::MAX;

/// The fields from the boxes of an entry.
#[derive(Default)]
struct Extensions {
    pixel: Option<(u32, u32)>,
    object: u8,
    /// The letters of an entry that is encrypted, or wrapped by QuickTime.
    original: Option<u32>,
    little_endian: bool,
    /// The bits of a sample, if a box states them.
    bits: u32,
}

impl SampleEntry {
    pub fn read(stsd: &Atom, sound: bool) -> Option<Self> {
        let entry = stsd.boxes(8).advance()?;
        let be16 = |at| entry.number(at, 2) as u32;
        let version = be16(8);
        let fields = match version {
            _ if !sound => VIDEO_FIELDS,
            1 => SOUND_FIELDS + 16,
            2 => SOUND_FIELDS + 36,
            _ => SOUND_FIELDS,
        };
        let mut found = Extensions::default();
        // Version 1 has its fields in QuickTime, and has none in some MP4 files.
        if !found.read(&entry, fields, 0) && sound && version == 1 {
            found.read(&entry, SOUND_FIELDS, 0);
        }
        let kind = match (entry.kind, found.original) {
            (name::ENCV | name::ENCA | name::DRMI | name::DRMS, Some(original)) => original,
            _ => entry.kind,
        };
        let (bits, flags) = match (version, found.bits) {
            (_, bits @ 1..) => (bits, 0),
            (2, _) => (entry.be32(48), entry.be32(52)),
            _ => (be16(18), 0),
        };
        let little = found.little_endian;
        let (bits, float, big, unsigned) = match kind {
            name::SOWT => (bits, false, false, false),
            name::TWOS => (bits, false, true, false),
            name::IN24 => (24, false, !little, false),
            name::IN32 => (32, false, !little, false),
            name::FL32 => (32, true, !little, false),
            name::FL64 => (64, true, !little, false),
            name::IPCM | name::FPCM => (bits, kind == name::FPCM, !little, false),
            name::LPCM => (bits, flags & 1 > 0, flags & 2 > 0, flags & 4 == 0),
            name::RAW | name::NONE | 0 => (bits, false, true, bits < 9),
            _ => (NO_SAMPLES, false, false, false),
        };
        Some(Self {
            codec: match bits {
                NO_SAMPLES => codec(kind, found.object),
                _ if !sound => codec(kind, found.object),
                _ => Codec::Known(pcm(bits, float, big, unsigned)),
            },
            width: be16(24),
            height: be16(26),
            pixel: found.pixel,
        })
    }
}

impl Extensions {
    /// Reads the boxes after some fields. Returns whether a known one is among them.
    fn read(&mut self, entry: &Atom, fields: u64, depth: u8) -> bool {
        let mut any = false;
        let mut boxes = entry.boxes(fields);
        while let Some(atom) = boxes.advance() {
            match atom.kind {
                name::ESDS => self.object = object_type(atom.bytes(0, 48)),
                name::PASP => self.pixel = Some((atom.be32(0), atom.be32(4))),
                name::FRMA => self.original = Some(atom.be32(0)),
                name::ENDA => self.little_endian = atom.number(0, 2) == 1,
                name::PCMC => {
                    self.little_endian = atom.number(4, 1) & 1 > 0;
                    self.bits = atom.number(5, 1) as u32;
                }
                name::SINF | name::WAVE if depth == 0 => {
                    self.read(&atom, 0, 1);
                }
                _ => continue,
            }
            any = true;
        }
        any
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
