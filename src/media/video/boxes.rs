//! Boxes of ISO base media, the atoms of QuickTime: a length, four letters, a body.

use crate::media::ranges::Ranges;

/// A box.
#[derive(Clone, Copy)]
pub(super) struct Atom<'a> {
    ranges: &'a Ranges,
    /// Its four letters.
    pub kind: u32,
    /// Where its body begins.
    start: u64,
    /// Its stated end. The file may be shorter.
    pub end: u64,
}

impl<'a> Atom<'a> {
    pub fn length(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// This many bytes of the body from an offset, or as many as there are.
    #[inline(never)]
    pub fn bytes(&self, from: u64, most: u64) -> &'a [u8] {
        let left = self.length().saturating_sub(from);
        self.ranges.get(self.start.saturating_add(from), most.min(left))
    }

    /// The number of `size` bytes at an offset of the body, 0 if they are not there.
    #[inline(never)]
    pub fn number(&self, at: u64, size: u64) -> u64 {
        be(self.bytes(at, size), 0, size)
    }

    #[inline(never)]
    pub fn be32(&self, at: u64) -> u32 {
        self.number(at, 4) as u32
    }

    /// 4 in version 1 of a box, whose times are longer by this many bytes.
    #[inline(never)]
    pub fn wide(&self) -> u64 {
        if self.number(0, 1) == 1 { 4 } else { 0 }
    }

    /// A time, of eight bytes in version 1. All ones mean that it is not known.
    #[inline(never)]
    pub fn time(&self, at: u64) -> u64 {
        let size = 4 + self.wide();
        let time = self.number(at, size);
        if time == u64::MAX >> (64 - 8 * size) {
            0
        } else {
            time
        }
    }

    /// The boxes in its body, after some fields.
    pub fn boxes(&self, fields: u64) -> Boxes<'a> {
        Boxes {
            ranges: self.ranges,
            at: self.start.saturating_add(fields),
            end: self.end,
            left: MOST_CHILDREN,
            in_file: false,
        }
    }
}

/// More children than this are ignored.
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
        Self {
            ranges,
            at,
            end: ranges.size(),
            left: most,
            in_file: true,
        }
    }

    /// The next box. `None` after the last one, where no box can begin, and where bytes are missing.
    #[inline(never)]
    pub fn advance(&mut self) -> Option<Atom<'a>> {
        let (at, left) = (self.at, self.end.saturating_sub(self.at));
        if left < 8 || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let head = self.ranges.be(at, 8);
        let kind = head as u32;
        let (header, length) = match head >> 32 {
            // To the end of what it is in. QuickTime ends lists with four zeros.
            0 if kind == 0 => return None,
            0 => (8, left),
            1 if left < 16 => return None,
            1 => (16, self.ranges.be(at + 8, 8)),
            length => (8, length),
        };
        if length < header {
            return None;
        }
        let end = at.saturating_add(length);
        self.at = end;
        Some(Atom {
            ranges: self.ranges,
            kind,
            start: at + header,
            // A child never extends beyond its parent. The file may be cut off, which must be noticed.
            end: if self.in_file { end } else { end.min(self.end) },
        })
    }

    /// The next box with a name.
    #[inline(never)]
    pub fn find(&mut self, kind: u32) -> Option<Atom<'a>> {
        loop {
            let atom = self.advance()?;
            if atom.kind == kind {
                return Some(atom);
            }
        }
    }
}

/// The number of `size` bytes at an offset, 0 if they are not there.
#[inline(never)]
pub(super) fn be(bytes: &[u8], at: u64, size: u64) -> u64 {
    let end = at.saturating_add(size) as usize;
    let number = bytes.get(at as usize..end).unwrap_or_default();
    number
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}
