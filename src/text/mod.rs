//! Strings without what the standard library's forms bring along.

mod digits;
mod phrase;
mod scan;
mod similarity;
mod template;
mod wording;

pub(crate) use digits::{add_hex, add_integer, number};
pub(crate) use phrase::{counted, one_of, shortened};
pub(crate) use scan::{after, beginning, cut, cut_last, find, is_blank, places, slice, split, without};
pub(crate) use similarity::{alike, distance};
pub(crate) use template::{Fill, Template, template};
pub(crate) use wording::{last_of, stands, wordings};
