//! Problems of a request: errors and warnings.

use super::json::{Json, ToJson};
use super::params::{LIMIT, Params, RECEIVED, SUGGESTION};
use super::value::{Key, Value};
use super::words::words;
use std::fmt;

words! {
    /// Whether an issue keeps the request from being sent.
    Severity {
        /// The API would refuse the request, or charge for something that was not intended.
        Error = "error",
        /// The request can be sent.
        Warning = "warning",
    }
}

words! {
    /// The kind of an issue, stable across versions.
    #[non_exhaustive]
    IssueCode {
        /// A required field is missing.
        Required = "required",
        /// The value has the wrong type.
        InvalidType = "invalid_type",
        /// A string that contains only white space.
        Blank = "blank",
        /// More tokens or characters than allowed.
        TooLong = "too_long",
        /// More files than allowed.
        TooMany = "too_many",
        /// A number outside its range.
        OutOfRange = "out_of_range",
        /// Not one of the allowed strings.
        UnknownValue = "unknown_value",
        /// A model that this version does not know.
        UnknownModel = "unknown_model",
        /// Files that the model does not accept, or missing files that it needs.
        ModelInput = "model_input",
        /// A field that the API does not know. It is sent.
        UnknownField = "unknown_field",
        /// A misspelled field, or the name that another API has for it.
        MisspelledField = "misspelled_field",
        /// An option that the model ignores.
        IgnoredOption = "ignored_option",
        /// Not an absolute URL that a server can fetch.
        InvalidUrl = "invalid_url",
        /// A host that the API's servers cannot reach.
        UnreachableUrl = "unreachable_url",
        /// A signed URL that has expired.
        ExpiredUrl = "expired_url",
        /// The URL of a page that shows a file.
        NotAFile = "not_a_file",
        /// `http:` where `https:` is expected.
        InsecureUrl = "insecure_url",
        /// A file format that the API does not read.
        UnsupportedFormat = "unsupported_format",
        /// More bytes than allowed.
        TooLarge = "too_large",
        /// A file that cannot be read, or that is damaged.
        UnreadableFile = "unreadable_file",
        /// A video or an audio file that is too short or too long.
        DurationOutOfRange = "duration_out_of_range",
        /// Videos or audio files that are too long in total.
        TotalDuration = "total_duration",
        /// Width times height is too small or too large.
        PixelsOutOfRange = "pixels_out_of_range",
        /// A side that is too short or too long.
        SideOutOfRange = "side_out_of_range",
        /// A picture that is too narrow or too wide.
        RatioOutOfRange = "ratio_out_of_range",
        /// Too few or too many frames per second.
        FrameRateOutOfRange = "frame_rate_out_of_range",
        /// A frame whose aspect ratio differs from that of the other frame, or from `aspect_ratio`.
        RatioMismatch = "ratio_mismatch",
        /// An image with several frames.
        AnimatedImage = "animated_image",
        /// The same file twice.
        DuplicateUrl = "duplicate_url",
        /// An option or the URL of a file in the prompt, where the API does not read it.
        FieldInPrompt = "field_in_prompt",
        /// A tag whose file is missing from the request.
        TagWithoutAsset = "tag_without_asset",
        /// A tag with a number that no file can have.
        TagOutOfRange = "tag_out_of_range",
        /// A misspelled tag, which may not refer to a file.
        MisspelledTag = "misspelled_tag",
        /// Two images that claim the same frame.
        RoleConflict = "role_conflict",
        /// A role that the file does not get in this mode.
        RoleIgnored = "role_ignored",
        /// Two images that become the first and the last frame, although the prompt does not say so.
        FramesAssumed = "frames_assumed",
        /// A file that no tag refers to, while tags refer to others.
        AssetWithoutTag = "asset_without_tag",
        /// Audio without an image or a video.
        AudioAlone = "audio_alone",
        /// Quoted speech in a video without sound.
        SilentDialogue = "silent_dialogue",
        /// A quotation mark that is opened but not closed.
        UnclosedQuote = "unclosed_quote",
    }
}

