//! What a tag asks for, from the wording around it.
//!
//! A wording counts only within the tag's own clause, and only up to the neighbouring tag: first the
//! words that follow the tag, then those that lead to it. Where they do not say, there is no role.

use super::{Kind, Tag};
use crate::domain::text::{find, slice};
use crate::domain::words::words;

words! {
    /// The roles of the vendor's page "Multimodal Reference" \[doc\].
    Role {
        /// The video begins with this image.
        FirstFrame = "first-frame",
        /// The video ends with this image.
        LastFrame = "last-frame",
        /// Who appears.
        Character = "character",
        /// How it looks.
        Style = "style",
        /// Where it plays.
        Scene = "scene",
        /// What appears.
        Object = "object",
        /// How the picture is arranged.
        Composition = "composition",
        /// How the camera moves.
        CameraMovement = "camera-movement",
        /// How bodies move.
        Choreography = "choreography",
        /// Effects and transitions.
        Effects = "effects",
        /// The clip is to be changed.
        Editing = "editing",
        /// The clip is to be continued.
        Extension = "extension",
        /// Music and rhythm.
        BackgroundMusic = "background-music",
        /// Speech.
        Voice = "voice",
        /// Noises.
        SoundEffect = "sound-effect",
    }
}

/// Wordings, in lower case, by kind; of two that begin at the same place the longer one counts.
const WORDINGS: &[(Kind, &str, Role)] = &[
    (Kind::Image, "first frame", Role::FirstFrame),
    (Kind::Image, "first-frame", Role::FirstFrame),
    (Kind::Image, "opening frame", Role::FirstFrame),
    (Kind::Image, "start frame", Role::FirstFrame),
    (Kind::Image, "首帧", Role::FirstFrame),
    (Kind::Image, "last frame", Role::LastFrame),
    (Kind::Image, "last-frame", Role::LastFrame),
    (Kind::Image, "final frame", Role::LastFrame),
    (Kind::Image, "end frame", Role::LastFrame),
    (Kind::Image, "尾帧", Role::LastFrame),
    (Kind::Image, "character", Role::Character),
    (Kind::Image, "角色", Role::Character),
    (Kind::Image, "style", Role::Style),
    (Kind::Image, "风格", Role::Style),
    (Kind::Image, "scene", Role::Scene),
    (Kind::Image, "background", Role::Scene),
    (Kind::Image, "场景", Role::Scene),
    (Kind::Image, "object", Role::Object),
    (Kind::Image, "product", Role::Object),
    (Kind::Image, "物体", Role::Object),
    (Kind::Image, "composition", Role::Composition),
    (Kind::Image, "构图", Role::Composition),
    (Kind::Video, "camera", Role::CameraMovement),
    (Kind::Video, "运镜", Role::CameraMovement),
    (Kind::Video, "choreography", Role::Choreography),
    (Kind::Video, "dance", Role::Choreography),
    (Kind::Video, "action", Role::Choreography),
    (Kind::Video, "motion", Role::Choreography),
    (Kind::Video, "动作", Role::Choreography),
    (Kind::Video, "effect", Role::Effects),
    (Kind::Video, "transition", Role::Effects),
    (Kind::Video, "特效", Role::Effects),
    (Kind::Video, "edit", Role::Editing),
    (Kind::Video, "编辑", Role::Editing),
    (Kind::Video, "extend", Role::Extension),
    (Kind::Video, "continue", Role::Extension),
    (Kind::Video, "延长", Role::Extension),
    (Kind::Audio, "bgm", Role::BackgroundMusic),
    (Kind::Audio, "music", Role::BackgroundMusic),
    (Kind::Audio, "rhythm", Role::BackgroundMusic),
    (Kind::Audio, "beat", Role::BackgroundMusic),
    (Kind::Audio, "soundtrack", Role::BackgroundMusic),
    (Kind::Audio, "背景音乐", Role::BackgroundMusic),
    (Kind::Audio, "voice", Role::Voice),
    (Kind::Audio, "dialogue", Role::Voice),
    (Kind::Audio, "narration", Role::Voice),
    (Kind::Audio, "配音", Role::Voice),
    (Kind::Audio, "sound effect", Role::SoundEffect),
    (Kind::Audio, "sfx", Role::SoundEffect),
    (Kind::Audio, "音效", Role::SoundEffect),
];

