//! Words of eight bytes, which are compared with a byte all together (SIMD within a register).

use std::ops::{BitAnd, BitOr, Not};

/// Number of bytes in a word.
pub(crate) const WORD_LEN: usize = size_of::<u64>();
/// Lowest bit of each byte.
const LOWEST: u64 = u64::MAX / 0xFF;
/// Highest bit of each byte.
const HIGHEST: u64 = LOWEST << 7;

/// Eight bytes of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word(u64);

/// Iterator over the words of a text with their positions. The last word is filled with zeros.
#[derive(Debug)]
pub(crate) struct Words<'t> {
    text: &'t [u8],
    at: usize,
}

/// Returns the words of a text.
pub(crate) fn words(text: &[u8]) -> Words<'_> {
    Words { text, at: 0 }
}

impl Iterator for Words<'_> {
    type Item = (usize, Word);

    #[inline]
    fn next(&mut self) -> Option<(usize, Word)> {
        let at = self.at;
        let rest = self.text.get(at..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.first_chunk().copied().unwrap_or_else(|| last_bytes(rest));
        self.at += WORD_LEN;
        Some((at, Word(u64::from_le_bytes(bytes))))
    }
}

/// Fills the last bytes of a text with zeros.
fn last_bytes(rest: &[u8]) -> [u8; WORD_LEN] {
    let mut bytes = [0; WORD_LEN];
    bytes[..rest.len()].copy_from_slice(rest);
    bytes
}

impl Word {
    /// Flags the bytes that are not ASCII characters.
    pub(crate) fn non_ascii(self) -> Flags {
        Flags(self.0)
    }

    /// Flags the bytes whose lower seven bits are equal to those of `byte`.
    pub(crate) fn low_bits_equal(self, byte: u8) -> Flags {
        let difference = (self.0 ^ (LOWEST * u64::from(byte))) & !HIGHEST;
        !Flags(difference.wrapping_add(!HIGHEST))
    }

    /// Flags the bytes whose lower seven bits are at least those of `byte`, which are not 0.
    pub(crate) fn low_bits_at_least(self, byte: u8) -> Flags {
        Flags((self.0 & !HIGHEST).wrapping_add(LOWEST * u64::from(0x80 - (byte & 0x7F))))
    }
}

/// One flag for each byte of a word: its highest bit. The other bits have no meaning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flags(u64);

impl Flags {
    /// Whether no byte is flagged.
    pub(crate) fn is_empty(self) -> bool {
        self.0 & HIGHEST == 0
    }

    /// Number of flagged bytes.
    pub(crate) fn count(self) -> usize {
        // The multiplication adds all bytes in the highest one.
        (((self.0 & HIGHEST) >> 7).wrapping_mul(LOWEST) >> (u64::BITS - 8)) as usize
    }

    /// Positions of the flagged bytes in their word.
    pub(crate) fn positions(self) -> impl Iterator<Item = usize> {
        let mut ahead = self.0 & HIGHEST;
        std::iter::from_fn(move || {
            let at = (ahead != 0).then(|| ahead.trailing_zeros() as usize / 8)?;
            ahead &= ahead - 1;
            Some(at)
        })
    }

    /// Returns the flags of the first bytes only.
    pub(crate) fn first(self, bytes: usize) -> Self {
        if bytes < WORD_LEN { self & Self((1 << (bytes * 8)) - 1) } else { self }
    }
}

impl BitAnd for Flags {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Not for Flags {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flagged(text: &[u8], flags: impl Fn(Word) -> Flags) -> Vec<usize> {
        words(text).flat_map(|(at, word)| flags(word).positions().map(move |n| at + n)).collect()
    }

    proptest! {
        #[test]
        fn comparisons_act_on_each_byte_alone(text in prop::collection::vec(any::<u8>(), 0..40), byte in 1..0x80_u8) {
            let expected = |is_flagged: &dyn Fn(u8) -> bool| -> Vec<usize> {
                (0..text.len().next_multiple_of(WORD_LEN))
                    .filter(|at| is_flagged(text.get(*at).copied().unwrap_or_default()))
                    .collect()
            };
            prop_assert_eq!(flagged(&text, Word::non_ascii), expected(&|b| b >= 0x80));
            prop_assert_eq!(flagged(&text, |word| !word.non_ascii()), expected(&|b| b < 0x80));
            prop_assert_eq!(flagged(&text, |word| word.low_bits_equal(byte)), expected(&|b| b & 0x7F == byte));
            prop_assert_eq!(flagged(&text, |word| word.low_bits_at_least(byte)), expected(&|b| b & 0x7F >= byte));
            for (_, word) in words(&text) {
                let flags = word.low_bits_at_least(byte);
                prop_assert_eq!(flags.count(), flags.positions().count());
                prop_assert_eq!(flags.is_empty(), flags.count() == 0);
                for bytes in 0..=WORD_LEN {
                    let expected: Vec<_> = flags.positions().filter(|at| *at < bytes).collect();
                    prop_assert_eq!(flags.first(bytes).positions().collect::<Vec<_>>(), expected);
                }
            }
        }
    }
}
