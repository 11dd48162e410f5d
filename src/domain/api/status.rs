//! The names of task statuses in answers.

use super::source::Source;

/// A word for a status.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StatusWord {
    /// The word, in lower case. Capitals and white space around it do not count.
    pub word: &'static str,
    /// The name in the reference, or in the vendor's pages, that it stands for.
    pub means: &'static str,
    /// Where it is stated.
    pub source: Source,
}

const fn row(word: &'static str, means: &'static str, source: Source) -> StatusWord {
    StatusWord { word, means, source }
}

use Source::{AsyncTasks, Reference, ThirdParty, VendorClient, VendorPages};

/// Every word that this library knows.
#[rustfmt::skip]
pub static STATUS_WORDS: &[StatusWord] = &[
    row("pending", "pending", Reference),
    row("processing", "processing", Reference),
    row("completed", "completed", Reference),
    row("failed", "failed", Reference),
    row("cancelled", "cancelled", AsyncTasks),
    row("queued", "pending", VendorPages),
    row("running", "processing", VendorPages),
    row("succeeded", "completed", VendorClient),
    row("success", "completed", VendorClient),
    row("error", "failed", VendorClient),
    row("canceled", "cancelled", ThirdParty),
    row("expired", "failed", ThirdParty),
];
