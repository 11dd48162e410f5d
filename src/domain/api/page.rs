//! URLs of pages that show a file, while the file itself has another URL.

use super::source::Source;

/// Where such pages are, and how to get the URL of the file.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FilePage {
    /// Each a host, after the dot that a name may precede, and a part of the path.
    pub places: &'static [(&'static str, &'static str)],
    /// How to get the URL of the file.
    pub advice: &'static str,
    /// Where it is stated.
    pub source: Source,
}

/// Parts of the URLs with which the same hosts send the file, separated by `|`.
pub const FILE_MARKS: &str = "dl=1|//dl.|raw|download|export|Special:|.mp4";

const fn row(
    places: &'static [(&'static str, &'static str)],
    advice: &'static str,
    source: Source,
) -> FilePage {
    FilePage {
        places,
        advice,
        source,
    }
}

use Source::{HostPages, ThirdParty};

/// The pages that people take for files most often.
pub static FILE_PAGES: &[FilePage] = &[
    row(
        &[
            (".drive.google.com", "/d/"),
            (".drive.google.com", "/open"),
            (".docs.google.com", "/d/"),
        ],
        "Use https://drive.google.com/uc?export=download&id= with the id of the file.",
        ThirdParty,
    ),
    row(
        &[(".dropbox.com", "/s/"), (".dropbox.com", "/scl/")],
        "Set `dl=1` in its query.",
        HostPages,
    ),
    row(
        &[
            (".github.com", "/blob/"),
            (".gitlab.com", "/blob/"),
            (".gitee.com", "/blob/"),
        ],
        "Write `/raw/` instead of `/blob/`.",
        ThirdParty,
    ),
    row(
        &[(".huggingface.co", "/blob/")],
        "Write `/resolve/` instead of `/blob/`.",
        ThirdParty,
    ),
    row(
        &[(".wikipedia.org", "/wiki/"), (".wikimedia.org", "/wiki/")],
        "Use its address on upload.wikimedia.org.",
        ThirdParty,
    ),
    row(
        &[
            (".youtube.com", "/"),
            (".youtu.be", "/"),
            (".vimeo.com", "/"),
            (".bilibili.com", "/video/"),
            (".tiktok.com", "/video/"),
            (".x.com", "/status/"),
            (".instagram.com", "/p/"),
            (".imgur.com", "/a/"),
            (".imgur.com", "/gallery/"),
            (".flickr.com", "/photos/"),
            (".unsplash.com", "/photos/"),
            (".pexels.com", "/photo/"),
            (".pinterest.com", "/pin/"),
            (".photos.google.com", "/"),
            (".photos.app.goo.gl", "/"),
            (".1drv.ms", "/"),
        ],
        "Use the address of the file itself, or store a copy elsewhere.",
        ThirdParty,
    ),
];
