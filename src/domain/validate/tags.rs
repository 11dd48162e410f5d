//! The tags of the prompt: whether each has its file, what was meant as a tag, and whether the roles fit what
//! the API makes of the inputs.

use super::Report;
use super::context::Context;
use crate::domain::api::{Kind, Mode, Role, variant};
use crate::domain::issue::{Issue, IssueCode};
use crate::domain::params::{LIMIT, Params, RECEIVED};
use crate::domain::tags::{Tag, covers, find_typos, mentions};

const FIELD: &str = "prompt";

pub(super) fn check(context: &Context, prompt: &str, report: &mut Report) {
    let mut tags = std::mem::take(&mut report.tags);
    check_files(context, &tags, report);
    check_typos(context, prompt, &tags, report);
    tags.retain(|tag| tag.index <= context.max_index(tag.kind));
    check_conflicts(&tags, report);
    check_roles(context, &tags, report);
    check_unnamed(context, prompt, &tags, report);
    report.tags = tags;
}

/// Values that the messages about a tag have in common.
fn params(kind: Kind, text: &str) -> Params {
    Params::new()
        .text("tag", text)
        .text("kind", kind.as_str())
        .text("field", kind.field())
        .text("word", kind.word())
}

/// A tag without its file.
fn check_files(context: &Context, tags: &[Tag], report: &mut Report) {
    for tag in tags {
        if report.is_full() {
            return;
        }
        let files = context.get(tag.kind.field());
        // Another type than an array has its own issue.
        if files.is_some_and(|files| files.as_array().is_none()) {
            continue;
        }
        let count = tag.kind.count(context.request);
        let max = context.max_index(tag.kind);
        if tag.index > max {
            out_of_range(tag.kind, &tag.text, Some(tag.index), max, report).span(tag.start, tag.end);
            continue;
        }
        if tag.index as usize <= count {
            continue;
        }
        let params = params(tag.kind, &tag.text)
            .number("count", count as i64)
            .number(LIMIT, count as i64)
            .number(RECEIVED, tag.index.into());
        let message = match count {
            0 => "The prompt uses `{tag}`, but `{field}` has no {kind}.",
            _ => "The prompt uses `{tag}`, but `{field}` has only {count kind}.",
        };
        report
            .error(IssueCode::TagWithoutAsset, message, params)
            .at(FIELD)
            .hint(match count {
                0 => "Add the file to `{field}`, or remove the tag.",
                1 => "Did you mean `@{word}1`? Otherwise, add the file to `{field}`.",
                _ => "Use `@{word}1` to `@{word}{count}`, or add the file to `{field}`.",
            })
            .span(tag.start, tag.end);
    }
}

fn out_of_range<'a>(
    kind: Kind,
    text: &str,
    index: Option<u32>,
    max: u32,
    report: &'a mut Report,
) -> &'a mut Issue {
    let mut params = params(kind, text).number(LIMIT, max.into());
    if let Some(index) = index {
        params = params.number(RECEIVED, index.into());
    }
    report
        .error(
            IssueCode::TagOutOfRange,
            "`{tag}` cannot refer to a file: {kind} numbers are from 1 to {limit}.",
            params,
        )
        .at(FIELD)
        .hint("Use the number of a file in `{field}`.")
}

/// What was meant as a tag. A wrong number is an error; a spelling may be a name, so it is a warning.
fn check_typos(context: &Context, prompt: &str, tags: &[Tag], report: &mut Report) {
    for typo in find_typos(prompt, tags) {
        if report.is_full() {
            return;
        }
        let count = Kind::count(typo.kind, context.request) as u32;
        // Another number would not have a file.
        let max = match count {
            0 => context.max_index(typo.kind),
            _ => count.min(context.max_index(typo.kind)),
        };
        let issue = if typo.is_out_of_range() {
            out_of_range(
                typo.kind,
                &typo.text,
                typo.index,
                context.max_index(typo.kind),
                report,
            )
        } else {
            let guess = typo.index.or((count == 1).then_some(1));
            let index = guess.filter(|index| (1..=max).contains(index));
            let params = params(typo.kind, &typo.text)
                .text(RECEIVED, &typo.text)
                .number(LIMIT, max.into())
                .number("suggestion", index.unwrap_or(0).into());
            report
                .warning(
                    IssueCode::MisspelledTag,
                    "`{tag}` is not a valid tag, so it may not refer to a file.",
                    params,
                )
                .at(FIELD)
                .hint(match index {
                    Some(_) if typo.is_glued() => {
                        "To refer to a file, write ` {tag}`, with a space before it."
                    }
                    Some(_) => "To refer to a file, write `@{word}{suggestion}`.",
                    None => "To refer to a file, write `@{word}` and its number, from 1 to {limit}.",
                })
        };
        issue.span(typo.start, typo.end);
    }
}

