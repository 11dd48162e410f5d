//! Which format a file begins as.

use super::ranges::{Found, Ranges, Stop};

/// A format, by the parser that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Webp,
    Gif,
    Bmp,
    Tiff,
    /// Boxes of ISO base media or QuickTime: MP4, MOV, HEIC, AVIF, M4A.
    Boxes,
    /// Anything else, with its name and MIME type.
    Other(Option<&'static str>, Option<&'static str>),
}

impl Format {
    /// The name in a [`Media::Broken`](super::Media::Broken).
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Format::Jpeg => "jpeg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
            Format::Bmp => "bmp",
            Format::Tiff => "tiff",
            Format::Boxes => "mp4",
            Format::Other(name, _) => return name,
        })
    }
}

/// The first bytes, names and MIME types of formats that people have and that the API does not take.
static SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl", "image/jxl"),
    (b"\xff\x0a", "jxl", "image/jxl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jp2", "image/jp2"),
    (b"\xff\x4f\xff\x51", "jp2", "image/jp2"),
    (b"8BPS", "psd", "image/vnd.adobe.photoshop"),
    (b"\0\0\x01\0", "ico", "image/x-icon"),
    (b"\x76\x2f\x31\x01", "exr", "image/x-exr"),
    (b"\0\0\x01\xba", "mpeg", "video/mpeg"),
    (b"\0\0\x01\xb3", "mpeg", "video/mpeg"),
    (b"FLV\x01", "flv", "video/x-flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf", "video/x-ms-asf"),
    (b"#EXTM3U", "m3u8", "application/vnd.apple.mpegurl"),
    (b"OggS", "ogg", "audio/ogg"),
    (b"fLaC", "flac", "audio/flac"),
    (b"#!AMR", "amr", "audio/amr"),
    (b"caff", "caf", "audio/x-caf"),
    (b"MThd", "midi", "audio/midi"),
    (b"%PDF-", "pdf", "application/pdf"),
    (b"%!PS", "ps", "application/postscript"),
    (b"\xc5\xd0\xd3\xc6", "eps", "application/postscript"),
    (b"PK\x03\x04", "zip", "application/zip"),
    (b"\x1f\x8b", "gzip", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "rar", "application/vnd.rar"),
];

/// The format of the first bytes.
pub(super) fn format(ranges: &Ranges) -> Found<Format> {
    let head = ranges.up_to(0, 1024)?;
    let known = |name, mime_type| Format::Other(Some(name), Some(mime_type));
    Ok(match head {
        [] => return Err(Stop::Broken("it is empty")),
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', ..] => Format::Png,
        [b'G', b'I', b'F', b'8', ..] => Format::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, kind @ ..] => match kind {
            [b'W', b'E', b'B', b'P', ..] => Format::Webp,
            [b'A', b'V', b'I', b' ', ..] => known("avi", "video/x-msvideo"),
            _ => Format::Other(None, None),
        },
        // Two letters begin many texts. The length of the second header follows.
        [
            b'B',
            b'M',
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            12 | 16..=124,
            0,
            0,
            0,
            ..,
        ] => Format::Bmp,
        [b'I', b'I', b'*', 0, _, _, _, _, b'C', b'R', ..] => known("cr2", "image/x-canon-cr2"),
        [b'I', b'I', b'*' | b'+', 0, ..] | [b'M', b'M', 0, b'*' | b'+', ..] => Format::Tiff,
        [_, _, _, _, kind @ ..] if begins_as_box(kind) => Format::Boxes,
        [0x1a, 0x45, 0xdf, 0xa3, header @ ..] => matroska(header),
        [
            b'F',
            b'O',
            b'R',
            b'M',
            _,
            _,
            _,
            _,
            b'A',
            b'I',
            b'F',
            b'F' | b'C',
            ..,
        ] => known("aiff", "audio/aiff"),
        // AAC in ADTS: the sync word, layer 0, one of 13 sample rates
        [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, rate, ..] if rate >> 2 & 15 < 13 => known("aac", "audio/aac"),
        _ if [0, 4].iter().any(|at| {
            // Packets of 188 bytes, in files of cameras with a time of 4 bytes each
            head.get(*at) == Some(&0x47) && head.get(*at * 2 + 188) == Some(&0x47)
        }) =>
        {
            known("mpegts", "video/mp2t")
        }
        _ => SIGNATURES
            .iter()
            .find(|(signature, ..)| head.starts_with(signature))
            .map(|(_, name, mime_type)| known(name, mime_type))
            .unwrap_or_else(|| text(head)),
    })
}

fn begins_as_box(kind: &[u8]) -> bool {
    const KINDS: [&[u8; 4]; 10] = [
        b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof", b"sidx",
    ];
    KINDS.iter().any(|known| kind.starts_with(*known))
}

