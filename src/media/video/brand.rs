//! What the brands of a file say that it is.

use super::boxes::Boxes;
use super::name;
use crate::media::Media;
use crate::media::ranges::Ranges;
use crate::media::stop::Found;

/// A format that is not MP4 or MOV, although it has the same boxes.
pub(super) fn other(ranges: &Ranges) -> Found<Option<Media>> {
    let Some(atom) = Boxes::of_file(ranges, 0, 1).advance()? else {
        return Ok(None);
    };
    if atom.kind != name::FTYP {
        return Ok(None);
    }
    // The first is the brand, the second its version, the others are compatible.
    let mut brands = atom.bytes(ranges, 128)?.chunks_exact(4);
    let mut brand = brands.next().unwrap_or_default();
    if let b"mif1" | b"msf1" = brand {
        brand = brands
            .skip(1)
            .find(|brand| matches!(*brand, b"avif" | b"avis" | b"heic" | b"heix" | b"hevc" | b"hevx"))
            .unwrap_or(brand);
    }
    let (format, mime_type) = match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
            ("heic", "image/heic")
        }
        b"mif1" | b"msf1" | b"mif2" => ("heif", "image/heif"),
        b"avif" | b"avis" => ("avif", "image/avif"),
        b"crx " => ("cr3", "image/x-canon-cr3"),
        b"jp2 " => ("jp2", "image/jp2"),
        b"jpx " => ("jpx", "image/jpx"),
        b"mjp2" => ("mj2", "video/mj2"),
        b"M4A " | b"M4B " | b"M4P " | b"F4A " => ("m4a", "audio/mp4"),
        [b'3', b'g', b'2', _] => ("3g2", "video/3gpp2"),
        [b'3', b'g', ..] => ("3gp", "video/3gpp"),
        _ => return Ok(None),
    };
    Ok(Some(Media::Other {
        format: Some(format),
        mime_type: Some(mime_type),
    }))
}