/// Two images that claim the same frame.
fn check_conflicts(tags: &[Tag], report: &mut Report) {
    for (role, frame) in [(Role::FirstFrame, "first"), (Role::LastFrame, "last")] {
        let mut claims = tags.iter().filter(|tag| tag.role == Some(role));
        let Some(one) = claims.next() else { continue };
        if let Some(other) = claims.find(|tag| tag.index != one.index) {
            let params = Params::new()
                .text("first", &one.text)
                .text("second", &other.text)
                .text("frame", frame);
            report
                .warning(
                    IssueCode::RoleConflict,
                    "`{first}` and `{second}` both claim to be the {frame} frame.",
                    params,
                )
                .at(FIELD)
                .hint("Keep one of them as the {frame} frame.")
                .span(other.start, other.end);
        }
    }
}

/// A role against what the API makes of the inputs whatever the prompt says.
fn check_roles(context: &Context, tags: &[Tag], report: &mut Report) {
    let is_pair = report.mode == Some(Mode::FirstLastFrame);
    let is_frame = |tag: &&Tag| matches!(tag.role, Some(Role::FirstFrame | Role::LastFrame));
    if is_pair && !tags.iter().any(|tag| is_frame(&tag)) {
        return check_pair(context, tags, report);
    }
    for tag in tags.iter().filter(|tag| tag.kind == Kind::Image) {
        let Some(role) = tag.role else { continue };
        if report.is_full() {
            return;
        }
        let (message, hint) = match (report.mode, tag.index, role) {
            // Animated whatever it is called.
            (Some(Mode::ImageToVideo), 1, Role::LastFrame | Role::Style) => (
                "`{tag}` asks for the role {role}, but a single image is animated as the first frame.",
                "Add another file, so that tags assign the roles, or call it the first frame.",
            ),
            (Some(Mode::FirstLastFrame), 1, Role::LastFrame)
            | (Some(Mode::FirstLastFrame), 2, Role::FirstFrame) => (
                "`{tag}` asks for the role {role}, but two images are the first and the last frame, in this order.",
                "Swap the two URLs, or the two tags.",
            ),
            (Some(Mode::FirstLastFrame), 1 | 2, Role::Style) => (
                "`{tag}` asks for the role {role}, but two images become the first and the last frame.",
                "Add another file, so that tags assign the roles, or call them first and last frame.",
            ),
            (Some(Mode::Multimodal), 3.., _) if is_frame(&tag) => (
                "`{tag}` asks for the role {role}, but frames are expected among the first two images.",
                "Move it to the start of `image_urls`, and change its tag.",
            ),
            _ => continue,
        };
        let params = Params::new()
            .text("tag", &tag.text)
            .text("role", role.as_str())
            .text(RECEIVED, role.as_str());
        report
            .warning(IssueCode::RoleIgnored, message, params)
            .at(FIELD)
            .hint(hint)
            .span(tag.start, tag.end);
    }
}

/// Two images of which the prompt calls neither a frame.
fn check_pair(context: &Context, tags: &[Tag], report: &mut Report) {
    let Some(tag) = tags.iter().find(|tag| tag.kind == Kind::Image) else {
        return;
    };
    let references = context
        .model
        .and_then(|model| variant(model.line, Mode::Multimodal));
    let params = Params::new()
        .text("tag", &tag.text)
        .text("variant", references.map_or("", |model| model.id));
    report
        .warning(
            IssueCode::FramesAssumed,
            "Two images become the first and the last frame, but the prompt does not say so.",
            params,
        )
        .at(FIELD)
        .hint(match references {
            Some(_) => {
                "Call them first and last frame. For two references, use \"{variant}\" or add a third file."
            }
            None => "Call them first and last frame, or add a third file.",
        })
        .span(tag.start, tag.end);
}

/// Where tags assign the roles: a file that none names, while others are named.
fn check_unnamed(context: &Context, prompt: &str, tags: &[Tag], report: &mut Report) {
    // A misspelled tag may be that of the file.
    let is_misspelled = |issue: &Issue| issue.code == IssueCode::MisspelledTag;
    if report.mode != Some(Mode::Multimodal) || tags.is_empty() || report.warnings.iter().any(is_misspelled) {
        return;
    }
    for &kind in Kind::ALL {
        let count = kind.count(context.request).min(context.max_entries(kind));
        for index in 0..count {
            let number = index + 1;
            if covers(prompt, tags, kind, number as u32) {
                continue;
            }
            if mentions(prompt, kind) {
                break;
            }
            let params = params(kind, "")
                .number("index", index as i64)
                .number("number", number as i64);
            report
                .warning(
                    IssueCode::AssetWithoutTag,
                    "The prompt has no tag for `{field}[{index}]`, but has tags for other files.",
                    params,
                )
                .at(kind.field())
                .item(index)
                .hint("Say in the prompt what `@{word}{number}` is for, or remove the file.");
        }
    }
}
