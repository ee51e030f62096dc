//! Weighted length: how much of the limit of a post a text uses, and whether it can be posted.

use crate::char_class::is_invalid;
use crate::emoji::{self, EmojiVersion};
use crate::entity::Entity;
use crate::extract::Extractor;
use crate::scan::scan_all;
use std::borrow::Cow;
use std::ops::RangeInclusive;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Weights of characters and maximum length of a post.
///
/// Weights are in units of `1/scale`: with a scale of 100, a weight of 200 counts as a length of 2.
///
/// ```
/// use chirrup_text::{Config, parse_with};
///
/// let config = Config::V3.max_weighted_length(4_000);
/// assert_eq!(parse_with("hello", &config).remaining(), 3_995);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// Version of the official configuration that this is, or is derived from.
    pub version: u8,
    /// Maximum weighted length of a post.
    pub max_weighted_length: usize,
    /// Number of weight units in a length of 1. At least 1.
    pub scale: usize,
    /// Weight of an emoji, and of a character outside all `ranges`.
    pub default_weight: usize,
    /// Length of a link, whatever its original length.
    pub transformed_url_length: usize,
    /// Weights of ranges of code points. The first matching range counts.
    pub ranges: Cow<'static, [(RangeInclusive<u32>, usize)]>,
    /// Version up to which emoji sequences count as one character. With `None`, each of their code points counts.
    pub emoji: Option<EmojiVersion>,
}

impl Config {
    /// Official configuration 1: a limit of 140, at which every character counts as 1.
    pub const V1: Self = Self {
        version: 1,
        max_weighted_length: 140,
        scale: 1,
        default_weight: 1,
        transformed_url_length: 23,
        ranges: Cow::Borrowed(&[]),
        emoji: None,
    };

    /// Official configuration 2: a limit of 280, at which characters of European and Near Eastern scripts count as 1 and
    /// all others as 2.
    pub const V2: Self = Self {
        version: 2,
        max_weighted_length: 280,
        scale: 100,
        default_weight: 200,
        transformed_url_length: 23,
        ranges: Cow::Borrowed(&[
            (0x0000..=0x10FF, 100),
            (0x2000..=0x200D, 100),
            (0x2010..=0x201F, 100),
            (0x2032..=0x2037, 100),
        ]),
        emoji: None,
    };

    /// Official configuration 3, which X uses: as version 2, but every emoji counts as 2.
    pub const V3: Self = Self { version: 3, emoji: Some(EmojiVersion::OFFICIAL), ..Self::V2 };

    setters! {
        /// Sets the maximum weighted length of a post.
        max_weighted_length: usize,
        /// Sets the number of weight units in a length of 1.
        scale: usize,
        /// Sets the weight of an emoji, and of a character outside all ranges.
        default_weight: usize,
        /// Sets the length of a link.
        transformed_url_length: usize,
        /// Sets the weights of ranges of code points.
        ranges: Vec<(RangeInclusive<u32>, usize)>,
        /// Sets the version up to which emoji sequences count as one character.
        emoji: impl Into<Option<EmojiVersion>>,
    }

    fn weight(&self, c: char) -> usize {
        let c = u32::from(c);
        self.ranges.iter().find(|(range, _)| range.contains(&c)).map_or(self.default_weight, |(_, weight)| *weight)
    }

    /// Weight of an ASCII character, if it is the same for all of them.
    fn ascii_weight(&self) -> Option<usize> {
        match self.ranges.first() {
            Some((range, weight)) => (*range.start() == 0 && *range.end() >= 0x7F).then_some(*weight),
            None => Some(self.default_weight),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::V3
    }
}

/// Weighted length and validity of a text, under the names of the official libraries.
///
/// Ranges count UTF-16 code units and include their end. They start at 0; for an empty text they also end at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseResults {
    /// Weighted length of the text.
    pub weighted_length: usize,
    /// Whether the text can be posted: not empty, not too long and without invalid characters.
    pub valid: bool,
    /// Used part of the limit, in thousandths. More than 1,000 if the text is too long.
    pub permillage: usize,
    /// Position of the last code unit of the text.
    pub display_range_end: usize,
    /// Position of the last code unit within the limit.
    pub valid_range_end: usize,
    max: usize,
}

