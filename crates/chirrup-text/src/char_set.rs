//! Sets of characters with a bit for each, so that membership takes few instructions.

/// Number of characters in a block, which has one word of bits.
const BLOCK: usize = 64;
/// End of the characters with a bit. Those after it are rare.
const BITS_END: u32 = 0x1_0000;

/// Set of characters, given as ranges.
pub(crate) struct CharSet {
    /// Ranges of the characters, sorted.
    ranges: &'static [(u32, u32)],
    bits: [u64; BITS_END as usize / BLOCK],
}

impl CharSet {
    /// Creates the set of the characters in these sorted ranges, which include their ends.
    pub(crate) const fn new(ranges: &'static [(u32, u32)]) -> Self {
        let mut bits = [0; BITS_END as usize / BLOCK];
        let mut n = 0;
        while n < ranges.len() {
            let (mut c, last) = ranges[n];
            while c <= last && c < BITS_END {
                bits[c as usize / BLOCK] |= 1 << (c as usize % BLOCK);
                c += 1;
            }
            n += 1;
        }
        Self { ranges, bits }
    }

    /// Returns whether the set has this character.
    pub(crate) fn contains(&self, c: char) -> bool {
        let c = u32::from(c);
        match self.bits.get(c as usize / BLOCK) {
            Some(block) => block >> (c as usize % BLOCK) & 1 != 0,
            None => is_in(c, self.ranges),
        }
    }
}

/// Looks up a character in sorted ranges.
fn is_in(c: u32, ranges: &[(u32, u32)]) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= c);
    after > 0 && c <= ranges[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashtag_chars::{CHARS, LETTERS};

    #[test]
    fn a_set_has_exactly_the_characters_of_its_ranges() {
        for set in [&CHARS, &LETTERS] {
            assert!(set.ranges.is_sorted());
            for c in '\0'..=char::MAX {
                assert_eq!(set.contains(c), is_in(u32::from(c), set.ranges), "{c:?}");
            }
        }
    }
}
