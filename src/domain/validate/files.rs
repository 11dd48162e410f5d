//! The files: how many, where, of what format; and where to call back.

use super::Report;
use crate::domain::host;
use crate::domain::issue::{Issue, IssueCode};
use crate::domain::limits::LIMITS;
use crate::domain::tags::Kind;
use crate::domain::url::Url;
use crate::domain::value::Value;
use crate::text::{counted, one_of, template};

/// Endings of media that the API reads in none of its fields.
const OTHER_MEDIA: [&str; 22] = [
    "heic", "heif", "avif", "svg", "ico", "psd", "raw", "avi", "mkv", "webm", "flv", "wmv", "m4v", "mpg",
    "mpeg", "3gp", "ogg", "oga", "flac", "aac", "m4a", "opus",
];

pub(super) fn check(request: &Value, report: &mut Report) {
    let mut total = 0;
    for &kind in Kind::ALL {
        let field = kind.field();
        match request.get(field) {
            None => {}
            Some(Value::Array(urls)) => {
                total += urls.len();
                check_list(kind, urls, report);
            }
            Some(other) => {
                report
                    .wrong_type(field, "an array of URLs", other)
                    .hint(template!("Put it into a list: `{}: [\"https://…\"]`.", field));
            }
        }
    }
    if is_audio_alone(request) {
        // [doc] of the newer models: "audio never without an image or a video".
        report
            .warning(
                IssueCode::AudioAlone,
                "`audio_urls` comes without an image or a video, which the API may refuse.".into(),
            )
            .at("audio_urls")
            .hint("Add an image or a video that the sound goes with.");
    }
    check_count("The request", "file", total, LIMITS.files.max_count, report);
    if let Some(value) = request.get("callback_url") {
        check_callback(value, report);
    }
}

/// Audio without an image or a video.
pub(super) fn is_audio_alone(request: &Value) -> bool {
    Kind::Audio.count(request) > 0 && Kind::Image.count(request) + Kind::Video.count(request) == 0
}

/// An issue, if there are too many.
fn check_count<'a>(
    who: &str,
    noun: &str,
    count: usize,
    max: u32,
    report: &'a mut Report,
) -> Option<&'a mut Issue> {
    let over = count.checked_sub(max as usize).filter(|over| *over > 0)?;
    let message = template!(
        "{} has {}, and at most {} are allowed.",
        who,
        counted(count, noun),
        max
    );
    let issue = report.error(IssueCode::TooMany, message);
    Some(
        issue
            .hint(template!("Leave out {}.", counted(over, noun)))
            .limit(max)
            .actual((count as i64).into()),
    )
}

fn check_list(kind: Kind, urls: &[Value], report: &mut Report) {
    let field = kind.field();
    let who = template!("`{}`", field);
    if let Some(issue) = check_count(&who, kind.as_str(), urls.len(), kind.limits().max_count, report) {
        issue.at(field);
    }
    for (index, value) in urls.iter().enumerate() {
        if let Some(first) = urls.iter().position(|other| other == value)
            && first < index
            && value.as_str().is_some()
        {
            let message = template!(
                "`{}[{}]` is the same URL as `{}[{}]`.",
                field,
                index,
                field,
                first
            );
            report
                .warning(IssueCode::DuplicateUrl, message)
                .at(field)
                .item(index)
                .hint("Leave one of them out; a tag can refer to the same file twice.");
        }
        let place = Place {
            field,
            item: Some(index),
        };
        let Some(url) = check_url(&place, value, report) else {
            continue;
        };
        if url.scheme == "http" {
            let message = template!("`{}` is not encrypted: {}.", place.name(), value.seen());
            let issue = report.warning(IssueCode::InsecureUrl, message);
            place.mark(issue, value).hint("Use https, if the host has it.");
        }
        check_format(kind, &place, value, &url, report);
    }
}

