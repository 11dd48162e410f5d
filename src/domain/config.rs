//! The configuration of a client, and the checks of its values.

use super::api::IDEMPOTENCY_KEY_LENGTH;
use super::digest::digest;
use super::error::Error;
use super::host::HostScope;
use super::issue::IssueCode;
use super::url::Url;
use super::value::Value;
use crate::text::{template, trim_suffixes};

pub use super::api::{DEFAULT_BASE_URL, DEFAULT_FILES_BASE_URL};
/// The time limit of one attempt, in milliseconds.
pub const DEFAULT_REQUEST_TIMEOUT_MS: u32 = 60_000;
/// The time limit of a whole wait, in milliseconds: 15 minutes.
pub const DEFAULT_WAIT_MS: u32 = 900_000;

/// The kind of host that a client runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Runtime {
    /// A page with a window, where every visitor can read a literal key.
    Page,
    /// A worker of a browser.
    BrowserWorker,
    /// Anything else: a server, an edge worker, a native program.
    Server,
}

impl Runtime {
    /// Whether the host enforces CORS. It then reports a refused request as a network failure.
    pub(crate) fn checks_cors(self) -> bool {
        self != Runtime::Server
    }
}

/// The configuration of a [`Client`](crate::client::Client). The API key is the transport's.
///
/// ```
/// use evolink_video::domain::Config;
///
/// let config = Config {
///     base_url: "https://my-server.example/evolink/".into(),
///     max_retries: Some(5),
///     ..Config::default()
/// };
/// assert_eq!(config.checked().unwrap().base_url, "https://my-server.example/evolink");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The kind of host. It only changes what an error message suggests. Default: [`Runtime::Server`].
    pub runtime: Runtime,
    /// The address of the API or of a server that adds the key, without a slash at the end.
    /// Default: [`DEFAULT_BASE_URL`].
    pub base_url: String,
    /// The address of the files API. Default: `None`, which is [`DEFAULT_FILES_BASE_URL`] if `base_url` is the API's
    /// own address, and `base_url` otherwise.
    pub files_base_url: Option<String>,
    /// Headers that every request carries. Default: none.
    pub headers: Vec<(String, String)>,
    /// The time limit of one attempt, from sending it to the end of the answer's body, in milliseconds.
    /// Default: [`DEFAULT_REQUEST_TIMEOUT_MS`].
    pub request_timeout_ms: u32,
    /// How often a failed attempt is repeated. Default: `None`, which depends on the call.
    pub max_retries: Option<u32>,
    /// Errors of the validation to turn into warnings. Types and required fields cannot be allowed. Default: none.
    pub allow: Vec<IssueCode>,
    /// Whether to send the variant that serves a request, as [`resolve_model`](super::resolve_model) has it,
    /// instead of the request's model. Default: `false`.
    pub resolve_model: bool,
    /// Separates the accounts and users of a store: any string, for example the name of the user. The store
    /// gets a digest of it. Default: empty.
    pub store_namespace: String,
    /// Whether the store keeps the request of a call until its answer is there, so that
    /// [`Client::resume`](crate::client::Client::resume) can settle it. Otherwise it keeps a digest. Default: `true`.
    pub store_requests: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            runtime: Runtime::Server,
            base_url: DEFAULT_BASE_URL.into(),
            files_base_url: None,
            headers: Vec::new(),
            request_timeout_ms: DEFAULT_REQUEST_TIMEOUT_MS,
            max_retries: None,
            allow: Vec::new(),
            resolve_model: false,
            store_namespace: String::new(),
            store_requests: true,
        }
    }
}

impl Config {
    /// Whether the server is on this machine, as an emulator is.
    pub(crate) fn is_local(&self) -> bool {
        Url::parse(&self.base_url).is_some_and(|url| url.scope == HostScope::Loopback)
    }

    /// The address of the files API.
    pub(crate) fn files_url(&self) -> &str {
        match &self.files_base_url {
            Some(url) => url,
            None if self.base_url == DEFAULT_BASE_URL => DEFAULT_FILES_BASE_URL,
            None => &self.base_url,
        }
    }

    /// The configuration with its values checked, and without slashes at the end of the base URLs.
    ///
    /// # Errors
    /// A configuration error that names the field.
    pub fn checked(mut self) -> Result<Self, Error> {
        match check_base_url(&self.base_url, false) {
            Ok(base_url) => self.base_url = base_url.to_owned(),
            Err(why) => return Err(Error::configuration(template!("`base_url` {}", why))),
        }
        if let Some(url) = &mut self.files_base_url {
            match check_base_url(url, false) {
                Ok(checked) => *url = checked.to_owned(),
                Err(why) => return Err(Error::configuration(template!("`files_base_url` {}", why))),
            }
        }
        for (name, value) in &self.headers {
            if let Err(why) = check_header(name, value) {
                return Err(Error::configuration(template!("`headers` {}", why)));
            }
        }
        Ok(self)
    }
}

/// A valid idempotency key from strings such as the id of an order. Equal strings give the same key, and different
/// strings a different one: `["7"]` and `["70"]` differ, and so do `["a", "b"]` and `["ab"]`.
///
/// ```
/// use evolink_video::domain::idempotency_key;
///
/// assert_eq!(idempotency_key(&["order", "7"]), idempotency_key(&["order", "7"]));
/// assert_ne!(idempotency_key(&["order", "7"]), idempotency_key(&["order7"]));
/// ```
pub fn idempotency_key(parts: &[&str]) -> String {
    template!("evolink-video-{}", digest(parts))
}

