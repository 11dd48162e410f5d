//! Boxes of ISO base media, the atoms of QuickTime: a length, four letters, a body.

use crate::media::ranges::Ranges;
use crate::media::stop::Found;

/// A box.
pub(super) struct Atom {
    pub kind: u32,
    /// Where its body begins.
    pub start: u64,
    /// Where it ends, as it says. The file may be shorter.
    pub end: u64,
}

impl Atom {
    /// At most so many bytes of the body.
    pub fn bytes<'a>(&self, ranges: &'a Ranges, most: u64) -> Found<&'a [u8]> {
        ranges.get(self.start, most.min(self.length()) as usize)
    }

    pub fn length(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// The boxes in its body, behind some fields.
    pub fn boxes<'a>(&self, ranges: &'a Ranges, fields: u64) -> Boxes<'a> {
        Boxes {
            ranges,
            at: self.start.saturating_add(fields),
            end: self.end,
            left: MOST_CHILDREN,
            in_file: false,
        }
    }
}

/// More children than that are not looked at.
const MOST_CHILDREN: u32 = 1_000;

/// A sequence of boxes.
pub(super) struct Boxes<'a> {
    ranges: &'a Ranges,
    at: u64,
    end: u64,
    left: u32,
    /// Whether they are those of the file itself.
    in_file: bool,
}

impl<'a> Boxes<'a> {
    /// At most so many boxes of the file itself, from an offset.
    pub fn of_file(ranges: &'a Ranges, at: u64, most: u32) -> Self {
        let end = ranges.size();
        Self {
            ranges,
            at,
            end,
            left: most,
            in_file: true,
        }
    }

    /// The next box. `None` behind the last one, and where no box can begin.
    pub fn advance(&mut self) -> Found<Option<Atom>> {
        let (at, left) = (self.at, self.end.saturating_sub(self.at));
        if left < 8 || self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let head = self.ranges.be(at, 8)?;
        let kind = head as u32;
        let (header, length) = match head >> 32 {
            // To the end of what it is in. QuickTime ends lists with four zeros.
            0 if kind == 0 => return Ok(None),
            0 => (8, left),
            1 if left < 16 => return Ok(None),
            1 => (16, self.ranges.be(at + 8, 8)?),
            length => (8, length),
        };
        if length < header {
            return Ok(None);
        }
        let end = at.saturating_add(length);
        self.at = end;
        Ok(Some(Atom {
            kind,
            start: at + header,
            // A child never leaves its parent. The file may be cut off, which shall be noticed.
            end: if self.in_file { end } else { end.min(self.end) },
        }))
    }

    /// The next box with a name.
    pub fn find(&mut self, kind: u32) -> Found<Option<Atom>> {
        while let Some(atom) = self.advance()? {
            if atom.kind == kind {
                return Ok(Some(atom));
            }
        }
        Ok(None)
    }
}

/// The bytes at an offset as a number, 0 if they are not there.
pub(super) fn be32(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..) {
        Some([a, b, c, d, ..]) => u32::from_be_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

pub(super) fn be16(bytes: &[u8], at: usize) -> u16 {
    match bytes.get(at..) {
        Some([a, b, ..]) => u16::from_be_bytes([*a, *b]),
        _ => 0,
    }
}

/// Eight bytes in version 1 of a box, four in version 0. All ones mean that it is not known.
pub(super) fn time(bytes: &[u8], at: usize) -> u64 {
    let (high, low) = (be32(bytes, at), be32(bytes, at + 4));
    match (bytes.first(), high, low) {
        (Some(1), u32::MAX, u32::MAX) | (Some(0), u32::MAX, _) => 0,
        (Some(1), ..) => u64::from(high) << 32 | u64::from(low),
        _ => high.into(),
    }
}
