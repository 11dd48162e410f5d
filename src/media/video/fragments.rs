//! Fragments: `moof` boxes after the index, each with the samples of about a second.

use super::boxes::{Atom, Boxes, be};
use super::movie::Movie;
use super::name;
use super::track::{Track, seconds};
use crate::media::ranges::Ranges;
use crate::media::stop::{Found, Stop};

/// A writer that makes a fragment of each frame needs two boxes for it.
const MOST_BOXES: u32 = 4_000;

/// After this many reads, the duration in the header is used.
const ENOUGH_READS: u32 = 10;
/// After this many reads or bytes, the rest is extrapolated.
const MOST_READS: u32 = 60;
const MOST_BYTES: u64 = 1024 * 1024;

/// Adds the samples of the fragments to the tracks. If there are too many to read, uses the duration in the header.
pub(super) fn read(ranges: &Ranges, start: u64, movie: &mut Movie) -> Found<Option<f64>> {
    let mut stated = match movie.with_fragments {
        0 => None,
        ticks => Some(seconds(ticks, movie.scale)),
    };
    let mut boxes = Boxes::of_file(ranges, start, MOST_BOXES);
    // The counted part ends here.
    let mut counted = start;
    loop {
        let atom = boxes.advance();
        match &atom {
            // A file that is cut off plays up to this point.
            Some(atom) if atom.end > ranges.size() && atom.kind != name::MDAT => return Ok(None),
            Some(atom) if atom.kind == name::MOOF => fragment(atom, movie),
            Some(atom) if atom.kind == name::SIDX && stated.is_none() => stated = segments(ranges, atom),
            _ => {}
        }
        match (ranges.check(), &atom) {
            (Ok(()), None) => return Ok(None),
            (Ok(()), Some(atom)) => counted = atom.end,
            (Err(Stop::Read), _) if stated.is_some() && ranges.reads() >= ENOUGH_READS => return Ok(stated),
            // The duration is not stated: assume that the rest plays as long as the same number of bytes before it.
            (Err(Stop::Read), _)
                if stated.is_none()
                    && ranges.size() < u64::MAX
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

fn fragment(moof: &Atom, movie: &mut Movie) {
    let mut boxes = moof.boxes(0);
    while let Some(traf) = boxes.find(name::TRAF) {
        let mut track = None;
        let mut default_ticks = 0;
        let mut boxes = traf.boxes(0);
        while let Some(atom) = boxes.advance() {
            match (atom.kind, &mut track) {
                (name::TFHD, _) => {
                    let flags = atom.be32(0);
                    track = movie.track(atom.be32(4));
                    // An offset of 8 bytes and a description of 4 may precede it.
                    let at = 8 + 8 * (flags & 1) + 4 * (flags >> 1 & 1);
                    default_ticks = match &track {
                        _ if flags & 8 > 0 => atom.be32(at.into()),
                        Some(track) => track.default_ticks,
                        None => 0,
                    };
                }
                (name::TRUN, Some(track)) => run(&atom, track, default_ticks),
                _ => {}
            }
        }
    }
}

/// Adds a run of samples.
fn run(trun: &Atom, track: &mut Track, default_ticks: u32) {
    let (flags, samples) = (trun.be32(0), u64::from(trun.be32(4)));
    let size = 4 * u64::from((flags >> 8 & 0xF).count_ones());
    let first = 8 + 4 * u64::from((flags & 1) + (flags >> 2 & 1));
    // The offset is the last field of a sample.
    if track.samples == 0 && flags & 0x800 > 0 {
        track.first_offset = (trun.be32(first + size - 4) as i32).max(0) as u32;
    }
    track.fragmented = true;
    if flags & 0x100 == 0 {
        return track.add(samples, default_ticks);
    }
    let table = trun.bytes(first, samples * size);
    if table.is_empty() {
        return;
    }
    let mut at = 0;
    while at + size <= table.len() as u64 {
        track.ticks = track.ticks.saturating_add(be(table, at, 4));
        at += size;
    }
    track.samples = track.samples.saturating_add(samples);
}

/// The seconds of all segments by a `sidx`, if they end where the file ends; in a cut file, it is wrong.
fn segments(ranges: &Ranges, sidx: &Atom) -> Option<f64> {
    let wide = 2 * sidx.wide();
    let mut at = sidx.end.saturating_add(sidx.be32(16 + wide).into());
    let mut ticks = 0;
    let mut table = sidx.bytes(24 + wide, 64 * 1024);
    while let [a, b, c, d, e, f, g, h, _, _, _, _, rest @ ..] = table {
        at = at.saturating_add((u32::from_be_bytes([*a, *b, *c, *d]) & 0x7FFF_FFFF).into());
        ticks += u64::from(u32::from_be_bytes([*e, *f, *g, *h]));
        table = rest;
    }
    // The index of the fragments may follow.
    let rest = ranges.size().saturating_sub(at);
    let whole = at <= ranges.size() && rest <= ranges.size() / 16;
    (whole && ticks > 0).then(|| seconds(ticks, sidx.be32(8)))
}