impl IssueCode {
    /// Whether the option `allow` can turn such an error into a warning. Types and required fields cannot be
    /// allowed: no request can be built without them.
    pub const fn can_be_allowed(self) -> bool {
        !matches!(self, IssueCode::Required | IssueCode::InvalidType)
    }
}

/// A step from the request to the value that an issue is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(untagged)
)]
pub enum PathSegment {
    /// A field.
    Field(Key),
    /// An item of an array, from 0.
    Index(usize),
}

/// One thing that is wrong with a request, where it is, and what to do.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[non_exhaustive]
pub struct Issue {
    /// Whether it keeps the request from being sent.
    pub severity: Severity,
    /// The kind of issue.
    pub code: IssueCode,
    /// Where it is: field names and indices from 0. Empty for the request as a whole.
    pub path: Vec<PathSegment>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do, in a sentence or two.
    pub hint: Option<String>,
    /// The part of the prompt that it is about, as byte offsets.
    pub span: Option<(usize, usize)>,
    /// The values that the message and the hint were made of.
    pub params: Params,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " {hint}"),
            None => Ok(()),
        }
    }
}

// Each method is compiled once, and not inlined at each of dozens of calls.
impl Issue {
    /// An issue about the request as a whole; the methods below add details. The values fill the templates of the
    /// message and of the hint.
    pub(crate) fn new(severity: Severity, code: IssueCode, message: &str, params: Params) -> Self {
        Self {
            severity,
            code,
            path: Vec::new(),
            message: params.fill(message),
            hint: None,
            span: None,
            params,
        }
    }

    /// In this field, or in an object of this field.
    #[inline(never)]
    pub(crate) fn at(&mut self, field: impl Into<Key>) -> &mut Self {
        self.path.push(PathSegment::Field(field.into()));
        self
    }

    /// In this item, from 0, of the field.
    #[inline(never)]
    pub(crate) fn item(&mut self, index: usize) -> &mut Self {
        self.path.push(PathSegment::Index(index));
        self
    }

    /// More values, for the hint.
    pub(crate) fn with(&mut self, add: impl FnOnce(Params) -> Params) -> &mut Self {
        self.params = add(std::mem::take(&mut self.params));
        self
    }

    /// What to do about it, as a template.
    #[inline(never)]
    pub(crate) fn hint(&mut self, template: &str) -> &mut Self {
        self.hint = Some(self.params.fill(template));
        self
    }

    /// What to do about it, as a template, with the value to use.
    #[inline(never)]
    pub(crate) fn suggest(&mut self, suggestion: Value, template: &str) -> &mut Self {
        self.with(|params| params.value(SUGGESTION, &suggestion))
            .hint(template)
    }

    /// The part of the prompt that it is about, as byte offsets.
    #[inline(never)]
    pub(crate) fn span(&mut self, start: usize, end: usize) -> &mut Self {
        self.span = Some((start, end));
        self
    }

    /// The limit that was exceeded: a number, or the strings that are allowed.
    pub fn limit(&self) -> Option<&Value> {
        self.params.get(LIMIT)
    }

    /// What was received. A URL is without its password and its query.
    pub fn received(&self) -> Option<&Value> {
        self.params.get(RECEIVED)
    }
}

impl ToJson for PathSegment {
    fn write(&self, json: &mut Json) {
        match self {
            PathSegment::Field(name) => name.as_ref().write(json),
            PathSegment::Index(index) => json.integer(*index as i64),
        }
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
        json.field(
            "span",
            &self.span.map(|(start, end)| vec![start as u32, end as u32]),
        );
        json.field("limit", &self.limit());
        json.field("actual", &self.received());
        json.field("params", &self.params);
        json.close('}');
    }
}
