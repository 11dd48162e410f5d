//! File extensions other than those of the models, and how URLs ask for another format.

/// Extensions of files that no field of the API accepts, separated by `|`.
pub const OTHER_FORMATS: &str = "heic|heif|avif|jp2|jxl|dng|svg|ico|psd|raw|pdf|html|htm|avi|mkv|webm|flv|wmv|m4v|mpg|mpeg|3gp|m3u8|ogg|oga|flac|aac|m4a|opus";

/// Extensions of JPEG files that the documentation does not list, separated by `|`.
///
/// Browsers use them to save `image/jpeg`. Source::ThirdParty
pub const OTHER_JPEG: &str = "jfif|jpe|pjpeg|pjp";

/// The media types of the formats of each [`Kind`](super::Kind), separated by `|`: those of the IANA and those that
/// browsers and phones use beside them. Source::ThirdParty, the sniffers of Chromium and Firefox.
pub const MEDIA_TYPES: [&str; 3] = [
    "image/jpeg|image/jpg|image/pjpeg|image/png|image/x-png|image/webp|image/bmp|image/x-bmp|image/x-ms-bmp|image/tiff|image/gif",
    "video/mp4|video/quicktime|video/x-quicktime|application/mp4",
    "audio/mpeg|audio/mp3|audio/x-mp3|audio/mpeg3|audio/x-mpeg|audio/wav|audio/x-wav|audio/wave|audio/x-pn-wav|audio/vnd.wave",
];

/// The image formats that the files API lists. Its pages do not mention video and audio. Source::VendorPages
pub const UPLOADED_IMAGES: &[&str] = &["jpg", "jpeg", "png", "gif", "webp"];

/// The media types of files of an unknown format, separated by `|`.
pub const UNKNOWN_MEDIA_TYPES: &str = "application/octet-stream|binary/octet-stream";

/// What precedes the name of a format, or "auto", in URLs that ask a server to convert a file; separated by `|`.
///
/// Source::HostPages: the documentation of imgix, Fastly, thumbor, Alibaba OSS, Tencent CI and Baidu BOS.
pub const CONVERSIONS: &str = "f_|f-|f:|fm=|fm=p|format=|format/|format,|format(|format%2c|output=";
