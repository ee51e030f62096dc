//! Weighted length: how much of a post's room a text uses up, and whether it may be posted.

use crate::class::is_invalid;
use crate::emoji::{self, EmojiVersion};
use crate::extract::{Entity, Extractor};
use crate::scan::scan_all;
use std::borrow::Cow;
use std::ops::RangeInclusive;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What characters weigh, and how much a post may.
///
/// Weights are in parts of `scale`: with a scale of 100, a weight of 200 counts as two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The number of the official configuration that it is, or was made from.
    pub version: u8,
    /// What a post may weigh, in units.
    pub max_weighted_length: usize,
    /// How many parts make a unit. At least 1.
    pub scale: usize,
    /// The weight of a character that no range holds, and of an emoji.
    pub default_weight: usize,
    /// What a link counts, in units, however long it is.
    pub transformed_url_length: usize,
    /// Code points with a weight of their own.
    pub ranges: Cow<'static, [(RangeInclusive<u32>, usize)]>,
    /// Up to which version emoji of several characters count as one; with nothing, they count as their pieces.
    pub emoji: Option<EmojiVersion>,
}

impl Config {
    /// 140 characters, all alike.
    pub const V1: Self = Self {
        version: 1,
        max_weighted_length: 140,
        scale: 1,
        default_weight: 1,
        transformed_url_length: 23,
        ranges: Cow::Borrowed(&[]),
        emoji: None,
    };

    /// 280 units: one for a character of the alphabets of Europe and their neighbours, two for all others.
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

    /// As version 2, with two for any emoji. This is what X uses.
    pub const V3: Self = Self { version: 3, emoji: Some(EmojiVersion::OFFICIAL), ..Self::V2 };

    fn weight(&self, c: char) -> usize {
        let c = u32::from(c);
        self.ranges.iter().find(|(range, _)| range.contains(&c)).map_or(self.default_weight, |(_, weight)| *weight)
    }

    /// The weight of every ASCII character, if they are all alike.
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

/// What the rules say of a text, with the names of the official libraries.
///
/// The ranges count UTF-16 units, and their ends belong to them. In an empty text all of them are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// What the text weighs, in units.
    pub weighted_length: usize,
    /// Whether it may be posted: not empty, not too long, and without the characters that no post may hold.
    pub valid: bool,
    /// How much of the room is used, in thousandths. More than 1,000 where the text is too long.
    pub permillage: usize,
    /// The last unit of the text.
    pub display_range_end: usize,
    /// The last unit that still has room.
    pub valid_range_end: usize,
    /// What a post may weigh.
    max: usize,
}

impl Parsed {
    /// How much room is left; below zero where the text is too long.
    pub fn remaining(&self) -> isize {
        let signed = |n: usize| isize::try_from(n).unwrap_or(isize::MAX);
        signed(self.max) - signed(self.weighted_length)
    }
}

/// Weighs a text by the rules of today ([`Config::V3`]).
///
/// ```
/// let parsed = chirrup_text::parse("日本 and example.com");
/// assert_eq!(parsed.weighted_length, 4 + 5 + 23);
/// assert!(parsed.valid);
/// assert_eq!(parsed.remaining(), 280 - 32);
/// ```
pub fn parse(text: &str) -> Parsed {
    parse_with(text, &Config::V3)
}

/// Weighs a text by other rules.
pub fn parse_with(text: &str, config: &Config) -> Parsed {
    let normal = normalize(text);
    let links = Extractor::new().urls().bare_urls(true).extract(&normal);
    measure(text, &normal, &links, config)
}

/// Weighs a text and finds what it holds, at the price of one.
///
/// ```
/// use chirrup_text::{Config, parse_entities};
///
/// let (parsed, entities) = parse_entities("@ada foo.com", &Config::V3);
/// assert_eq!((parsed.weighted_length, entities.len()), (28, 2));
/// ```
pub fn parse_entities<'t>(text: &'t str, config: &Config) -> (Parsed, Vec<Entity<'t>>) {
    match normalize(text) {
        Cow::Borrowed(normal) => {
            let (links, entities) = scan_all(normal);
            (measure(text, normal, &links, config), entities)
        }
        Cow::Owned(_) => (parse_with(text, config), Extractor::all().extract(text)),
    }
}

