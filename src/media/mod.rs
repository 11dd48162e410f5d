//! What a media file is, read from its bytes: format, size, orientation, duration, codecs. Plain Rust without I/O.
//!
//! An [`Inspector`] asks for ranges of bytes, receives them, and returns a [`MediaInfo`]. It keeps only what it asked
//! for, it ignores names and MIME types, and no content makes it panic, loop or read beyond its budget.
//!
//! ```
//! use evolink_video::media::{Inspector, Media, Step};
//!
//! let file = std::fs::read("www/icon.svg").unwrap();
//! let mut inspector = Inspector::new(file.len() as u64);
//! let info = loop {
//!     match inspector.step() {
//!         Step::Read { start, length } => {
//!             let end = file.len().min(start as usize + length as usize);
//!             inspector.supply(start, &file[start as usize..end]);
//!         }
//!         Step::Done(info) => break info,
//!         _ => unreachable!("there are two steps"),
//!     }
//! };
//! assert!(matches!(info.media, Media::Other { format: Some("svg"), .. }));
//! ```

mod audio;
mod check;
mod codec;
mod image;
mod info;
mod inspector;
mod ranges;
mod sniff;
mod stop;
#[cfg(test)]
mod testing;
mod video;

pub use check::{CheckedFile, Seen, check_files};
pub use info::{AudioInfo, ImageInfo, Media, MediaInfo, VideoInfo};
pub use inspector::{Inspector, Step};
