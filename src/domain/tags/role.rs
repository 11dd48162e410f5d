//! What a tag asks for, from the wording around it.
//!
//! A wording counts only within the tag's own clause, outside quoted speech, and not past the neighbouring
//! tag; of several the nearest to the tag counts, the one that follows before the one that leads to it.
//! Tags that are only listed ("@Image1, @Image2 and @Image3 are the characters") share what stands before
//! or after the list. A negation in the clause, and there is no role. Where the wording does not say, there
//! is none either: never a guess from far away. `tests/roles.rs` measures how well that works.

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

/// Where a wording may stand.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Before,
    After,
    Either,
}
use Side::{After, Before, Either};

/// Wordings in lower case, by kind and role, apart by "|". Where one begins another, the longer one comes
/// first; "*" stands for any ending of the word.
const WORDINGS: &[(Kind, Role, Side, &str)] = &[
    (
        Kind::Image,
        Role::FirstFrame,
        Either,
        "first frame|first-frame|first image|opening frame|opening shot|opening image|start frame|starting frame|starting image|starting point|initial frame|首帧|第一帧|起始帧|起始画面|开场画面|开头画面|开场|开头",
    ),
    (
        Kind::Image,
        Role::FirstFrame,
        Before,
        "start from|starts from|starting from|start at|starts at|start on|starts on|start with|starts with|starting with|begin with|begins with|begin on|begins on|begin from|begins from|begin at|beginning with|open on|opens on|open with|opens with|opening on|morph from|morphs from|transition from|transitions from|fade from|fades from",
    ),
    (
        Kind::Image,
        Role::FirstFrame,
        After,
        "where we start|is the start|is the opening|opens the|开始",
    ),
    (
        Kind::Image,
        Role::LastFrame,
        Either,
        "last frame|last-frame|last image|final frame|final shot|final image|last shot|end frame|ending frame|closing frame|closing shot|尾帧|最后一帧|末帧|结束帧|结尾画面|结尾|收尾",
    ),
    (
        Kind::Image,
        Role::LastFrame,
        Before,
        "end on|ends on|end with|ends with|end at|ends at|ends exactly at|ending on|ending with|ending at|finish on|finishes on|finishing on|finish with|finish at|close on|closes on|land on|lands on|settle on|settles on|arrive at|arrives at|定格在|结束在|结束于",
    ),
    (
        Kind::Image,
        Role::LastFrame,
        After,
        "is the end|is the ending|closes the|结束",
    ),
    (
        Kind::Image,
        Role::Character,
        Either,
        "character*|protagonist|heroine|hero|main subject|lead actor|actor|actress|identity|face|mascot|idol|woman|man|girl|boy|guy|lady|dancer|singer|runner|detective|astronaut|robot|角色|主角|主人公|人物|女主|男主|女孩|男孩|女人|男人|人脸|长相",
    ),
    (
        Kind::Image,
        Role::Style,
        Either,
        "style*|aesthetic*|colour palette|color palette|palette|colours|colors|colour grade|color grade|color grading|grade it like|art direction|brushwork|look like|looks like|风格|画风|色调|色彩|配色|质感",
    ),
    (
        Kind::Image,
        Role::Scene,
        Either,
        "scene*|background|backdrop|setting|set in|set at|environment|location|takes place in|stage|场景|背景|环境|地点",
    ),
    (
        Kind::Image,
        Role::Object,
        Either,
        "object*|product|prop|item|outfit|jacket|dress|costume|wearing|wears|holding|logo|bottle|sunglasses|sword|道具|物体|物品|产品|商品|服装|衣服|穿着|拿着|手持",
    ),
    (
        Kind::Image,
        Role::Composition,
        Either,
        "composition*|framing|layout|storyboard|camera angle|构图|分镜|取景|布局",
    ),
    (
        Kind::Video,
        Role::CameraMovement,
        Either,
        "camera*|tracking shot|dolly-in|dolly*|zoom*|orbit*|crane shot|drone path|gimbal motion|gimbal|hyperlapse*|push-in|运镜|镜头|跟拍|机位",
    ),
    (
        Kind::Video,
        Role::Choreography,
        Either,
        "choreograph*|danc*|movements|moves|action*|motion*|gesture*|performance|walk cycle|fight*|舞蹈|动作|编舞|舞步|打斗|姿势",
    ),
    (
        Kind::Video,
        Role::Effects,
        Either,
        "effect*|transition*|vfx|particles|sparkles|glitch*|特效|转场|效果",
    ),
    (
        Kind::Video,
        Role::Extension,
        Either,
        "extend*|extension*|continu*|lengthen*|prolong*|keep going|left off|延长|续写|续接|延续|接续|接着",
    ),
    (
        Kind::Video,
        Role::Editing,
        Either,
        "edit*|replace*|remove*|swap*|restyle*|pacing|cutting|编辑|替换|修改|去掉|剪辑|换成",
    ),
    (Kind::Video, Role::Editing, Before, "change|add|stitch|删除|剪掉"),
    (
        Kind::Audio,
        Role::BackgroundMusic,
        Either,
        "bgm|background music|background track|backing track|music*|soundtrack|score|song|beat*|rhythm*|tempo|jingle|背景音乐|配乐|音乐|节奏|节拍|卡点|旋律|歌曲",
    ),
    (
        Kind::Audio,
        Role::Voice,
        Either,
        "voice*|narrat*|dialogue|dialog|speech|timbre|lip sync*|lip-sync*|accent|monologue|配音|音色|旁白|台词|对白|口型|嗓音|人声",
    ),
    (
        Kind::Audio,
        Role::SoundEffect,
        Either,
        "sound effect*|sound of|sfx|ambience|ambient*|foley|noise*|thunder|footstep*|crunch sound|音效|环境音|声效",
    ),
];

