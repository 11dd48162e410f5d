//! One file: that it can be read, its format, its bytes.

use super::measure::Measure;
use super::{Check, CheckedFile};
use crate::domain::api::{Kind, MEGABYTE, UPLOADED_IMAGES, file_limits, most_bytes, reference_limits};
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::{IssueCode, Value};

const MB: f64 = MEGABYTE as f64;

impl Check {
    pub(super) fn file(&mut self, file: &CheckedFile) {
        let seen = &file.seen;
        if seen.kind == "unread" {
            // The API's servers may still reach it.
            let params = Params::new().plain("reason", seen.reason.into());
            let message = "`{place}` could not be read, so it is not checked: {reason}.";
            self.issue(file, false, IssueCode::UnreadableFile, message, params)
                .hint("Check the URL, and that its host allows this program to read it (CORS).");
            return;
        }
        if seen.kind == "lost" || seen.kind == "broken" && seen.bytes == 0 {
            let params = Params::new().plain("reason", seen.reason.into());
            let message = "`{place}` cannot be used: {reason}.";
            self.issue(file, true, IssueCode::UnreadableFile, message, params);
            return;
        }
        self.bytes(file);
        if seen.bytes == 0 {
            let message = "The size of `{place}` is not checked: its server does not report it.";
            self.issue(file, false, IssueCode::UnreadableFile, message, Params::new());
        }
        if seen.kind == "broken" {
            let params = Params::new()
                .plain("format", name(seen.format).into())
                .plain("reason", seen.reason.into());
            let message = "`{place}` is damaged ({format}): {reason}.";
            self.issue(file, true, IssueCode::UnreadableFile, message, params)
                .hint("Export or save the file again.");
            return;
        }
        if !self.format(file) {
            return;
        }
        self.picture(file);
        self.clip(file);
    }

    /// Whether the format is one of the kind.
    fn format(&mut self, file: &CheckedFile) -> bool {
        let limits = file_limits(self.limits, file.kind);
        let reference = reference_limits().of(file.kind);
        let format = file.seen.format;
        if limits.formats.contains(&format) {
            self.upload(file);
            return true;
        }
        let is_of_reference = reference.formats.contains(&format);
        let own = Kind::ALL.iter().find(|kind| kind.as_str() == file.seen.kind);
        let params = Params::new()
            .plain("format", name(format).into())
            .plain("kind", file.kind.into())
            .plain("field", own.map_or("", |kind| kind.field()).into())
            .plain(LIMIT, Value::texts(limits.formats))
            .plain(RECEIVED, format.into());
        let message = if format.is_empty() {
            "The content of `{place}` is not in one of the {kind} formats of the API."
        } else if is_of_reference {
            "`{place}` is {format}, which this model's documentation does not list."
        } else {
            "The content of `{place}` is {format}, which is not among the {kind} formats of the API."
        };
        let issue = self.issue(
            file,
            !is_of_reference,
            IssueCode::UnsupportedFormat,
            message,
            params,
        );
        if own.is_some_and(|kind| *kind != file.kind) {
            issue.hint("Move it to `{field}`.");
        } else {
            issue.hint("Convert it to {limit}.");
        }
        is_of_reference
    }

    /// An image in a format that the API accepts, but that the upload may refuse.
    fn upload(&mut self, file: &CheckedFile) {
        let format = file.seen.format;
        if !self.uploads || file.kind != Kind::Image || UPLOADED_IMAGES.contains(&format) {
            return;
        }
        let params = Params::new()
            .plain("format", name(format).into())
            .plain(LIMIT, Value::texts(UPLOADED_IMAGES))
            .plain(RECEIVED, format.into());
        let message = "`{place}` is {format}, which the documentation of the files API does not list: the upload may be refused.";
        self.issue(file, false, IssueCode::UnsupportedFormat, message, params)
            .hint("Convert it to {limit}.");
    }

    fn bytes(&mut self, file: &CheckedFile) {
        let limit = file_limits(self.limits, file.kind).max_bytes;
        let bytes = Measure {
            code: IssueCode::TooLarge,
            phrase: "{received} MB",
            number: file.seen.bytes as f64 / MB,
            least: None,
            most: Some(f64::from(limit) / MB),
            // And what floats lose.
            margin: (most_bytes(limit) - u64::from(limit)) as f64 / MB + 1e-9,
            is_certain: true,
        };
        self.exceeds(file, &bytes, None, "Compress it, or make it smaller.");
    }
}

/// The name of a format for people.
pub(super) fn name(format: &str) -> String {
    match format {
        "webp" => "WebP".into(),
        "webm" => "WebM".into(),
        "" => "unknown".into(),
        _ => format.to_ascii_uppercase(),
    }
}
