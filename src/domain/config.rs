//! The options of a client and of a call, checked.

use super::api::IDEMPOTENCY_KEY_LENGTH;
use super::error::Error;
use super::host::Place;
use super::url::Url;
use super::value::Value;
use crate::text::{alike, one_of, template, without};
use std::fmt;

pub use super::api::DEFAULT_BASE_URL;
/// The limit of one attempt, body included, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 60_000;
/// The limit of a whole wait, in milliseconds: 15 minutes.
pub const DEFAULT_WAIT_MS: u32 = 900_000;

/// How a host's function is described as a [`Value::Foreign`].
pub const FUNCTION: &str = "a function";

/// Where the API key comes from. The transport sends it; nothing else ever sees it.
#[derive(Clone, PartialEq, Eq)]
pub enum ApiKey {
    /// There is none: a server of the caller's own adds it.
    None,
    /// The key itself.
    Literal(String),
    /// A function of the host gives one for each request.
    Function,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ApiKey::None => "None",
            ApiKey::Literal(_) => "Literal(\"***\")",
            ApiKey::Function => "Function",
        })
    }
}

/// Where the client runs, as far as that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// A page with a window, where every visitor can read a literal key.
    Page,
    /// A worker of a browser.
    BrowserWorker,
    /// Anything else: a server, an edge worker, a program.
    Server,
}

impl Runtime {
    /// Whether a server must allow the calls, and a refusal looks like a broken network.
    pub fn checks_cors(self) -> bool {
        self != Runtime::Server
    }
}

/// The options of a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the client runs.
    pub runtime: Runtime,
    /// Where the API is, without a slash at the end.
    pub base_url: String,
    /// The key, or where it comes from.
    pub api_key: ApiKey,
    /// Headers of the caller, sent with every request.
    pub headers: Vec<(String, String)>,
    /// The limit of one attempt, body included, in milliseconds.
    pub request_timeout_ms: u32,
    /// How often a failed attempt is repeated; `None` for the default of the call.
    pub max_retries: Option<u32>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            runtime: Runtime::Server,
            base_url: DEFAULT_BASE_URL.into(),
            api_key: ApiKey::None,
            headers: Vec::new(),
            request_timeout_ms: DEFAULT_TIMEOUT_MS,
            max_retries: None,
        }
    }
}

impl Config {
    /// Reads the options that a client is made with.
    ///
    /// # Errors
    /// A configuration error that names the option.
    pub fn read(options: &Value, runtime: Runtime) -> Result<Self, Error> {
        const NAMES: [&str; 9] = [
            "apiKey",
            "baseUrl",
            "fetch",
            "headers",
            "requestTimeoutMs",
            "maxRetries",
            "dangerouslyAllowBrowser",
            "store",
            "onEvent",
        ];
        check_names(options, &NAMES, "client")?;
        function(options, "fetch")?;
        function(options, "onEvent")?;
        let may_show_key = match options.get("dangerouslyAllowBrowser") {
            None => false,
            Some(Value::Bool(value)) => *value,
            Some(other) => return Err(not("dangerouslyAllowBrowser", "true or false", other)),
        };
        let base_url = read_base_url(options)?;
        let api_key = match options.get("apiKey") {
            None if base_url.is_none() => {
                return Err(Error::configuration(
                    "The option `apiKey` is missing. Pass the key, a function that gets a short-lived one, or the `baseUrl` of a server of your own that adds it.",
                ));
            }
            None => ApiKey::None,
            Some(Value::Foreign(what)) if what == FUNCTION => ApiKey::Function,
            Some(Value::String(key)) => {
                check_key(key)?;
                if runtime == Runtime::Page && !may_show_key {
                    return Err(Error::configuration(
                        "The option `apiKey` is a literal key in a web page, where every visitor can read it. Pass a function that gets a short-lived key from your server, or the `baseUrl` of a server of your own that adds the key. `dangerouslyAllowBrowser: true` allows it all the same.",
                    ));
                }
                ApiKey::Literal(key.clone())
            }
            // Never shows what was seen: it may be a key in a wrong wrapping.
            Some(_) => {
                return Err(Error::configuration(
                    "The option `apiKey` must be a string or a function that gives one.",
                ));
            }
        };
        Ok(Self {
            runtime,
            base_url: base_url.unwrap_or_else(|| DEFAULT_BASE_URL.into()),
            api_key,
            headers: read_headers(options)?,
            request_timeout_ms: whole(options, "requestTimeoutMs", 1)?.unwrap_or(DEFAULT_TIMEOUT_MS),
            max_retries: whole(options, "maxRetries", 0)?,
        })
    }
}

