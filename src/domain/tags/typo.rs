//! References to files that are not written as tags. It is unknown whether the API recognizes them.
//!
//! ```text
//! typo   = at word gap number                                    unless it is a tag
//!        | at ("image" | "video" | "audio") in any case          without a number
//!        | (open word gap number close) | ("#" word gap number)
//!        | a tag that stands directly after a letter or digit    (Man@Image1)
//! at     = ("@" | "＠") [space]
//! word   = one of WORDS in any case, or "image", "video", "audio" with a slip of two letters
//! gap    = at most two of GAPS, or "_file_"
//! number = digits, full-width, circled, Arabic and Chinese ones too, or "one" to "nine" after a gap
//! ```
//!
//! An email address (`me@image1.com`) is none, nor is a tag in brackets (`【@Image1】`).

use super::grammar::{continues_a_word, tag_at};
use super::{Kind, Tag, max_index};
use crate::text::{edit_distance, parse_digits, slice, strip_any_prefix, strip_folded_prefix, wordings};

/// A reference that was probably meant as a tag.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Typo {
    /// As written.
    pub text: String,
    /// Byte offset in the prompt.
    pub start: usize,
    /// Byte offset of what follows it.
    pub end: usize,
    /// The kind of file that was meant.
    pub kind: Kind,
    /// The number that was given, if any.
    pub index: Option<u32>,
}

impl Typo {
    /// Whether only the number is wrong.
    pub fn is_out_of_range(&self) -> bool {
        let digits = self
            .text
            .strip_prefix("@")
            .and_then(|text| text.strip_prefix(self.kind.word()));
        digits.and_then(parse_digits).is_some()
            && !self
                .index
                .is_some_and(|index| (1..=max_index(self.kind)).contains(&index))
    }

    /// Whether it would be a tag without the letter or digit before it.
    pub fn is_glued(&self) -> bool {
        tag_at(&self.text).is_some_and(|(_, _, text)| text == self.text)
    }
}

/// Words in lower case, with "*" for any ending; the longer ones first where one begins another.
pub(super) const WORDS: &[(Kind, &str)] = &[
    (
        Kind::Image,
        "images|image|imagens|imagen|imagem|img|picture|photo|pic|figure|fig|bild*|foto|element|изображени*|картинк*|фото*|рисун*|图片|图像|照片|图|圖片|圖像|圖|画像|写真|図|イメージ|イラスト|이미지|그림|사진|الصورة|صورة",
    ),
    (
        Kind::Video,
        "videos|video|vídeo|vidéo|vid|clip|видео|视频|視頻|影片|動画|映像|ビデオ|영상|비디오|동영상|الفيديو|فيديو",
    ),
    (
        Kind::Audio,
        "audios|audio|áudio|aud|sound|sonido|som|son|ton|music|música|musik|musique|song|voice|voz|аудио|звук*|музык*|音频|音頻|音乐|音樂|声音|聲音|音声|音楽|オーディオ|曲|오디오|음성|음악|الصوت|صوت",
    ),
];

/// What may be between a word and its number. The first has no effect on the reader: no-break and
/// zero-width spaces come from editors and translators.
const GAPS: [&str; 12] = [
    " ", "\u{a0}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{3000}", "_", "-", "#", "№",
];

/// What opens a number or a reference, and what closes it.
const BRACKETS: [(&str, &str); 8] = [
    ("[", "]"),
    ("【", "】"),
    ("<", ">"),
    ("{", "}"),
    ("(", ")"),
    ("（", "）"),
    ("《", "》"),
    ("「", "」"),
];

/// Numbers as words, from 1.
const NUMBERS: [&str; 3] = [
    "one|two|three|four|five|six|seven|eight|nine",
    "一|二|三|四|五|六|七|八|九",
    "①|②|③|④|⑤|⑥|⑦|⑧|⑨",
];

