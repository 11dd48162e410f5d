//! URLs that the API's servers open.

use super::Report;
use super::context::Context;
use crate::domain::api::CALLBACK_URL_MAX_LENGTH;
use crate::domain::host;
use crate::domain::issue::{Issue, IssueCode};
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::url::{Url, redacted};
use crate::domain::value::Value;
use crate::text::{find, slice, strip_any_prefix, template, trim_suffixes};

/// The location of a URL in the request.
pub(super) struct Place {
    pub field: &'static str,
    item: Option<usize>,
}

impl Place {
    pub fn item(field: &'static str, index: usize) -> Self {
        Self {
            field,
            item: Some(index),
        }
    }

    pub fn name(&self) -> String {
        match self.item {
            Some(index) => template!("{}[{}]", self.field, index),
            None => self.field.to_owned(),
        }
    }

    /// Points an issue here.
    pub fn mark<'a>(&self, issue: &'a mut Issue) -> &'a mut Issue {
        issue.at(self.field);
        if let Some(index) = self.item {
            issue.item(index);
        }
        issue
    }

    pub fn params(&self, value: &Value) -> Params {
        let params = Params::new().text("place", &self.name());
        match value.as_str() {
            // Here a string without a scheme is a malformed URL, which may have a password too.
            Some(url) => params.text(RECEIVED, &redacted(url)),
            None => params.value(RECEIVED, value),
        }
    }

    /// A warning about this URL.
    pub fn issue<'a>(
        &self,
        report: &'a mut Report,
        code: IssueCode,
        message: &str,
        value: &Value,
    ) -> &'a mut Issue {
        self.mark(report.warning(code, message, self.params(value)))
    }
}

impl Context<'_> {
    /// Whether the API can reach a URL although it is on this machine.
    pub fn reaches(&self, url: &Url) -> bool {
        self.options.loopback && url.scope == host::HostScope::Loopback
    }
}

/// The hint with the URL that was meant.
pub(super) const USE: &str = "Use \"{suggestion}\".";

/// The parts of a URL that the API's servers can reach, or else an error in the report.
pub(super) fn check_url<'a>(
    place: &Place,
    value: &'a Value,
    context: &Context,
    report: &mut Report,
) -> Option<Url<'a>> {
    const HINT: &str =
        "The API's servers open it: use an absolute https URL that is reachable from the internet.";
    use IssueCode::{InvalidType, InvalidUrl, UnreachableUrl};
    let text = value.as_str().unwrap_or_default();
    let entry = url_of(value);
    let (code, message, hint) = match value.as_str().map(Url::parse) {
        None => {
            let message = "`{place}` must be a string with a URL, but it is {received}.";
            (InvalidType, message, HINT)
        }
        _ if place.item.is_some() && url_breaks(text.trim_ascii()).next().is_some() => (
            InvalidUrl,
            "`{place}` contains several URLs: {received}.",
            "Use an item for each URL.",
        ),
        Some(None) => {
            let (message, hint) = not_absolute(text);
            (InvalidUrl, message, hint.unwrap_or(HINT))
        }
        Some(Some(url)) if !matches!(url.scheme.as_str(), "https" | "http") => {
            (InvalidUrl, "`{place}` is not an https URL: {received}.", HINT)
        }
        Some(Some(url)) if url.has_credentials => (
            InvalidUrl,
            "`{place}` contains a user name or a password: {received}.",
            "Remove them, or use a signed URL.",
        ),
        Some(Some(url)) if context.reaches(&url) => return Some(url),
        Some(Some(url)) => {
            let message = match url.scope {
                host::HostScope::Public | host::HostScope::Example => {
                    check_public(place, value, text, &url, report);
                    return Some(url);
                }
                host::HostScope::Loopback => "`{place}` is on this machine: {received}.",
                host::HostScope::Private => "`{place}` is on a private network: {received}.",
                host::HostScope::LinkLocal => "`{place}` is a link-local address: {received}.",
                host::HostScope::LocalName => "`{place}` has the host name of a local network: {received}.",
                host::HostScope::Reserved => "`{place}` has a reserved address: {received}.",
            };
            (UnreachableUrl, message, HINT)
        }
    };
    let issue = place.mark(report.error(code, message, place.params(value)));
    match (entry, mended(text)) {
        (Some(name), _) => issue.suggest(name.into(), "Pass its `.{suggestion}` string."),
        (None, Some(url)) => issue.suggest(url.into(), USE),
        (None, None) => issue.hint(hint),
    };
    None
}

/// What may be wrong with a URL on the internet.
fn check_public(place: &Place, value: &Value, text: &str, url: &Url, report: &mut Report) {
    if url.scope == host::HostScope::Example {
        let message = "`{place}` has a host that is only for examples and tests: {received}.";
        place
            .issue(report, IssueCode::UnreachableUrl, message, value)
            .hint("Use the host that has the file.");
    }
    if escaped(text) == text && !text.ends_with("%20") {
        return;
    }
    let message = "`{place}` has a misplaced %: {received}.";
    let issue = place.issue(report, IssueCode::InvalidUrl, message, value);
    match mended(text) {
        Some(url) => issue.suggest(url.into(), USE),
        None => issue.hint("Write a percent sign as %25."),
    };
}

