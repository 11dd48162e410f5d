//! Prints the public items of a crate, a line each, from its rustdoc JSON. A prefix selects items.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("pass the path of the rustdoc JSON")?;
    let only = env::args().nth(2).unwrap_or_default();
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    for line in api.items().map(|item| item.to_string()) {
        // The line `impl Trait for Type` says the same.
        let is_of_trait = ["fmt", "serialize", "deserialize", "write", "is_absent"]
            .iter()
            .any(|method| line.contains(&format!("::{method}<")) || line.contains(&format!("::{method}(&")));
        if line.contains(&only) && !is_of_trait {
            println!("{line}");
        }
    }
    Ok(())
}
