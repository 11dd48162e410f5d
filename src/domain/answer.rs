//! HTTP answers and what they mean.

use super::api::{Meaning, find_code};
use super::error::{Cause, Error, ErrorKind};
use super::json;
use super::retry::Call;
use super::url::redacted_text;
use super::value::Value;
use crate::text::{first_chars, parse_digits, shortened, split, split_once, template};

/// The headers of an answer that are read.
pub const READ_HEADERS: &[&str] = &[
    "retry-after",
    "x-request-id",
    "x-oneapi-request-id",
    "idempotency-replayed",
];

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// The headers of [`READ_HEADERS`] that are present, with names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Body {
    /// JSON.
    Json(Value),
    /// The beginning of anything else.
    Text(String),
    /// It was cut off.
    Broken(Cause),
}

/// How many characters of an answer that is not JSON are kept for the message.
const KEPT_TEXT: usize = 200;

impl Body {
    /// The body of these bytes, already decoded as UTF-8.
    pub fn read(text: &str) -> Self {
        match json::parse(text) {
            Some(value) => Body::Json(value),
            None => Body::Text(first_chars(text, KEPT_TEXT).to_owned()),
        }
    }
}

impl Answer {
    /// A header of [`READ_HEADERS`].
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim_ascii())
    }

    /// Whether the status is 2xx.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The server's id for the exchange, from the headers or the body.
    pub(crate) fn request_id(&self) -> Option<String> {
        self.header("x-request-id")
            .or_else(|| self.header("x-oneapi-request-id"))
            .filter(|id| !id.is_empty())
            .or_else(|| self.error_field("request_id"))
            .map(str::to_owned)
    }

    /// Whether it replays the answer to an earlier call with the same idempotency key.
    pub(crate) fn is_replay(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    /// How long the server asks to wait, in milliseconds; `now` is the wall clock in milliseconds.
    pub(crate) fn retry_after_ms(&self, now: f64) -> Option<u32> {
        let text = self.header("retry-after")?;
        let ms = match parse_digits(text) {
            Some(seconds) => seconds * 1000.0,
            None => http_date_ms(text)? - now,
        };
        Some(ms.clamp(0.0, f64::from(u32::MAX)) as u32)
    }

    fn error_field(&self, name: &str) -> Option<&str> {
        let Body::Json(json) = &self.body else { return None };
        json.get("error")?.get(name)?.as_str()
    }

    /// The code and the message, from the three shapes of the vendor: `{error: {code, message}}`,
    /// `{code, msg}`, `{error, error_description}`.
    fn code_and_message(&self) -> (Option<String>, Option<String>) {
        let Body::Json(json) = &self.body else {
            return (None, None);
        };
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        match json.get("error") {
            Some(error @ Value::Object(_)) => (
                text(error.get("code")).or_else(|| text(error.get("type"))),
                text(error.get("message")),
            ),
            Some(error) => (
                text(Some(error)),
                text(json.get("error_description"))
                    .or_else(|| text(json.get("message")))
                    // A sentence.
                    .or_else(|| text(Some(error)).filter(|text| !is_code(text))),
            ),
            None => (
                text(json.get("code")),
                text(json.get("msg")).or_else(|| text(json.get("message"))),
            ),
        }
    }

    /// The error of an answer other than 2xx.
    pub(crate) fn to_error(&self, call: Call, now: f64) -> Error {
        let (code, said) = self.code_and_message();
        let code = code.filter(|code| is_code(code));
        let status = self.status;
        let (kind, what) = self.classify(code.as_deref());
        let retry_after_ms = self.retry_after_ms(now);
        let retryable =
            matches!(status, 408 | 429 | 500 | 502 | 503 | 504) && kind != ErrorKind::InsufficientCredits;
        // Not known to be refused before any charge; see `retry::delay_ms`.
        let unknown = kind == ErrorKind::OutcomeUnknown
            || (call == Call::Create
                && kind == ErrorKind::Server
                && !(status == 503 && retry_after_ms.is_some()))
            // By convention: a call with this key is in progress.
            || (call == Call::Create && status == 409 && code.as_deref() != Some("idempotency_conflict"));

        let mut message = template!("{} (HTTP {})", what, status);
        match (&said, &self.body) {
            (Some(said), _) => {
                message.push_str(": ");
                message.push_str(&server_text(said));
            }
            (None, Body::Text(text)) if !text.trim_ascii().is_empty() => {
                message.push_str(". The response is not JSON: ");
                message.push_str(&Value::from(redacted_text(text.trim_ascii())).seen());
            }
            (None, Body::Broken(_)) => message.push_str(". The response was cut off"),
            _ => {}
        }
        if ![".", "!", "?", "…"].iter().any(|end| message.ends_with(end)) {
            message.push('.');
        }
        if let Some(row) = code.as_deref().and_then(find_code)
            && !row.advice.is_empty()
        {
            message.push(' ');
            message.push_str(row.advice);
        }
        let mut error = Error::new(
            kind,
            &code.unwrap_or_else(|| template!("http_{}", status)),
            message,
        );
        error.retryable = retryable;
        error.status = Some(status);
        error.request_id = self.request_id();
        error.retry_after_ms = retry_after_ms;
        if let Body::Broken(cause) = &self.body {
            error.cause = Some(cause.clone());
        }
        if unknown { error.outcome_unknown() } else { error }
    }

    fn classify(&self, code: Option<&str>) -> (ErrorKind, &'static str) {
        use ErrorKind::*;
        let meaning = code.and_then(find_code).map(|row| row.meaning);
        match (self.status, meaning) {
            (_, Some(Meaning::Undecided)) => (
                OutcomeUnknown,
                "An earlier call with this idempotency key is still in progress",
            ),
            (_, Some(Meaning::KeyReused)) => (BadRequest, "The idempotency key was used for another request"),
            (400.., Some(Meaning::Credits)) => (InsufficientCredits, "Insufficient balance or quota"),
            (0 | 300..=399, _) => (
                BadRequest,
                "The server redirects, which is not followed; check `baseUrl`",
            ),
            (401, _) => (Authentication, "The server rejected the API key"),
            (402, _) => (InsufficientCredits, "Insufficient balance or quota"),
            (403, _) => (PermissionDenied, "The API key lacks permission"),
            (404, _) => (NotFound, "Not found"),
            (408, _) => (RequestTimeout, "The server timed out waiting for the request"),
            (429, _) => (RateLimit, "Too many requests"),
            (400..=499, _) => (BadRequest, "The server rejected the request"),
            _ => (Server, "The server failed"),
        }
    }
}

