//! What the brands of a file say that it is.

use super::boxes::{Atom, be};
use super::name;
use crate::media::{Media, info};

/// A format that is not MP4 or MOV, although it has the same boxes, by the first box.
pub(super) fn other(ftyp: &Atom) -> Option<Media> {
    if ftyp.kind != name::FTYP {
        return None;
    }
    let mut brand = ftyp.be32(0);
    if let name::MIF1 | name::MSF1 = brand {
        // The second is a version, the others are compatible.
        let mut brands = ftyp.bytes(8, 120);
        while let [_, _, _, _, rest @ ..] = brands {
            let compatible = be(brands, 0, 4) as u32;
            if let name::AVIF | name::AVIS | name::HEIC | name::HEIX | name::HEVC | name::HEVX = compatible {
                brand = compatible;
                break;
            }
            brands = rest;
        }
    }
    let format = match brand {
        name::AVIF | name::AVIS => "avif image/avif",
        name::MIF1 | name::MSF1 | name::MIF2 => "heif image/heif",
        name::CRX => "cr3 image/x-canon-cr3",
        name::JP2 => "jp2 image/jp2",
        name::JPX => "jpx image/jpx",
        name::MJP2 => "mj2 video/mj2",
        name::M4A | name::M4B | name::M4P | name::F4A => "m4a audio/mp4",
        _ => match brand.to_be_bytes() {
            [b'h', b'e', b'i' | b'v', b'c' | b'x' | b'm' | b's'] => "heic image/heic",
            [b'3', b'g', b'2', _] => "3g2 video/3gpp2",
            [b'3', b'g', ..] => "3gp video/3gpp",
            _ => return None,
        },
    };
    Some(info::other(format))
}
