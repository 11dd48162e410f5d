//! Prints the tables of the API as JSON. The build writes them into the npm package, and tests compare its types with them.

use evolink_video::domain::api::{DEFAULT_MODEL, json_schema};
use evolink_video::domain::json::to_json;
use evolink_video::domain::{
    ErrorKind, IssueCode, Kind, MODELS, Mode, PriceTable, Role, Severity, Value, limits_for,
};

fn main() {
    let models: Value = MODELS.iter().map(model).collect();
    let limits = limits_for(DEFAULT_MODEL);
    let limits_by_model: Vec<String> = MODELS
        .iter()
        .map(|model| format!("{}:{}", to_json(&model.id), to_json(&model.limits)))
        .collect();
    let tables: [(&str, String); 14] = [
        ("version", to_json(&env!("CARGO_PKG_VERSION"))),
        ("limits", to_json(&limits)),
        ("limitsByModel", format!("{{{}}}", limits_by_model.join(","))),
        ("models", models.to_json()),
        ("prices", to_json(&PriceTable::default())),
        ("jsonSchema", json_schema().to_json()),
        ("qualities", to_json(&limits.quality.values)),
        ("aspectRatios", to_json(&limits.aspect_ratio.values)),
        ("kinds", strings(Kind::ALL, Kind::as_str)),
        ("modes", strings(Mode::ALL, Mode::as_str)),
        ("roles", strings(Role::ALL, Role::as_str)),
        ("severities", strings(Severity::ALL, Severity::as_str)),
        ("issueCodes", strings(IssueCode::ALL, IssueCode::as_str)),
        ("errors", strings(ErrorKind::ALL, ErrorKind::as_str)),
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

fn strings<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> String {
    let strings: Vec<&str> = all.iter().map(|value| as_str(*value)).collect();
    to_json(&strings)
}
