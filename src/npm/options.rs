//! Reads and checks the options that JavaScript passes.

use crate::client::SubmitOptions;
use crate::domain::config::{
    DEFAULT_BASE_URL, DEFAULT_REQUEST_TIMEOUT_MS, DEFAULT_WAIT_MS, Runtime, check_base_url, check_header,
    check_idempotency_key, check_key,
};
use crate::domain::{Config, Error, IssueCode, Value};
use crate::text::{add_integer, alike, cut, number, one_of, split, template};

/// How `values.js` describes a function.
const FUNCTION: &str = "a function";

/// Reads the options of `new VideoClient(options)`.
///
/// # Errors
/// A configuration error that names the option.
pub fn read_client(options: &Value, runtime: Runtime) -> Result<Config, Error> {
    const NAMES: [&str; 11] = [
        "apiKey",
        "baseUrl",
        "fetch",
        "headers",
        "requestTimeoutMs",
        "maxRetries",
        "dangerouslyAllowBrowser",
        "store",
        "onEvent",
        "allow",
        "resolveModel",
    ];
    check_names(options, &NAMES, "client")?;
    function(options, "fetch")?;
    function(options, "onEvent")?;
    let may_show_key = switch(options, "dangerouslyAllowBrowser")?;
    let base_url = base_url(options)?;
    match options.get("apiKey") {
        None if base_url.is_none() => {
            return Err(Error::configuration(
                "The option `apiKey` is missing. Pass a key, a function that returns one, or the `baseUrl` of a server that adds it.",
            ));
        }
        None => {}
        Some(Value::Foreign(what)) if what == FUNCTION => {}
        Some(Value::String(key)) => {
            if let Err(why) = check_key(key) {
                return Err(Error::configuration(template!("The option `apiKey` {}", why)));
            }
            if runtime == Runtime::Page && !may_show_key {
                return Err(Error::configuration(
                    "The option `apiKey` is a literal key in a web page, where every visitor can read it. Pass a function that gets a short-lived key from your server, or the `baseUrl` of a server that adds the key. To allow it, set `dangerouslyAllowBrowser: true`.",
                ));
            }
        }
        // Not the value: it may contain a key.
        Some(_) => {
            return Err(Error::configuration(
                "The option `apiKey` must be a string or a function that returns one.",
            ));
        }
    }
    Ok(Config {
        runtime,
        base_url: base_url.unwrap_or_else(|| DEFAULT_BASE_URL.into()),
        headers: headers(options)?,
        request_timeout_ms: whole(options, "requestTimeoutMs", 1)?.unwrap_or(DEFAULT_REQUEST_TIMEOUT_MS),
        max_retries: whole(options, "maxRetries", 0)?,
        allow: allow(options)?.unwrap_or_default(),
        resolve_model: switch(options, "resolveModel")?,
    })
}

fn switch(options: &Value, name: &str) -> Result<bool, Error> {
    match options.get(name) {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(other) => Err(not(name, "true or false", other)),
    }
}

/// The option `allow`.
fn allow(options: &Value) -> Result<Option<Vec<IssueCode>>, Error> {
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
                    "The option `allow` cannot have {}: types and required fields cannot be allowed.",
                    item.seen()
                )));
            }
            None => return Err(not("allow", "an array of issue codes", item)),
        }
    }
    Ok(Some(codes))
}

/// The options of one call.
#[derive(Debug)]
pub struct CallOptions {
    /// The options of a submission.
    pub submit: SubmitOptions,
    /// The time limit of the whole wait, in milliseconds; `None` for none.
    pub wait_ms: Option<u32>,
}

/// Reads the options of a call that takes the named ones.
///
/// # Errors
/// A configuration error that names the option.
pub fn read_call(options: &Value, names: &[&str]) -> Result<CallOptions, Error> {
    check_names(options, names, "call")?;
    function(options, "onUpdate")?;
    let idempotency_key = match options.get("idempotencyKey") {
        None => None,
        Some(Value::String(key)) => Some(check_idempotency_key(key)?.to_owned()),
        Some(other) => return Err(not("idempotencyKey", "a string", other)),
    };
    let wait_ms = match options.get("timeoutMs") {
        Some(Value::Null) => None,
        _ => Some(whole(options, "timeoutMs", 1)?.unwrap_or(DEFAULT_WAIT_MS)),
    };
    let extra_fields = match options.get("extraFields") {
        None => Vec::new(),
        Some(Value::Object(entries)) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
        Some(other) => return Err(not("extraFields", "a plain object", other)),
    };
    Ok(CallOptions {
        submit: SubmitOptions {
            idempotency_key,
            allow: allow(options)?,
            extra_fields,
        },
        wait_ms,
    })
}