/// What is wrong with a string that is not an absolute URL, and what to do about it.
fn not_absolute(text: &str) -> (&'static str, Option<&'static str>) {
    let starts = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if starts("data:") {
        ("`{place}` contains the file itself, as a data: URL.", None)
    } else if starts("blob:") {
        (
            "`{place}` is a blob: URL, which only this page can read.",
            Some("Pass the Blob itself, which is uploaded."),
        )
    } else if starts("file:")
        || text.starts_with('/') && !text.starts_with("//")
        || text.get(1..3) == Some(":\\")
    {
        ("`{place}` is a file on this machine: {received}.", None)
    } else if text.trim_ascii().is_empty() {
        ("`{place}` is an empty string.", None)
    } else if text.trim_ascii().len() < text.len() {
        (
            "`{place}` begins or ends with white space: {received}.",
            Some("Remove the white space."),
        )
    } else if text.chars().any(char::is_whitespace) {
        (
            "`{place}` contains a space: {received}.",
            Some("Write a space as %20."),
        )
    } else if find(text, "://").is_none()
        && (text.starts_with("//") || !starts("http") && mended(text).is_some())
        || find(text, ":").is_none()
    {
        (
            "`{place}` has no scheme: {received}.",
            Some("Use an absolute URL, which begins with https://."),
        )
    } else {
        ("`{place}` is not an absolute URL: {received}.", None)
    }
}

/// The URL that a string was meant to be: without white space around it, with a scheme, escaped. `None` if it is that
/// already, or cannot be shown in full because it may contain secrets.
fn mended(text: &str) -> Option<String> {
    let bare = trim_suffixes(text, &[" ", "\n", "%20", "\"", ">"]).trim_ascii_start();
    let bare = strip_any_prefix(bare, &["%20", "\"", "<", "https://https:"]).unwrap_or(bare);
    let (scheme, bare) = if find(bare, "://").is_some() {
        ("", bare)
    } else {
        const SCHEMES: [&str; 6] = ["//", "https//", "https:/", "https:\\\\", "http//", "http:/"];
        ("https://", strip_any_prefix(bare, &SCHEMES).unwrap_or(bare))
    };
    let url = escaped(&template!("{}{}", scheme, bare));
    let parts = Url::parse(&url)?;
    let is_fine = url != text
        && parts.scheme.starts_with("http")
        && parts.scope == host::HostScope::Public
        && !parts.has_credentials
        && !parts.path.is_empty()
        && parts.suffix.is_empty()
        && !url.bytes().any(|byte| matches!(byte, b'"' | b'`' | b'\\'))
        && url_breaks(bare).next().is_none();
    is_fine.then_some(url)
}

/// A URL with its spaces, and the percent signs that begin no escape, escaped; without line breaks, which come from
/// copying.
fn escaped(url: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (at, byte) in url.bytes().enumerate() {
        let rest = slice(url, at + 1..url.len()).bytes().take(2);
        let instead = match byte {
            b'\n' | b'\r' => "",
            b' ' => "%20",
            b'%' if rest.filter(u8::is_ascii_hexdigit).count() < 2 => "%25",
            _ => continue,
        };
        out.push_str(slice(url, from..at));
        out.push_str(instead);
        from = at + 1;
    }
    out.push_str(slice(url, from..url.len()));
    out
}

/// The offsets at which a string of several URLs has a separator before a further one.
pub(super) fn url_breaks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    (1..bytes.len()).filter_map(move |at| {
        // The first byte rules out nearly all.
        let rest = bytes.get(at..).filter(|rest| rest.first() == Some(&b'h'))?;
        let separates = match bytes.get(at - 1) {
            Some(b' ' | b'\n') => rest.starts_with(b"http"),
            Some(b',' | b';') => rest.starts_with(b"http:") || rest.starts_with(b"https:"),
            _ => false,
        };
        separates.then_some(at - 1)
    })
}

/// The name of the entry of an object that holds a URL.
fn url_of(value: &Value) -> Option<&str> {
    let mut entries = value.entries().iter();
    let is_url = |value: &Value| value.as_str().is_some_and(|text| Url::parse(text).is_some());
    // Others cannot be written after a dot, or quoted in a hint.
    let is_name = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    entries
        .find(|(name, value)| is_name(name) && is_url(value))
        .map(|(name, _)| name.as_ref())
}

/// `callback_url`.
pub(super) fn check_callback(context: &Context, report: &mut Report) {
    let place = Place {
        field: "callback_url",
        item: None,
    };
    let Some(value) = context.get(place.field) else {
        return;
    };
    let length = value
        .as_str()
        .map_or(0, |text| text.chars().fold(0, |count, _| count + 1));
    if length > CALLBACK_URL_MAX_LENGTH {
        let params = Params::new()
            .text("place", place.field)
            .number("received", length.into())
            .number(LIMIT, CALLBACK_URL_MAX_LENGTH.into());
        report
            .error(
                IssueCode::TooLong,
                "`{place}` has {received} characters, but at most {limit} are allowed.",
                params,
            )
            .at(place.field)
            .hint("Use a shorter URL.");
    }
    // Source::Reference, "HTTPS URL for task completion callback".
    if let Some(url) = check_url(&place, value, context, report)
        && url.scheme == "http"
        && !context.reaches(&url)
    {
        let message = "`{place}` must be an https URL, but it is {received}.";
        let issue = report.error(IssueCode::InsecureUrl, message, place.params(value));
        place.mark(issue).hint("Use https.");
    }
}
