//! The index of a movie, `moov`, and the properties that follow from it.

use super::boxes::{Atom, Boxes};
use super::name;
use super::sample_entry::SampleEntry;
use super::track::{Matrix, Track, seconds};
use super::{brand, fragments};
use crate::domain::decimal::Decimal;
use crate::media::info::{self, Codec};
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};
use crate::media::{Media, VideoInfo};

/// After this many boxes, the search for an index ends, and an index with more tracks is not read.
const MOST_BOXES: u32 = 500;
const MOST_TRACKS: usize = 64;
/// The most boxes between an index and the samples after it.
const MOST_GAPS: u32 = 8;

#[derive(Default)]
pub(super) struct Movie {
    pub scale: u32,
    /// The ticks in the header, and in the header of the fragments.
    stated: u64,
    pub with_fragments: u64,
    matrix: Matrix,
    pub tracks: Vec<Track>,
    /// Whether fragments may follow.
    pub extended: bool,
}

/// What an MP4 or MOV is.
pub(in crate::media) fn read(ranges: &Ranges, format: &'static str) -> Found<Media> {
    let first = Boxes::of_file(ranges, 0, 1).advance();
    if let Some(other) = first.and_then(|first| brand::other(&first)) {
        return ranges.check().map(|()| other);
    }
    let moov = Boxes::of_file(ranges, 0, MOST_BOXES).find(name::MOOV);
    ranges.check()?;
    let moov = moov.ok_or(Stop::NoIndex)?;
    let mut movie = Movie::default();
    movie.read(ranges, &moov)?;
    let mut duration = None;
    if movie.extended {
        duration = fragments::read(ranges, moov.end, &mut movie)?;
    } else if let Some(mdat) = Boxes::of_file(ranges, moov.end, MOST_GAPS).find(name::MDAT) {
        // The index states what the whole file plays. Fragments that are there play without those that are not.
        ranges.must_reach(mdat.end, 0)?;
    } else if ranges.check() == Err(Stop::Read) {
        return Err(Stop::Read);
    }
    movie.media(format, duration)
}

impl Movie {
    fn read(&mut self, ranges: &Ranges, moov: &Atom) -> Found<()> {
        let mut boxes = moov.boxes(0);
        // There are no fragments after an index at the end of the file.
        let last = moov.end >= ranges.size();
        let mut compressed = false;
        while !(last && self.is_complete())
            && let Some(atom) = boxes.advance()
        {
            match atom.kind {
                name::MVHD => {
                    let wide = atom.wide();
                    self.scale = atom.be32(12 + wide * 2);
                    self.stated = atom.time(16 + wide * 2);
                    self.matrix = Matrix::read(&atom, 36 + wide * 3);
                }
                name::TRAK if self.tracks.len() < MOST_TRACKS => {
                    let track = Track::read(&atom);
                    if track.has_codec() {
                        self.tracks.push(track);
                    }
                }
                name::CMOV => compressed = true,
                _ => {}
            }
        }
        if !last && let Some(mvex) = moov.boxes(0).find(name::MVEX) {
            self.extend(&mvex);
        }
        ranges.check()?;
        match compressed {
            true => Err(Stop::CompressedIndex),
            false => Ok(()),
        }
    }

    /// Reads the header of the fragments.
    fn extend(&mut self, mvex: &Atom) {
        self.extended = true;
        let mut boxes = mvex.boxes(0);
        while let Some(atom) = boxes.advance() {
            match atom.kind {
                name::MEHD => self.with_fragments = atom.time(4),
                name::TREX => {
                    if let Some(track) = self.track(atom.be32(4)) {
                        track.default_ticks = atom.be32(12);
                    }
                }
                _ => {}
            }
        }
    }

