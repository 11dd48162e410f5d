//! The index of a movie, `moov`, and what it says together.

use super::boxes::{Atom, Boxes, be32, time};
use super::name;
use super::track::{Matrix, Track, seconds, wide};
use super::{brand, fragments};
use crate::domain::decimal::Decimal;
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};
use crate::media::{Media, VideoInfo};

/// Behind so many boxes no index is looked for, and none of more tracks is read.
const MOST_BOXES: u32 = 500;
const MOST_TRACKS: usize = 64;

pub(super) struct Movie {
    pub scale: u32,
    /// Ticks that the header says, and that the header of the fragments says.
    stated: u64,
    pub with_fragments: u64,
    matrix: Matrix,
    pub tracks: Vec<Track>,
    /// Whether fragments may follow.
    pub extended: bool,
}

/// What an MP4 or MOV is.
pub(in crate::media) fn read(ranges: &Ranges, format: &'static str) -> Found<Media> {
    if let Some(other) = brand::other(ranges)? {
        return Ok(other);
    }
    let moov = Boxes::of_file(ranges, 0, MOST_BOXES)
        .find(name::MOOV)?
        .ok_or(Stop::NoIndex)?;
    let mut movie = Movie::read(ranges, &moov)?;
    let mut duration = None;
    if movie.extended {
        duration = fragments::read(ranges, moov.end, &mut movie)?;
    }
    movie.media(format, duration)
}

impl Movie {
    fn read(ranges: &Ranges, moov: &Atom) -> Found<Self> {
        let mut movie = Self {
            scale: 0,
            stated: 0,
            with_fragments: 0,
            matrix: Matrix::default(),
            tracks: Vec::new(),
            extended: false,
        };
        let mut defaults = Vec::new();
        let mut boxes = moov.boxes(ranges, 0);
        // Behind an index at the end of the file are no fragments.
        let last = moov.end >= ranges.size();
        while !(last && movie.is_complete())
            && let Some(atom) = boxes.advance()?
        {
            match atom.kind {
                name::MVHD => {
                    let body = atom.bytes(ranges, 68)?;
                    let wide = wide(body);
                    movie.scale = be32(body, 12 + wide * 2);
                    movie.stated = time(body, 16 + wide * 2);
                    movie.matrix = Matrix::read(body, 36 + wide * 3);
                }
                name::TRAK if movie.tracks.len() == MOST_TRACKS => break,
                name::TRAK => movie.tracks.push(Track::read(ranges, &atom)?),
                name::MVEX => {
                    movie.extended = true;
                    let mut boxes = atom.boxes(ranges, 0);
                    while let Some(atom) = boxes.advance()? {
                        let body = atom.bytes(ranges, 16)?;
                        match atom.kind {
                            name::MEHD => movie.with_fragments = time(body, 4),
                            name::TREX if defaults.len() < MOST_TRACKS => {
                                defaults.push((be32(body, 4), be32(body, 12)))
                            }
                            _ => {}
                        }
                    }
                }
                name::CMOV => {
                    return Err(Stop::CompressedIndex);
                }
                _ => {}
            }
        }
        for track in &mut movie.tracks {
            if let Some((_, ticks)) = defaults.iter().find(|(id, _)| *id == track.id) {
                track.default_ticks = *ticks;
            }
        }
        Ok(movie)
    }

    /// Whether no further track could change what it is.
    fn is_complete(&self) -> bool {
        let has = |is: fn(&Track) -> bool| self.tracks.iter().any(|track| is(track) && track.entry.is_some());
        self.stated > 0
            && has(|track| track.is_video() && track.enabled && !track.is_still())
            && has(Track::is_sound)
    }

    /// The track that is shown: the first that is enabled. Stills go with a movie, except where they are all it has.
    fn video(&self) -> Option<&Track> {
        let shown = |track: &&Track| track.is_video() && track.entry.is_some();
        let tracks = || self.tracks.iter().filter(shown);
        tracks()
            .find(|track| track.enabled && !track.is_still())
            .or_else(|| tracks().find(|track| !track.is_still()))
            .or_else(|| tracks().find(|track| track.samples > 1))
    }

    fn media(&self, format: &'static str, duration: Option<f64>) -> Found<Media> {
        let sound = self
            .tracks
            .iter()
            .filter(|track| track.is_sound())
            .find_map(|track| track.entry.as_ref());
        let Some((track, entry)) = self
            .video()
            .and_then(|track| Some((track, track.entry.as_ref()?)))
        else {
            return match sound {
                Some(_) if format == "mp4" => Ok(Media::Other {
                    format: Some("m4a"),
                    mime_type: Some("audio/mp4"),
                }),
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
            audio_codec: sound.map(|entry| entry.codec),
        }))
    }

    fn heard_or_seen(&self) -> impl Iterator<Item = &Track> {
        self.tracks
            .iter()
            .filter(|track| track.is_video() || track.is_sound())
    }

    /// The seconds from the first start of a track to the last end.
    pub fn fragment_seconds(&self) -> f64 {
        let (start, end) = self
            .heard_or_seen()
            .filter(|track| track.ticks > 0)
            .map(|track| track.span(self.scale))
            .fold((f64::MAX, 0.0), |(start, end), span| {
                (span.0.min(start), span.1.max(end))
            });
        (end - start).max(0.0)
    }

    /// The seconds that it plays.
    fn seconds(&self) -> f64 {
        if self.heard_or_seen().any(|track| track.fragmented) {
            return self.fragment_seconds();
        }
        let longest = self
            .heard_or_seen()
            .map(|track| track.seconds(self.scale))
            .fold(0.0, f64::max);
        let stated = seconds(self.stated, self.scale);
        // Where the header disagrees, all oracles follow it, except where it is out of reason.
        if stated > longest * 2.0 + 1.0 || stated < longest / 2.0 || self.scale == 0 {
            longest
        } else {
            stated
        }
    }
}

/// The size with square pixels. Their shape is said by `pasp`, or by the size that the track is shown with.
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
