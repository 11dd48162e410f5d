//! What is wrong with a request, or merely suspicious about it.

use super::json::{Json, ToJson};
use super::value::Value;
use super::words::words;

words! {
    /// An error keeps the request from being sent; a warning does not.
    Severity {
        /// The API would refuse the request, or bill it for something that was not meant.
        Error = "error",
        /// The request will be accepted, but look at this.
        Warning = "warning",
    }
}

words! {
    /// One name for each kind of issue, stable across versions.
    IssueCode {
        /// A field that must be there is not.
        Required = "required",
        /// The value has the wrong JSON type.
        InvalidType = "invalid_type",
        /// A text of nothing but white space.
        Blank = "blank",
        /// More tokens or characters than allowed.
        TooLong = "too_long",
        /// More items than allowed.
        TooMany = "too_many",
        /// A number outside its range.
        OutOfRange = "out_of_range",
        /// Not one of the values that the API names.
        UnknownValue = "unknown_value",
        /// A model that this version of the library has not heard of.
        UnknownModel = "unknown_model",
        /// The model does not take this input, or wants another number of it.
        ModelInput = "model_input",
        /// A field that the API does not name; it is forwarded.
        UnknownField = "unknown_field",
        /// A field that is almost one of the API's.
        MisspelledField = "misspelled_field",
        /// Not an absolute URL that the server could fetch.
        InvalidUrl = "invalid_url",
        /// On a host that the API's server cannot reach.
        UnreachableUrl = "unreachable_url",
        /// `http:` where `https:` is expected.
        InsecureUrl = "insecure_url",
        /// A file format that the API does not read.
        UnsupportedFormat = "unsupported_format",
        /// The same file twice.
        DuplicateUrl = "duplicate_url",
        /// A tag that names a file which the request does not carry.
        TagWithoutAsset = "tag_without_asset",
        /// A tag whose number no file can have.
        TagOutOfRange = "tag_out_of_range",
        /// Something that was meant as a tag, which the API does not bind.
        MisspelledTag = "misspelled_tag",
        /// Two images that claim the same frame.
        RoleConflict = "role_conflict",
        /// A role that the API will not give to the file, because of the mode.
        RoleIgnored = "role_ignored",
        /// A file that no tag names, while others are named.
        AssetWithoutTag = "asset_without_tag",
        /// Audio without an image or a video.
        AudioAlone = "audio_alone",
        /// Quoted speech in a video without sound.
        SilentDialogue = "silent_dialogue",
        /// A quote that is opened and not closed.
        UnclosedQuote = "unclosed_quote",
    }
}

/// One thing that is wrong, where it is, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// Whether it keeps the request from being sent.
    pub severity: Severity,
    /// What kind of issue it is.
    pub code: IssueCode,
    /// Where it is, field names and indices from 0; empty for the request as a whole.
    pub path: Vec<Value>,
    /// What was wrong and what was seen, in a sentence.
    pub message: String,
    /// What to do, in a sentence.
    pub hint: Option<String>,
    /// Start and end within the prompt, in UTF-16 code units.
    pub span: Option<(u32, u32)>,
    /// The bound that was broken: a number, or the values that are allowed.
    pub limit: Option<Value>,
    /// The value that was seen.
    pub actual: Option<Value>,
}

// What says more of an issue is there once, and not at each call, of which there are dozens.
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
    #[inline(never)]
    pub fn at(&mut self, field: &str) -> &mut Self {
        self.path.push(field.into());
        self
    }

    /// In this item, from 0, of the field.
    #[inline(never)]
    pub fn item(&mut self, index: usize) -> &mut Self {
        self.path.push((index as i64).into());
        self
    }

    /// What to do about it.
    pub fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.set_hint(hint.into())
    }

    #[inline(never)]
    fn set_hint(&mut self, hint: String) -> &mut Self {
        self.hint = Some(hint);
        self
    }

    /// The part of the prompt that it is about.
    #[inline(never)]
    pub fn span(&mut self, start: u32, end: u32) -> &mut Self {
        self.span = Some((start, end));
        self
    }

    /// The bound that was broken, as a number.
    #[inline(never)]
    pub fn limit(&mut self, limit: u32) -> &mut Self {
        self.limit = Some(limit.into());
        self
    }

    /// The values that are allowed.
    pub fn one_of(&mut self, values: &[&str]) -> &mut Self {
        self.limit = Some(Value::texts(values));
        self
    }

    /// What was seen.
    #[inline(never)]
    pub fn actual(&mut self, actual: Value) -> &mut Self {
        self.actual = Some(actual);
        self
    }
}

impl ToJson for Issue {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("severity", &self.severity);
        json.field("code", &self.code);
        json.field("path", &self.path);
        json.field("message", &self.message);
        json.field("hint", &self.hint);
        json.field("span", &self.span.map(|(start, end)| vec![start, end]));
        json.field("limit", &self.limit);
        json.field("actual", &self.actual);
        json.close('}');
    }
}
