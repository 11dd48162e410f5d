//! The lists of files: their URLs and formats, and what is known of files that are not uploaded yet.

use super::Report;
use super::context::Context;
use super::url::{Place, USE, check_url, url_breaks};
use crate::domain::LocalFile;
use crate::domain::api::{
    FILE_MARKS, FILE_PAGES, Kind, MEDIA_TYPES, MEGABYTE, Mode, OTHER_FORMATS, OTHER_JPEG,
    UNKNOWN_MEDIA_TYPES, file_limits, most_bytes, reference_limits,
};
use crate::domain::expiry::expiry;
use crate::domain::iso_date::iso_minute;
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::url::{MARKS, Url};
use crate::domain::value::Value;
use crate::text::{find, slice, template, trim_suffixes, wordings};

pub(super) fn check(context: &Context, kind: Kind, report: &mut Report) {
    let field = kind.field();
    let urls = match context.get(field) {
        None => return,
        Some(Value::Array(urls)) => urls,
        Some(other) => {
            let text = other.as_str().unwrap_or_default().trim_ascii();
            let mut urls = Vec::new();
            let mut from = 0;
            for at in url_breaks(text).chain([text.len()]) {
                urls.push(trim_suffixes(slice(text, from..at), &[",", ";", " ", "\n"]).trim_ascii());
                from = at + 1;
            }
            let template = if urls.len() > 1 {
                "Split it into an array: `{field}: {suggestion}`."
            } else {
                "Put it in an array: `{field}: {suggestion}`."
            };
            // Another value is no URL, and one that may contain secrets is not shown.
            if find(text, "://").is_none()
                || text.bytes().any(|byte| matches!(byte, b'?' | b'#' | b'@' | b'`'))
            {
                urls = vec!["https://…"];
            }
            report
                .wrong_type(field, "an array of URLs", other)
                .suggest(Value::texts(&urls), template);
            return;
        }
    };
    // The first and the last frame may be the same picture.
    let may_repeat = report.mode == Some(Mode::FirstLastFrame);
    for (index, value) in urls.iter().take(context.max_entries(kind)).enumerate() {
        let place = Place::item(field, index);
        if !may_repeat && value.as_str().is_some() {
            check_duplicate(&place, urls, index, report);
        }
        if let Value::File(file) = value {
            check_local(kind, &place, value, file, context, report);
            continue;
        }
        let Some(url) = check_url(&place, value, context, report) else {
            continue;
        };
        if url.scheme == "http" && !context.reaches(&url) {
            place
                .issue(
                    report,
                    IssueCode::InsecureUrl,
                    "`{place}` is not encrypted: {received}.",
                    value,
                )
                .hint("Use https, if the host supports it.");
        }
        check_expiry(&place, value, &url, context, report);
        if !check_page(&place, value, &url, report) {
            check_format(kind, &place, value, &url, context, report);
        }
    }
}

/// A file that is not uploaded yet: its size and its declared type. The type is a claim, so it is never an error.
fn check_local(
    kind: Kind,
    place: &Place,
    value: &Value,
    file: &LocalFile,
    context: &Context,
    report: &mut Report,
) {
    let limits = file_limits(context.limits, kind);
    let params = place
        .params(value)
        .text("kind", kind.as_str())
        .number("bytes", file.bytes as i64);
    if file.bytes == 0 {
        place
            .mark(report.error(
                IssueCode::UnsupportedFormat,
                "`{place}` is empty: {received}.",
                params,
            ))
            .hint("Check where the file comes from.");
        return;
    }
    let megabytes = limits.max_bytes / MEGABYTE;
    if file.bytes > u64::from(limits.max_bytes) {
        let params = params
            .number(LIMIT, limits.max_bytes.into())
            .number("megabytes", megabytes.into());
        // "MB" may mean either megabyte.
        let issue = if file.bytes > most_bytes(limits.max_bytes) {
            report.error(
                IssueCode::TooLarge,
                "`{place}` has {bytes} bytes, but at most {limit} are allowed: {received}.",
                params,
            )
        } else {
            report.warning(
                IssueCode::TooLarge,
                "`{place}` has {bytes} bytes, which may be more than the {megabytes} MB that are allowed.",
                params,
            )
        };
        place
            .mark(issue)
            .hint("Reduce the file to less than {megabytes} MB.");
        return;
    }
    let declares = |list: &str| wordings(list).any(|media_type| media_type == file.media_type);
    if file.media_type.is_empty() || declares(UNKNOWN_MEDIA_TYPES) || declares(MEDIA_TYPES[kind as usize]) {
        return;
    }
    let params = params
        .text("type", &file.media_type)
        .choices(LIMIT, limits.formats);
    let message = "`{place}` is declared as {type}, which is not among the {kind} formats of the API.";
    place
        .mark(report.warning(IssueCode::UnsupportedFormat, message, params))
        .hint("Use {limit}, or move the file to the field for its kind.");
}