/// WebM is Matroska with another name in the header.
fn matroska(header: &[u8]) -> Format {
    let webm = header.windows(7).take(64).any(|element| {
        let [0x42, 0x82, _, name @ ..] = element else {
            return false;
        };
        name == b"webm"
    });
    if webm {
        Format::Other(Some("webm"), Some("video/webm"))
    } else {
        Format::Other(Some("mkv"), Some("video/x-matroska"))
    }
}

/// What servers send in place of a file: pages, errors in JSON or XML. Also SVG.
fn text(head: &[u8]) -> Format {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let known = |name, mime_type| Format::Other(Some(name), Some(mime_type));
    match text {
        [b'{' | b'[', rest @ ..]
            if matches!(rest.trim_ascii_start(), [b'"' | b'{' | b'}' | b'[' | b']', ..]) =>
        {
            return known("json", "application/json");
        }
        [b'<', ..] => {}
        _ => return Format::Other(None, None),
    }
    let xml = text.starts_with(b"<?xml");
    let mut element = false;
    for tag in text.split(|byte| *byte == b'<') {
        let name = strip_doctype(tag);
        let length = name
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let name = name.get(..length).unwrap_or_default();
        element |= length > 0 && length < tag.len();
        let named = |known: &[u8]| name.eq_ignore_ascii_case(known);
        if named(b"svg") {
            return known("svg", "image/svg+xml");
        }
        // Feeds have titles too.
        if named(b"html") || !xml && (named(b"head") || named(b"body") || named(b"script") || named(b"title"))
        {
            return known("html", "text/html");
        }
    }
    if xml && element {
        known("xml", "application/xml")
    } else {
        Format::Other(None, None)
    }
}

fn strip_doctype(tag: &[u8]) -> &[u8] {
    match tag.split_at_checked(9) {
        Some((word, name)) if word.eq_ignore_ascii_case(b"!doctype ") => name,
        _ => tag,
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, SIGNATURES, format};
    use crate::media::ranges::Ranges;

    fn sniff(head: &[u8]) -> Format {
        let mut ranges = Ranges::new(head.len() as u64);
        ranges.supply(0, head.len() as u32, head);
        format(&ranges).unwrap()
    }

    fn name(head: &[u8]) -> &'static str {
        sniff(head).name().unwrap_or("unknown")
    }

    #[test]
    fn finds_every_signature() {
        for (signature, name, _) in SIGNATURES {
            assert_eq!(sniff(signature).name(), Some(*name));
        }
    }

    #[test]
    fn knows_the_containers() {
        assert_eq!(sniff(b"\0\0\0\x18ftypheic"), Format::Boxes);
        assert_eq!(sniff(b"\0\0\0\x08wide\0\0\0\0mdat"), Format::Boxes);
        assert_eq!(name(b"RIFF\0\0\0\0AVI LIST"), "avi");
        assert_eq!(
            name(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"),
            "webm"
        );
        assert_eq!(
            name(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"),
            "mkv"
        );
        assert_eq!(name(b"FORM\0\0\0\0AIFC"), "aiff");
        assert_eq!(name(b"\xff\xf1\x50\x80\x00\x1f\xfc"), "aac");
        assert_eq!(name(b"II*\0\x10\0\0\0CR\x02\0"), "cr2");
        let mut packets = [0; 400];
        (packets[0], packets[188]) = (0x47, 0x47);
        assert_eq!(name(&packets), "mpegts");
        packets.rotate_right(4);
        packets[4 + 188] = 0;
        packets[4 + 192] = 0x47;
        assert_eq!(name(&packets), "mpegts");
    }

    #[test]
    fn knows_what_servers_send_in_place_of_a_file() {
        for (text, expected) in [
            ("<!DOCTYPE html><html>", "html"),
            ("\u{feff}\n<HTML lang=en><svg>", "html"),
            ("<!-- page --><head>", "html"),
            ("<?xml version='1.0'?><!DOCTYPE html PUBLIC>", "html"),
            ("<svg xmlns='http://www.w3.org/2000/svg'><title>", "svg"),
            ("<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC><svg>", "svg"),
            ("<?xml version='1.0'?><Error><Code>AccessDenied", "xml"),
            ("<?xml version='1.0'?><rss><title>", "xml"),
            ("{\"error\":{\"code\":404}}", "json"),
            (" [ {", "json"),
            ("{\\rtf1}", "unknown"),
            ("<3 this", "unknown"),
            ("404 page not found", "unknown"),
        ] {
            assert_eq!(name(text.as_bytes()), expected, "{text}");
        }
    }
}
