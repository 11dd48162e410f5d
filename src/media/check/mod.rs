//! The rules that need the contents of a request's files.
//!
//! An issue is an error if the reference or the model's limits certainly forbid it. Nobody outside knows how the server
//! measures, so a value within a tenth of a second of a limit, or between 10^6 and 2^20 bytes a megabyte, is a warning.
//! So are the limits that only the pages of the models add: sides, ratios, frame rates.

mod clip;
mod file;
mod frames;
mod measure;
mod picture;
mod seen;

pub use seen::Seen;

use crate::domain::api::{Kind, Limits, limits_for};
use crate::domain::params::Params;
use crate::domain::validate::Demotion;
use crate::domain::{Issue, IssueCode, Severity, ValidateOptions, Value};
use crate::text::template;

/// A file of a request, and what was found in it.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedFile<'a> {
    /// The field that it is in.
    pub kind: Kind,
    /// Its index in the field.
    pub index: usize,
    /// What it is.
    pub seen: Seen<'a>,
}

/// Checks the files of a request: formats, bytes, pixels, seconds, and how they fit the request and each other. The
/// issues are like those of [`validate`](crate::domain::validate), which checks everything else.
pub fn check_files(request: &Value, files: &[CheckedFile], options: &ValidateOptions) -> Vec<Issue> {
    let id = request.get("model").and_then(Value::as_str).unwrap_or_default();
    let mut check = Check {
        limits: limits_for(id),
        uploads: options.uploads,
        issues: Vec::new(),
    };
    check.shapes(request);
    for file in files {
        check.file(file);
    }
    for kind in Kind::ALL {
        check.total_seconds(*kind, files);
    }
    check.frames(request, files);
    let demotion = Demotion::new(request, options);
    for issue in &mut check.issues {
        if demotion.applies(issue) {
            issue.severity = Severity::Warning;
        }
    }
    check.issues
}

/// The checks of one request.
struct Check {
    limits: &'static Limits,
    /// Whether the files are uploaded to the vendor's files API.
    uploads: bool,
    issues: Vec<Issue>,
}

impl Check {
    /// A value of the wrong type has no files to check. It must not look as if they had been checked.
    fn shapes(&mut self, request: &Value) {
        if !matches!(request, Value::Object(_)) {
            self.wrong_type("The request must be an object, but it is {type}.", request, "");
        }
        for kind in Kind::ALL {
            let field = kind.field();
            if let Some(files) = request.get(field).filter(|files| files.as_array().is_none()) {
                let message = "`{field}` must be an array of files, but it is {type}.";
                self.wrong_type(message, files, field).at(field);
            }
        }
    }

    fn wrong_type(&mut self, message: &str, received: &Value, field: &'static str) -> &mut Issue {
        let received = match received {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
            Value::File(_) => "a file",
            Value::Foreign(description) => description,
        };
        let params = Params::new()
            .plain("field", field.into())
            .plain("type", received.into());
        self.add(true, IssueCode::InvalidType, message, params)
    }

    fn add(&mut self, is_error: bool, code: IssueCode, message: &str, params: Params) -> &mut Issue {
        self.issues
            .push(Issue::new(severity(is_error), code, message, params));
        let last = self.issues.len() - 1;
        &mut self.issues[last]
    }

    /// An issue at a file. It is an error if a limit of the reference is certainly exceeded.
    fn issue(
        &mut self,
        file: &CheckedFile,
        is_error: bool,
        code: IssueCode,
        message: &str,
        params: Params,
    ) -> &mut Issue {
        let params = params.plain("place", place(file).into());
        self.add(is_error, code, message, params)
            .at(file.kind.field())
            .item(file.index)
    }
}

/// The name of an entry: `image_urls[0]`.
fn place(file: &CheckedFile) -> String {
    template!("{}[{}]", file.kind.field(), file.index as i64)
}

