//! Plain characters: those whose first byte decides their weight, so that a run of them is weighed without decoding it.
//!
//! They are narrow (up to U+0FFF: most alphabets) or wide (U+3000 to U+D7FF: Chinese, Japanese and Korean).

use crate::config::Config;
use crate::words::{Flags, WORD_LEN, Word, words};

/// Weights of plain characters in a configuration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainWeights {
    narrow: usize,
    wide: usize,
}

impl PlainWeights {
    /// Returns the weights, or `None` if the ranges of the configuration divide the plain characters differently. `last` is
    /// the last character that is in a range.
    pub(crate) fn new(config: &Config, last: u32) -> Option<Self> {
        let wide = config.default_weight;
        let narrow = match config.ranges.first() {
            Some((range, weight)) => (range.contains(&0) && range.contains(&0xFFF)).then_some(*weight)?,
            None => wide,
        };
        (last < 0x3000).then_some(Self { narrow, wide })
    }
}

/// Run of plain characters at the start of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PlainRun {
    /// Length of the run in bytes.
    pub(crate) len: usize,
    narrow: usize,
    wide: usize,
}

impl PlainRun {
    /// Measures the run at the start of a text.
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut run = Self::default();
        for (at, word) in words(text) {
            if word.non_ascii().is_empty() {
                run.narrow += WORD_LEN;
                continue;
            }
            let other = other_starts(word).positions().next();
            let plain = other.unwrap_or(WORD_LEN);
            run.narrow += narrow_starts(word).first(plain).count();
            run.wide += wide_starts(word).first(plain).count();
            if other.is_some() {
                run.len = at + plain;
                return run;
            }
        }
        // The zeros after the end are counted as narrow.
        run.narrow -= text.len().next_multiple_of(WORD_LEN) - text.len();
        run.len = text.len();
        run
    }

    /// Removes the last character.
    pub(crate) fn pop(&mut self, text: &[u8]) {
        let Some(start) = text[..self.len].iter().rposition(|b| !is_continuation(*b)) else { return };
        self.len = start;
        if text[start] < 0xE3 {
            self.narrow -= 1;
        } else {
            self.wide -= 1;
        }
    }

    /// Number of characters, which is also that of their UTF-16 code units.
    pub(crate) fn chars(&self) -> usize {
        self.narrow + self.wide
    }

    /// Weight of the characters.
    pub(crate) fn weight(&self, weights: PlainWeights) -> usize {
        self.narrow.saturating_mul(weights.narrow).saturating_add(self.wide.saturating_mul(weights.wide))
    }
}

/// Flags the first bytes of narrow characters.
fn narrow_starts(word: Word) -> Flags {
    !word.non_ascii() | (word.low_bits_at_least(0xC0) & !word.low_bits_at_least(0xE1))
}

/// Flags the first bytes of wide characters.
fn wide_starts(word: Word) -> Flags {
    word.non_ascii() & word.low_bits_at_least(0xE3) & !word.low_bits_at_least(0xEE)
}

/// Flags the first bytes of all other characters.
fn other_starts(word: Word) -> Flags {
    let before_wide = word.low_bits_at_least(0xE1) & !word.low_bits_at_least(0xE3);
    word.non_ascii() & (before_wide | word.low_bits_at_least(0xEE))
}

/// Whether this is not the first byte of a character.
fn is_continuation(b: u8) -> bool {
    (0x80..0xC0).contains(&b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_run_is_measured_like_one_character_after_the_other(text in "[ -~éяกमाあ漢한。\u{1100}“🦀]{0,40}") {
            let is_narrow = |c: &char| ('\0'..='\u{FFF}').contains(c);
            let is_wide = |c: &char| ('\u{3000}'..='\u{D7FF}').contains(c);
            let plain: String = text.chars().take_while(|c| is_narrow(c) || is_wide(c)).collect();
            let run = |plain: &str| PlainRun {
                len: plain.len(),
                narrow: plain.chars().filter(is_narrow).count(),
                wide: plain.chars().filter(is_wide).count(),
            };
            let mut measured = PlainRun::new(text.as_bytes());
            prop_assert_eq!(measured, run(&plain));
            measured.pop(text.as_bytes());
            let last = plain.chars().next_back().map_or(0, char::len_utf8);
            prop_assert_eq!(measured, run(&plain[..plain.len() - last]));
        }
    }
}
