//! Positions in a text, in the three units that APIs count in.
//!
//! Rust counts bytes, the X API counts code points, and JavaScript, Java and the results of twitter-text count UTF-16
//! code units. Each unit has its own type, so that the compiler rejects a mix-up.

use crate::words::{Word, words};
use std::fmt;

/// A position in a text in one of three units: [`Byte`], [`CodePoint`] or [`Utf16`].
pub trait IndexUnit: Copy + Ord + fmt::Debug {
    /// Creates a position from its number, counted from 0.
    fn new(index: usize) -> Self;
    /// Number of this position, counted from 0.
    fn get(self) -> usize;
    /// Number of units that one character takes.
    fn width(c: char) -> usize;
}

macro_rules! units {
    ($($(#[$doc:meta])* $Unit:ident = $width:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $Unit(pub usize);

        impl IndexUnit for $Unit {
            fn new(index: usize) -> Self {
                Self(index)
            }
            fn get(self) -> usize {
                self.0
            }
            fn width(c: char) -> usize {
                let width: fn(char) -> usize = $width;
                width(c)
            }
        }

        impl fmt::Display for $Unit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

units! {
    /// Position in bytes of UTF-8, as Rust counts.
    Byte = char::len_utf8;
    /// Position in Unicode code points, as the X API counts.
    CodePoint = |_| 1;
    /// Position in UTF-16 code units, as JavaScript and Java count.
    Utf16 = char::len_utf16;
}

/// Half-open range of positions in a text: `start` is included, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span<U = Byte> {
    /// Position of the first character.
    pub start: U,
    /// Position after the last character.
    pub end: U,
}

impl<U: IndexUnit> Span<U> {
    /// Creates the range from `start` up to, but not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: U::new(start), end: U::new(end) }
    }

    /// Length of the range in its unit, 0 if it ends before it starts.
    pub fn len(&self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }

    /// Whether the range contains no characters.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Span<Byte> {
    /// Returns this range of `text`, or `None` if it is out of bounds or cuts a character in two.
    pub fn slice(self, text: &str) -> Option<&str> {
        text.get(self.start.0..self.end.0)
    }
}

/// Converts positions in a text from bytes to another unit, and back.
///
/// Each call continues from the position of the previous one, so that converting ascending positions reads the text
/// once.
///
/// ```
/// use chirrup_text::{Byte, CodePoint, IndexConverter, Utf16};
///
/// let text = "🐦 sings";
/// assert_eq!(IndexConverter::<CodePoint>::new(text).index(Byte(4)), CodePoint(1));
/// assert_eq!(IndexConverter::<Utf16>::new(text).index(Byte(4)), Utf16(2));
/// assert_eq!(IndexConverter::<Utf16>::new(text).byte(Utf16(2)), Some(Byte(4)));
/// assert_eq!(IndexConverter::<Utf16>::new(text).byte(Utf16(1)), None, "inside the bird");
/// ```
#[derive(Debug, Clone)]
pub struct IndexConverter<'t, U> {
    text: &'t str,
    byte: usize,
    unit: U,
}

impl<'t, U: IndexUnit> IndexConverter<'t, U> {
    /// Creates a converter for positions in `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, byte: 0, unit: U::new(0) }
    }

    /// Returns the position of the character that contains this byte, or the end of the text for a byte beyond it.
    pub fn index(&mut self, byte: Byte) -> U {
        if byte.0 < self.byte {
            *self = Self::new(self.text);
        }
        while let Some(c) = self.peek() {
            if self.byte + c.len_utf8() > byte.0 {
                break;
            }
            self.advance(c);
        }
        self.unit
    }

    /// Returns a range of bytes in this unit.
    pub fn span(&mut self, span: Span<Byte>) -> Span<U> {
        Span { start: self.index(span.start), end: self.index(span.end) }
    }

    /// Returns the byte position of `index`, or `None` if that is beyond the text or inside a character.
    pub fn byte(&mut self, index: U) -> Option<Byte> {
        if index < self.unit {
            *self = Self::new(self.text);
        }
        while self.unit < index {
            let c = self.peek()?;
            self.advance(c);
        }
        (self.unit == index).then_some(Byte(self.byte))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.byte..].chars().next()
    }

    fn advance(&mut self, c: char) {
        self.byte += c.len_utf8();
        self.unit = U::new(self.unit.get() + U::width(c));
    }
}

/// Returns the length of a text in UTF-16 code units.
pub(crate) fn utf16_len(text: &str) -> usize {
    // A character of four bytes takes two code units.
    let long_starts = |word: Word| word.non_ascii() & word.low_bits_at_least(0xF0);
    text.chars().count() + words(text.as_bytes()).map(|(_, word)| long_starts(word).count()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_lengths_are_computed_from_bytes() {
        for text in ["", "a", "é", "日本", "😀a", "e\u{301}"] {
            assert_eq!(utf16_len(text), text.encode_utf16().count(), "{text}");
        }
    }
}
