//! The places of the links in the answer about a completed task.

use super::source::Source;

/// A place of links.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LinkPlace {
    /// The fields that lead to a link, separated by dots. Each may hold one value or an array.
    pub path: &'static str,
    /// Where it is stated.
    pub source: Source,
}

const fn row(path: &'static str, source: Source) -> LinkPlace {
    LinkPlace { path, source }
}

use Source::{LiveAnswer, ThirdParty, VendorClient, VendorPages};

/// Every place that this library knows. The first that has links counts.
#[rustfmt::skip]
pub static LINK_PLACES: &[LinkPlace] = &[
    row("results", LiveAnswer),
    row("results.url", ThirdParty),
    row("result_data.video_url", VendorClient),
    row("result_data.url", LiveAnswer),
    row("output.video_url", VendorPages),
    row("video_url", VendorClient),
    row("result.video_url", VendorClient),
    row("url", VendorClient),
];
