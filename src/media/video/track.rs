//! A track of a movie.

use super::boxes::{Atom, be};
use super::name;
use super::sample_entry::SampleEntry;
use crate::media::info::Codec;

#[derive(Default)]
pub(super) struct Track {
    pub id: u32,
    pub enabled: bool,
    /// Of its medium: `vide`, `soun`, or others.
    pub handler: u32,
    pub matrix: Matrix,
    /// The size that it is shown with, in 1/65536 pixels.
    pub shown: (u32, u32),
    /// Ticks in a second of the medium.
    pub scale: u32,
    /// The ticks in the header.
    stated: u64,
    pub edits: Option<Edits>,
    pub entry: Option<SampleEntry>,
    /// Samples and their ticks, by the tables and in the fragments.
    pub samples: u64,
    pub ticks: u64,
    /// The ticks of a sample in a fragment that does not state them.
    pub default_ticks: u32,
    pub fragmented: bool,
    /// The ticks between the decoding of the first sample and its showing, if that is in a fragment.
    pub first_offset: u32,
}

/// The part that an edit list plays.
#[derive(Default)]
pub(super) struct Edits {
    /// Ticks of the movie, in all edits and in the empty ones.
    total: u64,
    empty: u64,
    /// Where the first part of the medium begins.
    media_start: u64,
    /// Where a part begins that lasts to the end of the medium.
    open: Option<u64>,
}

/// The part of a matrix that turns and scales.
#[derive(Clone, Copy, Default)]
pub(super) struct Matrix([i32; 4]);

/// The largest table that is read. For a larger one, only the count of samples is used.
const LARGEST_TABLE: u64 = 256 * 1024;
const MOST_EDITS: u32 = 8_192;

impl Track {
    pub fn read(trak: &Atom) -> Self {
        let mut track = Self::default();
        let mut boxes = trak.boxes(0);
        while let Some(atom) = boxes.advance() {
            match atom.kind {
                name::TKHD => {
                    let wide = atom.wide();
                    track.enabled = atom.be32(0) & 1 > 0;
                    track.id = atom.be32(12 + wide * 2);
                    track.matrix = Matrix::read(&atom, 40 + wide * 3);
                    track.shown = (atom.be32(76 + wide * 3), atom.be32(80 + wide * 3));
                }
                name::EDTS => {
                    if let Some(elst) = atom.boxes(0).find(name::ELST) {
                        track.edits = Edits::read(&elst);
                    }
                }
                name::MDIA => track.read_media(&atom),
                _ => {}
            }
        }
        track
    }

    fn read_media(&mut self, mdia: &Atom) {
        let mut boxes = mdia.boxes(0);
        while let Some(atom) = boxes.advance() {
            match atom.kind {
                name::MDHD => {
                    let wide = atom.wide();
                    self.scale = atom.be32(12 + wide * 2);
                    self.stated = atom.time(16 + wide * 2);
                }
                name::HDLR => self.handler = atom.be32(8),
                name::MINF if self.has_codec() => {
                    if let Some(stbl) = atom.boxes(0).find(name::STBL) {
                        self.read_tables(&stbl);
                    }
                }
                _ => {}
            }
        }
    }

    pub fn has_codec(&self) -> bool {
        self.is_video() || self.is_sound()
    }

    pub fn is_video(&self) -> bool {
        self.handler == name::VIDE
    }

    pub fn is_sound(&self) -> bool {
        self.handler == name::SOUN
    }

    fn read_tables(&mut self, stbl: &Atom) {
        let mut too_large = false;
        let mut boxes = stbl.boxes(0);
        // Mostly the first two boxes suffice, and the others are long.
        while !self.is_complete()
            && let Some(atom) = boxes.advance()
        {
            match atom.kind {
                name::STSD => self.entry = SampleEntry::read(&atom, self.is_sound()),
                // For sound, only the duration matters.
                name::STTS if self.is_sound() && self.stated > 0 => {}
                name::STTS if atom.length() > LARGEST_TABLE => too_large = true,
                name::STTS => {
                    let mut table = atom.bytes(8, u64::from(atom.be32(4)) * 8);
                    while let [a, b, c, d, e, f, g, h, rest @ ..] = table {
                        // Some writers correct a drift with a negative one.
                        let ticks = i32::from_be_bytes([*e, *f, *g, *h]).max(0) as u32;
                        self.add(u32::from_be_bytes([*a, *b, *c, *d]).into(), ticks);
                        table = rest;
                    }
                }
                name::STSZ | name::STZ2 if too_large => {
                    self.samples = atom.be32(8).into();
                    self.ticks = self.stated;
                }
                _ => {}
            }
        }
    }

