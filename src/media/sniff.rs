//! Which format a file begins as.

use super::ranges::Ranges;
use super::stop::{Found, Stop};

/// A format, by the parser that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Webp,
    Gif,
    Bmp,
    Tiff,
    /// Boxes of ISO base media: MP4, or by its brand HEIC, AVIF, M4A.
    Mp4,
    /// Boxes of QuickTime.
    Mov,
    /// An ID3 tag or a frame of MP3.
    Mp3,
    Wav,
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
            Format::Mp4 => "mp4",
            Format::Mov => "mov",
            Format::Mp3 => "mp3",
            Format::Wav => "wav",
            Format::Other(name, _) => return name,
        })
    }
}

const fn other(name: &'static str, mime_type: &'static str) -> Format {
    Format::Other(Some(name), Some(mime_type))
}

/// Bytes at an offset that tell a format: those that the API takes, and those that people have besides. The first row
/// that matches counts.
static SIGNATURES: &[(usize, &[u8], Format)] = &[
    (0, b"\xff\xd8\xff", Format::Jpeg),
    (0, b"\x89PNG", Format::Png),
    (0, b"GIF8", Format::Gif),
    // In `RIFF`, `FORM` and TIFF
    (8, b"WEBP", Format::Webp),
    (8, b"AVI ", other("avi", "video/x-msvideo")),
    (8, b"AIFF", other("aiff", "audio/aiff")),
    (8, b"AIFC", other("aiff", "audio/aiff")),
    (8, b"CR\x02\0", other("cr2", "image/x-canon-cr2")),
    (0, b"II*\0", Format::Tiff),
    (0, b"MM\0*", Format::Tiff),
    (0, b"II+\0", Format::Tiff),
    (0, b"MM\0+", Format::Tiff),
    (8, b"WAVE", Format::Wav),
    (4, b"ftypqt  ", Format::Mov),
    (4, b"ftyp", Format::Mp4),
    (4, b"moov", Format::Mov),
    (4, b"mdat", Format::Mov),
    (4, b"wide", Format::Mov),
    (4, b"free", Format::Mov),
    (4, b"skip", Format::Mov),
    (4, b"pnot", Format::Mov),
    // Parts of a fragmented MP4 without its head
    (4, b"styp", Format::Mp4),
    (4, b"moof", Format::Mp4),
    (4, b"sidx", Format::Mp4),
    (0, b"ID3", Format::Mp3),
    (0, b"\xff\xfb", Format::Mp3),
    (0, b"\xff\xfa", Format::Mp3),
    (0, b"\xff\xf3", Format::Mp3),
    (0, b"\xff\xf2", Format::Mp3),
    (0, b"\xff\xe3", Format::Mp3),
    (0, b"\xff\xe2", Format::Mp3),
    (4, b"JXL \r\n\x87\n", other("jxl", "image/jxl")),
    (0, b"\xff\x0a", other("jxl", "image/jxl")),
    (4, b"jP  \r\n\x87\n", other("jp2", "image/jp2")),
    (0, b"\xff\x4f\xff\x51", other("jp2", "image/jp2")),
    (0, b"8BPS", other("psd", "image/vnd.adobe.photoshop")),
    (0, b"\0\0\x01\0", other("ico", "image/x-icon")),
    (0, b"\x76\x2f\x31\x01", other("exr", "image/x-exr")),
    (0, b"\0\0\x01\xba", other("mpeg", "video/mpeg")),
    (0, b"\0\0\x01\xb3", other("mpeg", "video/mpeg")),
    (0, b"FLV\x01", other("flv", "video/x-flv")),
    (
        0,
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        other("asf", "video/x-ms-asf"),
    ),
    (0, b"#EXTM3U", other("m3u8", "application/vnd.apple.mpegurl")),
    (0, b"OggS", other("ogg", "audio/ogg")),
    (0, b"fLaC", other("flac", "audio/flac")),
    (0, b"#!AMR", other("amr", "audio/amr")),
    (0, b"caff", other("caf", "audio/x-caf")),
    (0, b"MThd", other("midi", "audio/midi")),
    (0, b"%PDF-", other("pdf", "application/pdf")),
    (0, b"%!PS", other("ps", "application/postscript")),
    (0, b"\xc5\xd0\xd3\xc6", other("eps", "application/postscript")),
    (0, b"PK\x03\x04", other("zip", "application/zip")),
    (0, b"\x1f\x8b", other("gzip", "application/gzip")),
    (
        0,
        b"7z\xbc\xaf\x27\x1c",
        other("7z", "application/x-7z-compressed"),
    ),
    (0, b"Rar!\x1a\x07", other("rar", "application/vnd.rar")),
];

