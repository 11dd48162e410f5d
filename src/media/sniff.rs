//! Detects the format of a file from its first bytes.

use super::ranges::Ranges;
use super::stop::{Found, Stop};
use crate::text::{split, split_once};

/// Names of formats with their MIME types. Those that have a parser have no MIME type here, and what is not known is
/// empty.
pub(super) type Format = &'static str;

/// An offset, the bytes there that tell a format, and the format: those that the API takes, and those that people have
/// besides. The first that matches counts. One string, because a table of pointers takes more space.
static SIGNATURES: &str = "\
0\u{ff}\u{d8}\u{ff}=jpeg|\
0\u{89}PNG=png|\
0GIF8=gif|\
8WEBP=webp|\
8AVI =avi video/x-msvideo|\
8AIFF=aiff audio/aiff|\
8AIFC=aiff audio/aiff|\
8CR\x02\0=cr2 image/x-canon-cr2|\
0II*\0=tiff|\
0MM\0*=tiff|\
0II+\0=tiff|\
0MM\0+=tiff|\
8WAVE=wav|\
4ftypqt  =mov|\
4ftyp=mp4|\
4moov=mov|\
4mdat=mov|\
4wide=mov|\
4free=mov|\
4skip=mov|\
4pnot=mov|\
4styp=mp4|\
4moof=mp4|\
4sidx=mp4|\
0ID3=mp3|\
0\u{ff}\u{fb}=mp3|\
0\u{ff}\u{fa}=mp3|\
0\u{ff}\u{f3}=mp3|\
0\u{ff}\u{f2}=mp3|\
0\u{ff}\u{e3}=mp3|\
0\u{ff}\u{e2}=mp3|\
4JXL \r\n\u{87}\n=jxl image/jxl|\
0\u{ff}\x0a=jxl image/jxl|\
4jP  \r\n\u{87}\n=jp2 image/jp2|\
0\u{ff}\x4f\u{ff}\x51=jp2 image/jp2|\
08BPS=psd image/vnd.adobe.photoshop|\
0\0\0\x01\0=ico image/x-icon|\
0\x76\x2f\x31\x01=exr image/x-exr|\
0\0\0\x01\u{ba}=mpeg video/mpeg|\
0\0\0\x01\u{b3}=mpeg video/mpeg|\
0FLV\x01=flv video/x-flv|\
0\x30\x26\u{b2}\x75\u{8e}\x66\u{cf}\x11=asf video/x-ms-asf|\
0#EXTM3U=m3u8 application/vnd.apple.mpegurl|\
0OggS=ogg audio/ogg|\
0fLaC=flac audio/flac|\
0#!AMR=amr audio/amr|\
0caff=caf audio/x-caf|\
0MThd=midi audio/midi|\
0%PDF-=pdf application/pdf|\
0%!PS=ps application/postscript|\
0\u{c5}\u{d0}\u{d3}\u{c6}=eps application/postscript|\
0PK\x03\x04=zip application/zip|\
0\x1f\u{8b}=gzip application/gzip|\
07z\u{bc}\u{af}\x27\x1c=7z application/x-7z-compressed|\
0Rar!\x1a\x07=rar application/vnd.rar";

/// The format of the first bytes.
pub(super) fn format(ranges: &Ranges) -> Found<Format> {
    let head = ranges.up_to(0, 1024);
    // Or not read yet, of which the inspector asks first.
    if head.is_empty() {
        return Err(Stop::Empty);
    }
    let is_container = matches!(
        head,
        [b'R', b'I', b'F', b'F' | b'X', ..]
            | [b'R' | b'B', b'F' | b'W', b'6', b'4', ..]
            | [b'F', b'O', b'R', b'M', ..]
            | [b'I', b'I', b'*', 0, ..]
    );
    for row in split(SIGNATURES, b'|') {
        let Some((rule, format)) = split_once(row, b'=') else {
            continue;
        };
        let mut bytes = rule.chars();
        let (at, possible) = match bytes.next() {
            // Text can contain these words. A box that begins with a letter would have a gigabyte.
            Some('4') => (4, !head.first().is_some_and(u8::is_ascii_graphic)),
            Some('8') => (8, is_container),
            _ => (0, true),
        };
        let mut rest = head.get(at..).unwrap_or_default().iter();
        if possible && bytes.all(|byte| rest.next().is_some_and(|found| char::from(*found) == byte)) {
            return Ok(format);
        }
    }
    Ok(without_signature(head))
}

