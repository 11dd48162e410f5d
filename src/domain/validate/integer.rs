//! Fields that are whole numbers.

use super::context::Context;
use super::{Report, meant};
use crate::domain::api::{Automatic, IntegerLimits, Limits, MODELS};
use crate::domain::issue::IssueCode;
use crate::domain::params::{LIMIT, Params, RECEIVED};

pub(super) fn check(
    field: &'static str,
    limits: fn(&Limits) -> Option<&IntegerLimits>,
    unit: &'static str,
    context: &Context,
    report: &mut Report,
) {
    let Some(value) = context.get(field) else { return };
    let Some(range) = limits(context.limits) else {
        return context.ignored(field, value, report);
    };
    let (min, max) = (i64::from(range.min), i64::from(range.max));
    let with_range = |params: Params| params.number("min", min).number("max", max).text("unit", unit);
    let Some(number) = value.as_integer() else {
        let issue = report.wrong_type(field, "a whole number", value).with(with_range);
        match value.as_str().and_then(|text| meant::integer(text, range)) {
            Some(meant) => issue.suggest(meant.into(), "Use `{suggestion}`, without quotes."),
            None if unit.is_empty() => issue.hint("Use a whole number from {min} to {max}."),
            None => issue.hint("Use a whole number of {unit}s from {min} to {max}."),
        };
        return;
    };
    let automatic = |of: &IntegerLimits| of.automatic.map(|Automatic(value)| value);
    if (min..=max).contains(&number) || automatic(range) == Some(number) {
        return;
    }
    let params = with_range(Params::new())
        .text("field", field)
        .number(LIMIT, if number < min { min } else { max })
        .number(RECEIVED, number)
        .value("automatic", &automatic(range).into());
    let is_automatic = |of: &Limits| limits(of).and_then(automatic) == Some(number);
    report
        .error(
            IssueCode::OutOfRange,
            match unit {
                "" => "`{field}` must be {min} to {max}, but it is {received}.",
                _ => "`{field}` must be {min} to {max unit}, but it is {received}.",
            },
            params,
        )
        .at(field)
        .hint(match automatic(range) {
            None if MODELS.iter().any(|model| is_automatic(model.limits)) => {
                "This model does not choose the value. Use {limit}."
            }
            Some(_) if number < min => "Use {limit}, or {automatic} to let the model choose.",
            _ => "Use {limit}.",
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ValidateOptions;
    use crate::domain::issue::{Issue, Severity};
    use crate::domain::json::parse;

    const LIMITS: IntegerLimits = IntegerLimits {
        min: 0,
        max: u32::MAX,
        default: None,
        automatic: None,
    };

    fn issues(seed: &str, limits: fn(&Limits) -> Option<&IntegerLimits>) -> Vec<Issue> {
        let request = parse(&format!(r#"{{"model":"seedance-2.0","seed":{seed}}}"#)).unwrap();
        let options = ValidateOptions::default();
        let mut report = Report::default();
        check("seed", limits, "", &Context::new(&request, &options), &mut report);
        report.errors.into_iter().chain(report.warnings).collect()
    }

    #[test]
    fn a_number_without_a_unit_has_a_range() {
        for (seed, message) in [
            ("0", None),
            ("4294967295", None),
            (
                "4294967296",
                Some("`seed` must be 0 to 4294967295, but it is 4294967296."),
            ),
            ("-1", Some("`seed` must be 0 to 4294967295, but it is -1.")),
            (r#""7""#, Some(r#"`seed` must be a whole number, but it is "7"."#)),
        ] {
            let found = issues(seed, |_| Some(&LIMITS));
            assert_eq!(found.first().map(|issue| issue.message.as_str()), message);
        }
    }

    #[test]
    fn warns_of_a_field_that_the_model_ignores() {
        let found = issues("7", |_| None);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].code, IssueCode::IgnoredOption);
        assert_eq!(found[0].message, "`seed` has no effect with `seedance-2.0`.");
    }
}