    /// The track with this number.
    pub fn track(&mut self, id: u32) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.id == id)
    }

    /// The track that is shown: the first that is enabled. Stills go with a movie, except where they are all it has.
    #[inline(never)]
    fn video(&self) -> Option<(&Track, &SampleEntry)> {
        let mut best = 0;
        let mut found = None;
        for track in &self.tracks {
            if track.is_video()
                && let Some(entry) = &track.entry
            {
                let rank = match track.is_still() {
                    false => 2 + u8::from(track.enabled),
                    true => u8::from(track.samples > 1),
                };
                if rank > best {
                    best = rank;
                    found = Some((track, entry));
                }
            }
        }
        found
    }

    /// How the first sound is coded.
    #[inline(never)]
    fn sound(&self) -> Option<Codec> {
        self.tracks.iter().find_map(|track| match &track.entry {
            Some(entry) if track.is_sound() => Some(entry.codec),
            _ => None,
        })
    }

    /// Whether no other track could change the result.
    fn is_complete(&self) -> bool {
        self.stated > 0
            && self.sound().is_some()
            && self
                .video()
                .is_some_and(|(track, _)| track.enabled && !track.is_still())
    }

    fn media(&self, format: &'static str, duration: Option<f64>) -> Found<Media> {
        let sound = self.sound();
        let Some((track, entry)) = self.video() else {
            return match sound {
                Some(_) if format == "mp4" => Ok(info::other("m4a audio/mp4")),
                _ => Err(Stop::NoVideo),
            };
        };
        if track.samples == 0 {
            return Err(Stop::NoFrames);
        }
        let seconds = duration.unwrap_or_else(|| self.seconds());
        let rotation = track.matrix.rotation(self.matrix);
        let (width, height) = shown_size(track.shown, entry.width, entry.height, entry.pixel);
        let (width, height) = match rotation {
            90 | 270 => (height, width),
            _ => (width, height),
        };
        if width == 0 || height == 0 {
            return Err(Stop::NoSize);
        }
        // In thousandths, so that 30000/1001 is 29.97.
        let frame_rate = track
            .frame_rate()
            .filter(|rate| (0.001..1_000_000.0).contains(rate))
            .map(|rate| Decimal::thousandths((rate * 1_000.0 + 0.5) as i64));
        Ok(Media::Video(VideoInfo {
            format,
            width,
            height,
            rotation,
            duration_ms: (seconds * 1_000.0 + 0.5) as u64,
            frame_rate,
            video_codec: entry.codec,
            audio_codec: sound,
        }))
    }

    /// The seconds from the first start of a track to the last end.
    pub fn fragment_seconds(&self) -> f64 {
        let (mut start, mut end) = (f64::MAX, 0.0);
        for track in &self.tracks {
            if track.ticks > 0 {
                let span = track.span(self.scale);
                start = span.0.min(start);
                end = span.1.max(end);
            }
        }
        (end - start).max(0.0)
    }

    /// The seconds that it plays.
    fn seconds(&self) -> f64 {
        let mut longest: f64 = 0.0;
        for track in &self.tracks {
            if track.fragmented {
                return self.fragment_seconds();
            }
            longest = longest.max(track.seconds(self.scale));
        }
        let stated = seconds(self.stated, self.scale);
        // If the header disagrees, all oracles follow it, unless it is implausible.
        if stated > longest * 2.0 + 1.0 || stated < longest / 2.0 || self.scale == 0 {
            longest
        } else {
            stated
        }
    }
}

/// The size with square pixels. Their shape comes from `pasp`, or from the display size of the track.
fn shown_size(shown: (u32, u32), width: u32, height: u32, pixel: Option<(u32, u32)>) -> (u32, u32) {
    if width == 0 || height == 0 {
        return (shown.0 >> 16, shown.1 >> 16);
    }
    let aspect = match pixel {
        Some((across @ 1.., down @ 1..)) => f64::from(across) / f64::from(down),
        _ if shown.0 == 0 || shown.1 == 0 => 1.0,
        _ => f64::from(shown.0) * f64::from(height) / (f64::from(shown.1) * f64::from(width)),
    };
    // A size that was rounded, or was cropped by a few lines, does not mean another shape.
    let across = if pixel.is_none() && (0.98..1.02).contains(&aspect) {
        f64::from(width)
    } else {
        f64::from(width) * aspect
    };
    ((across + 0.5) as u32, height)
}