fn check_callback(value: &Value, report: &mut Report) {
    let place = Place {
        field: "callback_url",
        item: None,
    };
    let max = LIMITS.callback_url.max_length;
    let length = value
        .as_str()
        .map_or(0, |text| text.chars().fold(0, |count, _| count + 1));
    if length > max {
        let message = template!(
            "`callback_url` has {} characters, and at most {} are allowed.",
            length,
            max
        );
        report
            .error(IssueCode::TooLong, message)
            .at(place.field)
            .hint("Use a shorter URL.")
            .limit(max)
            .actual(i64::from(length).into());
    }
    // [ref] "HTTPS URL for task completion callback": here `http:` is an error.
    check_url(&place, value, report);
    if value
        .as_str()
        .and_then(Url::parse)
        .is_some_and(|url| url.scheme == "http")
    {
        let message = template!("`callback_url` must be https, but it is {}.", value.seen());
        let issue = report.error(IssueCode::InsecureUrl, message);
        place.mark(issue, value).hint("Use https.");
    }
}

/// Where a URL stands in the request.
struct Place {
    field: &'static str,
    item: Option<usize>,
}

impl Place {
    fn name(&self) -> String {
        match self.item {
            Some(index) => template!("{}[{}]", self.field, index),
            None => self.field.to_owned(),
        }
    }

    fn mark<'a>(&self, issue: &'a mut Issue, value: &Value) -> &'a mut Issue {
        issue.at(self.field).actual(value.clone());
        if let Some(index) = self.item {
            issue.item(index);
        }
        issue
    }
}

/// The parts of a URL that the API's server can reach, or an error in the report.
fn check_url<'a>(place: &Place, value: &'a Value, report: &mut Report) -> Option<Url<'a>> {
    const HINT: &str =
        "The API's server opens it, so it must be an absolute https URL that is reachable from the internet.";
    use IssueCode::{InvalidType, InvalidUrl, UnreachableUrl};
    let (code, why, hint) = match value.as_str().map(Url::parse) {
        None => (InvalidType, "must be a string with a URL, but it is", HINT),
        Some(None) => (InvalidUrl, not_absolute(value), HINT),
        Some(Some(url)) if !matches!(url.scheme.as_str(), "https" | "http") => {
            (InvalidUrl, "is not an https URL:", HINT)
        }
        Some(Some(url)) if url.has_credentials => (
            InvalidUrl,
            "holds a user name or a password:",
            "Take the credentials out of the URL; a signed link does the same without them.",
        ),
        Some(Some(url)) => {
            let why = match url.place {
                host::Place::Public => return Some(url),
                host::Place::Loopback => "is on this machine:",
                host::Place::Private => "is on a private network:",
                host::Place::LinkLocal => "is a link-local address:",
                host::Place::LocalName => "has a name that only a local network knows:",
                host::Place::Reserved => "has an address that no server has:",
            };
            (UnreachableUrl, why, HINT)
        }
    };
    let message = template!("`{}` {} {}.", place.name(), why, value.seen());
    place.mark(report.error(code, message), value).hint(hint);
    None
}

/// What stands in place of an absolute URL, where it is one of the usual mistakes.
fn not_absolute(value: &Value) -> &'static str {
    let text = value.as_str().unwrap_or_default();
    let starts = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if starts("data:") {
        "holds the file itself, as a data: URL:"
    } else if starts("blob:") {
        "is a blob: URL, which only this page can read:"
    } else if starts("file:") || text.starts_with('/') || text.get(1..3) == Some(":\\") {
        "is a file of this machine:"
    } else {
        "is not an absolute URL:"
    }
}

fn check_format(kind: Kind, place: &Place, value: &Value, url: &Url, report: &mut Report) {
    let Some(ending) = url.extension() else { return };
    let formats = kind.limits().formats;
    let is_of = |formats: &[&str]| formats.contains(&ending.as_str());
    let media = is_of(&OTHER_MEDIA) || Kind::ALL.iter().any(|other| is_of(other.limits().formats));
    if is_of(formats) || !media {
        return;
    }
    let message = template!(
        "`{}` ends in .{}, which the API does not take among its {}s.",
        place.name(),
        ending,
        kind.as_str()
    );
    let issue = report.error(IssueCode::UnsupportedFormat, message);
    place
        .mark(issue, value)
        .hint(template!(
            "Convert the file to {}, or move it to the list of its kind.",
            one_of(formats)
        ))
        .one_of(formats);
}
