//! The files: how many, where, of what format; and where to call back.

use super::{Report, counted, one_of, wrong_type};
use crate::domain::issue::{Issue, IssueCode, Limit};
use crate::domain::limits::LIMITS;
use crate::domain::tags::Kind;
use crate::domain::url::Url;
use crate::domain::value::Value;

/// Endings of media that the API reads in none of its fields.
const OTHER_MEDIA: [&str; 22] = [
    "heic", "heif", "avif", "svg", "ico", "psd", "raw", "avi", "mkv", "webm", "flv", "wmv", "m4v", "mpg",
    "mpeg", "3gp", "ogg", "oga", "flac", "aac", "m4a", "opus",
];

pub(super) fn check(request: &Value, report: &mut Report) {
    let mut total = 0;
    for kind in Kind::ALL {
        match request.get(kind.field()) {
            None => {}
            Some(Value::Array(urls)) => {
                total += urls.len();
                check_list(kind, urls, report);
            }
            Some(other) => report.add(wrong_type(kind.field(), "an array of URLs", other).hint(format!(
                "Put it into a list: `{}: [\"https://…\"]`.",
                kind.field()
            ))),
        }
    }
    let max = LIMITS.files.max_count;
    if total > max as usize {
        report.add(
            Issue::error(
                IssueCode::TooMany,
                format!(
                    "The request has {}, and at most {max} are allowed in all.",
                    counted(total, "file")
                ),
            )
            .hint(format!("Leave out {}.", counted(total - max as usize, "file")))
            .limit(Limit::Number(max))
            .actual(total as i64),
        );
    }
    check_callback(request, report);
}

fn check_list(kind: Kind, urls: &[Value], report: &mut Report) {
    let field = kind.field();
    let max = kind.limits().max_count;
    if urls.len() > max as usize {
        report.add(
            Issue::error(
                IssueCode::TooMany,
                format!(
                    "`{field}` has {}, and at most {max} are allowed.",
                    counted(urls.len(), "entry").replace("entrys", "entries")
                ),
            )
            .at(field)
            .hint(format!("Leave out {}.", urls.len() - max as usize))
            .limit(Limit::Number(max))
            .actual(urls.len() as i64),
        );
    }
    for (index, url) in urls.iter().enumerate() {
        let name = format!("{field}[{index}]");
        let Some(text) = url.as_str() else {
            report.add(
                Issue::error(
                    IssueCode::InvalidType,
                    format!("`{name}` must be a string with a URL, but it is {}.", url.seen()),
                )
                .at(field)
                .item(index)
                .hint("Give the https URL of the file.")
                .actual(url.clone()),
            );
            continue;
        };
        let at = |issue: Issue| issue.at(field).item(index).actual(text);
        let url = match fetchable(&name, text) {
            Ok(url) => url,
            Err(issue) => {
                report.add(at(*issue));
                continue;
            }
        };
        if url.scheme == "http" {
            report.add(at(Issue::warning(
                IssueCode::InsecureUrl,
                format!("`{name}` is not encrypted: {}.", Value::from(text).seen()),
            )
            .hint("Use https, if the host has it.")));
        }
        if let Some(issue) = check_format(kind, &name, &url) {
            report.add(at(issue));
        }
    }
}

fn check_callback(request: &Value, report: &mut Report) {
    let field = "callback_url";
    let text = match request.get(field) {
        None => return,
        Some(Value::String(text)) => text,
        Some(other) => {
            return report.add(
                wrong_type(field, "a string with a URL", other)
                    .hint("Give the https URL that the API shall call."),
            );
        }
    };
    let length = text.chars().count();
    let max = LIMITS.callback_url.max_length;
    if length > max as usize {
        report.add(
            Issue::error(
                IssueCode::TooLong,
                format!("`{field}` has {length} characters, and at most {max} are allowed."),
            )
            .at(field)
            .hint("Use a shorter URL.")
            .limit(Limit::Number(max))
            .actual(length as i64),
        );
    }
    match fetchable(field, text) {
        // [ref] "HTTPS URL for task completion callback": here `http:` is an error.
        Ok(url) if url.scheme == "http" => report.add(
            Issue::error(
                IssueCode::InsecureUrl,
                format!(
                    "`{field}` must be https, but it is {}.",
                    Value::from(text.as_str()).seen()
                ),
            )
            .at(field)
            .hint("Use https.")
            .actual(text.as_str()),
        ),
        Ok(_) => {}
        Err(issue) => report.add(issue.at(field).actual(text.as_str())),
    }
}

/// The parts of a URL that the API's server can reach.
fn fetchable<'a>(name: &str, text: &'a str) -> Result<Url<'a>, Box<Issue>> {
    let invalid = |why: &str, hint: &str| {
        let seen = Value::from(text).seen();
        Box::new(Issue::error(IssueCode::InvalidUrl, format!("`{name}` {why}: {seen}.")).hint(hint))
    };
    let hint =
        "The API's server opens it, so it must be an absolute https URL that is reachable from the internet.";
    let url = Url::parse(text).ok_or_else(|| invalid("is not an absolute URL", hint))?;
    if !matches!(url.scheme.as_str(), "https" | "http") {
        return Err(invalid("is not an https URL", hint));
    }
    if url.is_loopback() {
        return Err(invalid("is on this machine", hint));
    }
    if url.has_credentials {
        return Err(invalid(
            "holds a user name or a password",
            "Take the credentials out of the URL; a signed link does the same without them.",
        ));
    }
    Ok(url)
}

fn check_format(kind: Kind, name: &str, url: &Url) -> Option<Issue> {
    let ending = url.extension()?;
    let formats = kind.limits().formats;
    let media = Kind::ALL
        .iter()
        .flat_map(|other| other.limits().formats)
        .chain(&OTHER_MEDIA)
        .any(|known| *known == ending);
    if formats.contains(&ending.as_str()) || !media {
        return None;
    }
    Some(
        Issue::error(
            IssueCode::UnsupportedFormat,
            format!(
                "`{name}` ends in .{ending}, which the API does not take as {}.",
                match kind {
                    Kind::Image => "an image",
                    Kind::Video => "a video",
                    Kind::Audio => "an audio",
                }
            ),
        )
        .hint(format!(
            "Convert the file to {}, or move it to the list of its kind.",
            one_of(formats)
        ))
        .limit(Limit::OneOf(formats)),
    )
}
