//! Numbers that hold for every model.

/// The API's own address. [`Source::Reference`](super::Source::Reference)
pub const DEFAULT_BASE_URL: &str = "https://api.evolink.ai";

/// The address of the files API. [`Source::VendorPages`](super::Source::VendorPages)
pub const DEFAULT_FILES_BASE_URL: &str = "https://files-api.evolink.ai";

/// Bytes of a megabyte. The sources say "MB", and the limits have this, the smaller reading.
pub const MEGABYTE: u32 = 1_000_000;

/// A limit of whole megabytes in the larger reading of "MB", 2^20 bytes: more is certainly too much.
pub const fn most_bytes(limit: u32) -> u64 {
    (limit / MEGABYTE) as u64 * 1_048_576
}

/// Bytes of a file that the files API takes: "about 100 MB". [`Source::VendorPages`](super::Source::VendorPages)
pub const MAX_UPLOAD_BYTES: u32 = 100_000_000;

/// Tasks in one batch read, at most. [`Source::VendorClient`](super::Source::VendorClient)
pub const BATCH_MAX: u32 = 50;

/// Hours from completion for which the links of a task work. [`Source::AsyncTasks`](super::Source::AsyncTasks)
pub const RESULT_LIFETIME_HOURS: u32 = 24;

/// Seconds that a task takes where the API gives no estimate: the reference's example.
/// [`Source::Reference`](super::Source::Reference)
pub const DEFAULT_ESTIMATE_SECONDS: u32 = 165;

/// Characters of an `Idempotency-Key`, from `A-Z a-z 0-9 . _ -`: the least and the most.
/// [`Source::VendorClient`](super::Source::VendorClient)
pub const IDEMPOTENCY_KEY_LENGTH: (u32, u32) = (16, 96);

/// Characters of `callback_url`, at most. [`Source::Webhooks`](super::Source::Webhooks)
pub const CALLBACK_URL_MAX_LENGTH: u32 = 2048;

/// Bytes of a request body, at most. [`Source::ModelPages20`](super::Source::ModelPages20)
pub const MAX_BODY_BYTES: u32 = 64_000_000;
