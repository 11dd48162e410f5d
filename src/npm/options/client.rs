//! The options of a client.

use super::{FUNCTION, allow, check_names, function, not, switch, whole};
use crate::domain::IssueCode;
use crate::domain::config::{
    DEFAULT_BASE_URL, DEFAULT_REQUEST_TIMEOUT_MS, Runtime, check_base_url, check_header, check_key,
};
use crate::domain::digest::digest;
use crate::domain::json::parse;
use crate::domain::{Config, Error, Value};
use crate::text::template;

/// The options of `new VideoClient(options)` that are not data.
const HANDLES: [&str; 5] = ["apiKey", "fetch", "store", "onEvent", "files"];
/// The entry of packed options that holds the [`Runtime`].
const RUNTIME: &str = "runtime";
const NAMESPACE: &str = "storeNamespace";

/// Checks the options of `new VideoClient(options)`, and packs those that are data as JSON. A client keeps the text,
/// and passes it with each call.
///
/// # Errors
/// A configuration error that names the option.
pub fn pack(options: &Value, runtime: Runtime) -> Result<String, Error> {
    const NAMES: [&str; 15] = [
        "apiKey",
        "baseUrl",
        "filesBaseUrl",
        "files",
        "fetch",
        "headers",
        "requestTimeoutMs",
        "maxRetries",
        "dangerouslyAllowBrowser",
        "store",
        "storeNamespace",
        "storeRequests",
        "onEvent",
        "allow",
        "resolveModel",
    ];
    check_names(options, &NAMES, "client")?;
    function(options, "fetch")?;
    function(options, "onEvent")?;
    let may_show_key = switch(options, "dangerouslyAllowBrowser")?.unwrap_or(false);
    let config = read_config(options)?;
    let mut account = String::new();
    match options.get("apiKey") {
        None if options.get("baseUrl").is_none() => {
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
            // Only the digest leaves this function.
            account = digest(&[key, &config.store_namespace]);
        }
        // Not the value: it may contain a key.
        Some(_) => {
            return Err(Error::configuration(
                "The option `apiKey` must be a string or a function that returns one.",
            ));
        }
    }
    let mut data = vec![(RUNTIME.into(), Value::from(runtime as i64))];
    for (name, value) in options.entries() {
        if !HANDLES.contains(&name.as_ref()) {
            data.push((name.clone(), value.clone()));
        }
    }
    if !account.is_empty() {
        let mut data = Value::Object(data);
        data.set(NAMESPACE, account.into());
        return Ok(data.to_json());
    }
    Ok(Value::Object(data).to_json())
}

/// The configuration that [`pack`] packed.
///
/// # Errors
/// A configuration error for anything else.
pub fn unpack(packed: &str) -> Result<Config, Error> {
    let options = parse(packed).unwrap_or(Value::Null);
    let runtime = match options.get(RUNTIME).and_then(Value::as_integer) {
        Some(0) => Runtime::Page,
        Some(1) => Runtime::BrowserWorker,
        Some(2) => Runtime::Server,
        _ => {
            return Err(Error::configuration(
                "The options of the client were not checked.",
            ));
        }
    };
    let config = read_config(&options)?;
    if runtime == Runtime::Server && (config.base_url.is_empty() || is_path(&config.base_url)) {
        // Not when the client is created, because frameworks render pages on servers first.
        return Err(Error::configuration("`baseUrl` may be a path in web pages only."));
    }
    Ok(Config { runtime, ..config })
}

fn read_config(options: &Value) -> Result<Config, Error> {
    Ok(Config {
        runtime: Runtime::Server,
        base_url: base_url(options, "baseUrl")?.unwrap_or_else(|| DEFAULT_BASE_URL.into()),
        files_base_url: base_url(options, "filesBaseUrl")?,
        headers: headers(options)?,
        request_timeout_ms: whole(options, "requestTimeoutMs", 1)?.unwrap_or(DEFAULT_REQUEST_TIMEOUT_MS),
        max_retries: whole(options, "maxRetries", 0)?,
        allow: allow(options)?.unwrap_or_default(),
        resolve_model: switch(options, "resolveModel")?.unwrap_or(false),
        store_namespace: match options.get(NAMESPACE) {
            None => String::new(),
            Some(Value::String(name)) => name.clone(),
            Some(other) => return Err(not(NAMESPACE, "a string", other)),
        },
        store_requests: switch(options, "storeRequests")?.unwrap_or(true),
    })
}

/// Whether a base URL is a path of the page's own server.
pub fn is_path(url: &str) -> bool {
    url.starts_with('/') && !url.starts_with("//")
}

/// An absolute URL or a path.
fn base_url(options: &Value, name: &str) -> Result<Option<String>, Error> {
    const PAGE: &str = "https://page";
    // Without a key, nothing can leak.
    let allows_http = options.get("apiKey").is_none()
        && allow(options)?.is_some_and(|codes| codes.contains(&IssueCode::InsecureUrl));
    let text = match options.get(name) {
        None => return Ok(None),
        Some(Value::String(text)) => text,
        Some(other) => return Err(not(name, "a string", other)),
    };
    let is_path = is_path(text);
    let url = if is_path {
        template!("{}{}", PAGE, text)
    } else {
        text.clone()
    };
    match check_base_url(&url, allows_http) {
        Ok(url) if is_path => Ok(url.strip_prefix(PAGE).map(str::to_owned)),
        Ok(url) => Ok(Some(url.to_owned())),
        Err(why) => Err(Error::configuration(template!("The option `{}` {}", name, why))),
    }
}

