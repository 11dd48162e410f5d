//! How many tokens a prompt has, in bounds.
//!
//! The vendor counts with a tokenizer that it does not name \[ref\]. Nine that are known stand in for
//! it, from GPT-3's to DeepSeek's and Gemma's. `tools/calibrate.js` counts with them, and
//! `tests/tokens/REPORT.md` says how far the three numbers are from theirs.
//!
//! `low` rests on where no token of the nine reaches across: from one word to the next, from a word to
//! the comma behind it. A piece between such places is at least one token, and one more for each
//! `LONGEST` units of it; the units of a character follow from the longest token of its script (Han:
//! 16 characters, and 16 × 8 units is the limit). The bound holds for every prompt when no token alone
//! weighs more than one: tokens laid end to end join pieces and never add any. `tools/calibrate.js`
//! weighs every token of the nine vocabularies. It is loose where tokens can be long: Chinese has five
//! times as many or more.
//!
//! `high` is the number of bytes, as byte-level BPE and SentencePiece's fallback have no smaller token,
//! and one for the space that SentencePiece puts in front. From that a third of the pairs is taken that
//! are tokens in all nine: BPE leaves no such pair apart, so at least one of any three in a row is
//! joined. A tokenizer that first spells out compatibility characters (NFKC: `㍿` is `株式会社`) can
//! count more for them: their ranges weigh more than their bytes. Some hundred rare letters outside
//! those ranges, such as U+0958, which NFC takes apart, can still exceed it in a prompt of little else.
//!
//! `estimate` is near the middle one of the nine counts. Its weights were fitted to half of the texts
//! in `tests/tokens/corpus.json`, by relative error, and rounded; those of what is rare there were set by
//! hand.

use super::json::{Json, ToJson};

/// A count of tokens, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenEstimate {
    /// No tokenizer is expected to count fewer.
    pub low: u32,
    /// The likely count.
    pub estimate: u32,
    /// No tokenizer is expected to count more.
    pub high: u32,
}

impl ToJson for TokenEstimate {
    fn write(&self, json: &mut Json) {
        json.open('{');
        json.field("low", &self.low);
        json.field("estimate", &self.estimate);
        json.field("high", &self.high);
        json.close('}');
    }
}

/// Units of the longest token.
const LONGEST: u32 = 128;

/// Digits of the longest number that is one token.
const LONGEST_NUMBER: u32 = 32;

/// Letters of a word that cost nothing beyond the first.
const SHORT_WORD: u32 = 7;

/// The characters of a script or block outside ASCII.
struct Range {
    /// The last character, without its last four bits.
    end: u16,
    /// Units of a piece for `low`, or [`ENDS`]. With none a character neither starts nor ends a piece.
    units: u8,
    /// Bytes that a character can have beyond its own once it is spelled out.
    more: u8,
    /// The likely tokens, in 64ths.
    estimate: u8,
}

/// Punctuation ends a piece: no token of the nine has letters on both sides of it.
const ENDS: u8 = u8::MAX;

const fn range(last: u32, units: u8, more: u8, estimate: u8) -> Range {
    Range {
        end: (last >> 4) as u16,
        units,
        more,
        estimate,
    }
}

const RANGES: [Range; 26] = [
    range(0x00bf, 0, 3, 50),    // Latin-1 signs
    range(0x024f, 1, 1, 105),   // Latin
    range(0x036f, 1, 2, 125),   // phonetic letters, combining marks
    range(0x03ff, 1, 0, 60),    // Greek
    range(0x052f, 1, 0, 30),    // Cyrillic
    range(0x05ff, 1, 0, 75),    // Armenian, Hebrew
    range(0x07ff, 1, 0, 37),    // Arabic
    range(0x0dff, 1, 0, 80),    // Indic
    range(0x0e7f, 5, 0, 40),    // Thai
    range(0x1dff, 5, 0, 105),   // Lao, Georgian, Ethiopic and others
    range(0x1eff, 1, 0, 90),    // Vietnamese
    range(0x1fff, 1, 2, 100),   // Greek with accents
    range(0x206f, ENDS, 0, 40), // dashes, quotes
    range(0x2fff, 0, 9, 80),    // arrows, frames, shapes
    range(0x302f, ENDS, 0, 64), // Chinese and Japanese punctuation
    range(0x30ff, 8, 0, 50),    // kana
    range(0x31ff, 8, 0, 64),    // bopomofo, Korean letters
    range(0x33ff, 8, 15, 160),  // words in one square
    range(0x9fff, 8, 0, 58),    // Han
    range(0xd7ff, 8, 0, 66),    // Korean syllables
    range(0xfdff, 1, 30, 64),   // Han for compatibility, ligatures
    range(0xfeff, 1, 1, 46),    // variation selectors, Arabic forms
    range(0xff1f, ENDS, 0, 58), // punctuation and digits as wide as Han
    range(0xffff, 1, 0, 64),    // letters as wide as Han
    range(0x1_f2ff, 1, 8, 200), // old scripts, music, mathematics, flags
    range(0xf_ffff, 1, 0, 205), // emoji, rare Han
];

