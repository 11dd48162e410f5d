//! The shared context of the checks of one request.

use super::json::check_json;
use super::{Report, ValidateOptions};
use crate::domain::api::{Family, Kind, Limits, MAX_FILES, Mode, Model, find_model, limits_for, variant};
use crate::domain::issue::IssueCode;
use crate::domain::params::Params;
use crate::domain::value::Value;

pub(super) struct Context<'a> {
    pub request: &'a Value,
    pub options: &'a ValidateOptions,
    /// The request's model, if it is known.
    pub model: Option<&'static Model>,
    /// What it accepts; for a model that is not known, what the reference's model accepts.
    pub limits: &'static Limits,
}

impl<'a> Context<'a> {
    pub fn new(request: &'a Value, options: &'a ValidateOptions) -> Self {
        let id = request.get("model").and_then(Value::as_str).unwrap_or_default();
        let model = find_model(id);
        Self {
            request,
            options,
            model,
            limits: limits_for(id),
        }
    }

    /// A field of the request.
    pub fn get(&self, field: &str) -> Option<&'a Value> {
        self.request.get(field)
    }

    /// The variant of the model's line that takes the inputs of the request, if another one does.
    pub fn variant(&self) -> Option<&'static Model> {
        let model = self.model?;
        let other = variant(model.line, Mode::of_files(self.request)?)?;
        let fits = |kind: &Kind| kind.count(self.request) <= other.limits.of(*kind).max_count as usize;
        (other.id != model.id && Kind::ALL.iter().all(fits)).then_some(other)
    }

    /// Whether the model, or the variant that serves it, may search the web.
    pub fn searches_web(&self) -> bool {
        let served = self.model.filter(|model| model.family == Family::All);
        let variant = served.and_then(|model| variant(model.line, Mode::of_files(self.request)?));
        variant.map_or(self.limits.web_search, |variant| variant.limits.web_search)
    }

    /// The largest number that a tag of this kind can have.
    pub fn max_index(&self, kind: Kind) -> u32 {
        let references = self.model.and_then(|model| variant(model.line, Mode::Multimodal));
        references.map_or(MAX_FILES[kind as usize], |model| model.limits.of(kind).max_count)
    }

    /// Reports a field that the model ignores. It is sent.
    pub fn ignored(&self, field: &'static str, value: &Value, report: &mut Report) {
        if !check_json(&field.into(), value, report) {
            return;
        }
        let id = self.request.get("model").and_then(Value::as_str);
        let params = Params::new()
            .text("field", field)
            .text("model", id.unwrap_or_default());
        report
            .warning(
                IssueCode::IgnoredOption,
                "`{field}` has no effect with `{model}`.",
                params,
            )
            .at(field);
    }

    /// How many entries of a list of files are checked.
    pub fn max_entries(&self, kind: Kind) -> usize {
        // The types of a model that is not known are checked far beyond the known limits.
        const MAX_ENTRIES: usize = 100;
        match self.model {
            Some(_) => self.max_index(kind) as usize,
            None => MAX_ENTRIES,
        }
    }
}