    /// Adds samples of this many ticks each.
    pub fn add(&mut self, samples: u64, ticks: u32) {
        self.samples = self.samples.saturating_add(samples);
        self.ticks = self.ticks.saturating_add(samples.saturating_mul(ticks.into()));
    }

    fn is_complete(&self) -> bool {
        self.entry.is_some() && (self.samples > 0 || self.is_sound() && self.stated > 0)
    }

    /// Whether it is a still that goes with the movie: a cover, or the images of chapters.
    pub fn is_still(&self) -> bool {
        matches!(
            &self.entry,
            Some(SampleEntry {
                codec: Codec::Known("mjpeg" | "png"),
                ..
            })
        )
    }

    /// The seconds that it plays, if it has no fragments.
    pub fn seconds(&self, movie_scale: u32) -> f64 {
        let ticks = if self.stated > 0 { self.stated } else { self.ticks };
        let media = seconds(ticks, self.scale);
        let Some(edits) = &self.edits else {
            return media;
        };
        let rest = |start: u64| (media - seconds(start, self.scale)).max(0.0);
        seconds(edits.total, movie_scale) + edits.open.map_or(0.0, rest)
    }

    /// The seconds at which it starts and ends, if it has fragments. Its edits were written before its end was known,
    /// and its header may mean the part before the fragments, or all.
    pub fn span(&self, movie_scale: u32) -> (f64, f64) {
        let first = seconds(self.first_offset.into(), self.scale);
        let start = match &self.edits {
            Some(edits) => first - seconds(edits.media_start, self.scale) + seconds(edits.empty, movie_scale),
            None => first,
        };
        let start = start.max(0.0);
        (start, start + seconds(self.ticks, self.scale))
    }

    /// Frames per second, on average.
    pub fn frame_rate(&self) -> Option<f64> {
        (self.samples > 0 && self.ticks > 0).then(|| self.samples as f64 / seconds(self.ticks, self.scale))
    }
}

impl Edits {
    fn read(elst: &Atom) -> Option<Self> {
        let wide = elst.wide();
        let size = 4 + wide;
        let mut edits = Self::default();
        let mut started = false;
        let mut at = 0;
        let row = 2 * size + 4;
        let table = elst.bytes(8, row * u64::from(elst.be32(4).min(MOST_EDITS)));
        while at + row <= table.len() as u64 {
            let duration = be(table, at, size);
            let start = be(table, at + size, size);
            at += row;
            edits.total = edits.total.saturating_add(duration);
            // Only the media time has a sign, where -1 shows nothing.
            if start >> (8 * size - 1) > 0 {
                edits.empty = edits.empty.saturating_add(duration);
                continue;
            }
            if !started {
                edits.media_start = start;
            }
            started = true;
            if duration == 0 {
                edits.open = Some(start);
            }
        }
        (started || edits.total > 0).then_some(edits)
    }
}

impl Matrix {
    #[inline(never)]
    pub fn read(atom: &Atom, at: u64) -> Self {
        Self([0, 4, 12, 16].map(|field| atom.be32(at + field) as i32))
    }

    /// Degrees clockwise of this turn and another after it. A mirrored picture counts as turned by its upper edge.
    pub fn rotation(self, after: Self) -> u16 {
        let [a, b, ..] = self.0;
        let (a, b) = (f64::from(a), f64::from(b));
        let along = |c: i32, e: i32| a * f64::from(c) + b * f64::from(e);
        let (x, y) = match after.0 {
            [0, 0, 0, 0] => (a, b),
            [c, d, e, f] => (along(c, e), along(d, f)),
        };
        match (x.abs() >= y.abs(), x < 0.0, y < 0.0) {
            (true, false, _) => 0,
            (true, true, _) => 180,
            (false, _, false) => 90,
            (false, _, true) => 270,
        }
    }
}

/// Ticks as seconds. Without a time scale, a tick is a second, as in ffmpeg.
pub(super) fn seconds(ticks: u64, scale: u32) -> f64 {
    ticks as f64 / f64::from(scale.max(1))
}