/// What takes a role away: "do not use @Image1 as first frame".
const NEGATIONS: &str =
    "not|don't|doesn't|isn't|never|without|ignore|instead of|no|不要|别|不是|不用|而不是|忽略|无需";

/// What stands between the tags of a list.
const LISTING: &str = ",|and|, and|&|+|/|vs|和|与|及|、|，";

/// What leads from the first frame to the last one.
const LEADING: &str = "to|into|->|→|to the|到|变成|过渡到|变为";

/// How far from its tag a wording may stand, in bytes: "replicate @Video1 camera movement" and "use the
/// first frame from @Image1" fit well, the other end of a long clause does not.
const REACH: usize = 48;

/// Reads the role of each tag from the prompt that they stand in.
pub(super) fn assign(prompt: &str, tags: &mut [Tag]) {
    if tags.is_empty() {
        return;
    }
    let text = unquoted(prompt);
    let mut from = 0;
    while from < tags.len() {
        // The tags of a list, and of one kind, are read together.
        let mut to = from + 1;
        while to < tags.len()
            && tags[to].kind == tags[from].kind
            && is_one_of(between(&text, tags, to), LISTING)
        {
            to += 1;
        }
        let start = from.checked_sub(1).map_or(0, |before| tags[before].bytes().end);
        let end = tags.get(to).map_or(text.len(), |next| next.byte);
        let mut before = clause_end(slice(&text, start..tags[from].byte));
        if from > 0 {
            // "@Image1 as first frame and @Image2 …": what stands before "and" is of the tag before.
            before = after_last(before, " and ");
        }
        let after = clause_start(slice(&text, tags[to - 1].bytes().end..end));
        let kind = tags[from].kind;
        let both = to - from == 2 && (names_both(before) || names_both(after));
        let role = if is_quoted(&text, &tags[from]) {
            None
        } else {
            nearest(kind, before, after)
        };
        let continues = from > 0
            && tags[from - 1].role == Some(Role::FirstFrame)
            && is_one_of(between(&text, tags, from), LEADING);
        for tag in &mut tags[from..to] {
            tag.role = if continues {
                role.or(Some(Role::LastFrame))
            } else {
                role
            };
        }
        if both && kind == Kind::Image {
            tags[from].role = Some(Role::FirstFrame);
            tags[from + 1].role = Some(Role::LastFrame);
        }
        from = to;
    }
}

/// The text between a tag and the one before it.
fn between<'a>(text: &'a str, tags: &[Tag], at: usize) -> &'a str {
    slice(text, tags[at - 1].bytes().end..tags[at].byte).trim()
}

/// What follows the last of some words; all of it where there is none.
fn after_last<'a>(text: &'a str, words: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = find(rest, words) {
        rest = slice(rest, at + words.len()..rest.len());
    }
    rest
}

fn is_one_of(text: &str, words: &str) -> bool {
    words.split('|').any(|word| word == text)
}

/// "first and last frame", for a list of two.
fn names_both(text: &str) -> bool {
    ["first and last", "start and end", "首尾帧", "首帧和尾帧"]
        .iter()
        .any(|words| find(text, words).is_some())
}

fn is_quoted(text: &str, tag: &Tag) -> bool {
    slice(text, tag.bytes()).starts_with(' ')
}

