//! The bytes of a file that have been read, and the missing ones.

use super::stop::{Found, Stop};
use std::cell::Cell;

/// The first read. Nearly all images, most videos with the index at the start, and all WAV files need no second one.
const FIRST_READ: u32 = 16 * 1024;
/// A read elsewhere that is not among the first, such as of the next fragment.
const LATER_READ: u32 = 4 * 1024;
const FIRST_READS: u32 = 2;
/// A frame of MP3 or a block of GIF: a parser that hops over it is in sequence.
const SMALL_STEP: u64 = 2 * 1024;
/// Reads in sequence double up to this.
const LARGEST_READ: u32 = 256 * 1024;
/// The most reads and bytes, unless a parser allows more.
const MAX_READS: u32 = 128;
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// The parts of a file that were read.
pub(super) struct Ranges {
    size: u64,
    /// Whether the end of the file may be read only to see whether it is there.
    reads_ends: bool,
    /// Parts in the order of their arrival, each with its offset. They may overlap.
    held: Vec<(u64, Vec<u8>)>,
    bytes_read: u64,
    reads: u32,
    /// The end of the last read, and its length.
    last: (u64, u32),
    /// The most bytes to read in total, and ahead at a time.
    budget: u64,
    largest_read: u32,
    /// The start and the length of the read that a parser is waiting for.
    wanted: Cell<(u64, u32)>,
    /// Why a parser must stop that has not checked yet.
    stop: Cell<Option<Stop>>,
    /// The size that a header states of a file that is shorter; 0 if there is none.
    stated: Cell<u64>,
}

impl Ranges {
    pub fn new(size: u64) -> Self {
        Self {
            size,
            reads_ends: size != u64::MAX,
            held: Vec::new(),
            bytes_read: 0,
            reads: 0,
            last: (0, 0),
            budget: MAX_BYTES,
            largest_read: LARGEST_READ,
            wanted: Cell::default(),
            stop: Cell::default(),
            stated: Cell::default(),
        }
    }

