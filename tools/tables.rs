//! Prints the tables of the API as JSON. The build writes them and the type unions into the npm package, and tests
//! compare its declarations with them.

use evolink_video::domain::api::{
    CODES, ChoiceLimits, Code, Endpoint, FIELDS, Family, Meaning, Model, find_model, json_schema, limits_for,
};
use evolink_video::domain::json::to_json;
use evolink_video::domain::{ErrorKind, IssueCode, Kind, MODELS, Mode, PriceTable, Role, Severity, Value};

fn main() {
    let models: Value = MODELS.iter().map(model).collect();
    let mut limits_by_model: Vec<String> = MODELS
        .iter()
        .map(|model| format!("{}:{}", to_json(&model.id), to_json(model.limits)))
        .collect();
    // A line that is not itself a model: `resolveModel` chooses one of its models.
    for line in MODELS
        .iter()
        .filter(|model| model.family == Family::ReferenceToVideo)
    {
        if find_model(line.line).is_none() {
            let limits = to_json(limits_for(line.line));
            limits_by_model.push(format!("{}:{limits}", to_json(&line.line)));
        }
    }
    let fields: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    let errors: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let endpoints = Endpoint::ALL.map(|(name, endpoint)| (name, Some(endpoint.path().into())));
    let codes: Value = CODES.iter().map(code).collect();
    let tables: [(&str, String); 10] = [
        ("version", to_json(&env!("CARGO_PKG_VERSION"))),
        ("limitsByModel", format!("{{{}}}", limits_by_model.join(","))),
        ("models", models.to_json()),
        ("prices", to_json(&PriceTable::default())),
        ("jsonSchema", json_schema().to_json()),
        ("endpoints", Value::object(endpoints).to_json()),
        ("fields", to_json(&fields)),
        ("errors", to_json(&errors)),
        ("codes", codes.to_json()),
        ("unions", unions().to_json()),
    ];
    let fields: Vec<String> = tables
        .iter()
        .map(|(name, json)| format!("{}:{json}", to_json(name)))
        .collect();
    println!("{{{}}}", fields.join(","));
}

fn model(model: &Model) -> Value {
    Value::object([
        ("id", Some(model.id.into())),
        ("line", Some(model.line.into())),
        ("family", Some(model.family.into())),
        ("qualities", Some(Value::texts(model.limits.quality.values))),
        ("source", Some(model.source.title().into())),
        ("readOn", Some(model.source.read_on().into())),
    ])
}

/// A code of the API's errors, with its status and what it means.
fn code(code: &Code) -> Value {
    let meaning = match code.meaning {
        Meaning::Credits => "The balance or a quota is used up.",
        Meaning::ModelNotServed => "The key may not use the model, or no server runs it.",
        Meaning::KeyReused => "The idempotency key was used for another request.",
        Meaning::Undecided => {
            "The outcome of an earlier request with the same idempotency key is not known yet."
        }
        Meaning::Fix if code.advice.is_empty() => "The same request will fail again.",
        Meaning::TryLater if code.advice.is_empty() => "The same request may succeed later.",
        Meaning::Status => "The same as its HTTP status.",
        _ => "",
    };
    let status = if code.status == 0 {
        String::new()
    } else {
        code.status.to_string()
    };
    Value::texts(&[code.code, &status, meaning, code.advice])
}

/// The unions of strings, each string with its documentation, if it has any.
fn unions() -> Value {
    let codes = IssueCode::ALL.iter().zip(IssueCode::DOCS);
    let codes = codes.map(|(code, about)| Value::texts(&[code.as_str(), about.trim()]));
    Value::object([
        ("Model", Some(union(MODELS.iter().map(|model| model.id)))),
        ("Quality", Some(choices(|model| model.limits.quality))),
        ("AspectRatio", Some(choices(|model| model.limits.aspect_ratio))),
        (
            "Family",
            Some(union(Family::ALL.iter().map(|family| family.as_str()))),
        ),
        ("Mode", Some(union(Mode::ALL.iter().map(|mode| mode.as_str())))),
        ("Kind", Some(union(Kind::ALL.iter().map(|kind| kind.as_str())))),
        ("Role", Some(union(Role::ALL.iter().map(|role| role.as_str())))),
        (
            "Severity",
            Some(union(Severity::ALL.iter().map(|severity| severity.as_str()))),
        ),
        ("IssueCode", Some(codes.collect())),
    ])
}

fn union(strings: impl Iterator<Item = &'static str>) -> Value {
    strings.map(|string| Value::texts(&[string])).collect()
}

/// What any model accepts.
fn choices(of: fn(&Model) -> ChoiceLimits) -> Value {
    let mut all: Vec<&str> = Vec::new();
    for value in MODELS.iter().flat_map(|model| of(model).values) {
        if !all.contains(value) {
            all.push(value);
        }
    }
    union(all.into_iter())
}