/// Formats that need more than a comparison of bytes.
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
        ] => "bmp",
        [0x1a, 0x45, 0xdf, 0xa3, header @ ..] => matroska(header),
        // AAC in ADTS: the sync word, layer 0, one of 13 sample rates
        [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, rate, ..] if rate >> 2 & 15 < 13 => "aac audio/aac",
        // Packets of 188 bytes, in files of cameras with a time of 4 bytes each
        _ if [0, 4]
            .iter()
            .any(|at| head.get(*at) == Some(&0x47) && head.get(*at * 2 + 188) == Some(&0x47)) =>
        {
            "mpegts video/mp2t"
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
        "webm video/webm"
    } else if name.starts_with(b"matroska") {
        "mkv video/x-matroska"
    } else {
        ""
    }
}

/// What servers send instead of a file: pages, errors in JSON or XML. Also SVG.
fn text(head: &[u8]) -> Format {
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    match text {
        [b'{' | b'[', rest @ ..]
            if matches!(rest.trim_ascii_start(), [b'"' | b'{' | b'}' | b'[' | b']', ..]) =>
        {
            return "json application/json";
        }
        [b'<', ..] => {}
        _ => return "",
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
        let known = ["svg", "html", "head", "body", "script", "title"];
        match known
            .iter()
            .position(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        {
            Some(0) => return "svg image/svg+xml",
            // Feeds have titles too.
            Some(at) if at == 1 || !xml => return "html text/html",
            _ => {}
        }
    }
    if xml && element { "xml application/xml" } else { "" }
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
    use crate::media::stop::Stop;
    use crate::text::{split, split_once};

    fn sniff(head: &[u8]) -> Format {
        let mut ranges = Ranges::new(head.len() as u64);
        ranges.supply(0, head.len() as u32, head);
        format(&ranges).unwrap()
    }

    fn name(head: &[u8]) -> &'static str {
        match split_once(sniff(head), b' ') {
            Some((name, _)) => name,
            None => "unknown",
        }
    }

    #[test]
    fn finds_every_signature() {
        for row in split(SIGNATURES, b'|') {
            let (rule, format) = split_once(row, b'=').unwrap();
            let (at, signature) = rule.split_at(1);
            let mut head = match at {
                "0" => b"".to_vec(),
                "4" => vec![0; 4],
                _ => b"RIFFsize".to_vec(),
            };
            head.extend(signature.chars().map(|byte| byte as u8));
            assert_eq!(sniff(&head), format);
        }
    }

    #[test]
    fn tells_an_empty_file() {
        for size in [0, u64::MAX] {
            let mut ranges = Ranges::new(size);
            ranges.supply(0, 10, b"");
            assert_eq!(format(&ranges), Err(Stop::Empty));
        }
    }

    #[test]
    fn knows_the_containers() {
        assert_eq!(sniff(b"\0\0\0\x18ftypheic"), "mp4");
        assert_eq!(sniff(b"\0\0\0\x08wide\0\0\0\0mdat"), "mov");
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
        // The last sample rate, and the first that does not exist
        assert_eq!(name(b"\xff\xf1\x30\x80\x00\x1f\xfc"), "aac");
        assert_eq!(name(b"\xff\xf1\x34\x80\x00\x1f\xfc"), "unknown");
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
            // Without an element, or with one that may be another's beginning
            ("<?xml version='1.0'?>", "unknown"),
            ("<?xml version='1.0'?><Err", "unknown"),
            ("Good morning", "unknown"),
            ("I'm free", "unknown"),
            ("[\"RIFF\",WEBP]", "json"),
            ("{\"image\"WEBP", "json"),
            ("404 page not found", "unknown"),
        ] {
            assert_eq!(name(text.as_bytes()), expected, "{text}");
        }
    }
}
