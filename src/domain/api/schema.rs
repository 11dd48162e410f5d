//! The request as a JSON Schema (2020-12), for forms, tools and agents.

use super::family::Family;
use super::field::{FIELDS, Field, Shape, description};
use super::kind::Kind;
use super::limits::{Automatic, ChoiceLimits, FileLimits, IntegerLimits};
use super::model::{DEFAULT_MODEL, Model, reference_limits};
use super::models::MODELS;
use super::numbers::CALLBACK_URL_MAX_LENGTH;
use crate::domain::value::Value;
use crate::text::one_of;
use Kind::{Audio, Image, Video};

/// White space beyond ASCII, within brackets of a pattern. Written out, since engines differ on `\s`.
const WIDE_SPACE: &str = r"\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// The rules that a schema can express; only [`validate`](crate::domain::validate()) checks the others.
///
/// It accepts every request that `validate` accepts. So the limits of a model are conditional, and a
/// model that is not known has none but the types.
pub fn json_schema() -> Value {
    object([
        ("$schema", "https://json-schema.org/draft/2020-12/schema".into()),
        ("title", "VideoRequest".into()),
        (
            "description",
            "A video to generate. Every @ tag of the prompt needs its file.".into(),
        ),
        ("type", "object".into()),
        ("required", words(&["model", "prompt"])),
        (
            "properties",
            Value::Object(
                FIELDS
                    .iter()
                    .map(|field| (field.name.into(), property(field)))
                    .collect(),
            ),
        ),
        // Not `allOf` itself: some APIs refuse a tool whose schema has it at the top.
        (
            "dependentSchemas",
            object([("model", object([("allOf", rules())]))]),
        ),
    ])
}

/// A field, without the limits that depend on the model.
fn property(field: &Field) -> Value {
    let limits = reference_limits();
    let mut description = description(field.name).to_owned();
    let (kind, rest) = match field.shape {
        Shape::Model => {
            let models = MODELS.iter().map(|model| model.id.into()).collect();
            ("string", vec![("examples", models), ("pattern", not_blank())])
        }
        Shape::Prompt => {
            description += &format!(
                ", at most {} tokens with {DEFAULT_MODEL}. Files are @Image1, @Video1, @Audio1 and so on",
                limits.prompt.max_tokens
            );
            ("string", vec![])
        }
        Shape::Files(kind) => {
            let files = limits.of(kind);
            description += &format!(
                " ({}), reachable from the internet, at most {} with {DEFAULT_MODEL}. In the prompt they are @{word}1, @{word}2 and so on",
                one_of(files.formats),
                files.max_count,
                word = kind.word()
            );
            ("array", vec![("items", object([("type", "string".into())]))])
        }
        Shape::Integer { limits: of, .. } => {
            let default = of(limits).and_then(|range| range.default);
            if let Some(range) = of(limits) {
                description += &format!(", {} to {} with {DEFAULT_MODEL}", range.min, range.max);
            }
            (
                "integer",
                default
                    .map(|default| ("default", default.into()))
                    .into_iter()
                    .collect(),
            )
        }
        Shape::Choice(of) => ("string", of(limits).map(choice).unwrap_or_default()),
        Shape::Switch if field.name == "generate_audio" => {
            ("boolean", vec![("default", limits.generate_audio.default.into())])
        }
        Shape::Switch => ("boolean", vec![]),
        Shape::CallbackUrl => ("string", vec![]),
        Shape::Parameters => {
            let search = object([("type", "boolean".into())]);
            ("object", vec![("properties", object([("web_search", search)]))])
        }
    };
    description.push('.');
    let head = [("type", kind.into()), ("description", Value::String(description))];
    let entries = head.into_iter().chain(rest);
    Value::Object(entries.map(|(name, value)| (name.into(), value)).collect())
}

fn choice(choice: &ChoiceLimits) -> Vec<(&'static str, Value)> {
    vec![
        ("examples", words(choice.values)),
        ("default", choice.default.into()),
    ]
}

/// The pattern of a string that is not only white space.
fn not_blank() -> Value {
    format!(r"[^\t-\r \x85{WIDE_SPACE}]").into()
}

/// The pattern of an absolute URL without credentials, as far as a pattern can describe a host.
fn url(scheme: &str) -> Value {
    let never = format!(r"\x00- \x7f-\x9f{WIDE_SPACE}");
    let host = format!(r"\[[0-9A-Fa-f:.]+\]|[^{never}/?#@:\\\[\]]+");
    format!("^{scheme}://({host})(:[0-9]*)?([/?#][^{never}]*)?$").into()
}

