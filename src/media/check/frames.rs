//! The images that become frames of the video: whether their shapes agree, with each other and with the request.

use super::measure::size;
use super::{Check, CheckedFile};
use crate::domain::api::{Kind, Mode, detect_mode};
use crate::domain::params::Params;
use crate::domain::{IssueCode, Value};
use crate::text::{parse_digits, split_once};

/// Aspect ratios that differ by less look the same.
const TOLERANCE: f64 = 0.03;

impl Check {
    pub(super) fn frames(&mut self, request: &Value, files: &[CheckedFile]) {
        let mode = detect_mode(request);
        if !matches!(mode, Some(Mode::ImageToVideo | Mode::FirstLastFrame)) {
            return;
        }
        let mut frames = files
            .iter()
            .filter(|file| file.kind == Kind::Image && file.seen.width > 0);
        let Some(first) = frames.next() else { return };
        let size = |file: &CheckedFile| size(file.seen.width, file.seen.height);
        if let Some(last) = frames.next()
            && differ(shape(first), shape(last))
        {
            let params = Params::new()
                .plain("size", size(last))
                .plain("first", size(first));
            let message =
                "`{place}` is {size}, but the first frame is {first}: one will be cropped or stretched.";
            self.issue(last, false, IssueCode::RatioMismatch, message, params)
                .hint("Crop both to the same aspect ratio.");
        }
        let default = self.limits.aspect_ratio.default;
        let given = request.get("aspect_ratio").and_then(Value::as_str);
        let asked = given.unwrap_or(default);
        if let Some(wanted) = ratio(asked)
            && differ(shape(first), wanted)
        {
            let known = self.limits.aspect_ratio.values.iter();
            let fitting = known
                .copied()
                .find(|known| ratio(known).is_some_and(|known| !differ(shape(first), known)));
            let params = Params::new()
                .plain("size", size(first))
                .plain("ratio", asked.into())
                .plain("fitting", fitting.unwrap_or("adaptive").into());
            let message = if given.is_some() {
                "`{place}` is {size}, but `aspect_ratio` is {ratio}: it will be cropped or stretched."
            } else {
                "`{place}` is {size}, but the default of `aspect_ratio` is {ratio}: it will be cropped or stretched."
            };
            self.issue(first, false, IssueCode::RatioMismatch, message, params)
                .hint("Set `aspect_ratio` to \"{fitting}\", or crop the image.");
        }
    }
}

fn shape(file: &CheckedFile) -> f64 {
    f64::from(file.seen.width) / f64::from(file.seen.height)
}

fn differ(first: f64, second: f64) -> bool {
    first > second * (1.0 + TOLERANCE) || second > first * (1.0 + TOLERANCE)
}

/// The quotient of "16:9".
fn ratio(text: &str) -> Option<f64> {
    let (width, height) = split_once(text, b':')?;
    Some(f64::from(parse_digits(width)? as u32) / f64::from(parse_digits(height)? as u32))
}
