//! `duration`.

use super::Report;
use super::context::Context;
use crate::domain::api::AutomaticDuration;
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::text::parse_digits;

const FIELD: &str = "duration";

pub(super) fn check(context: &Context, report: &mut Report) {
    let Some(value) = context.get(FIELD) else { return };
    let limits = context.limits.duration;
    let (min, max) = (i64::from(limits.min), i64::from(limits.max));
    let with_range = |params: Params| params.number("min", min).number("max", max);
    let Some(seconds) = value.as_integer() else {
        let meant = value.as_str().and_then(|text| parse_digits(text.trim_ascii()));
        let meant = meant
            .map(|seconds| seconds as i64)
            .filter(|seconds| (min..=max).contains(seconds));
        report
            .wrong_type(FIELD, "a whole number", value)
            .with(|params| with_range(params).number("suggestion", meant.unwrap_or(min)))
            .hint(match meant {
                Some(_) => "Use `{suggestion}`, without quotes.",
                None => "Use a whole number of seconds from {min} to {max}.",
            });
        return;
    };
    let automatic = limits.automatic.map(|AutomaticDuration(value)| value);
    if (min..=max).contains(&seconds) || automatic == Some(seconds) {
        return;
    }
    let limit = if seconds < min { min } else { max };
    let params = with_range(Params::new())
        .number(LIMIT, limit)
        .number(RECEIVED, seconds);
    report
        .error(
            IssueCode::OutOfRange,
            "`duration` must be {min} to {max} seconds, but it is {received}.",
            params,
        )
        .at(FIELD)
        .hint(match (seconds, automatic) {
            (-1, None) => "Only models of version 2.5 choose the duration themselves. Use {limit}.",
            (..0, Some(_)) => "Use {limit}, or -1 to let the model choose.",
            _ => "Use {limit}.",
        });
}
