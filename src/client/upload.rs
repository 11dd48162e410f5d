//! Uploading a file to the files API.

use super::exchange::invalid_answer;
use super::{Client, Clock, Event, EventKind, Method, Request, Store, Transport};
use crate::domain::api::{Endpoint, Kind, MAX_UPLOAD_BYTES, most_bytes, reference_limits};
use crate::domain::host::HostScope;
use crate::domain::iso_date::iso_date_ms;
use crate::domain::json::{Json, OrNull, ToJson};
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::retry::{self, Attempt, Call};
use crate::domain::url::Url;
use crate::domain::{Error, ErrorKind, Issue, IssueCode, LocalFile, Severity, Value};
use crate::text::template;

/// How often a failed upload is repeated.
const DEFAULT_RETRIES: u32 = 2;

/// The slowest upload that its time limit allows, in bytes per second.
const SLOWEST: u64 = 32_768;

/// An uploaded file.
#[derive(Clone, Debug, PartialEq)]
#[doc(hidden)]
pub struct Uploaded {
    /// The URL for a request.
    pub url: String,
    /// When the URL expires, in milliseconds since 1970, if the server said so.
    pub expires_at: Option<f64>,
    /// The id of the file.
    pub file_id: Option<String>,
    /// The size in bytes.
    pub bytes: u64,
    /// The media type that the server found, else the declared one.
    pub media_type: String,
}

impl ToJson for Uploaded {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("url", &self.url);
        json.field("expiresAt", &OrNull(self.expires_at.map(|ms| ms as i64)));
        json.field("fileId", &OrNull(self.file_id.as_ref()));
        json.field("bytes", &(self.bytes as i64));
        json.field("mediaType", &self.media_type);
        json.close('}');
    }
}

impl<T: Transport, C: Clock, S: Store, O: Fn(&Event)> Client<T, C, S, O> {
    /// Uploads a file, whose bytes the transport adds to the request with the path of [`Endpoint::Upload`].
    ///
    /// An upload without an answer may have been stored; its receipt shows that. One that the receipt does not
    /// confirm is sent again with the same id: a second copy costs nothing but quota. `replays` is whether the
    /// transport can send the bytes again.
    ///
    /// # Errors
    /// The server refused, or did not answer.
    #[doc(hidden)]
    pub async fn upload_file(&self, file: &LocalFile, replays: bool) -> Result<Uploaded, Error> {
        let id = self.random_key();
        let upload = self.files_request(Method::Post, Endpoint::Upload, "", &id);
        let receipt = self.files_request(Method::Get, Endpoint::UploadReceipt, &id, &id);
        let max_retries = self.config.max_retries.unwrap_or(DEFAULT_RETRIES);
        let max_retries = if replays { max_retries } else { 0 };
        let mut failed: Option<Error> = None;
        let mut retries = 0;
        loop {
            let mut budget = self.budget(Call::Read, None);
            let asks = failed.is_some();
            let request = if asks {
                &receipt
            } else {
                budget.max_retries = 0;
                let ms = file.bytes.saturating_mul(1000) / SLOWEST;
                let ms = u32::try_from(ms).unwrap_or(u32::MAX);
                budget.request_timeout_ms = budget.request_timeout_ms.saturating_add(ms);
                &upload
            };
            let outcome = self.exchange(request, &budget).await;
            let error = match (failed.take(), outcome) {
                (None, Ok((body, answer))) => {
                    return read_file(body.get("data"), file, self.config.is_local()).ok_or_else(|| {
                        invalid_answer(&answer, "The response contains no URL for the file.")
                    });
                }
                (None, Err(error)) => error,
                (Some(error), asked) => {
                    let answered = match &asked {
                        Ok((body, _)) => {
                            let data = body.get("data").unwrap_or(body);
                            let is_done = data.get("state").and_then(Value::as_str) == Some("done");
                            let stored = data.get("file").filter(|_| is_done);
                            if let Some(file) = read_file(stored, file, self.config.is_local()) {
                                return Ok(file);
                            }
                            true
                        }
                        Err(error) => {
                            !matches!(error.kind, ErrorKind::Connection | ErrorKind::RequestTimeout)
                        }
                    };
                    // Without a connection, the next upload would fail too.
                    if !answered || retries >= max_retries {
                        return Err(error);
                    }
                    retries += 1;
                    continue;
                }
            };
            let is_limited = error.kind == ErrorKind::RateLimit;
            let may_be_stored = matches!(
                error.kind,
                ErrorKind::Server | ErrorKind::Connection | ErrorKind::RequestTimeout
            ) && error.code != "not_sent";
            let is_transient = error.retryable && (is_limited || may_be_stored || error.code == "not_sent");
            if !is_transient || !may_be_stored && retries >= max_retries {
                return Err(error);
            }
            let attempt = Attempt::Answered {
                status: if is_limited { 429 } else { 503 },
                retry_after_ms: error.retry_after_ms,
            };
            let delay_ms = retry::delay_ms(Call::Read, attempt, retries, u32::MAX, None, self.clock.random());
            let Some(delay_ms) = delay_ms else {
                return Err(error);
            };
            self.emit(EventKind::Retry { delay_ms }, retries + 1, None);
            self.clock.sleep(delay_ms).await;
            if may_be_stored {
                failed = Some(error);
            } else {
                retries += 1;
            }
        }
    }

