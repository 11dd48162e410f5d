//! The error codes and error types of the API, and what each means.

use super::source::Source;

/// What an error code means, whatever HTTP status it came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// The balance or a quota is used up. Refused before any charge.
    Credits,
    /// The key may not use the model, or no server runs the model.
    ModelNotServed,
    /// The idempotency key was used for another request.
    KeyReused,
    /// An earlier request with the same idempotency key is still being decided.
    Undecided,
    /// The same request will fail again. A refusal has the class of its HTTP status.
    Fix,
    /// The same request may succeed later. A refusal has the class of its HTTP status.
    TryLater,
    /// What its HTTP status says.
    Status,
}

/// An error code.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Code {
    /// The code, in lower case. Codes also come in capitals.
    pub code: &'static str,
    /// The HTTP status that the API sends with it, even if a server in between changes it; 0 if it is not known.
    pub status: u16,
    /// What it means.
    pub meaning: Meaning,
    /// What to do, as a sentence at the end of the error's message; empty if the meaning says it.
    pub advice: &'static str,
    /// Where it is stated.
    pub source: Source,
}

const fn row(
    code: &'static str,
    status: u16,
    meaning: Meaning,
    advice: &'static str,
    source: Source,
) -> Code {
    Code {
        code,
        status,
        meaning,
        advice,
        source,
    }
}

use Meaning::{Credits, Fix, KeyReused, ModelNotServed, Status, TryLater, Undecided};
use Source::{AsyncTasks, ThirdParty, VendorClient, VendorPages, VendorTest};

/// Source::ThirdParty: reports of several clients about the defaults of R2.
const IMAGES: &str = "Check that each image opens, its format and size, and that the API's servers can download it: Cloudflare R2 refuses them by default.";
const LATER: &str = "Try again later.";
const CONTENT: &str = "Real faces, celebrities, brands, adult content and violence are refused. Change the files or the prompt.";

/// Every code and type that this library handles specially.
#[rustfmt::skip]
pub static CODES: &[Code] = &[
    row("insufficient_quota", 402, Credits, "", VendorPages),
    row("insufficient_user_quota", 402, Credits, "", VendorClient),
    row("quota_not_enough", 402, Credits, "", VendorClient),
    row("account_balance_insufficient", 402, Credits, "", VendorClient),
    row("insufficient_token_quota", 402, Credits, "", VendorClient),
    row("key_quota_exhausted", 402, Credits, "", VendorTest),
    row("token_daily_quota_exceeded", 402, Credits, "", VendorClient),
    row("key_daily_quota_exhausted", 402, Credits, "", VendorClient),
    row("insufficient_quota_error", 402, Credits, "", ThirdParty),
    row("model_access_denied", 403, ModelNotServed, "", VendorPages),
    row("no_available_channel", 0, ModelNotServed, "", VendorTest),
    row("model_unavailable", 0, ModelNotServed, "", VendorClient),
    row("channel_selection_failed", 0, ModelNotServed, "", VendorClient),
    row("key_model_not_allowed", 403, ModelNotServed, "", VendorClient),
    row("idempotency_conflict", 409, KeyReused, "Submit with another `idempotencyKey`.", VendorTest),
    row("paid_outcome_unknown", 409, Undecided, "", VendorTest),
    row("unauthorized", 401, Status, "", VendorPages),
    row("key_disabled", 401, Status, "", VendorTest),
    row("key_expired", 401, Status, "", VendorClient),
    row("invalid_request", 400, Status, "", VendorPages),
    row("invalid_task_id", 400, Status, "", VendorPages),
    row("rate_limit_exceeded", 429, Status, "", VendorPages),
    row("internal_error", 500, Status, "", VendorPages),
    row("invalid_request_error", 400, Status, "", ThirdParty),
    row("authentication_error", 401, Status, "", ThirdParty),
    row("permission_error", 403, Status, "", ThirdParty),
    row("not_found_error", 404, Status, "", ThirdParty),
    row("request_too_large_error", 413, Status, "", ThirdParty),
    row("rate_limit_error", 429, Status, "", ThirdParty),
    row("internal_server_error", 500, Status, "", ThirdParty),
    row("upstream_error", 502, Status, "", ThirdParty),
    row("service_unavailable_error", 503, Status, "", ThirdParty),
    row("content_policy_violation", 400, Fix, CONTENT, AsyncTasks),
    row("content_filter", 400, Fix, CONTENT, VendorClient),
    row("sensitive_content", 400, Fix, CONTENT, VendorClient),
    row("moderation_blocked", 400, Fix, CONTENT, VendorClient),
    row("input_moderation_failed", 400, Fix, CONTENT, VendorClient),
    row("invalid_parameters", 400, Fix, "Change the request.", AsyncTasks),
    row("image_processing_error", 0, Fix, IMAGES, AsyncTasks),
    row("image_dimension_mismatch", 0, Fix, "Use images with the same aspect ratio.", AsyncTasks),
    row("request_cancelled", 0, Fix, "Submit again if that was not intended.", AsyncTasks),
    row("generation_failed_no_content", 0, Fix, "Change the prompt.", AsyncTasks),
    row("service_error", 0, TryLater, LATER, AsyncTasks),
    row("generation_timeout", 0, TryLater, LATER, AsyncTasks),
    row("resource_exhausted", 0, TryLater, LATER, AsyncTasks),
    row("quota_exceeded", 0, TryLater, LATER, AsyncTasks),
    row("service_unavailable", 503, TryLater, LATER, AsyncTasks),
];

/// The row of a code, in any case.
pub fn find_code(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code.eq_ignore_ascii_case(code))
}
