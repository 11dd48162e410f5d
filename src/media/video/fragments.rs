//! Fragments: `moof` boxes behind the index, each with the samples of a second or so.

use super::boxes::{Atom, Boxes, be32};
use super::movie::Movie;
use super::name;
use super::track::{Track, seconds};
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// A writer that makes a fragment of each frame needs two boxes for it.
const MOST_BOXES: u32 = 4_000;

/// After so many reads, a duration that a header states is taken.
const ENOUGH_READS: u32 = 10;
/// After so many reads or bytes, the rest is reckoned.
const MOST_READS: u32 = 60;
const MOST_BYTES: u64 = 1024 * 1024;

/// Adds the samples of the fragments to the tracks. If they are too many to be read, the seconds that a header states.
pub(super) fn read(ranges: &Ranges, start: u64, movie: &mut Movie) -> Found<Option<f64>> {
    let mut stated = match movie.with_fragments {
        0 => None,
        ticks => Some(seconds(ticks, movie.scale)),
    };
    let mut boxes = Boxes::of_file(ranges, start, MOST_BOXES);
    // What was counted ends here.
    let mut counted = start;
    loop {
        let found = match boxes.advance() {
            Ok(None) => return Ok(None),
            // A file that is cut off plays up to there.
            Ok(Some(atom)) if atom.end > ranges.size() && atom.kind != name::MDAT => return Ok(None),
            Ok(Some(atom)) => {
                let found = match atom.kind {
                    name::MOOF => fragment(ranges, &atom, &mut movie.tracks),
                    name::SIDX if stated.is_none() => segments(ranges, &atom).map(|found| stated = found),
                    _ => Ok(()),
                };
                if found.is_ok() {
                    counted = atom.end;
                }
                found
            }
            Err(stop) => Err(stop),
        };
        match (found, stated) {
            (Ok(()), _) => {}
            (Err(Stop::Read), Some(_)) if ranges.reads() >= ENOUGH_READS => return Ok(stated),
            // Nothing states it: the rest plays as long as the same bytes before it.
            (Err(Stop::Read), None)
                if ranges.size() < u64::MAX
                    && (ranges.reads() >= MOST_READS || ranges.bytes_read() >= MOST_BYTES) =>
            {
                let rate =
                    ranges.size().saturating_sub(start) as f64 / counted.saturating_sub(start).max(1) as f64;
                return Ok(Some(movie.fragment_seconds() * rate));
            }
            (Err(stop), _) => return Err(stop),
        }
    }
}

fn fragment(ranges: &Ranges, moof: &Atom, tracks: &mut [Track]) -> Found<()> {
    let mut boxes = moof.boxes(ranges, 0);
    while let Some(traf) = boxes.find(name::TRAF)? {
        let mut track = None;
        let mut default_ticks = 0;
        let mut boxes = traf.boxes(ranges, 0);
        while let Some(atom) = boxes.advance()? {
            match atom.kind {
                name::TFHD => {
                    let body = atom.bytes(ranges, 24)?;
                    let (flags, id) = (be32(body, 0), be32(body, 4));
                    track = tracks.iter_mut().find(|track| track.id == id);
                    // An offset of 8 bytes and a description of 4 may precede it.
                    let at = 8 + 8 * (flags & 1) + 4 * (flags >> 1 & 1);
                    default_ticks = match &track {
                        _ if flags & 8 > 0 => be32(body, at as usize),
                        Some(track) => track.default_ticks,
                        None => 0,
                    };
                }
                name::TRUN => {
                    if let Some(track) = &mut track {
                        run(ranges, &atom, track, default_ticks)?;
                    }
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Adds a run of samples.
fn run(ranges: &Ranges, trun: &Atom, track: &mut Track, default_ticks: u32) -> Found<()> {
    let head = trun.bytes(ranges, 8)?;
    let (flags, samples) = (be32(head, 0), u64::from(be32(head, 4)));
    let fields = 4 * (flags >> 8 & 0xF).count_ones();
    let first = 8 + 4 * u64::from((flags & 1) + (flags >> 2 & 1));
    // The offset is the last field of a sample.
    if track.samples == 0 && flags & 0x800 > 0 {
        let at = first + u64::from(fields) - 4;
        let offset = be32(trun.bytes(ranges, at + 4)?, at as usize);
        track.first_offset = if offset > i32::MAX as u32 { 0 } else { offset };
    }
    let ticks = if flags & 0x100 > 0 {
        let table = trun.bytes(ranges, first + samples * u64::from(fields))?;
        table
            .get(first as usize..)
            .unwrap_or_default()
            .chunks_exact(fields as usize)
            .map(|sample| u64::from(be32(sample, 0)))
            .sum()
    } else {
        samples * u64::from(default_ticks)
    };
    track.samples = track.samples.saturating_add(samples);
    track.ticks = track.ticks.saturating_add(ticks);
    track.fragmented = true;
    Ok(())
}

/// The seconds of all segments by a `sidx`, if they end where the file ends: one of a cut file lies.
fn segments(ranges: &Ranges, sidx: &Atom) -> Found<Option<f64>> {
    let head = sidx.bytes(ranges, 32)?;
    let (scale, wide) = (be32(head, 8), 8 * u64::from(head.first() == Some(&1)));
    let mut at = sidx.end.saturating_add(be32(head, 16 + wide as usize).into());
    let mut ticks = 0;
    for segment in sidx
        .bytes(ranges, sidx.length().min(64 * 1024))?
        .get(24 + wide as usize..)
        .unwrap_or_default()
        .chunks_exact(12)
    {
        at = at.saturating_add(u64::from(be32(segment, 0) & 0x7FFF_FFFF));
        ticks += u64::from(be32(segment, 4));
    }
    // The index of the fragments may follow.
    let rest = ranges.size().saturating_sub(at);
    let whole = at <= ranges.size() && rest <= ranges.size() / 16;
    Ok((whole && ticks > 0).then(|| seconds(ticks, scale)))
}
