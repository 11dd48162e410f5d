//! Advice for each code of a failed task.

/// A code, whether the same request may succeed later, and the advice.
const ADVICE: &[(&str, bool, &str)] = &[
    (
        "content_policy_violation",
        false,
        "Real faces, celebrities, brands, adult content and violence are refused: change the files or the prompt.",
    ),
    ("invalid_parameters", false, "Change the request."),
    (
        "image_processing_error",
        false,
        "Check that each image opens, and its format and size.",
    ),
    (
        "image_dimension_mismatch",
        false,
        "Use images of equal proportions.",
    ),
    ("request_cancelled", false, "Submit again if that was not meant."),
    ("generation_failed_no_content", false, "Change the prompt."),
    ("service_error", true, "Try again later."),
    ("generation_timeout", true, "Try again later."),
    ("resource_exhausted", true, "Try again later."),
    ("quota_exceeded", true, "Try again later."),
    ("service_unavailable", true, "Try again later."),
];

/// Whether the same request may succeed later, and the advice, which is empty for an unknown code.
pub fn advice(code: &str) -> (bool, &'static str) {
    let mut known = ADVICE.iter().filter(|(of, _, _)| *of == code);
    known
        .next()
        .map_or((false, ""), |(_, retryable, advice)| (*retryable, *advice))
}