/// What holds for known models. Models that require the same share a rule.
fn rules() -> Value {
    let mut rules = Vec::new();
    // What a model requires of one aspect of a request, if it requires anything.
    let mut add = |aspect: &dyn Fn(&Model) -> Option<Value>| {
        let mut groups: Vec<(Value, Vec<&str>)> = Vec::new();
        for model in MODELS {
            let Some(required) = aspect(model) else { continue };
            match groups.iter_mut().find(|(other, _)| *other == required) {
                Some((_, models)) => models.push(model.id),
                None => groups.push((required, vec![model.id])),
            }
        }
        for (required, models) in groups {
            let model = object([("enum", words(&models))]);
            rules.push(object([
                ("if", object([("properties", object([("model", model)]))])),
                ("then", required),
            ]));
        }
    };
    add(&strings);
    for field in FIELDS {
        match field.shape {
            Shape::Integer { limits, .. } => add(&|model| Some(integer(field.name, limits(model.limits)?))),
            Shape::Choice(limits) => add(&|model| one_of_values(field.name, limits(model.limits)?, model)),
            _ => {}
        }
    }
    add(&files);
    Value::Array(rules)
}

fn properties<const N: usize>(entries: [(&'static str, Value); N]) -> Option<Value> {
    Some(object([("properties", object(entries))]))
}

fn strings(_: &Model) -> Option<Value> {
    let text = |pattern: Value| object([("type", "string".into()), ("pattern", pattern)]);
    let item = || {
        let item = text(url("[Hh][Tt][Tt][Pp][Ss]?"));
        object([("type", "array".into()), ("items", item)])
    };
    let callback = object([
        ("type", "string".into()),
        ("pattern", url("[Hh][Tt][Tt][Pp][Ss]")),
        ("maxLength", CALLBACK_URL_MAX_LENGTH.into()),
    ]);
    properties([
        ("prompt", text(not_blank())),
        (Image.field(), item()),
        (Video.field(), item()),
        (Audio.field(), item()),
        ("callback_url", callback),
    ])
}

fn integer(field: &'static str, limits: &IntegerLimits) -> Value {
    let range = object([
        ("type", "integer".into()),
        ("minimum", limits.min.into()),
        ("maximum", limits.max.into()),
    ]);
    let rule = match limits.automatic {
        None => range,
        Some(Automatic(value)) => {
            let automatic = object([("const", value.into())]);
            object([("anyOf", Value::Array(vec![automatic, range]))])
        }
    };
    object([("properties", object([(field, rule)]))])
}

/// Values that are only assumed are not required.
fn one_of_values(field: &'static str, choice: &ChoiceLimits, model: &Model) -> Option<Value> {
    if model.limits.assumed {
        return None;
    }
    properties([(field, object([("enum", words(choice.values))]))])
}

fn files(model: &Model) -> Option<Value> {
    let mut lists = Vec::new();
    let mut required = Vec::new();
    for &kind in Kind::ALL {
        let files = model.limits.of(kind);
        lists.push((kind.field().into(), counts(files)));
        if files.min_count > 0 {
            required.push(kind.field());
        }
    }
    // Audio needs an image or a video beside it.
    let companions = (model.family == Family::ReferenceToVideo).then(|| {
        let some = |field: &'static str| {
            object([
                ("required", words(&[field])),
                (
                    "properties",
                    object([(
                        field,
                        object([("type", "array".into()), ("minItems", 1_u32.into())]),
                    )]),
                ),
            ])
        };
        let no_audio = object([(
            "properties",
            object([(
                Audio.field(),
                object([("type", "array".into()), ("maxItems", 0_u32.into())]),
            )]),
        )]);
        Value::Array(vec![no_audio, some(Image.field()), some(Video.field())])
    });
    Some(Value::object([
        ("properties", Some(Value::Object(lists))),
        ("required", (!required.is_empty()).then(|| words(&required))),
        ("anyOf", companions),
    ]))
}

fn counts(files: &FileLimits) -> Value {
    Value::object([
        ("type", Some("array".into())),
        ("minItems", (files.min_count > 0).then(|| files.min_count.into())),
        ("maxItems", Some(files.max_count.into())),
    ])
}

fn words(words: &[&str]) -> Value {
    words.iter().map(|word| Value::from(*word)).collect()
}

fn object<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Value::object(entries.map(|(name, value)| (name, Some(value))))
}
