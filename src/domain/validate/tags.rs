//! The tags of the prompt: whether each has its file, what was meant as a tag and is none, and whether
//! what they ask for fits what the API makes of the inputs.

use super::Report;
use crate::domain::issue::IssueCode;
use crate::domain::mode::Mode;
use crate::domain::tags::{Kind, Role, Tag, find_slips};
use crate::domain::value::Value;
use crate::text::{counted, shortened, template};

pub(super) fn check(request: &Value, prompt: &str, report: &mut Report) {
    let tags = std::mem::take(&mut report.tags);
    check_files(request, &tags, report);
    check_slips(prompt, &tags, report);
    check_roles(&tags, report);
    check_frames(&tags, report);
    check_unnamed(request, &tags, report);
    report.tags = tags;
}

/// A tag without its file.
fn check_files(request: &Value, tags: &[Tag], report: &mut Report) {
    for tag in tags {
        let (field, word) = (tag.kind.field(), tag.kind.word());
        let given = tag.kind.count(request);
        if tag.index as usize <= given {
            continue;
        }
        let message = template!(
            "`{}` stands in the prompt, but `{}` has {}.",
            tag.text,
            field,
            counted(given, tag.kind.as_str())
        );
        report
            .error(IssueCode::TagWithoutAsset, message)
            .at("prompt")
            .hint(match given {
                0 => template!("Add the file to `{}`, or take the tag out.", field),
                1 => template!("Did you mean `@{}1`? Or add the file to `{}`.", word, field),
                _ => template!(
                    "Use `@{}1` to `@{}{}`, or add the file to `{}`.",
                    word,
                    word,
                    given,
                    field
                ),
            })
            .span(tag.start, tag.end)
            .limit(given as u32)
            .actual(i64::from(tag.index).into());
    }
}

/// What was meant as a tag. The number is wrong for certain; a spelling may be a name, and so only warns.
fn check_slips(prompt: &str, tags: &[Tag], report: &mut Report) {
    for slip in find_slips(prompt, tags) {
        let (noun, word) = (slip.kind.as_str(), slip.kind.word());
        let max = slip.kind.limits().max_count;
        let issue = if slip.is_out_of_range() {
            let message = template!(
                "`{}` cannot refer to a file: {}s count from 1 to {}.",
                shortened(&slip.text),
                noun,
                max
            );
            let issue = report.error(IssueCode::TagOutOfRange, message);
            issue
                .hint(template!("Use `@{}1` to `@{}{}`.", word, word, max))
                .limit(max);
            if let Some(index) = slip.index {
                issue.actual(index.into());
            }
            issue
        } else {
            let message = template!(
                "`{}` is not a tag, and the API does not bind it to a file.",
                shortened(&slip.text)
            );
            let index = slip.index.filter(|index| (1..=max).contains(index)).unwrap_or(1);
            report
                .warning(IssueCode::MisspelledTag, message)
                .hint(template!("Write `@{}{}`.", word, index))
                .actual(slip.text.as_str().into())
        };
        issue.at("prompt").span(slip.start, slip.end);
    }
}

/// Two images that claim the same frame.
fn check_roles(tags: &[Tag], report: &mut Report) {
    for (role, frame) in [(Role::FirstFrame, "first"), (Role::LastFrame, "last")] {
        let mut claims = tags.iter().filter(|tag| tag.role == Some(role));
        let Some(one) = claims.next() else { continue };
        if let Some(other) = claims.find(|tag| tag.index != one.index) {
            let message = template!(
                "`{}` and `{}` both claim to be the {} frame.",
                one.text,
                other.text,
                frame
            );
            report
                .warning(IssueCode::RoleConflict, message)
                .at("prompt")
                .hint(template!("Keep one of them as the {} frame.", frame))
                .span(other.start, other.end);
        }
    }
}

/// What a tag asks for, against what the API makes of the inputs whatever the prompt says.
fn check_frames(tags: &[Tag], report: &mut Report) {
    let images = tags.iter().filter(|tag| tag.kind == Kind::Image);
    for tag in images {
        let Some(role) = tag.role else { continue };
        let is_frame = matches!(role, Role::FirstFrame | Role::LastFrame);
        let (taken, hint) = match (report.mode, tag.index, role) {
            (Some(Mode::ImageToVideo), 1, Role::FirstFrame)
            | (Some(Mode::FirstLastFrame), 1, Role::FirstFrame)
            | (Some(Mode::FirstLastFrame), 2, Role::LastFrame) => continue,
            (Some(Mode::ImageToVideo), 1, _) => (
                "a single image is animated as the first frame",
                "Add another file, so that tags assign the roles, or call it the first frame.",
            ),
            (Some(Mode::FirstLastFrame), 1 | 2, _) if is_frame => (
                "two images are taken as first and last frame in the order of `image_urls`",
                "Swap the two URLs, or the two tags.",
            ),
            (Some(Mode::FirstLastFrame), 1 | 2, _) => (
                "two images are taken as first and last frame",
                "Add another file, so that tags assign the roles, or call them first and last frame.",
            ),
            (Some(Mode::Multimodal), 3.., _) if is_frame => (
                "frames are expected among the first two images",
                "Move it to the start of `image_urls`, and its tag along.",
            ),
            _ => continue,
        };
        let message = template!(
            "`{}` asks for the role {}, but {}.",
            tag.text,
            role.as_str(),
            taken
        );
        report
            .warning(IssueCode::RoleIgnored, message)
            .at("prompt")
            .hint(hint)
            .span(tag.start, tag.end)
            .actual(role.into());
    }
}

/// Where tags assign the roles: a file that none names, when others are named.
fn check_unnamed(request: &Value, tags: &[Tag], report: &mut Report) {
    if report.mode != Some(Mode::Multimodal) || tags.is_empty() {
        return;
    }
    for &kind in Kind::ALL {
        let (field, word) = (kind.field(), kind.word());
        for index in 0..kind.count(request).min(kind.limits().max_count as usize) {
            let number = index + 1;
            let named = |tag: &Tag| tag.kind == kind && tag.index as usize == number;
            if tags.iter().any(named) {
                continue;
            }
            let message = template!(
                "No tag of the prompt names `{}[{}]`, while others are named.",
                field,
                index
            );
            report
                .warning(IssueCode::AssetWithoutTag, message)
                .at(field)
                .item(index)
                .hint(template!(
                    "Say in the prompt what `@{}{}` is for, or leave the file out.",
                    word,
                    number
                ));
        }
    }
}