/// What was meant as a tag, in order; `tags` are the well-formed ones.
pub fn find_typos(prompt: &str, tags: &[Tag]) -> Vec<Typo> {
    let mut typos: Vec<Typo> = Vec::new();
    let mut before = b' ';
    let mut done = 0;
    for (at, byte) in prompt.bytes().enumerate() {
        // The first bytes of "@", "＠" and the brackets.
        if matches!(byte, b'@' | b'#' | b'[' | b'<' | b'{' | 0xe3 | 0xef)
            && at >= done
            && tags.binary_search_by_key(&at, |tag| tag.start).is_err()
        {
            let rest = slice(prompt, at..prompt.len());
            // One may directly follow another.
            let is_glued = continues_a_word(before) && (at > done || done == 0);
            let found = if is_glued { glued(rest) } else { typo_at(rest) };
            if let Some((kind, index, length)) = found {
                done = at + length;
                typos.push(Typo {
                    text: slice(prompt, at..done).to_owned(),
                    start: at,
                    end: done,
                    kind,
                    index,
                });
            }
        }
        if let Ok(tag) = tags.binary_search_by_key(&at, |tag| tag.start) {
            done = done.max(tags.get(tag).map_or(0, |tag| tag.end));
        }
        before = byte;
    }
    typos
}

/// A kind, a number, and a length in bytes.
type Found = (Kind, Option<u32>, usize);

/// A tag, or nearly one, directly after a letter or digit: not the domain of an email address.
fn glued(text: &str) -> Option<Found> {
    let found = typo_at(text).or_else(|| {
        let (kind, index, text) = tag_at(text)?;
        Some((kind, Some(index), text.len()))
    })?;
    let mut behind = slice(text, found.2..text.len()).bytes();
    let is_address =
        matches!(behind.next(), Some(b'.' | b'-')) && behind.next().is_some_and(continues_a_word);
    let is_exact = Kind::ALL
        .iter()
        .any(|kind| strip_folded_prefix(slice(text, 1..text.len()), kind.as_str()).is_some());
    (text.starts_with('@') && is_exact && found.1.is_some() && !is_address).then_some(found)
}

/// The typo that the text begins with.
fn typo_at(text: &str) -> Option<Found> {
    let mut rest = text;
    let mut close = None;
    let mut depth = 0;
    let mut has_sign = false;
    if let Some(inner) = text.strip_prefix("#") {
        rest = inner;
    } else if let Some((open, closing)) = BRACKETS.iter().find(|(open, _)| text.starts_with(open)) {
        close = Some(*closing);
        while depth < 3
            && let Some(inner) = rest.strip_prefix(open)
        {
            rest = inner;
            depth += 1;
        }
    }
    if let Some(inner) = strip_any_prefix(rest, &["@", "＠"]) {
        // A tag in brackets is a tag.
        if close.is_some() && tag_at(rest).is_some() {
            return None;
        }
        has_sign = true;
        rest = inner.strip_prefix(" ").unwrap_or(inner);
    }
    if !has_sign && rest.len() == text.len() {
        return None;
    }
    let (kind, exact, index, mut end) = numbered_word(rest, has_sign).or_else(|| {
        // Without a number it counts only as the exact word of a tag: "@music" may be a name.
        if !has_sign || close.is_some() {
            return None;
        }
        WORDS.iter().find_map(|(kind, list)| {
            let mut words = wordings(list).filter(|word| *word == kind.as_str() || !word.is_ascii());
            let behind = words.find_map(|word| strip_folded_prefix(rest, word))?;
            // "@video/player" and "@video.maker" are names.
            let mut next = behind.bytes();
            let is_name =
                matches!(next.next(), Some(b'/' | b'.' | b'-')) && next.next().is_some_and(continues_a_word);
            (!is_name).then_some((*kind, true, None, behind))
        })
    })?;
    for _ in 0..depth {
        end = end.strip_prefix(close?)?;
    }
    let mut length = text.len() - end.len();
    if close.is_none() && end.bytes().next().is_some_and(continues_a_word) {
        // "@Image1a", but not "@images" or "@photo1st".
        if !exact || index.is_none() {
            return None;
        }
        length += end.bytes().take_while(|byte| continues_a_word(*byte)).count();
    }
    let is_small = index.is_none_or(|index| (1..=max_index(kind)).contains(&index));
    // "#photo2024" is a hashtag, "@picture99" a name.
    (is_small || exact && has_sign).then_some((kind, index, length))
}

