//! What is wrong with a request, or merely suspicious about it.

use super::value::Value;
use serde::Serialize;

/// An error keeps the request from being sent; a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The API would refuse the request, or bill it for something that was not meant.
    Error,
    /// The request will be accepted, but look at this.
    Warning,
}

/// One name for each kind of issue, stable across versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueCode {
    /// A field that must be there is not.
    Required,
    /// The value has the wrong JSON type.
    InvalidType,
    /// A text of nothing but white space.
    Blank,
    /// More tokens or characters than allowed.
    TooLong,
    /// More items than allowed.
    TooMany,
    /// A number outside its range.
    OutOfRange,
    /// Not one of the values that the API names.
    UnknownValue,
    /// A model that this version of the library has not heard of.
    UnknownModel,
    /// The model does not take this input, or wants another number of it.
    ModelInput,
    /// A field that the API does not name; it is forwarded.
    UnknownField,
    /// Not an absolute URL that the server could fetch.
    InvalidUrl,
    /// `http:` where `https:` is expected.
    InsecureUrl,
    /// A file format that the API does not read.
    UnsupportedFormat,
    /// A tag that names a file which the request does not carry.
    TagWithoutAsset,
}

impl IssueCode {
    /// Every code, in the order of the documentation.
    pub const ALL: [IssueCode; 14] = [
        IssueCode::Required,
        IssueCode::InvalidType,
        IssueCode::Blank,
        IssueCode::TooLong,
        IssueCode::TooMany,
        IssueCode::OutOfRange,
        IssueCode::UnknownValue,
        IssueCode::UnknownModel,
        IssueCode::ModelInput,
        IssueCode::UnknownField,
        IssueCode::InvalidUrl,
        IssueCode::InsecureUrl,
        IssueCode::UnsupportedFormat,
        IssueCode::TagWithoutAsset,
    ];
}

/// A step on the way to a value: a field's name or an item's index, from 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// The field of an object.
    Field(String),
    /// The item of an array.
    Item(u32),
}

/// The bound that was broken.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Limit {
    /// A count or an amount.
    Number(u32),
    /// The values that are allowed.
    OneOf(&'static [&'static str]),
}

/// One thing that is wrong, where it is, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Issue {
    /// Whether it keeps the request from being sent.
    pub severity: Severity,
    /// What kind of issue it is.
    pub code: IssueCode,
    /// Where it is; empty for the request as a whole.
    pub path: Vec<Step>,
    /// What was wrong and what was seen, in a sentence.
    pub message: String,
    /// What to do, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Start and end within the prompt, in UTF-16 code units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<[u32; 2]>,
    /// The bound that was broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The value that was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Value>,
}

impl Issue {
    /// An issue about the request as a whole; the methods below say more of it.
    pub fn new(severity: Severity, code: IssueCode, message: String) -> Self {
        Self {
            severity,
            code,
            path: Vec::new(),
            message,
            hint: None,
            span: None,
            limit: None,
            actual: None,
        }
    }

    /// In this field.
    pub fn at(&mut self, field: &str) -> &mut Self {
        self.path.push(Step::Field(field.into()));
        self
    }

    /// In this item, from 0, of the field.
    pub fn item(&mut self, index: usize) -> &mut Self {
        self.path.push(Step::Item(index as u32));
        self
    }

    /// What to do about it.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }

    /// The part of the prompt that it is about.
    pub fn span(&mut self, start: u32, end: u32) -> &mut Self {
        self.span = Some([start, end]);
        self
    }

    /// The bound that was broken, as a number.
    pub fn limit(&mut self, limit: u32) -> &mut Self {
        self.limit = Some(Limit::Number(limit));
        self
    }

    /// The values that are allowed.
    pub fn one_of(&mut self, values: &'static [&'static str]) -> &mut Self {
        self.limit = Some(Limit::OneOf(values));
        self
    }

    /// What was seen.
    pub fn actual(&mut self, actual: Value) -> &mut Self {
        self.actual = Some(actual);
        self
    }
}
