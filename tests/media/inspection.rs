//! Inspects bytes, and checks that the reads stay within the bounds.

use evolink_video::media::{Inspector, Media, MediaInfo, Step};
use std::time::{Duration, Instant};

/// The bounds that the documentation of [`Inspector`] states. An MP3 may need more: 16 MiB of frames,
/// and what lies before them.
const MAX_READS: u32 = 128;
const MAX_BYTES: u64 = 2 * 1024 * 1024;
const MAX_MP3_BYTES: u64 = 17 * 1024 * 1024;

/// What the inspector finds, after its reads were checked.
pub fn inspect(file: &[u8], known_size: bool) -> MediaInfo {
    let size = file.len() as u64;
    let mut inspector = Inspector::new(if known_size { size } else { u64::MAX });
    let mut reads = 0;
    let started = Instant::now();
    loop {
        match inspector.step() {
            Step::Read { start, length } => {
                reads += 1;
                assert!(length > 0 && reads <= MAX_READS);
                assert!(!known_size || start + u64::from(length) <= size);
                let from = start.min(size) as usize;
                let to = start.saturating_add(length.into()).min(size) as usize;
                inspector.supply(start, &file[from..to]);
            }
            Step::Done(info) => {
                let is_mp3 = matches!(&info.media, Media::Audio(audio) if audio.format == "mp3");
                assert!(info.bytes_read <= if is_mp3 { MAX_MP3_BYTES } else { MAX_BYTES });
                // The worst takes a tenth of a second without optimization. Other tests share the processor.
                assert!(
                    started.elapsed() < Duration::from_secs(3),
                    "{:?}",
                    started.elapsed()
                );
                return info;
            }
            _ => unreachable!("there are two steps"),
        }
    }
}