/// The option `headers`.
///
/// # Errors
/// A configuration error that names the header.
pub(super) fn headers(options: &Value) -> Result<Vec<(String, String)>, Error> {
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
    fn errors_name_the_invalid_option() {
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
            let error = pack(&options(&entries), Runtime::Server).unwrap_err();
            assert_eq!(error.kind, crate::domain::ErrorKind::Configuration);
            assert!(error.message.contains(name), "{entries:?}: {}", error.message);
        }
    }

    #[test]
    fn rejects_a_literal_key_in_a_page_unless_allowed() {
        let literal = [("apiKey", Value::from("sk-1"))];
        assert!(pack(&options(&literal), Runtime::Page).is_err());
        assert!(pack(&options(&literal), Runtime::Server).is_ok());
        let allowed = [literal[0].clone(), ("dangerouslyAllowBrowser", Value::Bool(true))];
        assert!(pack(&options(&allowed), Runtime::Page).is_ok());
        let function = [("apiKey", Value::Foreign(FUNCTION.into()))];
        assert!(pack(&options(&function), Runtime::Page).is_ok());
    }

    #[test]
    fn messages_never_contain_the_key() {
        for key in ["sk-secret value", "Bearer sk-secret", "sk-secret\n"] {
            let error = pack(&options(&[("apiKey", Value::from(key))]), Runtime::Server).unwrap_err();
            assert!(!error.message.contains("secret"), "{}", error.message);
        }
    }

    #[test]
    fn a_base_url_does_not_require_a_key() {
        let options = options(&[("baseUrl", Value::from("https://my.example/evolink/"))]);
        let config = unpack(&pack(&options, Runtime::Page).unwrap()).unwrap();
        assert_eq!(config.base_url, "https://my.example/evolink");
    }

    #[test]
    fn a_base_url_may_be_a_path_in_a_page() {
        let packed = |url: &str, runtime| pack(&options(&[("baseUrl", Value::from(url))]), runtime);
        for (url, expected) in [("/evolink/", "/evolink"), ("/a/b", "/a/b"), ("/", "")] {
            let config = unpack(&packed(url, Runtime::Page).unwrap()).unwrap();
            assert_eq!(config.base_url, expected);
        }
        for url in [
            "//other.example",
            "/evolink/v1",
            "/evolink?a=b",
            "/evolink#a",
            "evolink",
            "./evolink",
        ] {
            assert!(packed(url, Runtime::Page).is_err(), "{url}");
        }
        // A page that is rendered on a server creates a client there, which sends nothing.
        for url in ["/evolink", "/"] {
            let error = unpack(&packed(url, Runtime::Server).unwrap()).unwrap_err();
            assert!(error.message.contains("a path"), "{}", error.message);
        }
    }

    #[test]
    fn http_to_a_private_address_is_allowed_without_a_key() {
        let with = |more: &[(&'static str, Value)]| {
            let mut all = vec![("baseUrl", Value::from("http://192.168.1.7/evolink"))];
            all.extend(more.iter().cloned());
            pack(&options(&all), Runtime::Server).and_then(|packed| unpack(&packed))
        };
        let allow = ("allow", Value::texts(&["insecure_url"]));
        assert_eq!(
            with(std::slice::from_ref(&allow)).unwrap().base_url,
            "http://192.168.1.7/evolink"
        );
        assert!(with(&[]).is_err());
        assert!(with(&[allow, ("apiKey", Value::from("sk-1"))]).is_err());
    }

    #[test]
    fn options_that_are_data_are_packed_and_nothing_else() {
        let all = options(&[
            ("apiKey", Value::from("sk-secret")),
            ("baseUrl", Value::from("http://localhost:8787/evolink")),
            ("filesBaseUrl", Value::from("http://localhost:8788/")),
            ("fetch", Value::Foreign(FUNCTION.into())),
            (
                "headers",
                options(&[("x-a", Value::from("")), ("x-b", Value::from("b\t: b"))]),
            ),
            ("requestTimeoutMs", Value::from(i64::from(i32::MAX))),
            ("maxRetries", Value::from(0_i64)),
            ("allow", Value::texts(&["out_of_range", "too_many"])),
            ("resolveModel", Value::Bool(true)),
        ]);
        let packed = pack(&all, Runtime::BrowserWorker).unwrap();
        assert!(
            !packed.contains("secret") && !packed.contains("fetch"),
            "{packed}"
        );
        let config = Config {
            runtime: Runtime::BrowserWorker,
            base_url: "http://localhost:8787/evolink".into(),
            files_base_url: Some("http://localhost:8788".into()),
            headers: vec![("x-a".into(), String::new()), ("x-b".into(), "b\t: b".into())],
            request_timeout_ms: i32::MAX as u32,
            max_retries: Some(0),
            allow: vec![IssueCode::OutOfRange, IssueCode::TooMany],
            resolve_model: true,
            store_namespace: digest(&["sk-secret", ""]),
            store_requests: true,
        };
        assert_eq!(unpack(&packed).unwrap(), config);
        let none = options(&[("apiKey", Value::from("sk-1"))]);
        let packed = pack(&none, Runtime::Server).unwrap();
        let config = unpack(&packed).unwrap();
        assert_eq!(config.store_namespace, digest(&["sk-1", ""]));
        let store_namespace = String::new();
        assert_eq!(
            Config {
                store_namespace,
                ..config
            },
            Config::default()
        );
        for other in ["", "{}", "{\"runtime\":7}", "2\n60000\n"] {
            assert!(unpack(other).is_err(), "{other}");
        }
    }
}
