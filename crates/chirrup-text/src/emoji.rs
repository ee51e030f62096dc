//! Emoji sequences: emoji of several code points that count as one character.

use crate::lines::lines;

/// Every known sequence with the emoji version that introduced it, separated by a space and sorted by bytes.
static SEQUENCES: [&str; 2830] = lines(include_str!("../data/emoji.txt"));

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

/// Returns whether a character can be the second of a sequence. This is a cheap test before the table lookup.
pub(crate) fn continues_sequence(c: char) -> bool {
    matches!(c,
        '\u{200D}' | '\u{20E3}' | '\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0067}')
}

/// Returns the length in bytes of the longest known sequence at the start of `text`.
pub(crate) fn longest_sequence(text: &str, version: EmojiVersion) -> Option<usize> {
    let (mut range, mut best) = (&SEQUENCES[..], None);
    for (at, c) in text.char_indices() {
        let prefix = &text.as_bytes()[..at + c.len_utf8()];
        let first = range.partition_point(|row| row.as_bytes() < prefix);
        let len = range[first..].partition_point(|row| row.as_bytes().starts_with(prefix));
        range = &range[first..first + len];
        // A space sorts before every character of a sequence, so a sequence comes before those that it is a prefix of.
        let Some((sequence, since)) = range.first().and_then(|row| row.split_once(' ')) else { break };
        if sequence.len() == prefix.len() && since.parse().is_ok_and(|since: u8| since <= version.0) {
            best = Some(prefix.len());
        }
        if range.len() == 1 && sequence.len() == prefix.len() {
            break;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_row_is_found() {
        assert!(SEQUENCES.is_sorted());
        for row in SEQUENCES {
            let (sequence, since) = row.split_once(' ').expect("a row has two columns");
            let since: u8 = since.parse().expect("the second column is a version");
            assert_eq!(longest_sequence(sequence, EmojiVersion(since)), Some(sequence.len()), "{row}");
            let followed = format!("{sequence}👨x");
            assert_eq!(
                longest_sequence(&followed, EmojiVersion(since)),
                Some(sequence.len()),
                "{row}, followed by 👨x"
            );
            assert!(sequence.chars().nth(1).is_some_and(continues_sequence), "{row}");
            if since > 11 {
                assert!(longest_sequence(sequence, EmojiVersion(since - 1)) < Some(sequence.len()), "{row}");
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