/// How far from its tag a wording may stand, in characters: "replicate @Video1 camera movement" and
/// "use the first frame from @Image1" fit well, the other end of a long clause does not.
const REACH: usize = 40;

/// Reads the role of each tag from the prompt that they stand in.
pub(super) fn assign(prompt: &str, tags: &mut [Tag]) {
    for at in 0..tags.len() {
        let tag = &tags[at];
        let from = at.checked_sub(1).map_or(0, |i| tags[i].bytes().end);
        let to = tags.get(at + 1).map_or(prompt.len(), |next| next.byte);
        let after = clause_start(slice(prompt, tag.bytes().end..to)).to_ascii_lowercase();
        let before = clause_end(slice(prompt, from..tag.byte)).to_ascii_lowercase();
        // After a tag the nearest wording is the first one, before it the last one.
        let role = wordings(tag.kind, &after)
            .min_by_key(|(place, length, _)| (*place, usize::MAX - length))
            .or_else(|| wordings(tag.kind, &before).max_by_key(|(place, length, _)| place + length))
            .map(|(_, _, role)| role);
        tags[at].role = role;
    }
}

fn wordings(kind: Kind, text: &str) -> impl Iterator<Item = (usize, usize, Role)> {
    WORDINGS
        .iter()
        .filter(move |(of, _, _)| *of == kind)
        .filter_map(move |(_, wording, role)| Some((find(text, wording)?, wording.len(), *role)))
}

fn ends_clause(character: char) -> bool {
    matches!(
        character,
        ',' | '.' | ';' | '!' | '?' | '\n' | '\r' | '，' | '。' | '；' | '！' | '？' | '、'
    )
}

/// The start of a text, up to the end of its clause or the reach.
fn clause_start(text: &str) -> &str {
    let end = text
        .char_indices()
        .enumerate()
        .find(|(count, (_, character))| *count >= REACH || ends_clause(*character))
        .map_or(text.len(), |(_, (byte, _))| byte);
    slice(text, 0..end)
}

/// The end of a text, from the start of its clause or the reach.
fn clause_end(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .enumerate()
        .find(|(count, (_, character))| *count >= REACH || ends_clause(*character))
        .map_or(0, |(_, (byte, character))| byte + character.len_utf8());
    slice(text, start..text.len())
}

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::*;

    fn roles(prompt: &str) -> Vec<Option<Role>> {
        parse_tags(prompt).into_iter().map(|tag| tag.role).collect()
    }

    #[test]
    fn reads_the_wordings_of_the_reference() {
        assert_eq!(
            roles("@Image1 as first frame, replicate @Video1 camera movement, @Audio1 for BGM rhythm"),
            [
                Some(Role::FirstFrame),
                Some(Role::CameraMovement),
                Some(Role::BackgroundMusic)
            ]
        );
        for (prompt, role) in [
            ("@Image2 as last frame", Role::LastFrame),
            ("@Image1 as character", Role::Character),
            ("@Image1 as style reference", Role::Style),
            ("@Image1 as scene", Role::Scene),
            ("@Image1 as object", Role::Object),
            ("@Image1 as composition reference", Role::Composition),
            ("replicate @Video1 choreography", Role::Choreography),
            ("use the first frame from @Image1", Role::FirstFrame),
            ("@Image1作为首帧", Role::FirstFrame),
        ] {
            assert_eq!(roles(prompt), [Some(role)], "{prompt}");
        }
    }

    #[test]
    fn does_not_guess_from_far_away() {
        for prompt in [
            "@Image1",
            "a cat beside @Image1, shot in a painterly style",
            "the camera moves. @Video1 plays",
            "@Image1 shows a woman who walks slowly along the wide sandy beach, then the last frame",
        ] {
            assert_eq!(roles(prompt), [None], "{prompt}");
        }
    }
}
