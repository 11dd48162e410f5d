//! Pixels, sides and ratio of an image or a clip.

use super::measure::Measure;
use super::{Check, CheckedFile};
use crate::domain::IssueCode;
use crate::domain::api::file_limits;
use crate::domain::decimal::Decimal;
use crate::domain::params::Params;

impl Check {
    pub(super) fn picture(&mut self, file: &CheckedFile) {
        let (width, height) = (file.seen.width, file.seen.height);
        // One side is never 0 alone.
        if width == 0 {
            return;
        }
        if file.seen.animated {
            let message = "`{place}` has several frames, of which the API may use only the first.";
            self.issue(file, false, IssueCode::AnimatedImage, message, Params::new())
                .hint("For movement, convert it to MP4 and pass it in `video_urls`.");
        }
        let limits = file_limits(self.limits, file.kind);
        let (wide, high) = (f64::from(width), f64::from(height));
        let pixels = Measure {
            code: IssueCode::PixelsOutOfRange,
            phrase: "{received} pixels ({size})",
            number: wide * high,
            least: limits.min_pixels.map(f64::from),
            most: limits.max_pixels.map(f64::from),
            margin: 0.0,
            is_certain: true,
        };
        if let Some((bound, is_most)) = pixels.exceeded() {
            let new_size = nearest(width, height, bound, is_most);
            let hint = "Scale it to {newSize}, the nearest size with the same aspect ratio.";
            self.exceeds(file, &pixels, Some(new_size), hint);
        }
        // What follows is on the pages of the models only: Source::ModelPages20
        for side in [width.min(height), width.max(height)] {
            let side = Measure {
                code: IssueCode::SideOutOfRange,
                phrase: "a side of {received} pixels ({size})",
                number: f64::from(side),
                least: limits.min_side.map(f64::from),
                most: limits.max_side.map(f64::from),
                margin: 0.0,
                is_certain: false,
            };
            if let Some((bound, _)) = side.exceeded() {
                let scale = bound / side.number;
                let new_size = ((wide * scale) as u32, (high * scale) as u32);
                self.exceeds(file, &side, Some(new_size), "Scale it to {newSize}.");
            }
        }
        let ratio = Measure {
            code: IssueCode::RatioOutOfRange,
            phrase: "an aspect ratio of {received} ({size})",
            number: wide / high,
            least: limits.min_ratio.map(Decimal::as_f64),
            most: limits.max_ratio.map(Decimal::as_f64),
            margin: 0.0,
            is_certain: false,
        };
        if let Some((bound, is_most)) = ratio.exceeded() {
            let new_size = if is_most {
                ((high * bound) as u32, height)
            } else {
                (width, (wide / bound) as u32)
            };
            self.exceeds(file, &ratio, Some(new_size), "Crop it, for example to {newSize}.");
        }
    }
}

/// The size of the same shape, with even sides as codecs want them, that is nearest to a number of pixels without
/// crossing it.
fn nearest(width: u32, height: u32, target: f64, is_most: bool) -> (u32, u32) {
    // The exact shape, if there are sizes of it close enough: 16:9 in steps of 32x18.
    let divisor = greatest_divisor(width, height);
    // One of the two quotients is odd.
    let step_width = (width / divisor).saturating_mul(2);
    let step_height = (height / divisor).saturating_mul(2);
    let of_step = f64::from(step_width) * f64::from(step_height);
    let steps = (target / of_step).sqrt();
    let steps = if is_most {
        steps as u32
    } else {
        steps.ceil() as u32
    };
    let exact = of_step * f64::from(steps) * f64::from(steps);
    if exact > target * 0.9 && exact < target * 1.1 {
        return (
            step_width.saturating_mul(steps),
            step_height.saturating_mul(steps),
        );
    }
    let scale = (target / (f64::from(width) * f64::from(height))).sqrt();
    let even = |side: u32| {
        let half = f64::from(side) * scale / 2.0;
        let half = if is_most { half as u32 } else { half.ceil() as u32 };
        half.saturating_mul(2).max(2)
    };
    (even(width), even(height))
}

fn greatest_divisor(first: u32, second: u32) -> u32 {
    let (mut first, mut second) = (first, second);
    while second != 0 {
        (first, second) = (second, first % second);
    }
    first.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_size_keeps_the_shape_and_the_bound() {
        assert_eq!(nearest(1920, 1080, 927_408.0, true), (1280, 720));
        assert_eq!(nearest(1080, 1920, 927_408.0, true), (720, 1280));
        // 1296x729 is nearer, but has an odd side.
        assert_eq!(nearest(1920, 1080, 944_784.0, true), (1280, 720));
        assert_eq!(nearest(640, 360, 409_600.0, false), (864, 486));
        assert_eq!(nearest(848, 480, 409_600.0, false), (852, 482));
        for (width, height) in [(1919, 1079), (1, 9_000_000), (u32::MAX, u32::MAX), (3, 2)] {
            for (pixels, is_most) in [(927_408.0, true), (409_600.0, false)] {
                let (new_width, new_height) = nearest(width, height, pixels, is_most);
                assert!(new_width % 2 == 0 && new_height % 2 == 0);
                // A sliver cannot be scaled into the range, since each side has two pixels at least.
                if width.max(height) / width.min(height) < 1_000 {
                    let found = f64::from(new_width) * f64::from(new_height);
                    let fits = if is_most { found <= pixels } else { found >= pixels };
                    assert!(fits, "{width}x{height}: {new_width}x{new_height}");
                }
            }
        }
    }
}
