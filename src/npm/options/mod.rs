//! Reads and checks the options that JavaScript passes.

#[cfg(feature = "npm-client")]
pub mod call;
#[cfg(feature = "npm-client")]
pub mod client;

use crate::domain::{Error, IssueCode, Value};
use crate::text::{loosely_equal, one_of, template};

/// The description of a function by `values.js`.
#[cfg(feature = "npm-client")]
const FUNCTION: &str = "a function";

#[cfg(feature = "npm-client")]
fn switch(options: &Value, name: &str) -> Result<Option<bool>, Error> {
    match options.get(name) {
        None => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(other) => Err(not(name, "true or false", other)),
    }
}

/// The option `allow`.
///
/// # Errors
/// A configuration error: it is no array, or one of its codes does not exist or cannot be allowed.
pub fn allow(options: &Value) -> Result<Option<Vec<IssueCode>>, Error> {
    let Some(value) = options.get("allow") else {
        return Ok(None);
    };
    let Some(items) = value.as_array() else {
        return Err(not("allow", "an array of issue codes", value));
    };
    let mut codes = Vec::new();
    for item in items {
        match item.as_str().and_then(IssueCode::find) {
            Some(code) if code.can_be_allowed() => codes.push(code),
            Some(_) => {
                return Err(Error::configuration(template!(
                    "The option `allow` cannot contain {}: wrong types and missing fields cannot be allowed.",
                    item.seen()
                )));
            }
            None => return Err(not("allow", "an array of issue codes", item)),
        }
    }
    Ok(Some(codes))
}

/// The error of an option of the wrong type.
pub fn not(option: &str, wanted: &str, seen: &Value) -> Error {
    Error::configuration(template!(
        "The option `{}` must be {}, but it is {}.",
        option,
        wanted,
        seen.seen()
    ))
}

/// Checks that the options are an object and that each has one of these names. `of` is what takes them.
///
/// # Errors
/// A configuration error that names the option.
pub fn check_names(options: &Value, names: &[&str], of: &str) -> Result<(), Error> {
    if !matches!(options, Value::Object(_)) {
        return Err(Error::configuration(template!(
            "The options of a {} must be an object, but they are {}.",
            of,
            options.seen()
        )));
    }
    for (name, _) in options.entries() {
        if names.contains(&name.as_ref()) {
            continue;
        }
        let meant = names.iter().find(|known| loosely_equal(known, name));
        return Err(Error::configuration(match meant {
            Some(known) => template!("There is no option `{}`. Did you mean `{}`?", name, known),
            None => template!(
                "There is no option `{}`. A {} accepts {}.",
                name,
                of,
                one_of(names)
            ),
        }));
    }
    Ok(())
}

#[cfg(feature = "npm-client")]
fn function(options: &Value, name: &str) -> Result<(), Error> {
    match options.get(name) {
        None => Ok(()),
        Some(Value::Foreign(what)) if what == FUNCTION => Ok(()),
        Some(other) => Err(not(name, FUNCTION, other)),
    }
}

/// An integer from `min` to 2^31 - 1, which is what timers take.
///
/// # Errors
/// A configuration error that names the option.
#[cfg(feature = "npm-client")]
pub fn whole(options: &Value, name: &str, min: u32) -> Result<Option<u32>, Error> {
    let Some(value) = options.get(name) else {
        return Ok(None);
    };
    let max = i32::MAX as u32;
    let number = match value {
        Value::Number(number) => number.as_integer(),
        _ => None,
    };
    match number.and_then(|number| u32::try_from(number).ok()) {
        Some(number) if (min..=max).contains(&number) => Ok(Some(number)),
        _ => Err(not(
            name,
            &template!("a whole number from {} to {}", min, max),
            value,
        )),
    }
}
