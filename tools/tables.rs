//! Prints the tables of the domain as JSON, for the parts of the npm package that are data.

use evolink_video::domain::schema::json_schema;
use evolink_video::domain::{IssueCode, LIMITS};

fn main() {
    let tables = serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "limits": LIMITS,
        "jsonSchema": json_schema(),
        "issueCodes": IssueCode::ALL,
    });
    println!("{tables}");
}
