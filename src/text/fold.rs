//! Lower case for Latin, Cyrillic and full-width letters, without Unicode's tables of 3 KB.

/// A character in lower case, with as many bytes. Letters of other scripts are returned unchanged.
pub fn fold_char(character: char) -> char {
    let shift = match character {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'А'..='Я' => 32,
        'Ё' => 80,
        _ => 0,
    };
    char::from_u32(character as u32 + shift).unwrap_or(character)
}

/// A string in lower case, with the same byte offsets.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        folded.push(fold_char(character));
    }
    folded
}

/// What follows a prefix, which is in lower case, in a string in any case.
pub fn strip_folded_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    let is_equal = start.chars().map(fold_char).eq(prefix.chars());
    is_equal.then(|| text.get(prefix.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_latin_and_cyrillic_letters_as_the_standard_library_does() {
        for code in 0..0x0450 {
            let Some(character) = char::from_u32(code) else {
                continue;
            };
            let folded = fold_char(character);
            if folded != character {
                assert!(character.to_lowercase().eq([folded]), "{character}");
                assert_eq!(folded.len_utf8(), character.len_utf8(), "{character}");
            }
        }
        assert_eq!(fold("Ära, ÉCLAIR, Ёлка, 图"), "ära, éclair, ёлка, 图");
    }

    #[test]
    fn prefixes_match_in_any_case() {
        assert_eq!(strip_folded_prefix("Фото 1", "фото"), Some(" 1"));
        assert_eq!(strip_folded_prefix("图", "图片"), None);
        assert_eq!(strip_folded_prefix("é", "e"), None);
    }
}