/// A word with its number: the kind, whether the word is that of a tag, and what follows the number.
fn numbered_word(text: &str, may_be_misspelled: bool) -> Option<(Kind, bool, Option<u32>, &str)> {
    for (kind, list) in WORDS {
        for word in wordings(list) {
            let stem = word.strip_suffix('*');
            let Some(mut rest) = strip_folded_prefix(text, stem.unwrap_or(word)) else {
                continue;
            };
            if stem.is_some() {
                rest = rest.trim_start_matches(|letter| matches!(letter, 'a'..='z' | 'а'..='я'));
            }
            if let Some((index, behind)) = number_after(rest) {
                return Some((*kind, word == kind.as_str(), Some(index), behind));
            }
        }
    }
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = slice(text, 0..length).to_ascii_lowercase();
    let kind = Kind::ALL.iter().find(|kind| {
        may_be_misspelled
            && (4..=7).contains(&length)
            && word.as_bytes().first() == kind.as_str().as_bytes().first()
            && edit_distance(&word, kind.as_str()) <= 2
    })?;
    let (index, behind) = number_after(slice(text, length..text.len()))?;
    Some((*kind, false, Some(index), behind))
}

/// The number after a word, and what follows it.
fn number_after(text: &str) -> Option<(u32, &str)> {
    let mut rest = text.strip_prefix("_file_").unwrap_or(text);
    for _ in 0..2 {
        rest = strip_any_prefix(rest, &GAPS).unwrap_or(rest);
    }
    for (open, close) in BRACKETS {
        if let Some(inner) = rest.strip_prefix(open) {
            let (number, rest) = number(inner)?;
            return Some((number, rest.strip_prefix(close)?));
        }
    }
    number(rest).or_else(|| {
        for (list, words) in NUMBERS.into_iter().enumerate() {
            for (at, word) in wordings(words).enumerate() {
                if let Some(behind) = strip_folded_prefix(rest, word)
                    && (list > 0
                        || rest.len() < text.len() && !behind.bytes().next().is_some_and(continues_a_word))
                {
                    return Some((at as u32 + 1, behind));
                }
            }
        }
        None
    })
}

/// The number that a text begins with, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    const ZEROS: [char; 4] = ['0', '０', '٠', '۰'];
    let mut value = None;
    for (byte, character) in text.char_indices() {
        let digit = ZEROS.iter().find_map(|zero| {
            let digit = (character as u32).wrapping_sub(*zero as u32);
            (digit < 10).then_some(digit)
        });
        let Some(digit) = digit else {
            return Some((value?, slice(text, byte..text.len())));
        };
        value = Some(value.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
    }
    Some((value?, ""))
}

#[cfg(test)]
mod tests {
    use super::super::parse_tags;
    use super::*;

    fn typos(prompt: &str) -> Vec<(String, Kind, Option<u32>)> {
        let found = find_typos(prompt, &parse_tags(prompt));
        for typo in &found {
            assert_eq!(&prompt[typo.start..typo.end], typo.text);
        }
        found
            .into_iter()
            .map(|typo| (typo.text, typo.kind, typo.index))
            .collect()
    }

