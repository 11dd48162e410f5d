//! What goes wrong on the way and at the server, drawn from the seed.

use crate::server::{Content, Response, refusal};
use fastrand::Rng;

/// How bad the network is, in percent of the exchanges.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// After this the network is good, and so is the server.
    pub until_ms: u64,
    request_lost: u32,
    answer_lost: u32,
    never_answered: u32,
    late: u32,
    twice: u32,
    cut_off: u32,
}

/// What becomes of one exchange.
#[derive(Clone, Debug)]
pub struct Fate {
    /// When the request reaches the server, after it was sent; `None`: never.
    pub arrives_ms: Option<u64>,
    /// When a second copy of it does.
    pub copy_ms: Option<u64>,
    /// Whether the request still arrives when the client has given it up.
    pub stubborn: bool,
    pub back: Back,
}

/// What the client hears, and how long after it sent the request.
#[derive(Clone, Copy, Debug)]
pub enum Back {
    Answer(u64),
    CutOff(u64),
    Broken(u64),
    Silence,
}

impl Network {
    /// Some seeds are calm, some have one kind of fault, some have all of them.
    pub fn draw(rng: &mut Rng) -> Self {
        let how_bad = [0, 5, 20, 60][rng.usize(..4)];
        let mut share = || match rng.bool() {
            true => rng.u32(0..=how_bad),
            false => 0,
        };
        Self {
            request_lost: share(),
            answer_lost: share(),
            never_answered: share() / 3,
            late: share(),
            twice: share(),
            cut_off: share(),
            until_ms: match rng.u32(..3) {
                0 => u64::MAX,
                1 => rng.u64(0..10_000),
                _ => rng.u64(0..600_000),
            },
        }
    }

    /// The fate of the next exchange. It takes the same number of lots whatever it is.
    pub fn fate(&self, rng: &mut Rng, now: u64) -> Fate {
        let mut happens = |percent: u32| rng.u32(..100) < percent && now < self.until_ms;
        let request_lost = happens(self.request_lost);
        let answer_lost = happens(self.answer_lost);
        let never_answered = happens(self.never_answered);
        let late = happens(self.late);
        let twice = happens(self.twice);
        let cut_off = happens(self.cut_off);
        let most = if late { 90_000 } else { 400 };
        let (out, back) = (rng.u64(10..=most), rng.u64(10..=most));
        let (stubborn, copy) = (rng.bool(), rng.u64(0..60_000));
        let heard = out + back;
        Fate {
            arrives_ms: (!request_lost).then_some(out),
            copy_ms: (twice && !request_lost).then_some(out + copy),
            stubborn,
            back: match () {
                () if never_answered => Back::Silence,
                () if request_lost || answer_lost => Back::Broken(heard),
                () if cut_off => Back::CutOff(heard),
                () => Back::Answer(heard),
            },
        }
    }
}

/// A time in which the server answers nothing but this.
#[derive(Clone, Debug)]
pub struct Burst {
    pub from_ms: u64,
    pub to_ms: u64,
    pub trouble: Trouble,
}

#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// It refuses before it does anything.
    Refused {
        status: u16,
        code: &'static str,
        retry_after: RetryAfter,
    },
    /// It does what it is asked, and then says that it failed.
    DoneButFailed(u16),
    /// It does what it is asked, and answers with a page of a proxy, or with JSON that is no task.
    DoneButUnreadable(bool),
}

#[derive(Clone, Copy, Debug)]
pub enum RetryAfter {
    None,
    Seconds(u64),
    /// A date so many seconds ahead of the server's clock.
    Date(u64),
    Nonsense,
}

impl Burst {
    pub fn draw(rng: &mut Rng) -> Self {
        let from_ms = rng.u64(0..200_000) * rng.u64(0..=1);
        let long = [500, 5_000, 120_000][rng.usize(..3)];
        let retry_after = match rng.u32(..6) {
            0 | 1 => RetryAfter::None,
            2 => RetryAfter::Seconds(rng.u64(0..=20)),
            3 => RetryAfter::Date(rng.u64(0..=50)),
            4 => RetryAfter::Seconds(rng.u64(50..=200)),
            _ => RetryAfter::Nonsense,
        };
        let refused = |status, code| Trouble::Refused {
            status,
            code,
            retry_after,
        };
        let trouble = match rng.u32(..16) {
            0..=3 => refused(429, "rate_limit_exceeded"),
            4..=6 => refused(503, "service_unavailable"),
            7 => refused(408, "request_timeout"),
            8 => refused(401, "key_disabled"),
            9 => refused(402, "insufficient_quota"),
            10 => refused(403, "key_model_not_allowed"),
            11 => refused(400, "invalid_parameters"),
            12 => Trouble::DoneButFailed([500, 502, 504][rng.usize(..3)]),
            13 => Trouble::DoneButFailed(500),
            n => Trouble::DoneButUnreadable(n == 14),
        };
        Self {
            from_ms,
            to_ms: from_ms + rng.u64(0..=long),
            trouble,
        }
    }
}

impl Trouble {
    /// What is said instead of `response`, which is there if the work was done.
    pub fn said(self, now: u64) -> Response {
        match self {
            Trouble::Refused {
                status,
                code,
                retry_after,
            } => {
                let mut response = refusal(status, code);
                let text = match retry_after {
                    RetryAfter::None => return response,
                    RetryAfter::Seconds(seconds) => seconds.to_string(),
                    RetryAfter::Date(seconds) => http_date(1_700_000_000 + now / 1000 + seconds),
                    RetryAfter::Nonsense => "in a while".into(),
                };
                response.headers.push(("retry-after", text));
                response
            }
            Trouble::DoneButFailed(status) => Response {
                status,
                headers: Vec::new(),
                content: Content::Text("<html>Bad gateway</html>"),
            },
            Trouble::DoneButUnreadable(html) => Response {
                status: 200,
                headers: Vec::new(),
                content: match html {
                    true => Content::Text("<html>Welcome</html>"),
                    false => Content::Json(serde_json::json!({ "ok": true })),
                },
            },
        }
    }

    /// Whether the server does what it is asked all the same.
    pub fn does_the_work(self) -> bool {
        !matches!(self, Trouble::Refused { .. })
    }
}

/// Seconds since 1970, in the form of RFC 9110. It counts the days, for the model may take its time.
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
