//! Parses absolute URLs, as far as the rules need it.

use super::api::CONVERSIONS;
use super::host::{HostScope, classify};
use crate::text::{find, parse_digits, rsplit_once, slice, split_once, template, trim_suffixes, wordings};
use std::borrow::Cow;

/// The parts of an absolute URL that has an authority.
#[derive(Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// In lower case, without the colon.
    pub scheme: String,
    /// Whether a user name or a password is in it.
    pub has_credentials: bool,
    /// As written, without the port; an IPv6 address keeps its brackets.
    pub host: &'a str,
    /// The network from which the host can be reached.
    pub scope: HostScope,
    /// From the first slash up to the query or fragment; may be empty.
    pub path: &'a str,
    /// The query and the fragment, with the "?" or "#" before them; may be empty.
    pub suffix: &'a str,
}

impl<'a> Url<'a> {
    /// The parts of a URL, or `None` if it is not absolute, has no valid host, or contains white space.
    pub fn parse(text: &'a str) -> Option<Self> {
        let blank = |c: char| c.is_whitespace() || c.is_control();
        // Most URLs are ASCII, and comparing bytes is faster.
        if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f)
            || text.bytes().any(|byte| byte >= 0x80) && text.chars().any(blank)
        {
            return None;
        }
        let (scheme, rest) = split_once(text, b':')?;
        let rest = rest.strip_prefix("//")?;
        let mut letters = scheme.bytes();
        if !letters.next()?.is_ascii_alphabetic()
            || !letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            return None;
        }
        let end = rest
            .bytes()
            .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
            .unwrap_or(rest.len());
        let (authority, tail) = (slice(rest, 0..end), slice(rest, end..rest.len()));
        let path = tail.bytes().position(|byte| matches!(byte, b'?' | b'#'));
        let path = slice(tail, 0..path.unwrap_or(tail.len()));
        let (credentials, server) = match rsplit_once(authority, b'@') {
            Some((credentials, server)) => (Some(credentials), server),
            None => (None, authority),
        };
        let host = match rsplit_once(server, b']') {
            Some((inner, _)) => slice(server, 0..inner.len() + 1),
            None => split_once(server, b':').map_or(server, |(host, _)| host),
        };
        let rest = server.strip_prefix(host)?;
        if host.is_empty() || !is_port(rest) {
            return None;
        }
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            has_credentials: credentials.is_some(),
            host,
            scope: classify(host)?,
            path,
            suffix: slice(tail, path.len()..tail.len()),
        })
    }

    /// The extension of the last path segment, in lower case, without the dot before it. Marks at the end stay: `jpg.`
    pub fn extension(&self) -> Option<String> {
        let (_, name) = rsplit_once(self.path, b'/')?;
        let (stem, ending) = rsplit_once(trim_suffixes(name, MARKS), b'.')?;
        let whole = slice(name, stem.len() + 1..name.len());
        (!stem.is_empty() && !ending.is_empty()).then(|| whole.to_ascii_lowercase())
    }

    /// Whether the path or the query asks the server for one of these formats, or for one that the client reads:
    /// `fm=jpg`, `f_auto`, `image/format,png`, `auto=format`.
    pub fn converts(&self, formats: &[&str]) -> bool {
        let text = template!("{}{}", self.path, self.suffix).to_ascii_lowercase();
        let names = |format: &str| {
            wordings(CONVERSIONS).any(|before| find(&text, &template!("{}{}", before, format)).is_some())
        };
        // Without a format, that server chooses one.
        names("auto")
            || find(&text, "auto=").is_some()
            || formats.iter().any(|format| names(format))
            || find(&text, "/cdn-cgi/image/").is_some()
    }
}

/// Punctuation of the text around a URL, which is copied with it. Names hardly ever end with it.
pub(crate) const MARKS: &[&str] = &[
    ".", ",", ";", ":", "!", ")", "]", "}", "'", "\"", "，", "。", "、", "；", "）",
];