impl ParseResults {
    /// Remaining length before the limit, negative if the text is too long.
    pub fn remaining(&self) -> isize {
        let signed = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        signed(self.max) - signed(self.weighted_length)
    }
}

/// Measures a text by the rules that X uses ([`Config::V3`]).
///
/// ```
/// let parsed = chirrup_text::parse("日本 and example.com");
/// assert_eq!(parsed.weighted_length, 4 + 5 + 23);
/// assert!(parsed.valid);
/// assert_eq!(parsed.remaining(), 280 - 32);
/// ```
pub fn parse(text: &str) -> ParseResults {
    parse_with(text, &Config::V3)
}

/// Measures a text by the rules of a configuration.
pub fn parse_with(text: &str, config: &Config) -> ParseResults {
    let normal = normalize(text);
    let links = Extractor::new().urls().urls_without_protocol(true).extract(&normal);
    measure(text, &normal, &links, config)
}

/// Measures a text and extracts its entities in one pass.
///
/// ```
/// use chirrup_text::{Config, parse_and_extract};
///
/// let (parsed, entities) = parse_and_extract("@ada foo.com", &Config::V3);
/// assert_eq!((parsed.weighted_length, entities.len()), (28, 2));
/// ```
pub fn parse_and_extract<'t>(text: &'t str, config: &Config) -> (ParseResults, Vec<Entity<'t>>) {
    match normalize(text) {
        Cow::Borrowed(normal) => {
            let (links, entities) = scan_all(normal);
            (measure(text, normal, &links, config), entities)
        }
        Cow::Owned(_) => (parse_with(text, config), Extractor::all().extract(text)),
    }
}

/// Returns the weighted length of a text by the rules that X uses: 23 for a link, 2 for an emoji.
pub fn weighted_length(text: &str) -> usize {
    parse(text).weighted_length
}