fn severity(is_error: bool) -> Severity {
    if is_error {
        Severity::Error
    } else {
        Severity::Warning
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: u32, height: u32) -> Seen<'static> {
        Seen {
            kind: "image",
            format: "png",
            bytes: 1_000,
            width,
            height,
            ..Seen::default()
        }
    }

    fn clip(duration_ms: u64) -> Seen<'static> {
        Seen {
            kind: "video",
            format: "mp4",
            bytes: 1_000,
            width: 1280,
            height: 720,
            duration_ms,
            frame_rate: 23.976,
            ..Seen::default()
        }
    }

    fn sound(duration_ms: u64) -> Seen<'static> {
        Seen {
            kind: "audio",
            format: "mp3",
            bytes: 1_000,
            duration_ms,
            ..Seen::default()
        }
    }

    fn request(model: &str, files: &[(Kind, Seen)]) -> Value {
        let mut request = Value::object([("model", Some(model.into()))]);
        for kind in Kind::ALL {
            let count = files.iter().filter(|(of, _)| of == kind).count();
            if count > 0 {
                request.set(kind.field(), Value::Array(vec!["a file".into(); count]));
            }
        }
        request
    }

    /// The issues, as "error code: message (hint)".
    fn found(model: &str, files: &[(Kind, Seen)]) -> Vec<String> {
        found_in(&request(model, files), files, &[])
    }

    fn found_in(request: &Value, files: &[(Kind, Seen)], allow: &[IssueCode]) -> Vec<String> {
        issues(request, files, &ValidateOptions::allowing(allow))
    }

    fn issues(request: &Value, files: &[(Kind, Seen)], options: &ValidateOptions) -> Vec<String> {
        let told = |issue: &Issue| {
            let hint = issue.hint.as_deref().unwrap_or("no hint");
            format!(
                "{} {}: {} {hint}",
                issue.severity.as_str(),
                issue.code.as_str(),
                issue.message
            )
        };
        check(request, files, options).iter().map(told).collect()
    }

    fn check(request: &Value, files: &[(Kind, Seen)], options: &ValidateOptions) -> Vec<Issue> {
        let mut counts = [0; 3];
        let files: Vec<CheckedFile> = files
            .iter()
            .map(|&(kind, seen)| {
                counts[kind as usize] += 1;
                CheckedFile {
                    kind,
                    index: counts[kind as usize] - 1,
                    seen,
                }
            })
            .collect();
        check_files(request, &files, options)
    }

    const REFERENCE: &str = "seedance-2.0";
    const REFERENCES: &str = "seedance-2.0-reference-to-video";

    #[test]
    fn files_within_the_bounds_have_no_issues() {
        assert_eq!(found(REFERENCE, &[]), [""; 0]);
        let files = [
            (Kind::Image, image(1280, 720)),
            (Kind::Video, clip(15_000)),
            (Kind::Audio, sound(15_000)),
        ];
        assert_eq!(found(REFERENCE, &files), [""; 0]);
        assert_eq!(found(REFERENCES, &files), [""; 0]);
    }

    #[test]
    fn bounds_of_the_reference_are_errors_where_they_are_certain() {
        assert_eq!(
            found(
                REFERENCE,
                &[(
                    Kind::Video,
                    Seen {
                        width: 1920,
                        height: 1080,
                        ..clip(1_899)
                    }
                )]
            ),
            [
                "error pixels_out_of_range: `video_urls[0]` has 2073600 pixels (1920x1080), but at most 927408 are allowed. Scale it to 1280x720, the nearest size with the same aspect ratio.",
                "error duration_out_of_range: `video_urls[0]` has a length of 1.899 seconds, but at least 2 are needed. Use a shorter or a longer part of it.",
            ]
        );
        for (ms, severity) in [
            (1_900, "warning"),
            (1_999, "warning"),
            (15_100, "warning"),
            (15_101, "error"),
        ] {
            let issues = found(REFERENCE, &[(Kind::Video, clip(ms))]);
            assert_eq!(issues.len(), 1, "{ms}");
            assert!(issues[0].starts_with(severity), "{ms}: {issues:?}");
        }
        for (bytes, severity) in [
            (30_000_001, "warning"),
            (31_457_280, "warning"),
            (31_457_281, "error"),
        ] {
            let issues = found(
                REFERENCE,
                &[(
                    Kind::Image,
                    Seen {
                        bytes,
                        ..image(1280, 720)
                    },
                )],
            );
            assert_eq!(issues.len(), 1, "{bytes}");
            assert!(issues[0].starts_with(severity), "{bytes}: {issues:?}");
        }
        // The limits themselves are allowed.
        assert_eq!(found(REFERENCE, &[(Kind::Video, clip(2_000))]), [""; 0]);
        // An estimate is never certain.
        let estimated = Seen {
            estimated: true,
            ..sound(20_000)
        };
        assert!(
            found(
                REFERENCE,
                &[(Kind::Image, image(16, 9)), (Kind::Audio, estimated)]
            )[0]
            .starts_with("warning")
        );
    }

    #[test]
    fn seconds_are_added_up() {
        let sounds = [(Kind::Audio, sound(9_000)), (Kind::Audio, sound(6_201))];
        assert_eq!(
            found(REFERENCE, &sounds),
            [
                "error total_duration: `audio_urls` has a total of 15.201 seconds, but at most 15 are allowed. Shorten them, or remove one."
            ]
        );
        // The margin of each counts.
        assert!(
            found(
                REFERENCE,
                &[(Kind::Audio, sound(9_000)), (Kind::Audio, sound(6_199))]
            )[0]
            .starts_with("warning")
        );
        // The reference has no sum for clips, the pages of the models have.
        let clips = [(Kind::Video, clip(9_000)), (Kind::Video, clip(9_000))];
        assert_eq!(found(REFERENCE, &clips), [""; 0]);
        assert!(found(REFERENCES, &clips)[0].starts_with("warning total_duration"));
        // Of one file it is said once, and of a file in the wrong field not at all.
        let long = found(REFERENCES, &[(Kind::Audio, sound(20_000))]);
        assert_eq!(long.len(), 1);
        assert!(long[0].starts_with("warning duration_out_of_range"), "{long:?}");
        let misplaced = found(REFERENCE, &[(Kind::Audio, clip(20_000))]);
        assert_eq!(misplaced.len(), 1);
        assert!(
            misplaced[0].starts_with("error unsupported_format"),
            "{misplaced:?}"
        );
    }

    #[test]
    fn what_only_the_pages_of_the_models_say_is_a_warning() {
        let files = [
            (Kind::Image, image(200, 7_000)),
            (Kind::Image, image(3_000, 600)),
            (Kind::Audio, sound(1_000)),
            // Nobody knows its rate.
            (
                Kind::Video,
                Seen {
                    frame_rate: 0.0,
                    ..clip(3_000)
                },
            ),
            (
                Kind::Video,
                Seen {
                    frame_rate: 12.0,
                    ..clip(5_000)
                },
            ),
            (
                Kind::Video,
                Seen {
                    frame_rate: 120.0,
                    ..clip(5_000)
                },
            ),
        ];
        assert_eq!(
            found(REFERENCES, &files),
            [
                "warning side_out_of_range: `image_urls[0]` has a side of 200 pixels (200x7000), but at least 300 are needed. Scale it to 300x10500.",
                "warning side_out_of_range: `image_urls[0]` has a side of 7000 pixels (200x7000), but at most 6000 are allowed. Scale it to 171x6000.",
                "warning ratio_out_of_range: `image_urls[0]` has an aspect ratio of 0.028571 (200x7000), but at least 0.4 are needed. Crop it, for example to 200x500.",
                "warning ratio_out_of_range: `image_urls[1]` has an aspect ratio of 5 (3000x600), but at most 2.5 are allowed. Crop it, for example to 1500x600.",
                "warning duration_out_of_range: `audio_urls[0]` has a length of 1 seconds, but at least 2 are needed. Use a shorter or a longer part of it.",
                "warning frame_rate_out_of_range: `video_urls[1]` has 12 frames per second, but at least 24 are needed. Convert it to 24 frames per second.",
                "warning frame_rate_out_of_range: `video_urls[2]` has 120 frames per second, but at most 60 are allowed. Convert it to 60 frames per second.",
            ]
        );
        assert_eq!(found(REFERENCE, &files), [""; 0]);
    }

    fn heic() -> Seen<'static> {
        Seen {
            kind: "other",
            format: "heic",
            bytes: 9,
            ..Seen::default()
        }
    }

    #[test]
    fn formats_are_those_of_the_field() {
        let heic = heic();
        let unknown = Seen {
            kind: "other",
            bytes: 9,
            ..Seen::default()
        };
        let bmp = Seen {
            format: "bmp",
            ..image(1280, 720)
        };
        let files = [
            (Kind::Image, heic),
            (Kind::Image, clip(5_000)),
            (Kind::Image, unknown),
            (Kind::Image, bmp),
            (
                Kind::Video,
                Seen {
                    format: "webm",
                    ..heic
                },
            ),
            (
                Kind::Video,
                Seen {
                    format: "webp",
                    ..image(1280, 720)
                },
            ),
        ];
        assert_eq!(
            found(REFERENCES, &files),
            [
                "error unsupported_format: The content of `image_urls[0]` is HEIC, which is not among the image formats of the API. Convert it to jpg, jpeg, png or webp.",
                "error unsupported_format: The content of `image_urls[1]` is MP4, which is not among the image formats of the API. Move it to `video_urls`.",
                "error unsupported_format: The content of `image_urls[2]` is not in one of the image formats of the API. Convert it to jpg, jpeg, png or webp.",
                "warning unsupported_format: `image_urls[3]` is BMP, which this model's documentation does not list. Convert it to jpg, jpeg, png or webp.",
                "error unsupported_format: The content of `video_urls[0]` is WebM, which is not among the video formats of the API. Convert it to mp4 or mov.",
                "error unsupported_format: The content of `video_urls[1]` is WebP, which is not among the video formats of the API. Move it to `image_urls`.",
            ]
        );
    }

    #[test]
    fn images_that_the_files_api_does_not_list_are_warned_of_before_their_upload() {
        let of = |format| {
            let seen = Seen {
                format,
                ..image(1280, 720)
            };
            (Kind::Image, seen)
        };
        let files = [of("tiff"), of("gif"), of("bmp"), (Kind::Video, clip(5_000))];
        let options = ValidateOptions {
            uploads: true,
            ..ValidateOptions::default()
        };
        assert_eq!(
            issues(&request(REFERENCE, &files), &files, &options),
            [
                "warning unsupported_format: `image_urls[0]` is TIFF, which the documentation of the files API does not list: the upload may be refused. Convert it to jpg, jpeg, png, gif or webp.",
                "warning unsupported_format: `image_urls[2]` is BMP, which the documentation of the files API does not list: the upload may be refused. Convert it to jpg, jpeg, png, gif or webp.",
            ]
        );
        assert_eq!(found(REFERENCE, &files), [""; 0]);
    }

    #[test]
    fn what_could_not_be_read_is_an_issue() {
        let unread = Seen {
            kind: "unread",
            reason: "its server answers with HTTP 403",
            ..Seen::default()
        };
        let broken = Seen {
            kind: "broken",
            format: "mp4",
            reason: "it is cut off",
            bytes: 9,
            ..Seen::default()
        };
        let empty = Seen {
            kind: "broken",
            reason: "it is empty",
            ..Seen::default()
        };
        let unmeasured = Seen {
            bytes: 0,
            ..clip(5_000)
        };
        assert_eq!(
            found(
                REFERENCE,
                &[
                    (Kind::Video, unread),
                    (Kind::Video, broken),
                    (Kind::Video, empty),
                    (Kind::Video, unmeasured),
                    (Kind::Video, Seen { format: "", ..broken }),
                ]
            ),
            [
                "warning unreadable_file: `video_urls[0]` could not be read, so it is not checked: its server answers with HTTP 403. Check the URL, and that its host allows this program to read it (CORS).",
                "error unreadable_file: `video_urls[1]` is damaged (MP4): it is cut off. Export or save the file again.",
                "error unreadable_file: `video_urls[2]` cannot be used: it is empty. no hint",
                "warning unreadable_file: The size of `video_urls[3]` is not checked: its server does not report it. no hint",
                "error unreadable_file: `video_urls[4]` is damaged (unknown): it is cut off. Export or save the file again.",
            ]
        );
    }

    #[test]
    fn what_has_another_shape_is_an_issue() {
        for (request, expected) in [
            (Value::Null, "The request must be an object, but it is null."),
            (5_u32.into(), "The request must be an object, but it is a number."),
            ("x".into(), "The request must be an object, but it is a string."),
            (
                Value::Array(vec![]),
                "The request must be an object, but it is an array.",
            ),
            (
                Value::object([("image_urls", Some("https://example.com/a.png".into()))]),
                "`image_urls` must be an array of files, but it is a string.",
            ),
            (
                Value::object([("audio_urls", Some(Value::Null))]),
                "`audio_urls` must be an array of files, but it is null.",
            ),
            (
                Value::object([("video_urls", Some(Value::object([])))]),
                "`video_urls` must be an array of files, but it is an object.",
            ),
        ] {
            let found = found_in(&request, &[], &[IssueCode::InvalidType]);
            assert_eq!(found, [format!("error invalid_type: {expected} no hint")]);
        }
    }

    #[test]
    fn frames_should_have_one_shape() {
        let frames = [(Kind::Image, image(720, 1280)), (Kind::Image, image(1000, 1000))];
        assert_eq!(
            found("seedance-2.0-image-to-video", &frames),
            [
                "warning ratio_mismatch: `image_urls[1]` is 1000x1000, but the first frame is 720x1280: one will be cropped or stretched. Crop both to the same aspect ratio.",
                "warning ratio_mismatch: `image_urls[0]` is 720x1280, but the default of `aspect_ratio` is 16:9: it will be cropped or stretched. Set `aspect_ratio` to \"9:16\", or crop the image.",
            ]
        );
        let one = &frames[..1];
        for (ratio, count) in [
            ("9:16", 0),
            ("adaptive", 0),
            ("4:3", 1),
            // Narrower than the image
            ("1:3", 1),
            ("nonsense", 0),
            ("0:0", 0),
        ] {
            let mut request = request(REFERENCE, one);
            request.set("aspect_ratio", ratio.into());
            assert_eq!(found_in(&request, one, &[]).len(), count, "{ratio}");
        }
        // Three images are references, whose shapes do not matter.
        let three = [frames[0], frames[1], frames[0]];
        assert_eq!(found(REFERENCE, &three), [""; 0]);
    }

    #[test]
    fn errors_become_warnings_where_they_are_allowed_or_the_model_is_unknown() {
        let files = [(Kind::Video, clip(20_000))];
        assert!(found("kling-9", &files)[0].starts_with("warning"));
        let allow = [IssueCode::DurationOutOfRange];
        assert!(found_in(&request(REFERENCE, &files), &files, &allow)[0].starts_with("warning"));
        assert!(found(REFERENCE, &files)[0].starts_with("error"));
        // Version 2.5 is only assumed to have the limits of version 2.0.
        let of_25 = found("seedance-2.5-reference-to-video", &files);
        assert!(of_25[0].starts_with("warning duration_out_of_range"), "{of_25:?}");
    }

    #[test]
    fn issues_have_the_path_and_the_size_of_their_file() {
        let files = [
            (Kind::Video, clip(1_000)),
            (Kind::Audio, sound(9_000)),
            (Kind::Audio, sound(9_000)),
        ];
        let options = ValidateOptions::default();
        let issues = check(&request(REFERENCE, &files), &files, &options);
        let seen: Vec<_> = issues
            .iter()
            .map(|issue| (issue.path.len(), issue.params.get("size").and_then(Value::as_str)))
            .collect();
        assert_eq!(seen, [(2, Some("1280x720")), (1, None)]);
    }

    #[test]
    fn an_image_without_a_size_is_no_frame() {
        let heic = heic();
        let files = [(Kind::Image, heic), (Kind::Image, image(720, 1280))];
        let issues = found("seedance-2.0-image-to-video", &files);
        assert_eq!(issues.len(), 2);
        assert!(issues[1].starts_with("warning ratio_mismatch: `image_urls[1]` is 720x1280"));
    }
}