/// The prompt in lower case, with spaces for what is quoted: what people say is no instruction.
fn unquoted(prompt: &str) -> String {
    let mut out = String::with_capacity(prompt.len());
    let mut rest = prompt;
    while let Some(open) = rest.find(['"', '“', '「']) {
        let quote = slice(rest, open..rest.len()).chars().next().unwrap_or('"');
        let close = match quote {
            '“' => '”',
            '「' => '」',
            other => other,
        };
        let inner = open + quote.len_utf8();
        out.push_str(slice(rest, 0..inner));
        rest = slice(rest, inner..rest.len());
        // Up to the end of the line: an unclosed quote swallows nothing.
        if let Some(end) = rest.find([close, '\n'])
            && slice(rest, end..rest.len()).starts_with(close)
        {
            out.extend(std::iter::repeat_n(' ', end));
            rest = slice(rest, end..rest.len());
            out.push(close);
            rest = slice(rest, close.len_utf8()..rest.len());
        }
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
    out
}

/// The role of the wording that stands nearest to the tag.
fn nearest(kind: Kind, before: &str, after: &str) -> Option<Role> {
    let mut best: Option<(usize, usize, Role)> = None;
    let mut offer = |distance: usize, length: usize, role: Role| {
        let better = match best {
            None => true,
            Some((least, longest, _)) => distance < least || distance == least && length > longest,
        };
        if better {
            best = Some((distance, length, role));
        }
    };
    for (of, role, side, wordings) in WORDINGS {
        if *of != kind {
            continue;
        }
        for wording in wordings.split('|') {
            if *side != Before
                && let Some(at) = find_word(after, wording, false)
            {
                offer(at, wording.len(), *role);
            }
            if *side != After
                && let Some(at) = find_word(before, wording, true)
            {
                // As near as what follows, it counts less.
                offer(before.len() - at - wording.len() + 1, wording.len(), *role);
            }
        }
    }
    let negated = |text| {
        NEGATIONS
            .split('|')
            .any(|word| find_word(text, word, false).is_some())
    };
    if negated(before) || negated(after) {
        return None;
    }
    best.map(|(_, _, role)| role)
}

/// Where a text holds a wording as whole words, a plural's "s" allowed: the first place, or the last one.
fn find_word(text: &str, wording: &str, last: bool) -> Option<usize> {
    let (wording, open) = match wording.strip_suffix('*') {
        Some(stem) => (stem, true),
        None => (wording, false),
    };
    let letter = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphabetic);
    let bytes = text.as_bytes();
    let ascii = wording.is_ascii();
    let mut found = None;
    let mut from = 0;
    while let Some(at) = find(slice(text, from..text.len()), wording) {
        let at = from + at;
        let end = at + wording.len();
        let ends =
            open || !letter(bytes.get(end)) || bytes.get(end) == Some(&b's') && !letter(bytes.get(end + 1));
        if !ascii || ends && !(at > 0 && letter(bytes.get(at - 1))) {
            found = Some(at);
            if !last {
                break;
            }
        }
        from = end;
    }
    found
}

fn ends_clause(character: char) -> bool {
    matches!(
        character,
        ',' | '.' | ';' | '!' | '?' | '\n' | '\r' | '，' | '。' | '；' | '！' | '？'
    )
}

/// The start of a text, up to the end of its clause or the reach.
fn clause_start(text: &str) -> &str {
    let mut end = text.find(ends_clause).unwrap_or(text.len()).min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    slice(text, 0..end)
}

/// The end of a text, from the start of its clause or the reach.
fn clause_end(text: &str) -> &str {
    let mut start = text
        .rfind(ends_clause)
        .unwrap_or(0)
        .max(text.len().saturating_sub(REACH));
    while !text.is_char_boundary(start) {
        start += 1;
    }
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
            "@Image1 shows a person who walks slowly along the wide sandy beach until the last frame",
        ] {
            assert_eq!(roles(prompt), [None], "{prompt}");
        }
    }

    #[test]
    fn a_list_shares_its_wording() {
        let first_and_last = [Some(Role::FirstFrame), Some(Role::LastFrame)];
        assert_eq!(
            roles("@Image1 and @Image2 as first and last frame"),
            first_and_last
        );
        assert_eq!(roles("start from @Image1, end on @Image2"), first_and_last);
        assert_eq!(roles("morph from @Image1 to @Image2"), first_and_last);
        assert_eq!(
            roles("@Image1, @Image2 and @Image3 are the characters"),
            [Some(Role::Character); 3]
        );
    }

    #[test]
    fn speech_and_negations_are_no_instructions() {
        for prompt in [
            "he says \"use @Image1 as first frame\"",
            "she says \"the last frame\" to @Image1",
            "do not use @Image1 as the first frame",
            "不要用@Image1作为首帧",
        ] {
            assert_eq!(roles(prompt), [None], "{prompt}");
        }
    }
}
