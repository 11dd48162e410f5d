//! Prints the tables of the API as JSON: data of the npm package, and what its types are tested against.

use evolink_video::domain::api::{AllLimits, DEFAULT_MODEL, json_schema};
use evolink_video::domain::json::to_json;
use evolink_video::domain::{
    ErrorKind, IssueCode, Kind, MODELS, Mode, PriceTable, Role, Severity, Value, limits_for,
};

fn main() {
    let models: Value = MODELS.iter().map(model).collect();
    let limits = AllLimits(limits_for(DEFAULT_MODEL));
    let limits_by_model: Vec<String> = MODELS
        .iter()
        .map(|model| format!("{}:{}", to_json(&model.id), to_json(&AllLimits(model.limits))))
        .collect();
    let tables: [(&str, String); 14] = [
        ("version", to_json(&env!("CARGO_PKG_VERSION"))),
        ("limits", to_json(&limits)),
        ("limitsByModel", format!("{{{}}}", limits_by_model.join(","))),
        ("models", models.to_json()),
        ("prices", to_json(&PriceTable::default())),
        ("jsonSchema", json_schema().to_json()),
        ("qualities", to_json(&limits.0.quality.values)),
        ("aspectRatios", to_json(&limits.0.aspect_ratio.values)),
        ("kinds", words(Kind::ALL, Kind::as_str)),
        ("modes", words(Mode::ALL, Mode::as_str)),
        ("roles", words(Role::ALL, Role::as_str)),
        ("severities", words(Severity::ALL, Severity::as_str)),
        ("issueCodes", words(IssueCode::ALL, IssueCode::as_str)),
        ("errors", words(ErrorKind::ALL, ErrorKind::as_str)),
    ];
    let fields: Vec<String> = tables
        .iter()
        .map(|(name, json)| format!("{}:{json}", to_json(name)))
        .collect();
    println!("{{{}}}", fields.join(","));
}

fn model(model: &evolink_video::domain::api::Model) -> Value {
    Value::object([
        ("id", Some(model.id.into())),
        ("line", Some(model.line.into())),
        ("family", Some(model.family.into())),
        ("qualities", Some(Value::texts(model.limits.quality.values))),
        ("source", Some(model.source.title().into())),
        ("readOn", Some(model.source.read_on().into())),
    ])
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> String {
    let words: Vec<&str> = all.iter().map(|value| word(*value)).collect();
    to_json(&words)
}
