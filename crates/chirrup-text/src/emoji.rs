//! Emoji sequences: emoji of several code points that count as one character.

use crate::string_table::{Hash, StringTable};

/// Every known sequence with the emoji version that introduced it, separated by a space.
static SEQUENCES: StringTable<2830, 8192> = StringTable::new(include_str!("../data/emoji.txt"));

/// Version of the Unicode emoji table up to which emoji sequences are recognized.
///
/// An unknown sequence counts as its individual code points. The official libraries stopped at version 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmojiVersion(u8);

impl EmojiVersion {
    /// Emoji version of the official libraries: 11.
    pub const OFFICIAL: Self = Self(11);
    /// Latest emoji version that this library knows: 18.
    pub const LATEST: Self = Self(18);

    /// Creates a version from 11 to 18. Other numbers are clamped to that range.
    pub fn up_to(version: u8) -> Self {
        Self(version.clamp(Self::OFFICIAL.0, Self::LATEST.0))
    }
}

/// Maximum length of a sequence in bytes.
const MAX_LEN: usize = 35;

/// Returns whether the character at the start of `text` can follow the one before it in a sequence, without a joiner
/// between them. This is a cheap test before the look-up.
pub(crate) fn continues_sequence(text: &[u8]) -> bool {
    // U+200D, U+20E3, U+FE0F, regional indicators, skin tones and tags.
    matches!(
        text,
        [0xE2, 0x80, 0x8D, ..]
            | [0xE2, 0x83, 0xA3, ..]
            | [0xEF, 0xB8, 0x8F, ..]
            | [0xF0, 0x9F, 0x87, 0xA6..=0xBF, ..]
            | [0xF0, 0x9F, 0x8F, 0xBB..=0xBF, ..]
            | [0xF3, 0xA0, 0x80 | 0x81, ..]
    )
}

/// Returns the length in bytes of the longest known sequence at the start of `text`.
pub(crate) fn longest_sequence(text: &str, version: EmojiVersion) -> Option<usize> {
    let (mut longest, mut hash, mut is_joined) = (None, Hash::EMPTY, true);
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if end > MAX_LEN || !(is_joined || continues_sequence(&text.as_bytes()[start..])) {
            break;
        }
        is_joined = c == '\u{200D}';
        hash = text.as_bytes()[start..end].iter().fold(hash, |hash, b| hash.with(*b));
        if since(&text[..end], hash).is_some_and(|since| since <= version.0) {
            longest = Some(end);
        }
    }
    longest
}

/// Returns the emoji version that introduced a sequence with this hash.
fn since(sequence: &str, hash: Hash) -> Option<u8> {
    let since = |line: &'static str| line.strip_prefix(sequence)?.strip_prefix(' ');
    SEQUENCES.find(hash, since)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_found() {
        for line in SEQUENCES.lines() {
            let (sequence, since) = line.split_once(' ').expect("a line has two columns");
            let since: u8 = since.parse().expect("the second column is a version");
            assert_eq!(longest_sequence(sequence, EmojiVersion(since)), Some(sequence.len()), "{line}");
            let followed = format!("{sequence}👨x");
            assert_eq!(
                longest_sequence(&followed, EmojiVersion(since)),
                Some(sequence.len()),
                "{line}, followed by 👨x"
            );
            let first = sequence.chars().next().map_or(0, char::len_utf8);
            assert!(continues_sequence(&sequence.as_bytes()[first..]), "{line}");
            if since > 11 {
                assert!(longest_sequence(sequence, EmojiVersion(since - 1)) < Some(sequence.len()), "{line}");
            }
        }
    }

    #[test]
    fn the_longest_sequence_wins() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(longest_sequence(&format!("{family}!"), EmojiVersion::OFFICIAL), Some(family.len()));
        assert_eq!(longest_sequence("👨x", EmojiVersion::OFFICIAL), None);
        assert_eq!(longest_sequence("", EmojiVersion::OFFICIAL), None);
    }
}
