//! Detects a format from the brands of a file.

use super::boxes::Atom;
use super::name;
use crate::media::codec::find;
use crate::media::{Media, info};

/// The name and MIME type of each format behind their length, and its brands.
static BRANDS: &str = "\
\x0Favif image/avifavifavis\
\x0Fheic image/heicheicheixheimheishevchevxhevmhevs\
\x0Fheif image/heifmif1msf1mif2\
\x15cr3 image/x-canon-cr3crx \
\x0Djp2 image/jp2jp2 \
\x0Djpx image/jpxjpx \
\x0Dmj2 video/mj2mjp2\
\x0Dm4a audio/mp4M4A M4B M4P F4A ";

/// A format that is not MP4 or MOV, although it has the same boxes, by the first box.
pub(super) fn other(ftyp: &Atom) -> Option<Media> {
    if ftyp.kind != name::FTYP {
        return None;
    }
    let brand = ftyp.be32(0);
    let mut format = match brand.to_be_bytes() {
        [b'3', b'g', b'2', _] => "3g2 video/3gpp2",
        [b'3', b'g', ..] => "3gp video/3gpp",
        letters => find(BRANDS, letters)?,
    };
    if let name::MIF1 | name::MSF1 = brand {
        // The second is a version, the others are compatible.
        let mut brands = ftyp.bytes(8, 120);
        while let [a, b, c, d, rest @ ..] = brands {
            if let Some(known @ ("avif image/avif" | "heic image/heic")) = find(BRANDS, [*a, *b, *c, *d]) {
                format = known;
                break;
            }
            brands = rest;
        }
    }
    Some(info::other(format))
}
