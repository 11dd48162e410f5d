//! String helpers that compile to less code than those of the standard library.

mod digits;
mod fold;
mod phrase;
mod scan;
mod similarity;
mod template;
mod wording;

pub(crate) use digits::{parse_digits, push_hex, push_integer};
pub(crate) use fold::{fold, strip_folded_prefix};
pub(crate) use phrase::{counted, one_of, shortened, truncated};
pub(crate) use scan::{
    find, first_chars, is_blank, match_positions, rsplit_once, slice, split, split_once, strip_any_prefix,
    trim_suffixes,
};
pub(crate) use similarity::{digits, edit_distance, loosely_equal};
pub(crate) use template::{Fill, Template, template};
pub(crate) use wording::{ends_with_wording, match_end, matches_at, rfind_wording, wordings};