/// A URL without secrets: a password becomes `***`, and a query or a fragment `?…`.
pub fn redacted(url: &str) -> Cow<'_, str> {
    let (before, suffix) = match url.bytes().position(|byte| matches!(byte, b'?' | b'#')) {
        Some(at) => (slice(url, 0..at), "?…"),
        None => (url, ""),
    };
    let start = find(before, "//").map_or(0, |at| at + 2);
    let rest = slice(before, start..before.len());
    let authority = split_once(rest, b'/').map_or(rest, |(authority, _)| authority);
    // In what is no URL, anything with a colon before an @ may be a password.
    let malformed = || rsplit_once(rest, b'@').filter(|(before, _)| find(before, ":").is_some());
    match rsplit_once(authority, b'@').or_else(malformed) {
        None if suffix.is_empty() => url.into(),
        None => template!("{}{}", before, suffix).into(),
        Some((credentials, _)) => {
            let (scheme, rest) = (
                slice(before, 0..start),
                slice(rest, credentials.len()..rest.len()),
            );
            template!("{}***{}{}", scheme, rest, suffix).into()
        }
    }
}

/// A text of a server or a host, with every URL in it [`redacted`].
pub fn redacted_text(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let is_end = |byte: u8| byte <= b' ' || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>');
        let end = rest.bytes().position(is_end).unwrap_or(rest.len());
        // In JSON, the backslash belongs to the quote that follows.
        let word = trim_suffixes(slice(rest, 0..end), &["\\"]);
        if may_hold_secret(word) {
            out.push_str(&redacted(word));
        } else {
            out.push_str(word);
        }
        out.push_str(slice(rest, word.len()..end));
        if end == rest.len() {
            return out;
        }
        out.push_str(slice(rest, end..end + 1));
        rest = slice(rest, end + 1..rest.len());
    }
}

/// Whether a word is a URL, also as JSON escapes it, or has a query or a password as a URL does.
fn may_hold_secret(word: &str) -> bool {
    let has = |before: u8, after: &str| {
        split_once(word, before).is_some_and(|(_, rest)| find(rest, after).is_some())
    };
    has(b':', "//") || has(b':', "\\/\\/") || has(b'?', "=") || has(b':', "@")
}

