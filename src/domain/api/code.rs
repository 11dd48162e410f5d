//! The error codes of the API, and what each means.

use super::source::Source;

/// What a code of an error says, whatever HTTP status it came with.
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
}

/// An error code.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Code {
    /// The code, in lower case. Codes also come in capitals.
    pub code: &'static str,
    /// What it says.
    pub meaning: Meaning,
    /// What to do, in a sentence, which the message of the error ends with; empty where the meaning says it.
    pub advice: &'static str,
    /// Where it is stated.
    pub source: Source,
}

const fn row(code: &'static str, meaning: Meaning, advice: &'static str, source: Source) -> Code {
    Code {
        code,
        meaning,
        advice,
        source,
    }
}

use Meaning::{Credits, Fix, KeyReused, ModelNotServed, TryLater, Undecided};
use Source::{AsyncTasks, VendorClient};

const LATER: &str = "Try again later.";

/// Every code that this library treats in its own way.
#[rustfmt::skip]
pub static CODES: &[Code] = &[
    row("insufficient_quota", Credits, "", VendorClient),
    row("insufficient_user_quota", Credits, "", VendorClient),
    row("quota_not_enough", Credits, "", VendorClient),
    row("account_balance_insufficient", Credits, "", VendorClient),
    row("insufficient_token_quota", Credits, "", VendorClient),
    row("key_quota_exhausted", Credits, "", VendorClient),
    row("token_daily_quota_exceeded", Credits, "", VendorClient),
    row("key_daily_quota_exhausted", Credits, "", VendorClient),
    row("model_access_denied", ModelNotServed, "", VendorClient),
    row("no_available_channel", ModelNotServed, "", VendorClient),
    row("model_unavailable", ModelNotServed, "", VendorClient),
    row("key_model_not_allowed", ModelNotServed, "", VendorClient),
    row("idempotency_conflict", KeyReused, "", VendorClient),
    row("paid_outcome_unknown", Undecided, "", VendorClient),
    row(
        "content_policy_violation",
        Fix,
        "Real faces, celebrities, brands, adult content and violence are refused. Change the files or the prompt.",
        AsyncTasks,
    ),
    row("invalid_parameters", Fix, "Change the request.", AsyncTasks),
    row("image_processing_error", Fix, "Check that each image opens, and its format and size.", AsyncTasks),
    row("image_dimension_mismatch", Fix, "Use images of the same proportions.", AsyncTasks),
    row("request_cancelled", Fix, "Submit again if that was not intended.", AsyncTasks),
    row("generation_failed_no_content", Fix, "Change the prompt.", AsyncTasks),
    row("service_error", TryLater, LATER, AsyncTasks),
    row("generation_timeout", TryLater, LATER, AsyncTasks),
    row("resource_exhausted", TryLater, LATER, AsyncTasks),
    row("quota_exceeded", TryLater, LATER, AsyncTasks),
    row("service_unavailable", TryLater, LATER, AsyncTasks),
];

/// The row of a code, in any case.
pub fn find_code(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code.eq_ignore_ascii_case(code))
}
