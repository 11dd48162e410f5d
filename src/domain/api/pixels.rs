//! The size of the video that a quality and an aspect ratio give. [`Source::ModelPages20`](super::Source::ModelPages20)

use crate::domain::json::{Json, ToJson};

/// Width and height in pixels of the qualities, for one aspect ratio.
struct Row {
    aspect_ratio: &'static str,
    /// In the order of [`QUALITIES`].
    sizes: [(u16, u16); 3],
}

const QUALITIES: [&str; 3] = ["480p", "720p", "1080p"];

const fn row(aspect_ratio: &'static str, sizes: [(u16, u16); 3]) -> Row {
    Row { aspect_ratio, sizes }
}

const ROWS: [Row; 6] = [
    row("16:9", [(864, 496), (1280, 720), (1920, 1080)]),
    row("4:3", [(752, 560), (1112, 834), (1664, 1248)]),
    row("1:1", [(640, 640), (960, 960), (1440, 1440)]),
    row("3:4", [(560, 752), (834, 1112), (1248, 1664)]),
    row("9:16", [(496, 864), (720, 1280), (1080, 1920)]),
    row("21:9", [(992, 432), (1470, 630), (2206, 946)]),
];

/// Width and height of the video in pixels, if they are stated; not for `adaptive`, which follows the input.
pub fn output_pixels(quality: &str, aspect_ratio: &str) -> Option<(u16, u16)> {
    let at = QUALITIES.iter().position(|known| *known == quality)?;
    let row = ROWS.iter().find(|row| row.aspect_ratio == aspect_ratio)?;
    row.sizes.get(at).copied()
}

/// The sizes of some qualities: an object of qualities, each an object of aspect ratios.
pub(super) struct OutputPixels(pub &'static [&'static str]);

impl ToJson for OutputPixels {
    fn write(&self, json: &mut Json) {
        json.open('{');
        for (at, quality) in QUALITIES.iter().enumerate() {
            if self.0.contains(quality) {
                json.field(quality, &OfQuality(at));
            }
        }
        json.close('}');
    }
}

struct OfQuality(usize);

impl ToJson for OfQuality {
    fn write(&self, json: &mut Json) {
        json.open('{');
        for row in &ROWS {
            if let Some((width, height)) = row.sizes.get(self.0) {
                json.field(row.aspect_ratio, &vec![u32::from(*width), u32::from(*height)]);
            }
        }
        json.close('}');
    }
}