/// A signed URL that has expired.
fn check_expiry(place: &Place, value: &Value, url: &Url, context: &Context, report: &mut Report) {
    let Some(end) = expiry(url.suffix) else { return };
    if context.options.now.is_none_or(|now| now / 1000.0 <= end) {
        return;
    }
    let params = place
        .params(value)
        .number("end", end as i64)
        .text("time", &iso_minute(end as i64));
    let message = "`{place}` expired at {time}: {received}.";
    place
        .mark(report.warning(IssueCode::ExpiredUrl, message, params))
        .hint("Sign it again.");
}

/// Whether a URL is that of a page which shows the file; then there is a warning.
fn check_page(place: &Place, value: &Value, url: &Url, report: &mut Report) -> bool {
    let host = template!(".{}", url.host);
    let text = value.as_str().unwrap_or_default();
    let has = |mark: &str| find(text, mark).is_some();
    let is_at = |(name, path): &(&str, &str)| host.ends_with(name) && has(path);
    let page = FILE_PAGES.iter().find(|page| page.places.iter().any(is_at));
    let Some(page) = page.filter(|_| !wordings(FILE_MARKS).any(has)) else {
        return false;
    };
    let message = "`{place}` is the URL of a page, not of the file: {received}.";
    place
        .issue(report, IssueCode::NotAFile, message, value)
        .hint(page.advice);
    true
}

fn check_duplicate(place: &Place, urls: &[Value], index: usize, report: &mut Report) {
    let url = urls[index].as_str();
    let first = urls.iter().position(|other| other.as_str() == url);
    let Some(first) = first.filter(|first| *first < index) else {
        return;
    };
    let params = Params::new()
        .text("place", &place.name())
        .text("first", &Place::item(place.field, first).name());
    let issue = report.warning(
        IssueCode::DuplicateUrl,
        "`{place}` is the same URL as `{first}`.",
        params,
    );
    issue
        .at(place.field)
        .item(index)
        .hint("Remove one of them. A prompt can use one tag several times.");
}

fn check_format(kind: Kind, place: &Place, value: &Value, url: &Url, context: &Context, report: &mut Report) {
    let Some(extension) = url.extension() else { return };
    let formats = file_limits(context.limits, kind).formats;
    let ending = trim_suffixes(&extension, MARKS);
    let is_of = |formats: &[&str]| formats.contains(&ending);
    let is_in = |list: &str| wordings(list).any(|format| format == ending);
    let has_mark = ending != extension;
    let is_own = is_of(formats);
    if is_own && !has_mark {
        return;
    }
    let reference = reference_limits();
    let is_other = is_in(OTHER_FORMATS) || Kind::ALL.iter().any(|of| is_of(reference.of(*of).formats));
    let is_jpeg = is_in(OTHER_JPEG);
    if !is_own && !is_other && !is_jpeg || url.converts(formats) {
        return;
    }
    let params = Params::new()
        .text("place", &place.name())
        .text("extension", &extension)
        .text("kind", kind.as_str())
        .choices(LIMIT, formats)
        .value(RECEIVED, value);
    // The reference lists more formats than the pages of the models.
    let issue = if is_own || is_jpeg && kind == Kind::Image || is_of(reference.of(kind).formats) {
        report.warning(
            IssueCode::UnsupportedFormat,
            "`{place}` ends in .{extension}, which this model's documentation does not list.",
            params,
        )
    } else {
        report.error(
            IssueCode::UnsupportedFormat,
            "`{place}` ends in .{extension}, which is not among the {kind} formats of the API.",
            params,
        )
    };
    let issue = place.mark(issue);
    match value.as_str() {
        // A query may be secret.
        Some(text) if is_own && url.suffix.is_empty() => {
            issue.suggest(trim_suffixes(text, MARKS).into(), USE);
        }
        _ if is_own => {
            issue.hint("Remove what follows the extension.");
        }
        _ => {
            issue.hint("Use {limit}, or move the file to the field for its kind.");
        }
    }
}