    /// Whether the API is on this machine, as an emulator is.
    #[doc(hidden)]
    pub fn is_local(&self) -> bool {
        self.config.is_local()
    }

    fn files_request(&self, method: Method, endpoint: Endpoint, end: &str, id: &str) -> Request {
        let mut request = self.request(method, "");
        request.url = template!("{}{}{}", self.config.files_url(), endpoint.path(), end);
        request.headers.push(("X-Evo-Upload-Id".into(), id.into()));
        request
    }
}

/// The file of an answer, if it has a URL that a request may have.
fn read_file(data: Option<&Value>, file: &LocalFile, is_local: bool) -> Option<Uploaded> {
    let data = data?;
    let text = |name| {
        data.get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let url = text("file_url").or_else(|| text("download_url"))?;
    if !is_usable(url, is_local) {
        return None;
    }
    let expires_at = data.get("expires_at");
    Some(Uploaded {
        url: url.to_owned(),
        expires_at: expires_at.and_then(Value::as_str).and_then(iso_date_ms),
        file_id: text("file_id").map(str::to_owned),
        bytes: file.bytes,
        media_type: text("mime_type").unwrap_or(&file.media_type).to_owned(),
    })
}

/// Whether the API can open a URL: https on the internet, or a server on this machine if the API is an emulator.
fn is_usable(url: &str, is_local: bool) -> bool {
    Url::parse(url).is_some_and(|url| match url.scope {
        HostScope::Public | HostScope::Example => url.scheme == "https" && !url.has_credentials,
        HostScope::Loopback => is_local && matches!(url.scheme.as_str(), "http" | "https"),
        _ => false,
    })
}

/// Checks the size of a file before it is uploaded: to the files API if `is_ours`, as a file of a kind if that is
/// given.
///
/// # Errors
/// A validation error.
#[doc(hidden)]
pub fn check_upload(file: &LocalFile, kind: Option<Kind>, is_ours: bool) -> Result<(), Error> {
    let (code, message, limit) = match (kind, is_ours) {
        _ if file.bytes == 0 => (IssueCode::UnsupportedFormat, "The file is empty: {received}.", 0),
        (Some(kind), _) => (
            IssueCode::TooLarge,
            TOO_LARGE,
            reference_limits().of(kind).max_bytes,
        ),
        (None, true) => (IssueCode::TooLarge, TOO_LARGE, MAX_UPLOAD_BYTES),
        (None, false) => return Ok(()),
    };
    if file.bytes > 0 && file.bytes <= most_bytes(limit) {
        return Ok(());
    }
    let params = Params::new()
        .number("bytes", file.bytes as i64)
        .number(LIMIT, limit.into())
        .value(RECEIVED, &Value::File(Box::new(file.clone())));
    let mut issue = Issue::new(Severity::Error, code, message, params);
    issue.at("file");
    Err(Error::validation(vec![issue]))
}

const TOO_LARGE: &str = "The file has {bytes} bytes, but at most {limit} are allowed: {received}.";

/// Checks what the caller's destination returned for a file. Returns the URL, or the error.
///
/// # Errors
/// A configuration error.
#[doc(hidden)]
pub fn check_stored(stored: &Value, is_local: bool) -> Result<(), Error> {
    let url = stored.get("url").unwrap_or(&Value::Null);
    if url.as_str().is_some_and(|url| is_usable(url, is_local)) {
        return Ok(());
    }
    let params = Params::new().value(RECEIVED, url);
    Err(Error::configuration(params.fill(
        "The option `files.put` must return an object with an https `url` that the API can open, but it is {received}.",
    )))
}
