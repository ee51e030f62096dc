//! Places in a text, in the three units that people count in.
//!
//! Rust counts bytes, the X API counts code points, and JavaScript, Java and the parse results of the official
//! libraries count UTF-16 units. Each has a type of its own, so that one cannot be taken for another.

use std::fmt;

/// A unit in which a place of a text is counted: [`Byte`], [`CodePoint`] or [`Utf16`].
pub trait Unit: Copy + Ord + fmt::Debug {
    /// The place with this number.
    fn new(at: usize) -> Self;
    /// The number of the place.
    fn get(self) -> usize;
    /// How many of this unit a character takes.
    fn width(c: char) -> usize;
}

macro_rules! units {
    ($($(#[$doc:meta])* $Unit:ident = $width:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $Unit(pub usize);

        impl Unit for $Unit {
            fn new(at: usize) -> Self {
                Self(at)
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
    /// A place counted in bytes of UTF-8, as Rust counts.
    Byte = char::len_utf8;
    /// A place counted in Unicode code points, as the X API counts.
    CodePoint = |_| 1;
    /// A place counted in UTF-16 units, as JavaScript and Java count.
    Utf16 = char::len_utf16;
}

/// A stretch of a text: `start` belongs to it, `end` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span<U = Byte> {
    /// The first place of it.
    pub start: U,
    /// One past its last place.
    pub end: U,
}

impl<U: Unit> Span<U> {
    /// The stretch from `start` to before `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: U::new(start), end: U::new(end) }
    }

    /// How long it is, in its unit.
    pub fn len(&self) -> usize {
        self.end.get().saturating_sub(self.start.get())
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Span<Byte> {
    /// The part of the text that it names, or nothing where it does not fit the text.
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start.0..self.end.0)
    }
}

/// Turns places counted in bytes into another unit and back, walking the text once when asked in order.
///
/// ```
/// use chirrup_text::{Byte, CodePoint, Ruler, Utf16};
///
/// let text = "🐦 sings";
/// assert_eq!(Ruler::<CodePoint>::new(text).place(Byte(4)), CodePoint(1));
/// assert_eq!(Ruler::<Utf16>::new(text).place(Byte(4)), Utf16(2));
/// assert_eq!(Ruler::<Utf16>::new(text).byte(Utf16(2)), Some(Byte(4)));
/// assert_eq!(Ruler::<Utf16>::new(text).byte(Utf16(1)), None, "inside the bird");
/// ```
#[derive(Debug, Clone)]
pub struct Ruler<'t, U> {
    text: &'t str,
    byte: usize,
    unit: U,
}

impl<'t, U: Unit> Ruler<'t, U> {
    /// A ruler along `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, byte: 0, unit: U::new(0) }
    }

    /// The place of the character that holds this byte; the end of the text for a byte beyond it.
    pub fn place(&mut self, at: Byte) -> U {
        if at.0 < self.byte {
            *self = Self::new(self.text);
        }
        while let Some(c) = self.peek() {
            if self.byte + c.len_utf8() > at.0 {
                break;
            }
            self.step(c);
        }
        self.unit
    }

    /// A span in this unit.
    pub fn span(&mut self, span: Span<Byte>) -> Span<U> {
        Span { start: self.place(span.start), end: self.place(span.end) }
    }

    /// The byte at which a place lies: nothing beyond the text, or inside a character.
    pub fn byte(&mut self, at: U) -> Option<Byte> {
        if at < self.unit {
            *self = Self::new(self.text);
        }
        while self.unit < at {
            let c = self.peek()?;
            self.step(c);
        }
        (self.unit == at).then_some(Byte(self.byte))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.byte..].chars().next()
    }

    fn step(&mut self, c: char) {
        self.byte += c.len_utf8();
        self.unit = U::new(self.unit.get() + U::width(c));
    }
}
