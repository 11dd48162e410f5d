//! HTTP answers and what they mean.

use super::api::{Meaning, find_code};
use super::error::{Cause, Error, ErrorKind};
use super::fault::Fault;
use super::http_date::http_date_ms;
use super::json;
use super::retry::{Attempt, Call};
use super::task::has_task;
use super::url::redacted_text;
use super::value::Value;
use crate::text::{parse_digits, slice, template};

/// The headers of an answer that are read.
pub const READ_HEADERS: &[&str] = &[
    "retry-after",
    "date",
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
    /// JSON that was parsed already.
    Json(Value),
    /// The text of the body, JSON or not.
    Text(String),
    /// It was cut off.
    Broken(Cause),
}

impl Body {
    /// The body of these bytes, already decoded as UTF-8.
    pub fn read(text: &str) -> Self {
        Body::Text(text.to_owned())
    }
}

/// The longest plausible `Retry-After`, in milliseconds: a day.
const MAX_PLAUSIBLE_MS: f64 = 86_400_000.0;

impl Answer {
    /// Parses a body that is JSON, and returns its text for [`Answer::refusal`].
    pub(crate) fn parse(&mut self) -> Option<String> {
        let Body::Text(text) = &mut self.body else {
            return None;
        };
        let text = std::mem::take(text);
        match json::parse(&text) {
            Some(json) => {
                self.body = Body::Json(json);
                Some(text)
            }
            None => {
                self.body = Body::Text(text);
                None
            }
        }
    }

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

    /// Whether it has an error and no task, whatever its status says.
    pub(crate) fn is_refusal(&self) -> bool {
        let Body::Json(json) = &self.body else {
            return false;
        };
        let fails = matches!(json.get("success"), Some(Value::Bool(false)))
            || matches!(json.get("code"), Some(Value::Number(code)) if code.as_f64() >= 400.0)
            || json
                .get("error")
                .is_some_and(|error| !Fault::read(error).is_empty());
        fails && !has_task(json)
    }

    fn fault(&self) -> Fault {
        match &self.body {
            Body::Json(json) => Fault::of_answer(json),
            _ => Fault::default(),
        }
    }

    /// The server's id for the exchange, from the headers.
    fn header_request_id(&self) -> Option<String> {
        self.header("x-request-id")
            .filter(|id| !id.is_empty())
            .or_else(|| self.header("x-oneapi-request-id"))
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
    }

    /// The server's id for the exchange, from the headers or the body of an error.
    pub(crate) fn request_id(&self) -> Option<String> {
        let id = self.header_request_id();
        if id.is_some() || self.is_success() {
            return id;
        }
        self.fault().request_id
    }

