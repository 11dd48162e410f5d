//! Images.

mod bmp;
mod exif;
mod gif;
mod jpeg;
mod png;
#[cfg(test)]
pub(super) mod samples;
mod tiff;
mod webp;

pub(super) use bmp::read as bmp;
pub(super) use gif::read as gif;
pub(super) use jpeg::read as jpeg;
pub(super) use png::read as png;
pub(super) use tiff::read as tiff;
pub(super) use webp::read as webp;

use super::stop::{Found, Stop};
use super::{ImageInfo, Media};

/// The image of a format as displayed, from its stored size.
#[inline(never)]
fn shown(format: &'static str, (width, height): (u32, u32), orientation: u8, animated: bool) -> Found<Media> {
    if width == 0 || height == 0 {
        return Err(Stop::NoSide);
    }
    let (width, height) = match orientation {
        5..=8 => (height, width),
        _ => (width, height),
    };
    Ok(Media::Image(ImageInfo {
        format,
        width,
        height,
        orientation,
        animated,
    }))
}

#[cfg(test)]
pub(super) mod test {
    use super::samples::tiff;
    use crate::media::{ImageInfo, Inspector, Media, Step};

    /// What the inspector finds in a file.
    pub fn inspect(file: &[u8]) -> Media {
        let mut inspector = Inspector::new(file.len() as u64);
        loop {
            match inspector.step() {
                Step::Read { start, length } => {
                    let start = start as usize;
                    inspector.supply(
                        start as u64,
                        &file[start..file.len().min(start + length as usize)],
                    );
                }
                Step::Done(info) => return info.media,
            }
        }
    }

    pub fn image(file: &[u8]) -> ImageInfo {
        match inspect(file) {
            Media::Image(image) => image,
            other => panic!("not an image: {other:?}"),
        }
    }

    /// Width, height, orientation and whether it is animated.
    pub fn facts(file: &[u8]) -> (u32, u32, u8, bool) {
        let image = image(file);
        (image.width, image.height, image.orientation, image.animated)
    }

    pub fn reason(file: &[u8]) -> (&'static str, &'static str) {
        match inspect(file) {
            Media::Broken { format, reason } => (format, reason.leak()),
            other => panic!("not broken: {other:?}"),
        }
    }

    /// Every beginning of a file gives the facts of the whole, or a reason.
    pub fn survives_cuts(file: &[u8]) {
        let whole = image(file);
        for length in 1..file.len() {
            match inspect(&file[..length]) {
                Media::Image(image) => assert_eq!(image, whole, "cut to {length}"),
                Media::Broken { format, .. } => assert_eq!(format, whole.format, "cut to {length}"),
                // Too short for a signature.
                Media::Other { format: None, .. } if length < 26 => {}
                other => panic!("cut to {length}: {other:?}"),
            }
        }
    }

    /// A TIFF with nothing but an orientation, as in EXIF.
    pub fn exif(little: bool, orientation: u32) -> Vec<u8> {
        tiff(little, &[(0x10f, 4, 7), (0x112, 3, orientation)])
    }
}