/// A checked configuration as lines of text, which a client keeps and passes with each call: the runtime, the limit
/// of an attempt, the number of retries (-1 for the default), whether models are resolved, the codes that are
/// allowed, the base URL, then the name and the value of each
/// header. No value can contain a line break.
pub fn pack(config: &Config) -> String {
    let mut lines = String::new();
    for integer in [
        config.runtime as i64,
        i64::from(config.request_timeout_ms),
        config.max_retries.map_or(-1, i64::from),
        i64::from(config.resolve_model),
    ] {
        add_integer(integer, &mut lines);
        lines.push('\n');
    }
    let mut add = |line: &str| {
        lines.push_str(line);
        lines.push('\n');
    };
    let mut codes = String::new();
    for code in &config.allow {
        codes.push_str(code.as_str());
        codes.push(',');
    }
    add(&codes);
    add(&config.base_url);
    for (name, value) in &config.headers {
        add(name);
        add(value);
    }
    lines
}

/// Reads what [`pack`] wrote; `None` for anything else.
pub fn unpack(mut lines: &str) -> Option<Config> {
    let mut line = || {
        let (line, rest) = cut(lines, b'\n')?;
        lines = rest;
        Some(line)
    };
    let runtime = match line()? {
        "0" => Runtime::Page,
        "1" => Runtime::BrowserWorker,
        _ => Runtime::Server,
    };
    let request_timeout_ms = number(line()?)? as u32;
    // A number without a sign.
    let max_retries = number(line()?).map(|retries| retries as u32);
    let resolve_model = line()? == "1";
    let mut allow = Vec::new();
    for code in split(line()?, b',') {
        allow.extend(IssueCode::find(code));
    }
    let base_url = line()?.to_owned();
    let mut headers = Vec::new();
    while let Some(name) = line() {
        headers.push((name.to_owned(), line()?.to_owned()));
    }
    Some(Config {
        runtime,
        base_url,
        headers,
        request_timeout_ms,
        max_retries,
        allow,
        resolve_model,
    })
}

fn not(option: &str, wanted: &str, seen: &Value) -> Error {
    Error::configuration(template!(
        "The option `{}` must be {}, but it is {}.",
        option,
        wanted,
        seen.seen()
    ))
}

fn check_names(options: &Value, names: &[&str], of: &str) -> Result<(), Error> {
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
        let meant = names.iter().find(|known| alike(known, name));
        return Err(Error::configuration(match meant {
            Some(known) => template!("There is no option `{}`. Did you mean `{}`?", name, known),
            None => template!("There is no option `{}`. A {} takes {}.", name, of, one_of(names)),
        }));
    }
    Ok(())
}

fn function(options: &Value, name: &str) -> Result<(), Error> {
    match options.get(name) {
        None => Ok(()),
        Some(Value::Foreign(what)) if what == FUNCTION => Ok(()),
        Some(other) => Err(not(name, FUNCTION, other)),
    }
}

