//! Faults of the network and the server, drawn from the seed.

use crate::server::{Content, Response, error_response};
use fastrand::Rng;

/// The faults of the network, in percent of the exchanges.
#[derive(Clone, Debug, Default)]
pub struct NetworkFaults {
    /// The network and the server have no faults after this time.
    pub until_ms: u64,
    request_lost: u32,
    response_lost: u32,
    never_answered: u32,
    late: u32,
    duplicated: u32,
    truncated: u32,
}

/// How one exchange is delivered.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The delay until the request reaches the server, or `None` if it is lost.
    pub arrives_ms: Option<u64>,
    /// The delay until a second copy does.
    pub copy_ms: Option<u64>,
    /// Whether the request still arrives after the client aborted it.
    pub survives_abort: bool,
    pub reply: Reply,
}

/// What the client receives, and the delay since it sent the request.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    Answer(u64),
    Truncated(u64),
    ConnectionLost(u64),
    Never,
}

impl NetworkFaults {
    /// Some seeds have no faults, some one kind, some all kinds.
    pub fn draw(rng: &mut Rng) -> Self {
        let max_percent = [0, 5, 20, 60][rng.usize(..4)];
        let mut share = || match rng.bool() {
            true => rng.u32(0..=max_percent),
            false => 0,
        };
        Self {
            request_lost: share(),
            response_lost: share(),
            never_answered: share() / 3,
            late: share(),
            duplicated: share(),
            truncated: share(),
            until_ms: match rng.u32(..3) {
                0 => u64::MAX,
                1 => rng.u64(0..10_000),
                _ => rng.u64(0..600_000),
            },
        }
    }

    /// Draws the delivery of the next exchange. It always draws the same number of random numbers.
    pub fn delivery(&self, rng: &mut Rng, now: u64) -> Delivery {
        let mut happens = |percent: u32| rng.u32(..100) < percent && now < self.until_ms;
        let request_lost = happens(self.request_lost);
        let response_lost = happens(self.response_lost);
        let never_answered = happens(self.never_answered);
        let late = happens(self.late);
        let duplicated = happens(self.duplicated);
        let truncated = happens(self.truncated);
        let max_latency = if late { 90_000 } else { 400 };
        let (request_ms, response_ms) = (rng.u64(10..=max_latency), rng.u64(10..=max_latency));
        let (survives_abort, copy) = (rng.bool(), rng.u64(0..60_000));
        let total = request_ms + response_ms;
        Delivery {
            arrives_ms: (!request_lost).then_some(request_ms),
            copy_ms: (duplicated && !request_lost).then_some(request_ms + copy),
            survives_abort,
            reply: match () {
                () if never_answered => Reply::Never,
                () if request_lost || response_lost => Reply::ConnectionLost(total),
                () if truncated => Reply::Truncated(total),
                () => Reply::Answer(total),
            },
        }
    }
}

/// A period in which the server fails in one way.
#[derive(Clone, Debug)]
pub struct Outage {
    pub from_ms: u64,
    pub to_ms: u64,
    pub kind: OutageKind,
}

#[derive(Clone, Copy, Debug)]
pub enum OutageKind {
    /// It rejects the request without processing it.
    Rejected {
        status: u16,
        code: &'static str,
        retry_after: RetryAfter,
    },
    /// It processes the request, and then responds with an error.
    ProcessedButFailed(u16),
    /// It processes the request, and responds with a proxy's HTML (`true`) or with JSON that is not a task.
    ProcessedButUnreadable(bool),
}

#[derive(Clone, Copy, Debug)]
pub enum RetryAfter {
    None,
    Seconds(u64),
    /// A date this many seconds ahead of the server's clock.
    Date(u64),
    Invalid,
}

impl Outage {
    pub fn draw(rng: &mut Rng) -> Self {
        let from_ms = rng.u64(0..200_000) * rng.u64(0..=1);
        let max_length = [500, 5_000, 120_000][rng.usize(..3)];
        let retry_after = match rng.u32(..6) {
            0 | 1 => RetryAfter::None,
            2 => RetryAfter::Seconds(rng.u64(0..=20)),
            3 => RetryAfter::Date(rng.u64(0..=50)),
            4 => RetryAfter::Seconds(rng.u64(50..=200)),
            _ => RetryAfter::Invalid,
        };
        let rejected = |status, code| OutageKind::Rejected {
            status,
            code,
            retry_after,
        };
        let kind = match rng.u32(..16) {
            0..=3 => rejected(429, "rate_limit_exceeded"),
            4..=6 => rejected(503, "service_unavailable"),
            7 => rejected(408, "request_timeout"),
            8 => rejected(401, "key_disabled"),
            9 => rejected(402, "insufficient_quota"),
            10 => rejected(403, "key_model_not_allowed"),
            11 => rejected(400, "invalid_parameters"),
            12 => OutageKind::ProcessedButFailed([500, 502, 504][rng.usize(..3)]),
            13 => OutageKind::ProcessedButFailed(500),
            n => OutageKind::ProcessedButUnreadable(n == 14),
        };
        Self {
            from_ms,
            to_ms: from_ms + rng.u64(0..=max_length),
            kind,
        }
    }
}

impl OutageKind {
    /// The response at a time.
    pub fn response(self, now: u64) -> Response {
        match self {
            OutageKind::Rejected {
                status,
                code,
                retry_after,
            } => {
                let mut response = error_response(status, code);
                let text = match retry_after {
                    RetryAfter::None => return response,
                    RetryAfter::Seconds(seconds) => seconds.to_string(),
                    RetryAfter::Date(seconds) => http_date(1_700_000_000 + now / 1000 + seconds),
                    RetryAfter::Invalid => "in a while".into(),
                };
                // Half of the servers tell their time.
                if let RetryAfter::Date(0..=25) = retry_after {
                    response
                        .headers
                        .push(("date", http_date(1_700_000_000 + now / 1000)));
                }
                response.headers.push(("retry-after", text));
                response
            }
            OutageKind::ProcessedButFailed(status) => Response {
                status,
                headers: Vec::new(),
                content: Content::Text("<html>Bad gateway</html>"),
            },
            OutageKind::ProcessedButUnreadable(html) => Response {
                status: 200,
                headers: Vec::new(),
                content: match html {
                    true => Content::Text("<html>Welcome</html>"),
                    false => Content::Json(serde_json::json!({ "ok": true })),
                },
            },
        }
    }

    /// Whether the server processes the request despite its response.
    pub fn processes_request(self) -> bool {
        !matches!(self, OutageKind::Rejected { .. })
    }
}

/// Formats seconds since 1970 as in RFC 9110.
fn http_date(seconds: u64) -> String {
    const MONTHS: [(&str, u64); 12] = [
        ("Jan", 31),
        ("Feb", 28),
        ("Mar", 31),
        ("Apr", 30),
        ("May", 31),
        ("Jun", 30),
        ("Jul", 31),
        ("Aug", 31),
        ("Sep", 30),
        ("Oct", 31),
        ("Nov", 30),
        ("Dec", 31),
    ];
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut days = seconds / 86_400;
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let length = |month: usize| MONTHS[month].1 + u64::from(month == 1 && leap(year));
    while days >= length(month) {
        days -= length(month);
        month += 1;
    }
    let (hours, minutes, rest) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!(
        "{weekday}, {:02} {} {year} {hours:02}:{minutes:02}:{rest:02} GMT",
        days + 1,
        MONTHS[month].0
    )
}