/// Whether a string is empty, or a colon followed by nothing or by a number up to 65535.
fn is_port(text: &str) -> bool {
    match text.strip_prefix(":") {
        Some(port) => port.is_empty() || parse_digits(port).is_some_and(|port| port <= f64::from(u16::MAX)),
        None => text.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_the_parts_of_a_url() {
        let url = Url::parse("HTTPS://me:pw@Example.com:8443/a/B.JPG?x=.png#y").unwrap();
        assert_eq!(url.scheme, "https");
        assert!(url.has_credentials);
        assert_eq!(url.suffix, "?x=.png#y");
        assert_eq!((url.host, url.scope), ("Example.com", HostScope::Public));
        assert_eq!(url.path, "/a/B.JPG");
        assert_eq!(url.extension().as_deref(), Some("jpg"));
    }

    #[test]
    fn marks_at_the_end_belong_to_the_extension() {
        for (path, extension) in [
            ("/a.jpg", Some("jpg")),
            ("/a.JPG.", Some("jpg.")),
            ("/a.jpg..", Some("jpg..")),
            ("/a.png,", Some("png,")),
            ("/a.png\"),", Some("png\"),")),
            ("/a.png。", Some("png。")),
            ("/a,", None),
            ("/a.", None),
            ("/.jpg", None),
            ("/a.jpg/", None),
            ("", None),
        ] {
            let text = format!("https://example.com{path}");
            assert_eq!(
                Url::parse(&text).unwrap().extension().as_deref(),
                extension,
                "{path}"
            );
        }
    }

    #[test]
    fn detects_a_conversion_in_the_path_or_the_query() {
        for (tail, converts) in [
            ("/a.heic?fm=jpg&w=1280", true),
            ("/a.heic?fm=pjpg", true),
            ("/image/upload/f_jpg,w_1280/a.heic", true),
            ("/image/upload/f_auto/a.heic", true),
            ("/tr:w-300,f-png/a.heic", true),
            ("/cdn-cgi/image/width=80/a.heic", true),
            ("/cdn-cgi/image/format=jpeg,width=1280/a.heic", true),
            ("/a.avif?format=webp", true),
            ("/a.heic?auto=format", true),
            ("/a.heic?auto=compress,format", true),
            ("/a.heic?x-oss-process=image/resize,w_100/format,jpg", true),
            ("/a.heic?x-oss-process=image%2Fformat%2Cjpg", true),
            ("/a.heic?imageMogr2/format/png", true),
            ("/unsafe/filters:format(jpeg)/a.heic", true),
            ("/-/format/auto/a.heic", true),
            ("/a.heic", false),
            ("/a.heic?w=1280", false),
            ("/a.heic?format=heic", false),
            ("/a.heic?fm=avif&as=jpg", false),
            ("/a.heic?autoplay=1", false),
            ("/jpg/a.heic", false),
        ] {
            let text = format!("https://example.com{tail}");
            assert_eq!(
                Url::parse(&text)
                    .unwrap()
                    .converts(&["jpg", "jpeg", "png", "webp"]),
                converts,
                "{tail}"
            );
        }
    }

    #[test]
    fn redacts_credentials_and_queries() {
        for (url, shown) in [
            ("https://a.com/b.jpg", "https://a.com/b.jpg"),
            ("https://me:pw@a.com/b@c.jpg", "https://***@a.com/b@c.jpg"),
            ("https://a.com/b.jpg?X-Amz-Signature=abc", "https://a.com/b.jpg?…"),
            ("https://me:p@w@a.com?x", "https://***@a.com?…"),
            ("https://a.com/#token=abc", "https://a.com/?…"),
            ("b.jpg?sig=1", "b.jpg?…"),
            ("//me@a.com/b", "//***@a.com/b"),
            ("https://me:p/w@a.com/b", "https://***@a.com/b"),
            ("https:/me:pw@a.com/b", "***@a.com/b"),
            ("https:\\\\me:pw@a.com", "***@a.com"),
            ("me:pw@a.com/b", "***@a.com/b"),
            ("https://a.com/@me/b", "https://a.com/@me/b"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn redacts_every_url_of_a_text() {
        for (text, shown) in [
            ("", ""),
            (
                "Is 5 > 4? Yes: issue #7 of a@b.c",
                "Is 5 > 4? Yes: issue #7 of a@b.c",
            ),
            (
                "Cannot read (https://me:pw@a.com/b?sig=1) or \"https://b.com/?t=2\", sorry.",
                "Cannot read (https://***@a.com/b?… or \"https://b.com/?…\", sorry.",
            ),
            ("GET /b?X-Amz-Signature=abc failed", "GET /b?… failed"),
            (
                r#"{"url":"https:\/\/me:pw@a.com\/b"}"#,
                r#"{"url":"***@a.com\/b"}"#,
            ),
            (
                r#"{"a":"see \"https://a.com/?t=2\" or"}"#,
                r#"{"a":"see \"https://a.com/?…\" or"}"#,
            ),
            (
                r#"{"a":"https://a.com/?t=2\u0026s=3"}"#,
                r#"{"a":"https://a.com/?…"}"#,
            ),
            ("proxy me:pw@a.com:3128 refused", "proxy ***@a.com:3128 refused"),
            ("见 https://a.com/图.png?sig=1", "见 https://a.com/图.png?…"),
        ] {
            assert_eq!(redacted_text(text), shown);
        }
    }

    #[test]
    fn rejects_urls_that_are_not_absolute() {
        for text in [
            "",
            "a.jpg",
            "/a.jpg",
            "C:\\a.jpg",
            "https:/a",
            "https://",
            "data:image/png;base64,AA",
            "https://a b/",
            "://a",
            "1s://a",
            "https://a:b/",
            "https://a.com:65536/",
            "https://[::1]x/",
            "https://[::1]x:1/",
            "https://a.com\\b",
            "https://1.2.3.4.5/",
        ] {
            assert_eq!(Url::parse(text), None, "{text}");
        }
    }
}