fn measure(text: &str, normal: &str, links: &[Entity<'_>], config: &Config) -> Parsed {
    let max = config.max_weighted_length.saturating_mul(config.scale);
    let Measure { weight, utf16: normal_len, clean } = Measure::of(normal, links, config);
    let weighted_length = weight / config.scale.max(1);
    let len = if std::ptr::eq(text, normal) { normal_len } else { utf16_len(text) };
    let valid_units = if clean && weight <= max { normal_len } else { units_that_fit(normal, links, config, max) };
    Parsed {
        weighted_length,
        valid: clean && weighted_length > 0 && weighted_length <= config.max_weighted_length,
        permillage: weighted_length.saturating_mul(1000) / config.max_weighted_length.max(1),
        display_range_end: len.saturating_sub(1),
        valid_range_end: (valid_units.saturating_sub(1) + len).saturating_sub(normal_len),
        max: config.max_weighted_length,
    }
}

/// How many UTF-16 units of a text have room, before the first character that no post may hold.
fn units_that_fit(text: &str, links: &[Entity<'_>], config: &Config, max: usize) -> usize {
    let mut weight = 0_usize;
    let fitting = Steps::new(text, links, config).take_while(|step| {
        weight = weight.saturating_add(step.weight);
        !step.invalid && weight <= max
    });
    fitting.last().map_or(0, |step| utf16_len(&text[..step.end]))
}

/// A text as a whole.
struct Measure {
    weight: usize,
    utf16: usize,
    clean: bool,
}

impl Measure {
    fn of(text: &str, links: &[Entity<'_>], config: &Config) -> Self {
        let mut all = Self { weight: 0, utf16: 0, clean: true };
        let mut steps = Steps::new(text, links, config);
        loop {
            let run = steps.skip_plain();
            all.weight = all.weight.saturating_add(run.saturating_mul(steps.ascii_weight.unwrap_or_default()));
            all.utf16 += run;
            let start = steps.at;
            let Some(step) = steps.next() else { return all };
            all.weight = all.weight.saturating_add(step.weight);
            all.utf16 += utf16_len(&text[start..step.end]);
            all.clean &= !step.invalid;
        }
    }
}

/// What a text weighs by the rules of today, in units: 23 for a link, two for an emoji.
pub fn weighted_length(text: &str) -> usize {
    parse(text).weighted_length
}

/// The text in normal form C, in which lengths are measured.
pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
    // No character that begins with a lower byte is changed by its neighbours, or changes them.
    let plain = text.bytes().all(|b| b < 0xCC) || text.chars().all(is_stable);
    if plain || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Whether a character of the more frequent scripts stands in normal form C whatever its neighbours are. This is told
/// faster than by the tables of all characters.
fn is_stable(c: char) -> bool {
    matches!(u32::from(c),
        0x0..=0x2FF | 0x400..=0x482 | 0x48A..=0x52F | 0x5D0..=0x5EA | 0x621..=0x64A | 0x660..=0x66F | 0xE01..=0xE30
        | 0x2002..=0x206F | 0x20A0..=0x20BF | 0x2190..=0x22FF | 0x2500..=0x27BF | 0x3003..=0x3029 | 0x3041..=0x3096
        | 0x309B..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFE0F | 0xFF01..=0xFFEE | 0x1F1E6..=0x1FAFF)
}

fn utf16_len(text: &str) -> usize {
    // Each character has one byte that is no continuation, and those of four bytes take two units.
    text.bytes().map(|b| usize::from(!(0x80..0xC0).contains(&b)) + usize::from(b >= 0xF0)).sum()
}

/// A link, an emoji or a character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// One past its last byte.
    pub(crate) end: usize,
    /// What it weighs, in parts.
    pub(crate) weight: usize,
    /// Whether no post may hold it.
    invalid: bool,
}

/// A text step by step: a link or an emoji is one.
pub(crate) struct Steps<'t> {
    text: &'t str,
    links: std::iter::Peekable<std::slice::Iter<'t, Entity<'t>>>,
    config: &'t Config,
    url_weight: usize,
    ascii_weight: Option<usize>,
    at: usize,
}

impl<'t> Steps<'t> {
    /// The steps of a text that holds these links.
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

    /// Leaps over ASCII characters that are neither part of a link nor begin an emoji. Says how many.
    fn skip_plain(&mut self) -> usize {
        if self.ascii_weight.is_none() {
            return 0;
        }
        let end = self.links.peek().map_or(self.text.len(), |link| link.span.start.0);
        let rest = &self.text.as_bytes()[self.at..end];
        let run = match rest.iter().position(|b| *b >= 0x80) {
            // The last one may be the key of a keycap.
            Some(run) => run.saturating_sub(1),
            None => rest.len(),
        };
        self.at += run;
        run
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let at = self.at;
        let rest = &self.text[at..];
        let c = rest.chars().next()?;
        let step = if let Some(link) = self.links.next_if(|link| link.span.start.0 == at) {
            Step { end: link.span.end.0, weight: self.url_weight, invalid: false }
        } else if let Some(len) = sequence(rest, c, self.config) {
            Step { end: at + len, weight: self.config.default_weight, invalid: false }
        } else {
            let weight = self.ascii_weight.filter(|_| c.is_ascii()).unwrap_or_else(|| self.config.weight(c));
            Step { end: at + c.len_utf8(), weight, invalid: is_invalid(c) }
        };
        self.at = step.end;
        Some(step)
    }
}

fn sequence(rest: &str, c: char, config: &Config) -> Option<usize> {
    let version = config.emoji?;
    let after = &rest[c.len_utf8()..];
    let lead = *after.as_bytes().first()?;
    if lead < 0xE2 || !after.starts_with(emoji::continues) {
        return None;
    }
    emoji::longest(rest, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_characters_never_change() {
        for c in (0..=0x2_0000).filter_map(char::from_u32).filter(|c| is_stable(*c)) {
            assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c:?}");
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
        }
    }

    #[test]
    fn units_are_counted_from_bytes() {
        for text in ["", "a", "é", "日本", "😀a", "e\u{301}"] {
            assert_eq!(utf16_len(text), text.encode_utf16().count(), "{text}");
        }
    }
}