    /// Whether it replays the answer to an earlier call with the same idempotency key.
    pub(crate) fn is_replay(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    /// How long the server asks to wait, in milliseconds; `now` is the wall clock in milliseconds. A date is compared
    /// with the server's own clock, if the answer has it.
    pub(crate) fn retry_after_ms(&self, now: f64) -> Option<u32> {
        let text = self.header("retry-after")?;
        let ms = match parse_digits(text) {
            Some(seconds) => seconds * 1000.0,
            None => {
                let server_now = self.header("date").and_then(|date| http_date_ms(date, now));
                let ms = http_date_ms(text, now)? - server_now.unwrap_or(now);
                // The clock of this device is wrong.
                if server_now.is_none() && ms > MAX_PLAUSIBLE_MS {
                    return None;
                }
                ms
            }
        };
        Some(ms.clamp(0.0, f64::from(u32::MAX)) as u32)
    }

    /// The error of an answer without the requested content, and what the retry policy needs to decide; `None`
    /// if it must not retry. `text` is what [`Answer::parse`] returned.
    pub(crate) fn refusal(&self, call: Call, now: f64, text: Option<&str>) -> (Error, Option<Attempt>) {
        use ErrorKind::*;
        let fault = self.fault();
        let row = fault.code.as_deref().and_then(find_code);
        let meaning = row.map(|row| row.meaning);
        // The code decides, whatever status a server in between has set.
        let status = match self.status {
            200..=299 if fault.status == 0 => UNCLASSED,
            200..=299 => fault.status,
            400..=499 if fault.code_status > 0 => fault.code_status,
            http => http,
        };
        let (kind, what) = match (status, meaning) {
            (_, Some(Meaning::Undecided)) if call == Call::Create => (
                OutcomeUnknown,
                "An earlier call with this idempotency key is still in progress",
            ),
            (_, Some(Meaning::KeyReused)) => (BadRequest, "The idempotency key was used for another request"),
            (400.., Some(Meaning::Credits)) => (InsufficientCredits, "Insufficient balance or quota"),
            (0 | 300..=399, _) => (
                BadRequest,
                "The server sent a redirect, which is not followed; check `baseUrl`",
            ),
            // The API rejects a key, the page's own server a session.
            (401, _) => (Authentication, "The server rejected the key or the session"),
            (402, _) => (InsufficientCredits, "Insufficient balance or quota"),
            (403, _) => (PermissionDenied, "No permission"),
            (404, _) => (NotFound, "Not found"),
            (408, _) => (RequestTimeout, "The server timed out waiting for the request"),
            (429, _) => (RateLimit, "Too many requests"),
            (400..=499, _) => (BadRequest, "The server rejected the request"),
            (UNCLASSED, _) => (Server, "The server reported an error"),
            _ => (Server, "The server failed"),
        };
        // Waiting adds no credits, and a key stays used.
        let is_final = kind == InsufficientCredits || meaning == Some(Meaning::KeyReused);
        let retry_after_ms = self.retry_after_ms(now);
        // HTML comes from a server in between, which may have replaced the API's answer.
        let is_page = matches!(&self.body, Body::Text(text) if text.trim_ascii_start().starts_with('<'));
        let is_undecided = match status {
            408 => true,
            // By convention: a call with this key is in progress.
            409 => !is_final,
            400..=499 => is_page,
            503 => retry_after_ms.is_none(),
            _ => kind == Server,
        };

        let has_error = matches!(&self.body, Body::Json(json) if json.get("error").is_some());
        let is_of_api = has_error || fault.code.is_some() || fault.status > 0;
        let mut message = template!("{} (HTTP {})", what, self.status);
        match (&fault.message, &self.body) {
            (Some(said), _) => {
                message.push_str(": ");
                message.push_str(said);
            }
            (None, Body::Text(text)) if !text.trim_ascii().is_empty() => {
                message.push_str(". The response is not JSON: ");
                message.push_str(&Value::from(redacted_text(first_bytes(text.trim_ascii(), 400))).seen());
            }
            (None, Body::Broken(_)) => message.push_str(". The response was cut off"),
            _ => {}
        }
        if ![".", "!", "?", "…"].iter().any(|end| message.ends_with(end)) {
            message.push('.');
        }
        if let Some(row) = row
            && !row.advice.is_empty()
        {
            message.push(' ');
            message.push_str(row.advice);
        }
        let code = fault.code.unwrap_or_else(|| match self.is_success() {
            true => "invalid_answer".to_owned(),
            false => template!("http_{}", self.status),
        });
        let mut error = Error::new(kind, &code, message);
        error.retryable = !is_final
            && (matches!(status, 408 | 429 | 500 | 502..=504 | 520..=524 | UNCLASSED)
                || matches!(status, 403 | 404) && !is_of_api);
        error.is_of_api = is_of_api;
        error.request_id = self.header_request_id().or(fault.request_id);
        error.retry_after_ms = retry_after_ms;
        error.particulars = fault.particulars;
        self.describe(&mut error, text);
        if call == Call::Create && (is_undecided || kind == OutcomeUnknown) {
            error = error.outcome_unknown();
        }
        let attempt = Attempt::Answered {
            status,
            retry_after_ms,
        };
        (error, (!is_final).then_some(attempt))
    }

    /// Adds the fields of an error that come from the answer. `text` is what [`Answer::parse`] returned.
    pub(crate) fn describe(&self, error: &mut Error, text: Option<&str>) {
        error.status = Some(self.status);
        if error.request_id.is_none() {
            error.request_id = self.request_id();
        }
        let text = match (text, &self.body) {
            (Some(text), _) => beginning(text),
            (None, Body::Text(text)) => beginning(text),
            (None, Body::Json(json)) => beginning(&json.to_json()),
            (None, Body::Broken(cause)) => {
                error.cause = Some(cause.clone());
                return;
            }
        };
        if !text.is_empty() {
            error.body = Some(first_bytes(&text, KEPT_BYTES).to_owned());
        }
    }
}

/// The beginning of a body, without the secrets of its URLs. Redacting is slow, so the rest is cut off first.
fn beginning(text: &str) -> String {
    redacted_text(first_bytes(text, 2 * KEPT_BYTES))
}

/// How much of a body an error keeps.
const KEPT_BYTES: usize = 4_096;

/// Instead of an HTTP status: a successful answer that reports an unknown error.
const UNCLASSED: u16 = 599;

/// The beginning of a text, of at most this many bytes.
fn first_bytes(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    slice(text, 0..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Charged;

    fn refusal(status: u16, body: &str) -> Error {
        let mut answer = Answer {
            status,
            headers: Vec::new(),
            body: Body::read(body),
        };
        let text = answer.parse();
        answer.refusal(Call::Create, 0.0, text.as_deref()).0
    }

    #[test]
    fn the_kept_part_of_a_body_shows_no_password() {
        let error = refusal(
            500,
            &format!("{} https://user:password@example.com/a", "x".repeat(4_080)),
        );
        let body = error.body.as_deref().unwrap();
        assert_eq!(body.len(), KEPT_BYTES);
        assert!(!body.contains("user"), "{body}");
    }

    #[test]
    fn a_refusal_has_the_advice_and_the_class_of_its_code() {
        let error = refusal(403, r#"{"error":{"code":"invalid_parameters","message":"No"}}"#);
        assert_eq!(
            error.message,
            "The server rejected the request (HTTP 403): No. Change the request."
        );
        assert_eq!(error.kind, ErrorKind::BadRequest);
        assert!(!error.retryable);
    }

    #[test]
    fn a_text_of_the_server_is_bounded_and_shows_no_secrets_of_urls() {
        const URL: &str = "https://me:pw@a.com/b?sig=1";
        for body in [
            format!(
                r#"{{"error":{{"code":"{URL}","message":"Cannot read {URL}","param":"{URL}","at":["{URL}"]}}}}"#
            ),
            format!(r#"{{"error":"Cannot read {URL}","suggestion":"Open {URL}"}}"#),
            format!("Cannot read {URL}"),
        ] {
            let error = refusal(400, &body);
            let shown = format!(
                "{} {} {:?} {:?}",
                error.code, error.message, error.particulars, error.body
            );
            assert!(shown.contains("Cannot read https://***@a.com/b?…"), "{shown}");
            assert!(!shown.contains("pw") && !shown.contains("sig"), "{shown}");
        }
        let long = format!(
            r#"{{"error":{{"code":"{}","message":"{}"}}}}"#,
            "c".repeat(65),
            "m".repeat(5_000)
        );
        let error = refusal(400, &long);
        assert_eq!(error.code, "http_400");
        let said = error
            .message
            .strip_prefix("The server rejected the request (HTTP 400): ");
        assert_eq!(said, Some(format!("{}…", "m".repeat(999)).as_str()));
        assert_eq!(error.body.as_deref(), Some(&long[..4_096]));
    }

    #[test]
    fn the_kind_depends_on_the_code_and_the_status() {
        use ErrorKind::*;
        for (status, code, kind, charged, message) in [
            (408, "x", OutcomeUnknown, Charged::Unknown, "timed out"),
            (429, "x", RateLimit, Charged::No, "Too many requests"),
            (
                500,
                "insufficient_quota",
                InsufficientCredits,
                Charged::No,
                "Insufficient",
            ),
            (302, "x", BadRequest, Charged::No, "sent a redirect"),
            (
                400,
                "idempotency_conflict",
                BadRequest,
                Charged::No,
                "another request",
            ),
            (
                409,
                "paid_outcome_unknown",
                OutcomeUnknown,
                Charged::Unknown,
                "still in progress",
            ),
            (200, "x", OutcomeUnknown, Charged::Unknown, "reported an error"),
            (500, "x", OutcomeUnknown, Charged::Unknown, "The server failed"),
        ] {
            let error = refusal(status, &format!(r#"{{"error":{{"code":"{code}"}}}}"#));
            assert_eq!((error.kind, error.charged), (kind, charged), "{status} {code}");
            assert!(error.message.contains(message), "{}", error.message);
        }
    }

    #[test]
    fn only_a_create_can_be_undecided() {
        let mut conflict = answer(&[]);
        conflict.status = 409;
        conflict.body = Body::read(r#"{"error":{"code":"paid_outcome_unknown"}}"#);
        conflict.parse();
        let kind = |call| conflict.refusal(call, 0.0, None).0.kind;
        assert_eq!(kind(Call::Create), ErrorKind::OutcomeUnknown);
        assert_eq!(kind(Call::Read), ErrorKind::BadRequest);
    }

    #[test]
    fn a_busy_server_that_says_when_to_retry_did_not_charge() {
        let mut busy = answer(&[("retry-after", "5")]);
        busy.status = 503;
        let charged = |answer: &Answer| answer.refusal(Call::Create, 0.0, None).0.charged;
        assert_eq!(charged(&busy), Charged::No);
        busy.headers.clear();
        assert_eq!(charged(&busy), Charged::Unknown);
    }

    #[test]
    fn a_missing_page_may_appear_later_and_a_missing_task_does_not() {
        for (status, body, is_of_api, retryable) in [
            (404, "<html>", false, true),
            (404, "{}", false, true),
            (403, "", false, true),
            (400, "<html>", false, false),
            (404, r#"{"error":{}}"#, true, false),
            (404, r#"{"code":"task_not_found"}"#, true, false),
            (404, r#"{"code":404}"#, true, false),
        ] {
            let mut answer = answer(&[]);
            (answer.status, answer.body) = (status, Body::read(body));
            answer.parse();
            let (error, _) = answer.refusal(Call::Read, 0.0, None);
            assert_eq!(
                (error.is_of_api, error.retryable),
                (is_of_api, retryable),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn the_message_has_the_text_of_a_response_that_is_not_json() {
        for (body, message) in [
            (
                Body::read(" Bad Gateway\n"),
                "The server failed (HTTP 502). The response is not JSON: \"Bad Gateway\".",
            ),
            (Body::read(" "), "The server failed (HTTP 502)."),
            (
                Body::Broken(crate::domain::cause("cut off")),
                "The server failed (HTTP 502). The response was cut off.",
            ),
        ] {
            let mut answer = answer(&[]);
            (answer.status, answer.body) = (502, body);
            assert_eq!(answer.refusal(Call::Read, 0.0, None).0.message, message);
        }
    }

    #[test]
    fn a_success_with_an_error_and_no_task_is_a_refusal() {
        for (body, is_refusal) in [
            (r#"{"success":false}"#, true),
            (r#"{"code":400}"#, true),
            (r#"{"code":200}"#, false),
            (r#"{"error":"No."}"#, true),
            (r#"{"error":{}}"#, false),
            (r#"{"success":true}"#, false),
            (r#"{"error":"No.","id":"task-1"}"#, false),
        ] {
            let mut answer = answer(&[]);
            answer.body = Body::read(body);
            answer.parse();
            assert_eq!(answer.is_refusal(), is_refusal, "{body}");
        }
    }

    #[test]
    fn the_body_has_the_request_id_of_an_error_only() {
        for (status, id) in [(200, None), (400, Some("req-1"))] {
            let mut answer = answer(&[]);
            (answer.status, answer.body) = (status, Body::read(r#"{"request_id":"req-1"}"#));
            answer.parse();
            assert_eq!(answer.request_id().as_deref(), id);
        }
        for (message, id) in [
            ("No. (request id: req-1)", Some("req-1")),
            ("No. (request id: )", None),
            ("No. (request id: a b)", None),
        ] {
            let body = format!(r#"{{"error":{{"message":"{message}"}}}}"#);
            assert_eq!(refusal(400, &body).request_id.as_deref(), id, "{message}");
        }
    }

    #[test]
    fn a_body_is_kept_as_it_came_up_to_whole_characters() {
        let text = "{ \"error\": {\"code\":\"x\", \"n\": 1.0}}\n";
        assert_eq!(refusal(400, text).body.as_deref(), Some(text));
        let page = "é".repeat(4_000);
        assert_eq!(
            refusal(502, &page).body.as_deref(),
            Some("é".repeat(2_048).as_str())
        );
        assert_eq!(
            refusal(502, &format!("x{page}")).body,
            Some(format!("x{}", "é".repeat(2_047)))
        );
        assert_eq!(refusal(502, "").body, None);
    }

    fn answer(headers: &[(&'static str, &str)]) -> Answer {
        Answer {
            status: 429,
            headers: headers
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            body: Body::Text(String::new()),
        }
    }

    #[test]
    fn parses_retry_after_and_ignores_invalid_values() {
        for (text, ms) in [
            ("0", Some(0)),
            ("7", Some(7_000)),
            ("99999999999999999999", Some(u32::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37_000)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37_000)),
            ("Sun Nov  6 08:49:37 1994", Some(37_000)),
            ("Sun, 06 Nov 1994 08:40:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("Mon, 07 Nov 1994 08:49:00 GMT", Some(86_400_000)),
            // By a clock that is years behind.
            ("Sun, 06 Nov 2044 08:49:37 GMT", None),
        ] {
            let answer = answer(&[("retry-after", text)]);
            assert_eq!(answer.retry_after_ms(784_111_740_000.0), ms, "{text}");
        }
    }

    #[test]
    fn a_retry_after_date_is_reckoned_by_the_clock_of_the_server() {
        for off_ms in [-600_000.0, 0.0, 600_000.0] {
            let answer = answer(&[
                ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"),
                ("date", "Sun, 06 Nov 1994 08:49:00 GMT"),
            ]);
            assert_eq!(answer.retry_after_ms(784_111_740_000.0 + off_ms), Some(37_000));
        }
    }
}