    /// The bytes of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn reads_ends(&self) -> bool {
        self.reads_ends
    }

    /// From now on, the end is read only where the facts are.
    pub fn leave_ends(&mut self) {
        self.reads_ends = false;
    }

    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    pub fn reads(&self) -> u32 {
        self.reads
    }

    /// The start and the length of the read that a parser is waiting for.
    pub fn wanted(&self) -> (u64, u32) {
        self.wanted.get()
    }

    /// Adds what was read. Fewer bytes than were asked for mean that the file ends there.
    pub fn supply(&mut self, start: u64, length: u32, bytes: &[u8]) {
        let end = start + bytes.len() as u64;
        if bytes.len() < length as usize {
            self.size = self.size.min(end);
        }
        self.bytes_read += bytes.len() as u64;
        self.reads += 1;
        self.last = (end, length);
        match self
            .held
            .iter_mut()
            .find(|(at, held)| at + held.len() as u64 == start)
        {
            Some((_, held)) => {
                // Not twice of what is held.
                held.reserve_exact(bytes.len());
                held.extend_from_slice(bytes);
            }
            None => self.held.push((start, bytes.to_vec())),
        }
    }

    /// `length` bytes from an offset. Nothing where bytes are missing, and then everywhere, until the inspector asks
    /// [whether to stop](Self::check): what a parser makes of that does not count.
    #[inline(never)]
    pub fn get(&self, start: u64, length: u64) -> &[u8] {
        if length == 0 || self.stop.get().is_some() {
            return &[];
        }
        let stop = match start.checked_add(length) {
            Some(end) if end <= self.size => match self.part(start, length) {
                Some(part) => return part,
                None => self.read(start, length),
            },
            _ => Stop::CutOff,
        };
        self.stop.set(Some(stop));
        &[]
    }

    /// Refuses a file that ends more than `slack` bytes before an offset that its header states.
    pub fn must_reach(&self, end: u64, slack: u64) -> Found<()> {
        if end.saturating_sub(slack) <= self.size {
            return Ok(());
        }
        self.stated.set(end);
        Err(Stop::CutOff)
    }

    /// The size that the header states of a file that is shorter; 0 if it states none.
    pub fn stated_size(&self) -> u64 {
        self.stated.get()
    }

    /// Whether bytes were missing. After that, parsers may continue.
    pub fn check(&self) -> Found<()> {
        self.stop.take().map_or(Ok(()), Err)
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.get().is_some()
    }

    /// As many of `length` bytes as the file has from an offset.
    #[inline(never)]
    pub fn up_to(&self, start: u64, length: u64) -> &[u8] {
        self.get(start, length.min(self.size.saturating_sub(start)))
    }

    /// The big-endian number of `size` bytes, at most 8, at an offset. 0 where bytes are missing.
    #[inline(never)]
    pub fn be(&self, start: u64, size: u64) -> u64 {
        self.get(start, size)
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// The little-endian number of `size` bytes, at most 8, at an offset.
    #[inline(never)]
    pub fn le(&self, start: u64, size: u64) -> u64 {
        match size {
            0 => 0,
            _ => self.be(start, size).swap_bytes() >> (64 - 8 * size),
        }
    }

    /// Lets a scan of the whole file read more.
    pub fn allow(&mut self, budget: u64, largest_read: u32) {
        self.budget = self.bytes_read + budget;
        self.largest_read = largest_read;
    }

    /// The bytes in memory from an offset. At least one byte, if none is missing.
    pub fn rest(&self, start: u64) -> &[u8] {
        for (at, bytes) in self.held.iter().rev() {
            let from = start.checked_sub(*at).unwrap_or(u64::MAX);
            if from < bytes.len() as u64 && !self.is_stopped() {
                return bytes.get(from as usize..).unwrap_or_default();
            }
        }
        self.get(start, 1)
    }

    /// Drops the bytes before an offset, when a scan of the whole file has passed it.
    pub fn forget_before(&mut self, offset: u64) {
        self.held.retain_mut(|(at, bytes)| {
            let passed = offset.saturating_sub(*at);
            if passed >= bytes.len() as u64 {
                return false;
            }
            // Not at each step: the rest moves.
            if passed > u64::from(LARGEST_READ) {
                bytes.drain(..passed as usize);
                *at += passed;
            }
            true
        });
    }

    fn part(&self, start: u64, length: u64) -> Option<&[u8]> {
        for (at, bytes) in self.held.iter().rev() {
            let from = start.checked_sub(*at).unwrap_or(u64::MAX);
            if from <= bytes.len() as u64 && length <= bytes.len() as u64 - from {
                return bytes.get(from as usize..(from + length) as usize);
            }
        }
        None
    }

    fn read(&self, start: u64, length: u64) -> Stop {
        let (end, last) = self.last;
        // If a part of it is already in memory, only the rest is read.
        let held = self.held.iter().find_map(|(at, bytes)| {
            let held_to = at + bytes.len() as u64;
            (*at <= start && start <= held_to && held_to < start + length).then_some(held_to)
        });
        let from = match held {
            Some(held_to) => held_to,
            // A small step beyond the last read belongs to the same sequence.
            None if start >= end && start - end <= SMALL_STEP => end,
            None => start,
        };
        let ahead = if from == end && last > 0 {
            last.saturating_mul(2).min(self.largest_read)
        } else if self.reads < FIRST_READS {
            FIRST_READ
        } else {
            LATER_READ
        };
        let missing = start + length - from;
        let length = missing.max(u64::from(ahead)).min(self.size - from);
        if self.reads == MAX_READS || self.bytes_read + length > self.budget {
            return Stop::TooLong;
        }
        self.wanted.set((from, length as u32));
        Stop::Read
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_READ, Ranges};
    use crate::media::stop::Stop;

    /// Bytes that encode their own offset.
    fn bytes(from: u64, to: u64) -> Vec<u8> {
        (from..to).map(|at| (at % 251) as u8).collect()
    }

    fn supplied(parts: &[(u64, u64)]) -> Ranges {
        let mut ranges = Ranges::new(2_000_000);
        for (from, to) in parts {
            ranges.supply(*from, (to - from) as u32, &bytes(*from, *to));
        }
        ranges
    }

    #[test]
    fn returns_only_what_one_part_holds() {
        let ranges = supplied(&[(0, 100), (500, 600)]);
        for (start, end) in [(0, 100), (40, 41), (500, 600), (590, 600)] {
            assert_eq!(ranges.get(start, end - start), bytes(start, end));
        }
        assert_eq!(ranges.check(), Ok(()));
        for (start, length) in [(0, 101), (99, 2), (100, 1), (499, 1), (500, 101), (590, 11)] {
            assert_eq!(ranges.get(start, length), b"");
            assert_eq!(ranges.check(), Err(Stop::Read), "{start}, {length}");
        }
    }

    #[test]
    fn asks_for_what_follows_the_last_byte_held() {
        let ranges = supplied(&[(0, 100)]);
        assert_eq!(ranges.rest(99), bytes(99, 100));
        assert_eq!(ranges.rest(100), b"");
        assert_eq!(ranges.check(), Err(Stop::Read));
        assert_eq!(ranges.wanted().0, 100);
    }

    #[test]
    fn returns_the_rest_of_a_part_until_bytes_are_missing() {
        let ranges = supplied(&[(0, 100)]);
        assert_eq!(ranges.rest(40), bytes(40, 100));
        ranges.get(100, 1);
        assert_eq!(ranges.rest(40), b"");
        assert_eq!(ranges.check(), Err(Stop::Read));
        assert_eq!(ranges.rest(40), bytes(40, 100));
    }

    #[test]
    fn finds_bytes_in_an_older_part_if_the_last_one_has_not_all() {
        let ranges = supplied(&[(500, 700), (510, 520)]);
        assert_eq!(ranges.get(516, 10), bytes(516, 526));
        assert_eq!(ranges.bytes_read(), 210);
    }

    #[test]
    fn a_number_of_no_bytes_is_0() {
        let ranges = supplied(&[(1, 100)]);
        assert_eq!((ranges.be(1, 0), ranges.le(1, 0)), (0, 0));
        assert_eq!((ranges.be(1, 2), ranges.le(1, 2)), (0x102, 0x201));
    }

    /// The next read for these bytes, or why there is none.
    fn wanted(ranges: &Ranges, start: u64, length: u64) -> Result<(u64, u32), Stop> {
        ranges.get(start, length);
        match ranges.check() {
            Err(Stop::Read) => Ok(ranges.wanted()),
            stop => Err(stop.unwrap_err()),
        }
    }

    #[test]
    fn reads_ahead() {
        assert_eq!(wanted(&supplied(&[]), 0, 10), Ok((0, 16_384)));
        let one = supplied(&[(0, 100)]);
        // In sequence twice as much, elsewhere as at first.
        assert_eq!(wanted(&one, 100, 10), Ok((100, 200)));
        assert_eq!(wanted(&one, 0, 150), Ok((100, 200)));
        assert_eq!(wanted(&one, 100 + 2_048, 10), Ok((100, 2_058)));
        assert_eq!(wanted(&one, 101 + 2_048, 10), Ok((2_149, 16_384)));
        assert_eq!(wanted(&one, 50_000, 20_000), Ok((50_000, 20_000)));
        assert_eq!(wanted(&one, 1_999_990, 5), Ok((1_999_990, 10)));
        let two = supplied(&[(0, 100), (5_000, 5_100)]);
        assert_eq!(wanted(&two, 2_000, 10), Ok((2_000, 4_096)));
        let long = supplied(&[(0, 200_000)]);
        assert_eq!(wanted(&long, 200_000, 1), Ok((200_000, 262_144)));
    }

    #[test]
    fn reads_no_more_than_its_budget() {
        const LIMIT: u64 = 2_097_152;
        let mut ranges = Ranges::new(2 * LIMIT);
        let first = LIMIT - 262_144;
        ranges.supply(0, first as u32, &bytes(0, first));
        assert_eq!(wanted(&ranges, first, 1), Ok((first, 262_144)));
        ranges.supply(first, 262_144, &bytes(first, LIMIT));
        assert_eq!(wanted(&ranges, LIMIT, 1), Err(Stop::TooLong));
        ranges.allow(50, 10);
        assert_eq!(wanted(&ranges, LIMIT, 50), Ok((LIMIT, 50)));
        assert_eq!(wanted(&ranges, LIMIT, 51), Err(Stop::TooLong));
    }

    #[test]
    fn keeps_what_follows_a_passed_offset() {
        let size = u64::from(LARGEST_READ) * 2;
        let mut ranges = supplied(&[(7, 60), (1_000, 1_000 + size)]);
        let offset = 1_001 + u64::from(LARGEST_READ);
        ranges.forget_before(offset);
        assert_eq!(ranges.get(offset, 50), bytes(offset, offset + 50));
        assert_eq!(ranges.check(), Ok(()));
        ranges.get(offset - 1, 1);
        assert_eq!(ranges.check(), Err(Stop::Read));
        ranges.get(7, 1);
        assert_eq!(ranges.check(), Err(Stop::Read));
    }

    #[test]
    fn a_file_ends_where_fewer_bytes_come() {
        let mut ranges = Ranges::new(u64::MAX);
        ranges.supply(0, 100, &bytes(0, 60));
        assert_eq!(ranges.size(), 60);
        assert_eq!(ranges.up_to(50, 100), bytes(50, 60));
        assert_eq!(ranges.check(), Ok(()));
        ranges.get(50, 11);
        assert_eq!(ranges.check(), Err(Stop::CutOff));
    }
}
