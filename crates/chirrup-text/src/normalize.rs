//! Unicode normalization, without work for texts that it does not change.

use crate::char_set::CharSet;
use crate::words::{Flags, Word, words};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Characters of common scripts that never change in normalization form C. This is faster than the Unicode tables.
#[rustfmt::skip]
static STABLE: CharSet = CharSet::new(&[
    (0x0, 0x2FF), (0x370, 0x373), (0x375, 0x37D), (0x37F, 0x386), (0x388, 0x482), (0x488, 0x590), (0x5CA, 0x60F),
    (0x61B, 0x64A), (0x660, 0x66F), (0x671, 0x6D5), (0x904, 0x928), (0x93D, 0x94C), (0xE01, 0xE37), (0xE40, 0xE47),
    (0x10A0, 0x10FF), (0x1E00, 0x1EFF), (0x2002, 0x20CF), (0x2190, 0x2328), (0x232B, 0x2ADB), (0x2E00, 0x3029),
    (0x3030, 0x3098), (0x309B, 0xA66E), (0xAC00, 0xD7A3), (0xFE0F, 0xFE0F), (0xFE30, 0xFFFF), (0x1F000, 0x1FAFF),
]);

/// Returns the text in Unicode normalization form C, in which lengths are measured.
pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
    match first_unstable(text) {
        Some(at) if is_nfc_quick(text[at..].chars()) != IsNormalized::Yes => Cow::Owned(text.nfc().collect()),
        _ => Cow::Borrowed(text),
    }
}

/// Returns the position of the first character that is not stable.
fn first_unstable(text: &str) -> Option<usize> {
    let is_unstable = |at: &usize| text[*at..].chars().next().is_some_and(|c| !STABLE.contains(c));
    for (at, word) in words(text.as_bytes()) {
        if !word.non_ascii().is_empty() {
            let unstable = possibly_unstable_starts(word).positions().map(|n| at + n).find(is_unstable);
            if unstable.is_some() {
                return unstable;
            }
        }
    }
    None
}

/// Flags the first bytes with which a character can be unstable.
fn possibly_unstable_starts(word: Word) -> Flags {
    let is_between = |first: u8, last: u8| word.low_bits_at_least(first) & !word.low_bits_at_least(last + 1);
    let stable = is_between(0xD0, 0xD1) | is_between(0xE4, 0xE9) | is_between(0xEB, 0xEC);
    word.non_ascii() & word.low_bits_at_least(0xCC) & !stable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_characters_do_not_change_in_normalization() {
        for c in '\0'..='\u{2_0000}' {
            if !STABLE.contains(c) {
                assert_eq!(first_unstable(c.encode_utf8(&mut [0; 4])), Some(0), "{c:?}");
                continue;
            }
            assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c:?}");
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
        }
    }
}
