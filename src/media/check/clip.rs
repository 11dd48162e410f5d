//! Durations and frame rates of video and audio.

use super::measure::Measure;
use super::{Check, CheckedFile};
use crate::domain::IssueCode;
use crate::domain::api::{Kind, file_limits, reference_limits};

/// The margin of durations in seconds: 100 ms, and the error of floats. It covers a frame, the padding of a codec, and
/// rounding.
const MARGIN: f64 = 0.100_001;

impl Check {
    pub(super) fn clip(&mut self, file: &CheckedFile) {
        if !is_clip(file) {
            return;
        }
        let limits = file_limits(self.limits, file.kind);
        let reference = reference_limits().of(file.kind);
        let duration = Measure {
            code: IssueCode::DurationOutOfRange,
            phrase: "a length of {received} seconds",
            number: seconds(file),
            least: limits.min_seconds.map(f64::from),
            most: limits.max_seconds.map(f64::from),
            margin: MARGIN,
            is_certain: reference.max_seconds.is_some() && !file.seen.estimated,
        };
        self.exceeds(file, &duration, None, "Use a shorter or a longer part of it.");
        let frames = Measure {
            code: IssueCode::FrameRateOutOfRange,
            phrase: "{received} frames per second",
            number: file.seen.frame_rate,
            least: limits.min_frame_rate.map(f64::from),
            most: limits.max_frame_rate.map(f64::from),
            margin: 0.0,
            // Source::ModelPages20
            is_certain: false,
        };
        // 23.976 counts as 24, and 60.02 as 60. An unknown rate is 0.
        if let Some((bound, _)) = frames.exceeded()
            && frames.number > 0.0
            && (frames.number - bound).abs() > 0.03
        {
            self.exceeds(file, &frames, None, "Convert it to {limit} frames per second.");
        }
    }

    /// The seconds of all files of a kind together.
    pub(super) fn total_seconds(&mut self, kind: Kind, files: &[CheckedFile]) {
        let limits = file_limits(self.limits, kind);
        let (mut total, mut count, mut is_estimated, mut first) = (0.0, 0, false, None);
        for file in files {
            if file.kind == kind && is_clip(file) {
                total += seconds(file);
                count += 1;
                is_estimated |= file.seen.estimated;
                first = first.or(Some(file));
            }
        }
        let Some(first) = first else { return };
        // For a single file, this is already reported, if there is a limit per file.
        if count < 2 && limits.max_seconds.is_some() {
            return;
        }
        let measure = Measure {
            code: IssueCode::TotalDuration,
            phrase: "a total of {received} seconds",
            number: total,
            least: None,
            most: limits.max_total_seconds.map(f64::from),
            margin: MARGIN * f64::from(count),
            is_certain: reference_limits().of(kind).max_total_seconds.is_some() && !is_estimated,
        };
        self.exceeds(first, &measure, None, "Shorten them, or remove one.");
    }
}

fn is_clip(file: &CheckedFile) -> bool {
    file.kind != Kind::Image && file.seen.kind == file.kind.as_str()
}

fn seconds(file: &CheckedFile) -> f64 {
    file.seen.duration_ms as f64 / 1000.0
}
