//! Inspects bytes, for tests.

use super::{Inspector, Media, Step};

/// The result for a file, and the reads that it took.
pub(super) fn inspect(file: &[u8]) -> (Media, u32) {
    inspect_sized(file, file.len() as u64)
}

/// The same for a file whose size is not known, or that has zeros behind the bytes.
pub(super) fn inspect_sized(file: &[u8], size: u64) -> (Media, u32) {
    let mut inspector = Inspector::new(size);
    let mut reads = 0;
    loop {
        match inspector.step() {
            Step::Read { start, length } => {
                reads += 1;
                let end = start + u64::from(length);
                let known = size != u64::MAX;
                let bytes: Vec<u8> = (start..end)
                    .map_while(|at| file.get(at as usize).copied().or(known.then_some(0)))
                    .collect();
                inspector.supply(start, &bytes);
            }
            Step::Done(info) => return (info.media, reads),
        }
    }
}

/// Why a file is broken.
pub(super) fn reason(file: &[u8]) -> &'static str {
    match inspect(file).0 {
        Media::Broken { reason, .. } => reason.leak(),
        media => panic!("it is {media:?}"),
    }
}

/// The format of a file that is something else.
pub(super) fn other(file: &[u8]) -> Option<&'static str> {
    match inspect(file).0 {
        Media::Other { format, .. } => format,
        media => panic!("it is {media:?}"),
    }
}