/// Checks a base URL, and returns it without slashes at its end.
///
/// # Errors
/// The reason, as the end of a sentence. It never contains the URL, which may hold credentials.
pub fn check_base_url(base_url: &str, allows_private_http: bool) -> Result<&str, &'static str> {
    let Some(url) = Url::parse(base_url) else {
        return Err("must be an absolute URL, such as https://api.evolink.ai.");
    };
    let is_private = matches!(
        url.scope,
        HostScope::Private | HostScope::LinkLocal | HostScope::LocalName
    );
    let allows_http = url.scope == HostScope::Loopback || allows_private_http && is_private;
    if url.scheme != "https" && !(url.scheme == "http" && allows_http) {
        return Err(
            "must be https; http is for localhost, and without a key for private addresses with `allow: [\"insecure_url\"]`.",
        );
    }
    if url.has_credentials || !url.suffix.is_empty() {
        return Err("must not contain a user name, a query or a fragment.");
    }
    let base_url = trim_suffixes(base_url, &["/"]);
    if base_url.ends_with("/v1") {
        return Err("must not end in /v1: the library adds it.");
    }
    Ok(base_url)
}

/// Checks an API key.
///
/// # Errors
/// The reason, as the end of a sentence. It never contains the key.
pub fn check_key(key: &str) -> Result<(), &'static str> {
    if key.is_empty() {
        return Err("is empty.");
    }
    if key.starts_with("Bearer ") {
        return Err("must be the key alone, without \"Bearer \".");
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("contains white space or other characters that a header cannot contain.");
    }
    Ok(())
}

/// Checks a header of the caller.
///
/// # Errors
/// The reason, as the end of a sentence.
pub fn check_header(name: &str, value: &str) -> Result<(), String> {
    /// The headers that the library sets.
    const OWN: [&str; 4] = ["authorization", "content-type", "idempotency-key", "accept"];
    let token = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
    };
    if name.is_empty() || !name.bytes().all(token) {
        return Err(template!(
            "contains an invalid header name: {}.",
            Value::from(name).seen()
        ));
    }
    if OWN.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        return Err(template!("must not set `{}`: the library does.", name));
    }
    let visible = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte);
    if !value.bytes().all(visible) {
        return Err(template!(
            "has characters in `{}` that a header cannot contain.",
            name
        ));
    }
    Ok(())
}

/// Checks an idempotency key.
///
/// # Errors
/// A configuration error that names the characters and the lengths that are valid.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_trailing_slashes_of_a_base_url() {
        for base in [
            "https://my.example/evolink/",
            "http://localhost:8787",
            "http://127.0.0.1:1",
        ] {
            assert_eq!(check_base_url(base, false), Ok(base.trim_end_matches('/')));
        }
    }

    #[test]
    fn http_to_a_private_address_must_be_allowed() {
        for (base, is_allowed) in [
            ("http://192.168.1.7:8787", true),
            ("http://proxy.local", true),
            ("http://evolink-proxy", true),
            ("http://example.com", false),
            ("ftp://192.168.1.7", false),
        ] {
            assert!(check_base_url(base, false).is_err(), "{base}");
            assert_eq!(check_base_url(base, true).is_ok(), is_allowed, "{base}");
        }
    }

    #[test]
    fn errors_name_the_invalid_field_of_a_config() {
        let header = |name: &str, value: &str| Config {
            headers: vec![(name.into(), value.into())],
            ..Config::default()
        };
        let base_url = |base_url: &str| Config {
            base_url: base_url.into(),
            ..Config::default()
        };
        for (config, field) in [
            (base_url("api.evolink.ai"), "`base_url`"),
            (base_url("http://example.com"), "`base_url`"),
            (base_url("https://a:secret@example.com"), "`base_url`"),
            (base_url("https://example.com?secret"), "`base_url`"),
            (base_url("https://example.com/v1/"), "`base_url`"),
            (header("Authorization", "x"), "`headers`"),
            (header("a b", "x"), "`headers`"),
            (header("x-a", "a\nb"), "`x-a`"),
        ] {
            let error = config.checked().unwrap_err();
            assert_eq!(error.kind, crate::domain::ErrorKind::Configuration);
            assert!(error.message.contains(field), "{}", error.message);
            assert!(!error.message.contains("secret"), "{}", error.message);
        }
        assert!(header("x-a", "a\tb").checked().is_ok());
    }

    #[test]
    fn an_api_key_must_be_visible_ascii() {
        assert_eq!(check_key("sk-1"), Ok(()));
        for key in ["", "a b", "Bearer x", "sk-\n", "schlüssel"] {
            assert!(check_key(key).is_err(), "{key}");
        }
    }

    #[test]
    fn the_idempotency_key_of_strings_is_valid_and_belongs_to_them_alone() {
        let key = idempotency_key(&["order", "7"]);
        assert!(check_idempotency_key(&key).is_ok(), "{key}");
        assert_eq!(key, idempotency_key(&["order", "7"]));
        assert_ne!(key, idempotency_key(&["order7"]));
    }

    #[test]
    fn an_idempotency_key_must_have_16_to_96_valid_characters() {
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