/// For each first letter the second ones, a bit each, of the pairs that are common: they stand in at
/// least ten of the 6242 words of small letters that are one token for each of the nine tokenizers,
/// and are themselves a token for each. A word of other pairs is misspelled, foreign or random.
const PAIRS: [u32; 26] = [
    0x1fe_bd6e, // a: bcdfgiklmnprstuvwxy
    0x016_4911, // b: aeilorsu
    0x11e_4d95, // c: acehiklorstuy
    0x116_4919, // d: adeilorsuy
    0x1ff_b9ff, // e: abcdefghilmnpqrstuvwxy
    0x01a_4931, // f: aefilortu
    0x016_69d1, // g: aeghilnorsu
    0x11a_4111, // h: aeiortuy
    0x2ae_f87f, // i: abcdefglmnoprstvxz
    0x010_4010, // j: eou
    0x004_2110, // k: eins
    0x13c_4919, // l: adeilostuvy
    0x014_d113, // m: abeimopsu
    0x11c_695d, // n: acdegilnostuy
    0x17e_fd7f, // o: abcdefgiklmnoprstuvwy
    0x01e_c991, // p: aehiloprstu
    0x010_0000, // q: u
    0x11e_797d, // r: acdefgilmnorstuy
    0x05c_ddb5, // s: acefhiklmopstuw
    0x15e_4995, // t: acehilorstuwy
    0x00e_b97f, // u: abcdefgilmnprst
    0x000_4111, // v: aeio
    0x006_6191, // w: aehinors
    0x008_8114, // x: ceipt
    0x004_f110, // y: eimnops
    0x000_0010, // z: e
];

/// Bounds for the number of tokens; linear in the length of the prompt.
pub fn estimate_tokens(prompt: &str) -> TokenEstimate {
    let mut count = Count::default();
    for character in prompt.chars() {
        count.add(character);
    }
    let any = u64::from(!prompt.is_empty());
    let low = (count.low + u64::from(count.stop)).max(any);
    let high = any + prompt.len() as u64 + count.more - count.pairs.div_ceil(3);
    // `clamp` would bring a panic along.
    let estimate = ((count.estimate + 32) / 64).max(low).min(high);
    let capped = |tokens: u64| tokens.min(u32::MAX.into()) as u32;
    TokenEstimate {
        low: capped(low),
        estimate: capped(estimate),
        high: capped(high),
    }
}

#[derive(Default)]
struct Count {
    low: u64,
    /// In 64ths.
    estimate: u64,
    /// Bytes of what is spelled out.
    more: u64,
    /// Pairs that are a token for every tokenizer.
    pairs: u64,
    /// The character before, how often it has been repeated, and whether it is punctuation.
    before: char,
    repeats: u32,
    punctuation: bool,
    /// Units of the piece so far; none outside a piece.
    piece: u32,
    letters: u32,
    digits: u32,
    /// A comma or the like, and nothing but punctuation since: a token, if a space or nothing follows.
    stop: bool,
}

impl Count {
    fn add(&mut self, character: char) {
        let repeats = if character == self.before {
            self.repeats + 1
        } else {
            0
        };
        self.repeats = repeats;
        let (stop, after_mark) = (self.stop, self.punctuation);
        (self.stop, self.punctuation) = (false, false);
        let weight = match character {
            'A'..='Z' | 'a'..='z' => self.letter(character, after_mark),
            '0'..='9' => self.digit(),
            ' ' => {
                self.low += u64::from(stop);
                self.end_piece();
                if repeats == 1 { 55 } else { u32::from(repeats > 1) }
            }
            '\0'..=' ' => {
                self.end_piece();
                if repeats > 0 || matches!(self.before, '\r' | '\n') {
                    1
                } else {
                    48
                }
            }
            '\x7f'.. => self.other(character, stop),
            _ => {
                self.punctuation = true;
                if character != '\'' || self.piece == 0 {
                    self.end_piece();
                    self.stop = if after_mark {
                        stop
                    } else {
                        self.before.is_ascii() && matches!(character, ',' | '.' | '!' | '?' | ':' | ';')
                    };
                }
                match (after_mark, repeats) {
                    (false, _) => 62,
                    (true, 0) => 28,
                    (true, _) => 1,
                }
            }
        };
        self.estimate += u64::from(weight);
        self.before = character;
    }

