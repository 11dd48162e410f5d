//! An estimate of the number of tokens of a prompt, with bounds.
//!
//! The vendor does not name its tokenizer \[ref\]. Nine public ones stand in for it, from GPT-3's to
//! DeepSeek's and Gemma's. `tools/calibrate.js` counts with them, and `tests/tokens/REPORT.md` lists the
//! errors of the three numbers.
//!
//! `low` relies on boundaries that no token of the nine crosses: between two words, or between a word and
//! the comma after it. A piece between two boundaries is at least one token, and one more for each
//! `LONGEST` units. A character's units follow from the longest token of its script (Han: 16 characters
//! of 8 units reach the limit). The bound holds for every prompt if it holds for every single token, since
//! concatenation can join pieces but never adds one; `tools/calibrate.js` checks every token of the nine
//! vocabularies. The bound is loose where tokens can be long: Chinese text has five times as many or more.
//!
//! `high` is the number of bytes, the smallest tokens of byte-level BPE and of SentencePiece's fallback,
//! plus one for the space that SentencePiece prepends, minus a third of the pairs that are tokens in all
//! nine: BPE always merges such pairs, so of any three in a row it merges at least one. A tokenizer that
//! first normalizes to NFKC (`㍿` becomes `株式会社`) can count more tokens than bytes, so the ranges of
//! compatibility characters count extra. A few hundred rare letters outside those ranges, such as U+0958,
//! which NFC decomposes, can still exceed the bound in a prompt made of little else.
//!
//! `estimate` approximates the median of the nine counts. Its weights were fitted to half of the texts in
//! `tests/tokens/corpus.json` by relative error and rounded; weights of rare characters were set by hand.

use super::json::{Json, ToJson};

/// A count of tokens, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenEstimate {
    /// A lower bound for every tokenizer.
    pub low: u32,
    /// The likely count.
    pub estimate: u32,
    /// An upper bound for every tokenizer.
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

/// The units of the longest token.
const LONGEST: u32 = 128;

/// The digits of the longest number that is one token.
const LONGEST_NUMBER: u32 = 32;

/// The letters of a word up to which `estimate` counts the first one only.
const SHORT_WORD: u32 = 7;

/// The characters of a script or block outside ASCII.
struct Range {
    /// The last character, shifted right by four bits.
    end: u16,
    /// Units for `low`, or [`ENDS`]. A character of 0 units neither starts nor ends a piece.
    units: u8,
    /// The bytes that NFKC can add to a character.
    extra_bytes: u8,
    /// For `estimate`, in 64ths of a token.
    estimate: u8,
}

/// Punctuation ends a piece: no token of the nine has letters on both sides of one.
const ENDS: u8 = u8::MAX;