/// A message of the server for an error: without the secrets of URLs, and of a bounded length.
pub(crate) fn server_text(text: &str) -> String {
    const LONGEST: usize = 1_000;
    shortened(&redacted_text(text), LONGEST).into_owned()
}

/// Whether a string of the server can be a code, and is not a sentence or a value.
pub(crate) fn is_code(text: &str) -> bool {
    const LONGEST: usize = 64;
    (1..=LONGEST).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
}

/// Milliseconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of RFC 9110 that is sent today.
fn http_date_ms(text: &str) -> Option<f64> {
    let (_, date) = split_once(text, b',')?;
    let mut parts = split(date, b' ').filter(|part| !part.is_empty());
    // No part of a date has more digits.
    let whole = |part: &str| {
        parse_digits(part)
            .filter(|number| *number < 1e4)
            .map(|number| number as i64)
    };
    let day = whole(parts.next()?)?;
    let name = parts.next()?.as_bytes();
    let month = b"JanFebMarAprMayJunJulAugSepOctNovDec"
        .chunks(3)
        .position(|month| month == name)? as i64
        + 1;
    let year = whole(parts.next()?).filter(|year| (1970..=9999).contains(year))?;
    let mut clock = split(parts.next()?, b':').map(whole);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    // Days since 1970-01-01, counting years from March so that the leap day comes last.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) as f64 * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_advice_for_its_code() {
        let answer = Answer {
            status: 403,
            headers: Vec::new(),
            body: Body::read(r#"{"error":{"code":"invalid_parameters","message":"No"}}"#),
        };
        let error = answer.to_error(Call::Create, 0.0);
        assert_eq!(
            error.message,
            "The API key lacks permission (HTTP 403): No. Change the request."
        );
        assert!(!error.retryable);
    }

    #[test]
    fn a_message_of_the_server_is_bounded_and_shows_no_secrets_of_urls() {
        let error = |body: &str| {
            let answer = Answer {
                status: 400,
                headers: Vec::new(),
                body: Body::read(body),
            };
            answer.to_error(Call::Read, 0.0)
        };
        for body in [
            r#"{"error":{"code":"https://me:pw@a.com/?sig=1","message":"Cannot read https://me:pw@a.com/b?sig=1"}}"#,
            r#"{"error":"Cannot read https://me:pw@a.com/b?sig=1"}"#,
            "Cannot read https://me:pw@a.com/b?sig=1",
        ] {
            let error = error(body);
            let shown = template!("{} {}", error.code, error.message);
            assert!(shown.contains("Cannot read https://***@a.com/b?…"), "{shown}");
            assert!(!shown.contains("pw") && !shown.contains("sig"), "{shown}");
        }
        let long = format!(
            r#"{{"error":{{"code":"{}","message":"{}"}}}}"#,
            "c".repeat(65),
            "m".repeat(5_000)
        );
        let long = error(&long);
        assert_eq!(long.code, "http_400");
        let said = long
            .message
            .strip_prefix("The server rejected the request (HTTP 400): ");
        assert_eq!(said, Some(template!("{}…", "m".repeat(999)).as_str()));
    }

    #[test]
    fn parses_retry_after_and_ignores_invalid_values() {
        for (text, ms) in [
            ("0", Some(0)),
            ("7", Some(7_000)),
            ("99999999999999999999", Some(u32::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37_000)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(0)),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            let answer = Answer {
                status: 429,
                headers: vec![("retry-after", text.to_owned())],
                body: Body::Text(String::new()),
            };
            assert_eq!(answer.retry_after_ms(784_111_740_000.0), ms, "{text}");
        }
    }

    #[test]
    fn parses_an_http_date() {
        assert_eq!(
            http_date_ms("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(784_111_777_000.0)
        );
        assert_eq!(
            http_date_ms("Thu, 29 Feb 2024 00:00:00 GMT"),
            Some(1_709_164_800_000.0)
        );
        for text in [
            "",
            "soon",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994",
            "-5",
            "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(http_date_ms(text), None, "{text}");
        }
    }
}
