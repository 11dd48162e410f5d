//! Compares a property of a file with its limits.

use super::{Check, CheckedFile};
use crate::domain::decimal::Decimal;
use crate::domain::json::to_json;
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::{Issue, IssueCode, Number, Value};
use crate::text::template;

/// A number of a file, or of all files of a kind, and its bounds.
pub(super) struct Measure {
    pub code: IssueCode,
    /// Its phrase in the message, with `{received}` for the number, and `{size}` for width and height.
    pub phrase: &'static str,
    pub number: f64,
    pub least: Option<f64>,
    pub most: Option<f64>,
    /// How far the value may exceed a limit and still be accepted by the server.
    pub margin: f64,
    /// Whether the bounds are the reference's, and the number is sure.
    pub is_certain: bool,
}

impl Measure {
    /// The exceeded limit, and whether it is the upper one.
    pub fn exceeded(&self) -> Option<(f64, bool)> {
        let least = self.least.filter(|least| self.number < *least);
        let most = self.most.filter(|most| self.number > *most);
        Some((least.or(most)?, least.is_none()))
    }
}

impl Check {
    /// Reports a measure that exceeds a bound. The hint may name `{limit}` and `{newSize}`.
    #[inline(never)]
    pub(super) fn exceeds(
        &mut self,
        file: &CheckedFile,
        measure: &Measure,
        new_size: Option<(u32, u32)>,
        hint: &str,
    ) {
        let Some((bound, is_most)) = measure.exceeded() else {
            return;
        };
        let mut params = Params::new()
            .plain(RECEIVED, number(measure.number))
            .plain(LIMIT, number(bound));
        if file.seen.width > 0 {
            params = params.plain("size", size(file.seen.width, file.seen.height));
        }
        if let Some((width, height)) = new_size {
            params = params.plain("newSize", size(width, height));
        }
        let (most, allowed) = if is_most {
            ("most", "allowed")
        } else {
            ("least", "needed")
        };
        let is_total = measure.code == IssueCode::TotalDuration;
        let message = template!(
            "`{}` has {}, but at {} {} are {}.",
            if is_total {
                file.kind.field().to_owned()
            } else {
                super::place(file)
            },
            params.fill(measure.phrase),
            most,
            number(bound).seen(),
            allowed
        );
        let is_error = measure.is_certain && (measure.number - bound).abs() > measure.margin;
        let mut issue = Issue::new(super::severity(is_error), measure.code, &message, params);
        issue.at(file.kind.field());
        if !is_total {
            issue.item(file.index);
        }
        issue.hint(hint);
        self.issues.push(issue);
    }
}

/// A number with at most six decimal places.
fn number(number: f64) -> Value {
    Value::Number(Number::new(number, &to_json(&Decimal::from_f64(number))))
}

pub(super) fn size(width: u32, height: u32) -> Value {
    template!("{}x{}", width, height).into()
}
