//! Emoji that are made of several characters and count as one.

use crate::lines::lines;

/// Every such emoji with the version of the table that brought it, in the order of their bytes.
static SEQUENCES: [&str; 2830] = lines(include_str!("../data/emoji.txt"));

/// Which emoji are known: those up to a version of the Unicode emoji table.
///
/// A sequence that is not known counts as its pieces. The official libraries stopped at version 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmojiVersion(u8);

impl EmojiVersion {
    /// The table of the official libraries.
    pub const OFFICIAL: Self = Self(11);
    /// All that this library knows: version 18.
    pub const LATEST: Self = Self(18);

    /// The table up to this version, from 11 to 18; a version outside of that becomes the nearest.
    pub fn up_to(version: u8) -> Self {
        Self(version.clamp(Self::OFFICIAL.0, Self::LATEST.0))
    }
}

/// Whether this character can be the second of a sequence, as cheaply as can be told.
pub(crate) fn continues(c: char) -> bool {
    matches!(c,
        '\u{200D}' | '\u{20E3}' | '\u{FE0F}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0067}')
}

/// How long the longest known sequence is that `text` begins with.
pub(crate) fn longest(text: &str, version: EmojiVersion) -> Option<usize> {
    let (mut range, mut best) = (&SEQUENCES[..], None);
    for (at, c) in text.char_indices() {
        let prefix = &text.as_bytes()[..at + c.len_utf8()];
        let first = range.partition_point(|row| row.as_bytes() < prefix);
        let len = range[first..].partition_point(|row| row.as_bytes().starts_with(prefix));
        range = &range[first..first + len];
        // A sequence that ends here stands before those that go on, for a blank comes before all of its characters.
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
    fn the_table_is_sorted_and_each_row_is_found() {
        assert!(SEQUENCES.is_sorted());
        for row in SEQUENCES {
            let (sequence, since) = row.split_once(' ').expect("a row has two parts");
            let since: u8 = since.parse().expect("a version");
            assert_eq!(longest(sequence, EmojiVersion(since)), Some(sequence.len()), "{row}");
            let more = format!("{sequence}👨x");
            assert_eq!(longest(&more, EmojiVersion(since)), Some(sequence.len()), "{row} and more");
            assert!(sequence.chars().nth(1).is_some_and(continues), "{row}");
            if since > 11 {
                assert!(longest(sequence, EmojiVersion(since - 1)) < Some(sequence.len()), "{row}");
            }
        }
    }

    #[test]
    fn the_longest_wins() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(longest(&format!("{family}!"), EmojiVersion::OFFICIAL), Some(family.len()));
        assert_eq!(longest("👨x", EmojiVersion::OFFICIAL), None);
        assert_eq!(longest("", EmojiVersion::OFFICIAL), None);
    }
}
