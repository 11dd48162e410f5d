//! Endings of file names beyond the formats of the models, and the ways in which URLs ask for another format.

/// Endings of files that the API reads in none of its fields, separated by `|`.
pub const OTHER_FORMATS: &str = "heic|heif|avif|jp2|jxl|dng|svg|ico|psd|raw|pdf|html|htm|avi|mkv|webm|flv|wmv|m4v|mpg|mpeg|3gp|m3u8|ogg|oga|flac|aac|m4a|opus";

/// Endings of JPEG files that the documentation does not list, separated by `|`.
///
/// They are those that browsers save `image/jpeg` under. Source::ThirdParty
pub const OTHER_JPEG: &str = "jfif|jpe|pjpeg|pjp";

/// What stands before the name of a format, or before "auto", in URLs that ask a server to convert; separated by `|`.
///
/// Source::HostPages: the documentation of imgix, Fastly, thumbor, Alibaba OSS, Tencent CI and Baidu BOS.
pub const CONVERSIONS: &str = "f_|f-|f:|fm=|fm=p|format=|format/|format,|format(|format%2c|output=";