const fn range(last: u32, units: u8, extra_bytes: u8, estimate: u8) -> Range {
    Range {
        end: (last >> 4) as u16,
        units,
        extra_bytes,
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
    range(0x2fff, 0, 9, 80),    // arrows, box drawing, shapes
    range(0x302f, ENDS, 0, 64), // Chinese and Japanese punctuation
    range(0x30ff, 8, 0, 50),    // kana
    range(0x31ff, 8, 0, 64),    // bopomofo, Korean letters
    range(0x33ff, 8, 15, 160),  // squared words
    range(0x9fff, 8, 0, 58),    // Han
    range(0xd7ff, 8, 0, 66),    // Korean syllables
    range(0xfdff, 1, 30, 64),   // compatibility Han, ligatures
    range(0xfeff, 1, 1, 46),    // variation selectors, Arabic forms
    range(0xff1f, ENDS, 0, 58), // full-width punctuation and digits
    range(0xffff, 1, 0, 64),    // full-width letters
    range(0x1_f2ff, 1, 8, 200), // historic scripts, music, mathematics, flags
    range(0xf_ffff, 1, 0, 205), // emoji, rare Han
];

/// The common pairs of letters: for each first letter, a bit for each second one. Each pair is a token of all
/// nine tokenizers, and occurs in at least ten of the 6242 lowercase words that are a single token of all
/// nine. A word with other pairs is misspelled, foreign or random.
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

/// Estimates the number of tokens of a prompt, in time linear to its length.
pub fn estimate_tokens(prompt: &str) -> TokenEstimate {
    let mut count = Count::default();
    for character in prompt.chars() {
        count.add(character);
    }
    let any = u64::from(!prompt.is_empty());
    let low = (count.low + u64::from(count.pending_stop)).max(any);
    let high = any + prompt.len() as u64 + count.extra_bytes - count.pairs.div_ceil(3);
    // `clamp` can panic, which adds to the module.
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
    /// The bytes that NFKC can add.
    extra_bytes: u64,
    /// Pairs that every tokenizer merges.
    pairs: u64,
    previous: char,
    /// How many times the previous character was repeated.
    repeats: u32,
    /// Whether the previous character is punctuation.
    punctuation: bool,
    /// Units of the current piece; 0 outside a piece.
    piece: u32,
    letters: u32,
    digits: u32,
    /// A comma or the like, followed by punctuation only so far. It is a token if a space or the end follows.
    pending_stop: bool,
}

impl Count {
    fn add(&mut self, character: char) {
        let repeats = if character == self.previous {
            self.repeats + 1
        } else {
            0
        };
        self.repeats = repeats;
        let (stop, after_mark) = (self.pending_stop, self.punctuation);
        (self.pending_stop, self.punctuation) = (false, false);
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
                if repeats > 0 || matches!(self.previous, '\r' | '\n') {
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
                    self.pending_stop = if after_mark {
                        stop
                    } else {
                        self.previous.is_ascii() && matches!(character, ',' | '.' | '!' | '?' | ':' | ';')
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
        self.previous = character;
    }

    fn letter(&mut self, letter: char, after_mark: bool) -> u32 {
        self.extend(1);
        let previous = self.previous;
        let common = is_common(previous, letter);
        self.pairs += u64::from(previous == ' ' || common && previous >= 'a' && letter >= 'a');
        self.letters += 1;
        match (self.letters, after_mark) {
            (1, false) => 64,
            (1, true) => 24,
            (letters, _) => {
                16 * u32::from(letters > SHORT_WORD)
                    + 10 * u32::from(letter < 'a')
                    + 29 * u32::from(!common && previous.is_ascii())
            }
        }
    }

    fn digit(&mut self) -> u32 {
        if !self.previous.is_ascii_digit() {
            self.digits = 0;
        }
        // One vocabulary has `</h1>`: digits after a letter may belong to its token.
        self.low += u64::from(self.piece == 0 && self.digits.is_multiple_of(LONGEST_NUMBER));
        self.end_piece();
        self.digits += 1;
        if self.digits == 1 { 77 } else { 21 }
    }

    fn other(&mut self, character: char, stop: bool) -> u32 {
        let code = u32::from(character);
        // After the last range there is only a private use plane.
        let block = (code >> 4).min(0xffff);
        let Some(range) = RANGES.iter().find(|range| block <= range.end.into()) else {
            return 0;
        };
        self.extra_bytes += u64::from(range.extra_bytes);
        match character {
            '々' | '〆' | '〇' => self.extend(8),
            // Some tokenizers have these inside words: an apostrophe, joiners.
            '’' | '\u{200b}'..='\u{200d}' => {}
            _ if range.units == ENDS => {
                self.punctuation = true;
                self.pending_stop = stop;
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

    /// Extends the current piece, or starts one.
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
fn is_common(first: char, second: char) -> bool {
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
    fn bounds_are_ordered_and_grow_with_the_prompt() {
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
    fn counts_about_one_token_for_each_english_word() {
        let [low, estimate, high] = count("The woman turns her head slowly and smiles");
        assert_eq!(low, 8);
        assert!((8..=9).contains(&estimate), "{estimate}");
        assert!(high < 36, "{high}");
    }

    #[test]
    fn low_counts_the_pieces_that_no_token_crosses() {
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
    fn high_counts_bytes_minus_merged_pairs() {
        for (prompt, high) in [("XQ", 3), ("\n\n", 3), ("猫", 4), ("the", 3), (" a", 2)] {
            assert_eq!(count(prompt)[2], high, "{prompt:?}");
        }
    }

    #[test]
    fn ranges_are_sorted_and_cover_all_characters() {
        let mut last = 0;
        for range in RANGES {
            assert!(range.end > last);
            last = range.end;
        }
        assert_eq!(last, 0xffff);
    }
}