/// The options of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallOptions {
    /// The caller's own idempotency key.
    pub idempotency_key: Option<String>,
    /// The limit of the whole wait, in milliseconds; `None` for none.
    pub wait_ms: Option<u32>,
}

impl CallOptions {
    /// Reads the options of a call that takes the named ones.
    ///
    /// # Errors
    /// A configuration error that names the option.
    pub fn read(options: &Value, names: &[&str]) -> Result<Self, Error> {
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
        Ok(Self {
            idempotency_key,
            wait_ms,
        })
    }
}

/// Whether a text can be an `Idempotency-Key`.
///
/// # Errors
/// A configuration error that says what is allowed.
pub fn check_idempotency_key(key: &str) -> Result<&str, Error> {
    let (min, max) = IDEMPOTENCY_KEY_LENGTH;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if (min as usize..=max as usize).contains(&key.len()) && key.bytes().all(allowed) {
        return Ok(key);
    }
    Err(Error::configuration(template!(
        "The option `idempotencyKey` must be {} to {} characters of A-Z a-z 0-9 . _ -, but it is {}.",
        min,
        max,
        Value::from(key).seen()
    )))
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

/// A whole number from `min` to 2^31 - 1, which is what timers take.
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

fn read_base_url(options: &Value) -> Result<Option<String>, Error> {
    let text = match options.get("baseUrl") {
        None => return Ok(None),
        Some(Value::String(text)) => text,
        Some(other) => return Err(not("baseUrl", "a string", other)),
    };
    // Does not show what was seen: a URL may hold credentials.
    let wrong = |why: &str| Err(Error::configuration(template!("The option `baseUrl` {}", why)));
    let Some(url) = Url::parse(text) else {
        return wrong("must be an absolute URL, such as https://api.evolink.ai.");
    };
    if url.scheme != "https" && !(url.scheme == "http" && url.place == Place::Loopback) {
        return wrong(
            "must be https, since the API key goes along; http is for this machine (localhost) only.",
        );
    }
    if url.has_credentials || url.has_suffix {
        return wrong("must not hold a user name, a query or a fragment.");
    }
    let base = without(text, &["/"]);
    if base.ends_with("/v1") {
        return wrong("must not end in /v1: the library adds it.");
    }
    Ok(Some(base.to_owned()))
}

fn check_key(key: &str) -> Result<(), Error> {
    let why = if key.is_empty() {
        "is empty."
    } else if key.starts_with("Bearer ") {
        "must be the key alone, without \"Bearer \"."
    } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds white space or characters that cannot stand in a header."
    } else {
        return Ok(());
    };
    Err(Error::configuration(template!("The option `apiKey` {}", why)))
}