fn measure(text: &str, normal: &str, links: &[Entity<'_>], config: &Config) -> ParseResults {
    let max = config.max_weighted_length.saturating_mul(config.scale);
    let Totals { weight, utf16_len: normal_len, all_valid } = Totals::new(normal, links, config);
    let weighted_length = weight / config.scale.max(1);
    let len = if std::ptr::eq(text, normal) { normal_len } else { utf16_len(text) };
    let valid_len = if all_valid && weight <= max { normal_len } else { valid_utf16_len(normal, links, config, max) };
    ParseResults {
        weighted_length,
        valid: all_valid && weighted_length > 0 && weighted_length <= config.max_weighted_length,
        permillage: weighted_length.saturating_mul(1000) / config.max_weighted_length.max(1),
        display_range_end: len.saturating_sub(1),
        valid_range_end: (valid_len.saturating_sub(1) + len).saturating_sub(normal_len),
        max: config.max_weighted_length,
    }
}

/// Returns the length in UTF-16 code units of the text that is within the limit and before the first invalid character.
fn valid_utf16_len(text: &str, links: &[Entity<'_>], config: &Config, max: usize) -> usize {
    let mut weight = 0_usize;
    let fitting = Tokens::new(text, links, config).take_while(|token| {
        weight = weight.saturating_add(token.weight);
        !token.invalid && weight <= max
    });
    fitting.last().map_or(0, |token| utf16_len(&text[..token.end]))
}

/// Totals over all tokens of a text.
struct Totals {
    weight: usize,
    utf16_len: usize,
    all_valid: bool,
}

impl Totals {
    fn new(text: &str, links: &[Entity<'_>], config: &Config) -> Self {
        let mut totals = Self { weight: 0, utf16_len: 0, all_valid: true };
        let mut tokens = Tokens::new(text, links, config);
        loop {
            let ascii = tokens.skip_ascii();
            totals.weight = totals.weight.saturating_add(ascii.saturating_mul(tokens.ascii_weight.unwrap_or_default()));
            totals.utf16_len += ascii;
            let start = tokens.at;
            let Some(token) = tokens.next() else { return totals };
            totals.weight = totals.weight.saturating_add(token.weight);
            totals.utf16_len += utf16_len(&text[start..token.end]);
            totals.all_valid &= !token.invalid;
        }
    }
}

/// Returns the text in Unicode normalization form C, in which lengths are measured.
pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
    // Characters whose first byte is below 0xCC neither change in normalization nor combine with their neighbors.
    let stable = text.bytes().all(|b| b < 0xCC) || text.chars().all(is_stable);
    if stable || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Whether a character of a common script never changes in normalization form C. This is faster than the Unicode tables.
fn is_stable(c: char) -> bool {
    matches!(u32::from(c),
        0x0..=0x2FF | 0x400..=0x482 | 0x48A..=0x52F | 0x5D0..=0x5EA | 0x621..=0x64A | 0x660..=0x66F | 0xE01..=0xE30
        | 0x2002..=0x206F | 0x20A0..=0x20BF | 0x2190..=0x22FF | 0x2500..=0x27BF | 0x3003..=0x3029 | 0x3041..=0x3096
        | 0x309B..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFE0F | 0xFF01..=0xFFEE | 0x1F1E6..=0x1FAFF)
}

fn utf16_len(text: &str) -> usize {
    // Each character has one byte that is not a continuation byte, and a character of four bytes takes two code units.
    text.bytes().map(|b| usize::from(!(0x80..0xC0).contains(&b)) + usize::from(b >= 0xF0)).sum()
}

/// Unit of a text that is weighed and cut as a whole: a link, an emoji or a character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// Position after the last byte.
    pub(crate) end: usize,
    /// Weight, in units of `1/scale`.
    pub(crate) weight: usize,
    /// Whether this character is not allowed in a post.
    invalid: bool,
}

/// Iterator over the tokens of a text.
pub(crate) struct Tokens<'t> {
    text: &'t str,
    links: std::iter::Peekable<std::slice::Iter<'t, Entity<'t>>>,
    config: &'t Config,
    url_weight: usize,
    ascii_weight: Option<usize>,
    at: usize,
}

impl<'t> Tokens<'t> {
    /// Creates the iterator for a text and the links in it.
    pub(crate) fn new(text: &'t str, links: &'t [Entity<'t>], config: &'t Config) -> Self {
        Self {
            text,
            links: links.iter().peekable(),
            config,
            url_weight: config.transformed_url_length.saturating_mul(config.scale),
            ascii_weight: config.ascii_weight(),
            at: 0,
        }
    }

    /// Skips ASCII characters that neither belong to a link nor start an emoji. Returns their number.
    fn skip_ascii(&mut self) -> usize {
        if self.ascii_weight.is_none() {
            return 0;
        }
        let end = self.links.peek().map_or(self.text.len(), |link| link.span.start.0);
        let rest = &self.text.as_bytes()[self.at..end];
        let len = match rest.iter().position(|b| *b >= 0x80) {
            // The last one may be the base of a keycap emoji.
            Some(len) => len.saturating_sub(1),
            None => rest.len(),
        };
        self.at += len;
        len
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let at = self.at;
        let rest = &self.text[at..];
        let c = rest.chars().next()?;
        let token = if let Some(link) = self.links.next_if(|link| link.span.start.0 == at) {
            Token { end: link.span.end.0, weight: self.url_weight, invalid: false }
        } else if let Some(len) = emoji_sequence_len(rest, c, self.config) {
            Token { end: at + len, weight: self.config.default_weight, invalid: false }
        } else {
            let weight = self.ascii_weight.filter(|_| c.is_ascii()).unwrap_or_else(|| self.config.weight(c));
            Token { end: at + c.len_utf8(), weight, invalid: is_invalid(c) }
        };
        self.at = token.end;
        Some(token)
    }
}

/// Returns the length of the emoji sequence at the start of `rest`, whose first character is `c`.
fn emoji_sequence_len(rest: &str, c: char, config: &Config) -> Option<usize> {
    let version = config.emoji?;
    let after = &rest[c.len_utf8()..];
    let lead = *after.as_bytes().first()?;
    if lead < 0xE2 || !after.starts_with(emoji::continues_sequence) {
        return None;
    }
    emoji::longest_sequence(rest, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_characters_do_not_change_in_normalization() {
        for c in (0..=0x2_0000).filter_map(char::from_u32).filter(|c| is_stable(*c)) {
            assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c:?}");
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
        }
    }

    #[test]
    fn utf16_lengths_are_computed_from_bytes() {
        for text in ["", "a", "é", "日本", "😀a", "e\u{301}"] {
            assert_eq!(utf16_len(text), text.encode_utf16().count(), "{text}");
        }
    }
}
