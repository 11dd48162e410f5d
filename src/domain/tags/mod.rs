//! The `@` tags of a prompt.

mod clause;
mod coverage;
mod grammar;
mod group;
mod lexicon;
mod noun;
mod phrase;
mod retag;
mod role;
mod typo;
mod wordings;

pub(super) use clause::{clause_end, clause_start};
pub(super) use coverage::{covers, mentions};
pub use grammar::parse_tags;
pub use retag::{Retag, Retagged, retag};
pub(super) use role::is_json;
pub use typo::{Typo, find_typos};

pub use super::api::{Kind, Role};
use super::json::{Json, OrNull, ToJson};
use std::ops::Range;

/// The largest number that a tag of this kind can have: the most files that any known model takes.
pub(crate) const fn max_index(kind: Kind) -> u32 {
    super::api::MAX_FILES[kind as usize]
}

/// A well-formed tag.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Tag {
    /// The kind of file that it refers to.
    pub kind: Kind,
    /// The entry of the kind's field, from 1.
    pub index: u32,
    /// The tag as written: `@Image1`.
    pub text: String,
    /// Byte offset in the prompt.
    pub start: usize,
    /// Byte offset of what follows it.
    pub end: usize,
    /// What the wording around it asks of its file, if that is clear.
    pub role: Option<Role>,
}

impl Tag {
    pub(crate) fn bytes(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl ToJson for Tag {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("kind", &self.kind);
        json.field("index", &self.index);
        json.field("text", &self.text);
        json.field("start", &(self.start as u32));
        json.field("end", &(self.end as u32));
        json.field("role", &OrNull(self.role));
        json.close('}');
    }
}