    fn letter(&mut self, letter: char, after_mark: bool) -> u32 {
        self.extend(1);
        let before = self.before;
        let common = common(before, letter);
        self.pairs += u64::from(before == ' ' || common && before >= 'a' && letter >= 'a');
        self.letters += 1;
        match (self.letters, after_mark) {
            (1, false) => 64,
            (1, true) => 24,
            (letters, _) => {
                16 * u32::from(letters > SHORT_WORD)
                    + 10 * u32::from(letter < 'a')
                    + 29 * u32::from(!common && before.is_ascii())
            }
        }
    }

    fn digit(&mut self) -> u32 {
        if !self.before.is_ascii_digit() {
            self.digits = 0;
        }
        // A tokenizer has `</h1>`: digits behind a letter may go with it.
        self.low += u64::from(self.piece == 0 && self.digits.is_multiple_of(LONGEST_NUMBER));
        self.end_piece();
        self.digits += 1;
        if self.digits == 1 { 77 } else { 21 }
    }

    fn other(&mut self, character: char, stop: bool) -> u32 {
        let code = u32::from(character);
        // Past the last range is only a plane for private use.
        let block = (code >> 4).min(0xffff);
        let Some(range) = RANGES.iter().find(|range| block <= range.end.into()) else {
            return 0;
        };
        self.more += u64::from(range.more);
        match character {
            '々' | '〆' | '〇' => self.extend(8),
            // Within a word to some tokenizers: an apostrophe, joiners.
            '’' | '\u{200b}'..='\u{200d}' => {}
            _ if range.units == ENDS => {
                self.punctuation = true;
                self.stop = stop;
                self.end_piece();
            }
            _ => self.extend(range.units.into()),
        }
        self.letters = if (0xc0..0x370).contains(&code) {
            self.letters + 1
        } else {
            0
        };
        u32::from(range.estimate) >> u32::from(self.repeats > 0)
    }

    /// More of the piece, or the start of one.
    fn extend(&mut self, units: u32) {
        let piece = self.piece + units;
        let starts = self.piece == 0 && units > 0 || piece > LONGEST;
        self.low += u64::from(starts);
        self.piece = if starts { units } else { piece };
    }

    fn end_piece(&mut self) {
        self.piece = 0;
        self.letters = 0;
    }
}

/// Whether two letters are one of the [`PAIRS`].
fn common(first: char, second: char) -> bool {
    let nth = |letter: char| (u32::from(letter) | 32).wrapping_sub(u32::from('a'));
    PAIRS
        .get(nth(first) as usize)
        .is_some_and(|seconds| seconds >> nth(second) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(prompt: &str) -> [u32; 3] {
        let TokenEstimate { low, estimate, high } = estimate_tokens(prompt);
        [low, estimate, high]
    }

    #[test]
    fn bounds_are_ordered_and_grow() {
        let mut last = [0; 3];
        for text in [
            "",
            "A",
            "A cat",
            "A cat walks",
            "A cat walks 慢慢地",
            "A cat walks 慢慢地 🐈!",
        ] {
            let now = count(text);
            assert!(now.is_sorted(), "{text}: {now:?}");
            assert!(
                now.iter().zip(last).all(|(now, last)| *now >= last),
                "{text}: {now:?}"
            );
            last = now;
        }
        assert_eq!(count(""), [0; 3]);
    }

    #[test]
    fn an_english_sentence_is_about_its_words() {
        let [low, estimate, high] = count("The woman turns her head slowly and smiles");
        assert_eq!(low, 8);
        assert!((8..=9).contains(&estimate), "{estimate}");
        assert!(high < 36, "{high}");
    }

    #[test]
    fn a_piece_ends_where_no_token_goes_on() {
        for (prompt, low) in [
            ("cat", 1),
            ("don't", 1),
            ("cat, dog", 3),
            ("cat,\ndog", 2),
            ("cat.", 2),
            ("a.b", 2),
            ("@Image1", 1),
            ("4 3.5", 3),
            ("佐々木さん", 1),
            ("猫，狗", 2),
            ("   ", 1),
        ] {
            assert_eq!(count(prompt)[0], low, "{prompt}");
        }
        assert_eq!(count(&"x".repeat(129))[0], 2);
        assert_eq!(count(&"猫".repeat(17))[0], 2);
        assert_eq!(count(&"7".repeat(33))[0], 2);
    }

    #[test]
    fn at_most_the_bytes_and_one_less_what_every_tokenizer_joins() {
        for (prompt, high) in [("XQ", 3), ("\n\n", 3), ("猫", 4), ("the", 3), (" a", 2)] {
            assert_eq!(count(prompt)[2], high, "{prompt:?}");
        }
    }

    #[test]
    fn ranges_follow_each_other_to_the_end() {
        let mut last = 0;
        for range in RANGES {
            assert!(range.end > last);
            last = range.end;
        }
        assert_eq!(last, 0xffff);
    }
}