    #[test]
    fn finds_common_typos() {
        for (text, kind, index) in [
            ("@image1", Kind::Image, Some(1)),
            ("@IMAGE1", Kind::Image, Some(1)),
            ("@img1", Kind::Image, Some(1)),
            ("@Image 1", Kind::Image, Some(1)),
            ("@ Image1", Kind::Image, Some(1)),
            ("@Image_1", Kind::Image, Some(1)),
            ("@Image01", Kind::Image, Some(1)),
            ("[Image1]", Kind::Image, Some(1)),
            ("[[image1]]", Kind::Image, Some(1)),
            ("<Image1>", Kind::Image, Some(1)),
            ("<<<image_1>>>", Kind::Image, Some(1)),
            ("{Image1}", Kind::Image, Some(1)),
            ("#Image1", Kind::Image, Some(1)),
            ("@Element1", Kind::Image, Some(1)),
            ("@image_file_1", Kind::Image, Some(1)),
            ("@Imgae1", Kind::Image, Some(1)),
            ("@Imag1", Kind::Image, Some(1)),
            ("@Vedio1", Kind::Video, Some(1)),
            ("@Vidoe2", Kind::Video, Some(2)),
            ("@Auido1", Kind::Audio, Some(1)),
            ("@Image1a", Kind::Image, Some(1)),
            ("@Image(2)", Kind::Image, Some(2)),
            ("@Image[2]", Kind::Image, Some(2)),
            ("@Image②", Kind::Image, Some(2)),
            ("@Image two", Kind::Image, Some(2)),
            ("@图二", Kind::Image, Some(2)),
            ("@Image\u{a0}2", Kind::Image, Some(2)),
            ("@Image\u{200b}2", Kind::Image, Some(2)),
            ("@画像1", Kind::Image, Some(1)),
            ("@写真 1", Kind::Image, Some(1)),
            ("@図1", Kind::Image, Some(1)),
            ("@動画1", Kind::Video, Some(1)),
            ("@ビデオ1", Kind::Video, Some(1)),
            ("@音声1", Kind::Audio, Some(1)),
            ("@그림1", Kind::Image, Some(1)),
            ("@이미지1", Kind::Image, Some(1)),
            ("@영상1", Kind::Video, Some(1)),
            ("@图 2", Kind::Image, Some(2)),
            ("@圖片1", Kind::Image, Some(1)),
            ("@Figure 1", Kind::Image, Some(1)),
            ("@Picture 2", Kind::Image, Some(2)),
            ("@imagen1", Kind::Image, Some(1)),
            ("@imagem1", Kind::Image, Some(1)),
            ("@изображение1", Kind::Image, Some(1)),
            ("@Фото 3", Kind::Image, Some(3)),
            ("@صورة1", Kind::Image, Some(1)),
            ("@صورة٢", Kind::Image, Some(2)),
            ("【图片1】", Kind::Image, Some(1)),
            ("@图片1", Kind::Image, Some(1)),
            ("@bild1", Kind::Image, Some(1)),
            ("＠Image1", Kind::Image, Some(1)),
            ("@Image１", Kind::Image, Some(1)),
            ("@视频2", Kind::Video, Some(2)),
            ("@vid1", Kind::Video, Some(1)),
            ("@音乐1", Kind::Audio, Some(1)),
            ("@Image", Kind::Image, None),
            ("@이미지", Kind::Image, None),
            ("@Image0", Kind::Image, Some(0)),
            ("@Image31", Kind::Image, Some(31)),
            ("@Video11", Kind::Video, Some(11)),
        ] {
            for prompt in [
                text.to_owned(),
                format!("🎬 use {text}, please"),
                format!("使用{text}作为"),
            ] {
                assert_eq!(typos(&prompt), [(text.to_owned(), kind, index)], "{prompt}");
            }
        }
    }

    #[test]
    fn ignores_other_words() {
        for prompt in [
            "@Image1",
            "me@image1.com",
            "@music",
            "@imagine",
            "@videographer",
            "@",
            "[x]",
            "[image]",
            "me@Image1.com",
            "【@Image1】",
            "[@Image1]",
            "image 1",
            "@clipboard",
            "@pic",
            "#photo2024",
            "@page1",
            "<video>",
            "npm i @video/player",
            "@video.maker10",
            "{\"image1\": 2}",
            "@Image1@Image2",
        ] {
            assert_eq!(typos(prompt), [], "{prompt}");
        }
    }

    #[test]
    fn finds_each_of_several_in_a_row() {
        for (prompt, count) in [
            ("@图1@图2 fight", 2),
            ("@image1@image2@image3", 3),
            ("@Picture 1@Picture 2", 2),
            ("@Image1@image2", 1),
            ("@image1@Image2", 2),
        ] {
            assert_eq!(typos(prompt).len(), count, "{prompt}");
        }
    }

    #[test]
    fn finds_tags_after_a_letter() {
        for (prompt, text) in [
            ("woman@Image1 walks", "@Image1"),
            ("ref@video 1", "@video 1"),
            ("Man@Image1.", "@Image1"),
        ] {
            let found = find_typos(prompt, &parse_tags(prompt));
            assert_eq!(found[0].text, text, "{prompt}");
            assert_eq!(found[0].is_glued(), text == "@Image1", "{prompt}");
        }
    }

    #[test]
    fn distinguishes_numbers_out_of_range_from_misspellings() {
        for (prompt, out) in [
            ("@Image0", true),
            ("@Image31", true),
            ("@Video11", true),
            ("@image10", false),
            ("@Image01", false),
        ] {
            let typo = &find_typos(prompt, &[])[0];
            assert_eq!(typo.is_out_of_range(), out, "{prompt}");
        }
    }
}
