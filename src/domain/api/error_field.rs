//! The fields of an error in an answer.

use super::source::Source;

/// What a field of an error has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorFieldRole {
    /// A code, an HTTP status, or a sentence.
    Code,
    /// A message for people.
    Message,
    /// A class of errors, which stands for the code where there is none.
    Type,
    /// The field of the request that is wrong.
    Param,
    /// What to do.
    Suggestion,
    /// Whether the call succeeded.
    Success,
}

/// A field of an error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ErrorField {
    /// The name.
    pub name: &'static str,
    /// What it has.
    pub role: ErrorFieldRole,
    /// Where it is stated.
    pub source: Source,
}

const fn row(name: &'static str, role: ErrorFieldRole, source: Source) -> ErrorField {
    ErrorField { name, role, source }
}

use ErrorFieldRole::{Code, Message, Param, Success, Suggestion, Type};
use Source::{VendorPages, VendorTest};

/// Every field with a meaning of its own. The others are details.
#[rustfmt::skip]
pub static ERROR_FIELDS: &[ErrorField] = &[
    row("code", Code, VendorPages),
    row("error", Code, VendorPages),
    row("message", Message, VendorPages),
    row("msg", Message, VendorTest),
    row("error_description", Message, VendorPages),
    row("type", Type, VendorPages),
    row("param", Param, VendorPages),
    row("suggestion", Suggestion, VendorPages),
    row("fallback_suggestion", Suggestion, VendorPages),
    row("success", Success, VendorTest),
];