/// An integer from `min` to 2^31 - 1, which is what timers take.
fn whole(options: &Value, name: &str, min: u32) -> Result<Option<u32>, Error> {
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

fn base_url(options: &Value) -> Result<Option<String>, Error> {
    match options.get("baseUrl") {
        None => Ok(None),
        Some(Value::String(text)) => match check_base_url(text) {
            Ok(base_url) => Ok(Some(base_url.to_owned())),
            Err(why) => Err(Error::configuration(template!("The option `baseUrl` {}", why))),
        },
        Some(other) => Err(not("baseUrl", "a string", other)),
    }
}

fn headers(options: &Value) -> Result<Vec<(String, String)>, Error> {
    let entries = match options.get("headers") {
        None => return Ok(Vec::new()),
        Some(Value::Object(entries)) => entries,
        Some(other) => return Err(not("headers", "a plain object of strings", other)),
    };
    let mut headers = Vec::new();
    for (name, value) in entries {
        // Not the value in the messages: it may be a secret.
        let Value::String(value) = value else {
            return Err(Error::configuration(template!(
                "The option `headers.{}` must be a string.",
                name
            )));
        };
        if let Err(why) = check_header(name, value) {
            return Err(Error::configuration(template!("The option `headers` {}", why)));
        }
        headers.push((name.to_string(), value.clone()));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(entries: &[(&str, Value)]) -> Value {
        Value::Object(
            entries
                .iter()
                .map(|(name, value)| ((*name).to_owned().into(), value.clone()))
                .collect(),
        )
    }

    #[test]
    fn a_bad_option_is_named() {
        let key = ("apiKey", Value::from("sk-1"));
        let with_key = |name, value| vec![key.clone(), (name, value)];
        for (entries, name) in [
            (vec![], "apiKey"),
            (vec![("apiKey", Value::from(""))], "apiKey"),
            (vec![("apiKey", Value::from("a b"))], "apiKey"),
            (vec![("apiKey", Value::from("Bearer x"))], "apiKey"),
            (vec![("apiKey", Value::from(5_i64))], "apiKey"),
            (vec![("apikey", Value::from("sk-1"))], "`apiKey`"),
            (vec![("base_url", Value::from("x"))], "`baseUrl`"),
            (with_key("baseUrl", Value::from("api.evolink.ai")), "baseUrl"),
            (
                with_key("request_timeout_ms", Value::from(5_i64)),
                "`requestTimeoutMs`",
            ),
            (
                with_key("requestTimeoutMs", Value::from(0_i64)),
                "requestTimeoutMs",
            ),
            (with_key("requestTimeoutMs", Value::from("5")), "requestTimeoutMs"),
            (with_key("maxRetries", Value::from(-1_i64)), "maxRetries"),
            (with_key("fetch", Value::from("f")), "fetch"),
            (
                with_key("headers", options(&[("authorization", Value::from("x"))])),
                "headers",
            ),
            (
                with_key("headers", options(&[("x-a", Value::from("a\nb"))])),
                "`x-a`",
            ),
            (
                with_key("headers", options(&[("x-a", Value::from(5_i64))])),
                "headers.x-a",
            ),
            (
                with_key("dangerouslyAllowBrowser", Value::from("yes")),
                "dangerouslyAllowBrowser",
            ),
        ] {
            let error = read_client(&options(&entries), Runtime::Server).unwrap_err();
            assert_eq!(error.kind, crate::domain::ErrorKind::Configuration);
            assert!(error.message.contains(name), "{entries:?}: {}", error.message);
        }
    }

    #[test]
    fn a_literal_key_is_refused_in_a_page_unless_allowed() {
        let literal = [("apiKey", Value::from("sk-1"))];
        assert!(read_client(&options(&literal), Runtime::Page).is_err());
        assert!(read_client(&options(&literal), Runtime::Server).is_ok());
        let allowed = [literal[0].clone(), ("dangerouslyAllowBrowser", Value::Bool(true))];
        assert!(read_client(&options(&allowed), Runtime::Page).is_ok());
        let function = [("apiKey", Value::Foreign(FUNCTION.into()))];
        assert!(read_client(&options(&function), Runtime::Page).is_ok());
    }

    #[test]
    fn a_key_is_never_in_the_message() {
        for key in ["sk-secret value", "Bearer sk-secret", "sk-secret\n"] {
            let error = read_client(&options(&[("apiKey", Value::from(key))]), Runtime::Server).unwrap_err();
            assert!(!error.message.contains("secret"), "{}", error.message);
        }
    }

    #[test]
    fn a_base_url_needs_no_key() {
        let options = options(&[("baseUrl", Value::from("https://my.example/evolink/"))]);
        let config = read_client(&options, Runtime::Page).unwrap();
        assert_eq!(config.base_url, "https://my.example/evolink");
    }

    #[test]
    fn a_packed_configuration_is_unpacked_as_it_was() {
        let odd = Config {
            runtime: Runtime::BrowserWorker,
            base_url: "http://localhost:8787/evolink".into(),
            headers: vec![("x-a".into(), String::new()), ("x-b".into(), "b\t: b".into())],
            request_timeout_ms: i32::MAX as u32,
            max_retries: Some(0),
            allow: vec![IssueCode::OutOfRange, IssueCode::TooMany],
            resolve_model: true,
        };
        for config in [Config::default(), odd] {
            assert_eq!(unpack(&pack(&config)), Some(config));
        }
        assert_eq!(unpack(""), None);
        assert_eq!(unpack("2\n60000\n"), None);
    }
}
