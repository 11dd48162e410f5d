//! A track of a movie.

use super::boxes::{Atom, be32, time};
use super::name;
use super::sample_entry::SampleEntry;
use crate::media::info::Codec;
use crate::media::ranges::Ranges;
use crate::media::stop::Found;

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
    /// Ticks that the header says.
    stated: u64,
    pub edits: Option<Edits>,
    pub entry: Option<SampleEntry>,
    /// Samples and their ticks, by the tables and in the fragments.
    pub samples: u64,
    pub ticks: u64,
    /// The ticks of a sample in a fragment that does not say so.
    pub default_ticks: u32,
    pub fragmented: bool,
    /// The ticks between the decoding of the first sample and its showing, if that is in a fragment.
    pub first_offset: u32,
}

/// What an edit list plays.
#[derive(Default)]
pub(super) struct Edits {
    /// Ticks of the movie, in all edits and in those that show nothing.
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

/// A table of that size is read; of a larger one the count of samples has to do.
const LARGEST_TABLE: u64 = 256 * 1024;

impl Track {
    pub fn read(ranges: &Ranges, trak: &Atom) -> Found<Self> {
        let mut track = Self::default();
        let mut boxes = trak.boxes(ranges, 0);
        while let Some(atom) = boxes.advance()? {
            match atom.kind {
                name::TKHD => {
                    let body = atom.bytes(ranges, 96)?;
                    let wide = wide(body);
                    track.enabled = be32(body, 0) & 1 > 0;
                    track.id = be32(body, 12 + wide * 2);
                    track.matrix = Matrix::read(body, 40 + wide * 3);
                    track.shown = (be32(body, 76 + wide * 3), be32(body, 80 + wide * 3));
                }
                name::EDTS => {
                    if let Some(elst) = atom.boxes(ranges, 0).find(name::ELST)? {
                        track.edits = Edits::read(ranges, &elst)?;
                    }
                }
                name::MDIA => track.read_media(ranges, &atom)?,
                _ => {}
            }
        }
        Ok(track)
    }

    fn read_media(&mut self, ranges: &Ranges, mdia: &Atom) -> Found<()> {
        let mut boxes = mdia.boxes(ranges, 0);
        while let Some(atom) = boxes.advance()? {
            match atom.kind {
                name::MDHD => {
                    let body = atom.bytes(ranges, 32)?;
                    let wide = wide(body);
                    self.scale = be32(body, 12 + wide * 2);
                    self.stated = time(body, 16 + wide * 2);
                }
                name::HDLR => self.handler = be32(atom.bytes(ranges, 12)?, 8),
                name::MINF if self.has_codec() => {
                    if let Some(stbl) = atom.boxes(ranges, 0).find(name::STBL)? {
                        self.read_tables(ranges, &stbl)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn has_codec(&self) -> bool {
        self.is_video() || self.is_sound()
    }

    pub fn is_video(&self) -> bool {
        self.handler == name::VIDE
    }

    pub fn is_sound(&self) -> bool {
        self.handler == name::SOUN
    }

    fn read_tables(&mut self, ranges: &Ranges, stbl: &Atom) -> Found<()> {
        let mut too_large = false;
        let mut boxes = stbl.boxes(ranges, 0);
        // Mostly the first two boxes suffice, and the others are long.
        while !self.is_complete()
            && let Some(atom) = boxes.advance()?
        {
            match atom.kind {
                name::STSD => self.entry = SampleEntry::read(ranges, &atom, self.is_sound())?,
                // Of sound, only the duration counts.
                name::STTS if self.is_sound() && self.stated > 0 => {}
                name::STTS if atom.length() > LARGEST_TABLE => too_large = true,
                name::STTS => {
                    let entries = be32(atom.bytes(ranges, 8)?, 4);
                    let table = atom.bytes(ranges, 8 + u64::from(entries) * 8)?;
                    for entry in table.chunks_exact(8).skip(1) {
                        let (count, ticks) = (be32(entry, 0), be32(entry, 4));
                        // Some writers mend a drift with a negative one.
                        let ticks = if ticks > i32::MAX as u32 { 0 } else { ticks };
                        self.samples = self.samples.saturating_add(count.into());
                        self.ticks = self.ticks.saturating_add(u64::from(count) * u64::from(ticks));
                    }
                }
                name::STSZ | name::STZ2 if too_large => {
                    self.samples = be32(atom.bytes(ranges, 12)?, 8).into();
                    self.ticks = self.stated;
                }
                _ => {}
            }
        }
        Ok(())
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
    fn read(ranges: &Ranges, elst: &Atom) -> Found<Option<Self>> {
        let head = elst.bytes(ranges, 8)?;
        let wide = wide(head);
        let entries = u64::from(be32(head, 4)).min(LARGEST_TABLE / 32);
        let mut edits = Self::default();
        let mut started = false;
        let table = elst.bytes(ranges, 8 + entries * (12 + 2 * wide as u64))?;
        for entry in table.get(8..).unwrap_or_default().chunks_exact(12 + 2 * wide) {
            let number = |at: usize| match wide {
                0 => i64::from(be32(entry, at) as i32),
                _ => (u64::from(be32(entry, at)) << 32 | u64::from(be32(entry, at + 4))) as i64,
            };
            // Only the media time has a sign, where -1 shows nothing.
            let duration = match wide {
                0 => be32(entry, 0).into(),
                _ => number(0) as u64,
            };
            let start = number(4 + wide);
            edits.total = edits.total.saturating_add(duration);
            match u64::try_from(start) {
                Err(_) => edits.empty = edits.empty.saturating_add(duration),
                Ok(start) => {
                    if !started {
                        edits.media_start = start;
                    }
                    started = true;
                    if duration == 0 {
                        edits.open = Some(start);
                    }
                }
            }
        }
        Ok((started || edits.total > 0).then_some(edits))
    }
}

impl Matrix {
    pub fn read(body: &[u8], at: usize) -> Self {
        Self([0, 4, 12, 16].map(|field| be32(body, at + field) as i32))
    }

    /// Degrees clockwise of this turn and another after it. A mirrored picture counts as turned by its upper edge.
    pub fn rotation(self, after: Self) -> u16 {
        let [a, b, ..] = self.0.map(f64::from);
        let [c, d, e, f] = after.0.map(f64::from);
        let (x, y) = match after.0 {
            [0, 0, 0, 0] => (a, b),
            _ => (a * c + b * e, a * d + b * f),
        };
        match (x.abs() >= y.abs(), x < 0.0, y < 0.0) {
            (true, false, _) => 0,
            (true, true, _) => 180,
            (false, _, false) => 90,
            (false, _, true) => 270,
        }
    }
}

/// 4 in version 1 of a box, whose times are longer by so many bytes.
pub(super) fn wide(body: &[u8]) -> usize {
    match body.first() {
        Some(1) => 4,
        _ => 0,
    }
}

/// Ticks as seconds. Without a time scale, a tick is a second, as in ffmpeg.
pub(super) fn seconds(ticks: u64, scale: u32) -> f64 {
    ticks as f64 / f64::from(scale.max(1))
}
