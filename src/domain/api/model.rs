//! The models that are known.

use super::family::{Family, Line};
use super::limits::{FAST_20, Limits, MINI_20, REFERENCE_LIMITS, STANDARD_20, STANDARD_25};
use super::mode::Mode;
use super::source::Source;
use crate::domain::value::Value;

/// A model and what it accepts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Model {
    /// The value of the request's `model`.
    pub id: &'static str,
    /// The line that it belongs to.
    pub line: Line,
    /// The inputs that it is made for.
    pub family: Family,
    /// What it accepts.
    pub limits: &'static Limits,
    /// Where that is stated.
    pub source: Source,
}

impl Model {
    const fn new(
        id: &'static str,
        line: Line,
        family: Family,
        limits: &'static Limits,
        source: Source,
    ) -> Self {
        Self {
            id,
            line,
            family,
            limits,
            source,
        }
    }
}

/// The model that the reference names.
pub const DEFAULT_MODEL: &str = "seedance-2.0";

use Family::{All, ImageToVideo, ReferenceToVideo, TextToVideo};
use Line::{Fast20, Mini20, Standard20, Standard25};
use Source::{ModelPages20, ModelPages25, Reference};

/// Every model that this version knows. Any other passes with a warning.
#[rustfmt::skip]
pub static MODELS: &[Model] = &[
    Model::new("seedance-2.0", Standard20, All, &REFERENCE_LIMITS, Reference),
    Model::new("seedance-2.0-text-to-video", Standard20, TextToVideo, &STANDARD_20[0], ModelPages20),
    Model::new("seedance-2.0-image-to-video", Standard20, ImageToVideo, &STANDARD_20[1], ModelPages20),
    Model::new("seedance-2.0-reference-to-video", Standard20, ReferenceToVideo, &STANDARD_20[2], ModelPages20),
    Model::new("seedance-2.0-fast-text-to-video", Fast20, TextToVideo, &FAST_20[0], ModelPages20),
    Model::new("seedance-2.0-fast-image-to-video", Fast20, ImageToVideo, &FAST_20[1], ModelPages20),
    Model::new("seedance-2.0-fast-reference-to-video", Fast20, ReferenceToVideo, &FAST_20[2], ModelPages20),
    Model::new("seedance-2.0-mini-text-to-video", Mini20, TextToVideo, &MINI_20[0], ModelPages20),
    Model::new("seedance-2.0-mini-image-to-video", Mini20, ImageToVideo, &MINI_20[1], ModelPages20),
    Model::new("seedance-2.0-mini-reference-to-video", Mini20, ReferenceToVideo, &MINI_20[2], ModelPages20),
    Model::new("seedance-2.5-text-to-video", Standard25, TextToVideo, &STANDARD_25[0], ModelPages25),
    Model::new("seedance-2.5-image-to-video", Standard25, ImageToVideo, &STANDARD_25[1], ModelPages25),
    Model::new("seedance-2.5-reference-to-video", Standard25, ReferenceToVideo, &STANDARD_25[2], ModelPages25),
];

/// The model of this id, if it is known.
pub fn find_model(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

/// What the reference's model accepts.
pub fn reference_limits() -> &'static Limits {
    &REFERENCE_LIMITS
}

/// What a model accepts. For a model that is not known: what the reference's model accepts.
pub fn limits_for(model: &str) -> &'static Limits {
    find_model(model).map_or(&REFERENCE_LIMITS, |model| model.limits)
}

/// The largest number of a tag of this kind that any known model accepts.
pub const MAX_FILES: [u32; 3] = {
    let largest = &STANDARD_25[2];
    [
        largest.images.max_count,
        largest.videos.max_count,
        largest.audios.max_count,
    ]
};

/// The variant of a line that serves a mode.
pub fn variant(line: Line, mode: Mode) -> Option<&'static Model> {
    let family = Family::serving(mode);
    MODELS
        .iter()
        .find(|model| model.line == line && model.family == family)
}

/// The model that serves a request, as the vendor's own app chooses it: the variant of the same line that
/// takes these inputs.
///
/// A variant that takes the inputs stays, and so does a model that is not known. `None` if the model is not
/// a string or the inputs cannot be read.
pub fn resolve_model(request: &Value) -> Option<&str> {
    let id = request.get("model")?.as_str()?;
    let mode = Mode::of_files(request)?;
    let line = match find_model(id) {
        Some(model) if model.family == All => model.line,
        Some(model) if accepts_files(model.limits, request) => return Some(id),
        Some(model) => model.line,
        None => match Line::find(id) {
            Some(line) => line,
            None => return Some(id),
        },
    };
    Some(variant(line, mode).map_or(id, |model| model.id))
}

/// Whether each kind of file is there in a number that the limits allow.
fn accepts_files(limits: &Limits, request: &Value) -> bool {
    super::Kind::ALL.iter().all(|&kind| {
        let files = limits.of(kind);
        (files.min_count as usize..=files.max_count as usize).contains(&kind.count(request))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_consist_of_a_line_and_a_family() {
        for model in MODELS {
            let id = match model.family {
                All => model.line.as_str().to_owned(),
                family => format!("{}-{}", model.line.as_str(), family.as_str()),
            };
            assert_eq!(model.id, id);
        }
    }

    #[test]
    fn a_line_has_a_variant_for_each_mode() {
        for &line in Line::ALL {
            for &mode in Mode::ALL {
                assert!(variant(line, mode).is_some(), "{line:?} {mode:?}");
            }
        }
    }

    #[test]
    fn no_model_accepts_more_files_than_tags_can_number() {
        for model in MODELS {
            for (at, &kind) in super::super::Kind::ALL.iter().enumerate() {
                assert!(model.limits.of(kind).max_count <= MAX_FILES[at], "{}", model.id);
            }
        }
    }
}
