//! Models: finding one, and the one that serves a request.

use super::family::Family;
use super::kind::Kind;
use super::limits::{FileLimits, Limits};
use super::mode::Mode;
use super::models::MODELS;
use super::source::Source;
use crate::domain::value::Value;

/// A model and what it accepts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Model {
    /// The value of the request's `model`.
    pub id: &'static str,
    /// The part of the id before the family, for example `seedance-2.0-fast`.
    pub line: &'static str,
    /// The inputs that it is made for.
    pub family: Family,
    /// What it accepts.
    pub limits: &'static Limits,
    /// Where that is stated.
    pub source: Source,
}

impl Model {
    pub(super) const fn new(
        id: &'static str,
        family: Family,
        limits: &'static Limits,
        source: Source,
    ) -> Self {
        let line = match family {
            Family::All => id,
            _ => id.split_at(id.len() - family.as_str().len() - 1).0,
        };
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
pub const DEFAULT_MODEL: &str = MODELS[0].id;

/// The model of this id, if it is known.
pub fn find_model(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

/// What the reference's model accepts.
pub fn reference_limits() -> &'static Limits {
    MODELS[0].limits
}

/// The limits of a kind of file. A model that takes no such files has none, and then those of the reference count.
pub fn file_limits(limits: &Limits, kind: Kind) -> &'static FileLimits {
    let own = limits.of(kind);
    if own.formats.is_empty() {
        reference_limits().of(kind)
    } else {
        own
    }
}

/// What a model accepts. For a line, such as `seedance-2.5`: what its model for references accepts, which
/// takes the most files. For a model that is not known: what the reference's model accepts.
pub fn limits_for(model: &str) -> &'static Limits {
    find_model(model)
        .or_else(|| variant(model, Mode::Multimodal))
        .map_or(reference_limits(), |model| model.limits)
}

/// The largest number of a tag of this kind that any known model accepts.
pub const MAX_FILES: [u32; 3] = {
    let mut most = [0; 3];
    let mut at = 0;
    while at < MODELS.len() {
        let limits = MODELS[at].limits;
        let counts = [
            limits.images.max_count,
            limits.videos.max_count,
            limits.audios.max_count,
        ];
        let mut kind = 0;
        while kind < most.len() {
            if counts[kind] > most[kind] {
                most[kind] = counts[kind];
            }
            kind += 1;
        }
        at += 1;
    }
    most
};

/// The variant of a line that serves a mode.
pub fn variant(line: &str, mode: Mode) -> Option<&'static Model> {
    let family = Family::serving(mode);
    MODELS
        .iter()
        .find(|model| model.line == line && model.family == family)
}

/// The model that serves a request, as the vendor's own app chooses it: the variant of the same line that
/// takes these inputs.
///
/// A variant that accepts the inputs is returned unchanged, and so is an unknown model. `None` if the model is not
/// a string or the inputs cannot be read.
pub fn resolve_model(request: &Value) -> Option<&str> {
    let id = request.get("model")?.as_str()?;
    let mode = Mode::of_files(request)?;
    let line = match find_model(id) {
        Some(model) if model.family == Family::All => model.line,
        Some(model) if accepts_files(model.limits, request) => return Some(id),
        Some(model) => model.line,
        None => id,
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
                Family::All => model.line.to_owned(),
                family => format!("{}-{}", model.line, family.as_str()),
            };
            assert_eq!(model.id, id);
        }
    }

    #[test]
    fn the_line_of_the_default_model_has_a_variant_for_each_mode() {
        for &mode in Mode::ALL {
            assert!(variant(DEFAULT_MODEL, mode).is_some(), "{mode:?}");
        }
    }

    #[test]
    fn the_largest_counts_are_those_of_version_25() {
        assert_eq!(MAX_FILES, [30, 10, 10]);
    }
}