/// The format of the first bytes.
pub(super) fn format(ranges: &Ranges) -> Found<Format> {
    let head = ranges.up_to(0, 1024);
    if head.is_empty() && !ranges.is_stopped() {
        return Err(Stop::Empty);
    }
    let signature = SIGNATURES.iter().find(|(at, bytes, _)| {
        let possible = match at {
            0 => true,
            // Text can contain these words. A box that begins with a letter would have a gigabyte.
            4 => !head.first().is_some_and(u8::is_ascii_graphic),
            _ => [b"RIFF", b"RIFX", b"RF64", b"BW64", b"FORM", b"II*\0"]
                .iter()
                .any(|begin| head.starts_with(*begin)),
        };
        possible && head.get(*at..).is_some_and(|head| head.starts_with(bytes))
    });
    Ok(match signature {
        Some((.., format)) => *format,
        None => without_signature(head),
    })
}

/// Formats that take more than a comparison of bytes.
fn without_signature(head: &[u8]) -> Format {
    match head {
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
        [0x1a, 0x45, 0xdf, 0xa3, header @ ..] => matroska(header),
        // AAC in ADTS: the sync word, layer 0, one of 13 sample rates
        [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, rate, ..] if rate >> 2 & 15 < 13 => other("aac", "audio/aac"),
        // Packets of 188 bytes, in files of cameras with a time of 4 bytes each
        _ if [0, 4]
            .iter()
            .any(|at| head.get(*at) == Some(&0x47) && head.get(*at * 2 + 188) == Some(&0x47)) =>
        {
            other("mpegts", "video/mp2t")
        }
        _ => text(head),
    }
}

/// WebM is Matroska with another name in the header.
fn matroska(header: &[u8]) -> Format {
    let mut elements = header.windows(3).take(64);
    let name = elements
        .position(|element| matches!(element, [0x42, 0x82, _]))
        .and_then(|at| header.get(at + 3..))
        .unwrap_or_default();
    if name.starts_with(b"webm") {
        other("webm", "video/webm")
    } else if name.starts_with(b"matroska") {
        other("mkv", "video/x-matroska")
    } else {
        Format::Other(None, None)
    }
}

/// What servers send in place of a file: pages, errors in JSON or XML. Also SVG.
fn text(head: &[u8]) -> Format {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    match text {
        [b'{' | b'[', rest @ ..]
            if matches!(rest.trim_ascii_start(), [b'"' | b'{' | b'}' | b'[' | b']', ..]) =>
        {
            return other("json", "application/json");
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
            return other("svg", "image/svg+xml");
        }
        // Feeds have titles too.
        if named(b"html") || !xml && (named(b"head") || named(b"body") || named(b"script") || named(b"title"))
        {
            return other("html", "text/html");
        }
    }
    if xml && element {
        other("xml", "application/xml")
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
        for (at, signature, format) in SIGNATURES {
            let before: &[u8] = if *at == 4 { &[0; 4] } else { b"RIFFsize" };
            let head = [&before[..*at], signature].concat();
            assert_eq!(sniff(&head), *format);
        }
    }

    #[test]
    fn knows_the_containers() {
        assert_eq!(sniff(b"\0\0\0\x18ftypheic"), Format::Mp4);
        assert_eq!(sniff(b"\0\0\0\x08wide\0\0\0\0mdat"), Format::Mov);
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
            ("I'm free", "unknown"),
            ("[\"RIFF\",WEBP]", "json"),
            ("{\"image\"WEBP", "json"),
            ("404 page not found", "unknown"),
        ] {
            assert_eq!(name(text.as_bytes()), expected, "{text}");
        }
    }
}