fn read_headers(options: &Value) -> Result<Vec<(String, String)>, Error> {
    /// What the library sets itself.
    const OWN: [&str; 4] = ["authorization", "content-type", "idempotency-key", "accept"];
    let entries = match options.get("headers") {
        None => return Ok(Vec::new()),
        Some(Value::Object(entries)) => entries,
        Some(other) => return Err(not("headers", "a plain object of strings", other)),
    };
    let mut headers = Vec::new();
    for (name, value) in entries {
        let token = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        };
        if name.is_empty() || !name.bytes().all(token) {
            return Err(Error::configuration(template!(
                "The option `headers` has a name that is none of HTTP: {}.",
                Value::from(name.as_ref()).seen()
            )));
        }
        if OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return Err(Error::configuration(template!(
                "The option `headers` must not set `{}`: the library does.",
                name
            )));
        }
        match value {
            Value::String(text)
                if text
                    .bytes()
                    .all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) =>
            {
                headers.push((name.to_string(), text.clone()));
            }
            Value::String(_) => {
                return Err(Error::configuration(template!(
                    "The option `headers.{}` holds characters that cannot stand in a header.",
                    name
                )));
            }
            _ => {
                return Err(Error::configuration(template!(
                    "The option `headers.{}` must be a string.",
                    name
                )));
            }
        }
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
        for (entries, name) in [
            (vec![], "apiKey"),
            (vec![("apiKey", Value::from(""))], "apiKey"),
            (vec![("apiKey", Value::from("a b"))], "apiKey"),
            (vec![("apiKey", Value::from("Bearer x"))], "apiKey"),
            (vec![("apiKey", Value::from(5_i64))], "apiKey"),
            (vec![("apikey", Value::from("sk-1"))], "`apiKey`"),
            (vec![("base_url", Value::from("x"))], "`baseUrl`"),
            (
                vec![key.clone(), ("baseUrl", Value::from("api.evolink.ai"))],
                "baseUrl",
            ),
            (
                vec![key.clone(), ("baseUrl", Value::from("http://example.com"))],
                "baseUrl",
            ),
            (
                vec![key.clone(), ("baseUrl", Value::from("https://a:b@example.com"))],
                "baseUrl",
            ),
            (
                vec![key.clone(), ("baseUrl", Value::from("https://example.com/v1/"))],
                "baseUrl",
            ),
            (
                vec![key.clone(), ("requestTimeoutMs", Value::from(0_i64))],
                "requestTimeoutMs",
            ),
            (
                vec![key.clone(), ("requestTimeoutMs", Value::from("5"))],
                "requestTimeoutMs",
            ),
            (
                vec![key.clone(), ("maxRetries", Value::from(-1_i64))],
                "maxRetries",
            ),
            (vec![key.clone(), ("fetch", Value::from("f"))], "fetch"),
            (
                vec![
                    key.clone(),
                    ("headers", options(&[("authorization", Value::from("x"))])),
                ],
                "headers",
            ),
            (
                vec![key.clone(), ("headers", options(&[("x-a", Value::from("a\nb"))]))],
                "headers.x-a",
            ),
            (
                vec![key, ("dangerouslyAllowBrowser", Value::from("yes"))],
                "dangerouslyAllowBrowser",
            ),
        ] {
            let error = Config::read(&options(&entries), Runtime::Server).unwrap_err();
            assert_eq!(error.kind, crate::domain::ErrorKind::Configuration);
            assert!(error.message.contains(name), "{entries:?}: {}", error.message);
        }
    }

    #[test]
    fn a_literal_key_is_refused_in_a_page_unless_allowed() {
        let literal = [("apiKey", Value::from("sk-1"))];
        assert!(Config::read(&options(&literal), Runtime::Page).is_err());
        assert!(Config::read(&options(&literal), Runtime::Server).is_ok());
        let allowed = [literal[0].clone(), ("dangerouslyAllowBrowser", Value::Bool(true))];
        assert!(Config::read(&options(&allowed), Runtime::Page).is_ok());
        let function = [("apiKey", Value::Foreign(FUNCTION.into()))];
        assert!(Config::read(&options(&function), Runtime::Page).is_ok());
    }

    #[test]
    fn a_key_is_never_in_the_message() {
        for key in ["sk-secret value", "Bearer sk-secret", "sk-secret\n"] {
            let error = Config::read(&options(&[("apiKey", Value::from(key))]), Runtime::Server).unwrap_err();
            assert!(!error.message.contains("secret"), "{}", error.message);
        }
    }

    #[test]
    fn a_server_of_ones_own_needs_no_key() {
        for base in [
            "https://my.example/evolink/",
            "http://localhost:8787",
            "http://127.0.0.1:1",
        ] {
            let config = Config::read(&options(&[("baseUrl", Value::from(base))]), Runtime::Page).unwrap();
            assert_eq!(config.base_url, base.trim_end_matches('/'));
        }
    }

    #[test]
    fn an_idempotency_key_has_16_to_96_plain_characters() {
        for (key, fine) in [
            ("a".repeat(15), false),
            ("a".repeat(16), true),
            ("a".repeat(96), true),
            ("a".repeat(97), false),
            ("ä".repeat(16), false),
            ("a b".repeat(8), false),
        ] {
            assert_eq!(check_idempotency_key(&key).is_ok(), fine, "{key}");
        }
    }
}
