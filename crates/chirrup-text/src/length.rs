//! Weighted length: how much of the limit of a post a text uses, and whether it can be posted.

use crate::config::Config;
use crate::entity::Entity;
use crate::extract::Extractor;
use crate::index::utf16_len;
use crate::normalize::normalize;
use crate::scan::{EntityKinds, scan_overlapping, sort_without_overlaps};
use crate::tokens::Tokens;
use std::borrow::Cow;

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
            let mut entities = scan_overlapping(normal, EntityKinds::ALL);
            let results = measure(text, normal, &entities, config);
            sort_without_overlaps(&mut entities);
            (results, entities)
        }
        Cow::Owned(_) => (parse_with(text, config), Extractor::all().extract(text)),
    }
}

/// Returns the weighted length of a text by the rules that X uses: 23 for a link, 2 for an emoji.
pub fn weighted_length(text: &str) -> usize {
    parse(text).weighted_length
}

/// Measures a text in its normalized form, which has these entities.
fn measure(text: &str, normal: &str, entities: &[Entity<'_>], config: &Config) -> ParseResults {
    let max = config.max_weighted_length.saturating_mul(config.scale);
    let Totals { weight, utf16_len: normal_len, all_valid } = Totals::new(normal, entities, config);
    let weighted_length = weight / config.scale.max(1);
    let len = if std::ptr::eq(text, normal) { normal_len } else { utf16_len(text) };
    let valid_len =
        if all_valid && weight <= max { normal_len } else { valid_utf16_len(normal, entities, config, max) };
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
fn valid_utf16_len(text: &str, entities: &[Entity<'_>], config: &Config, max: usize) -> usize {
    let mut weight = 0_usize;
    let fitting = Tokens::new(text, entities, config).take_while(|token| {
        weight = weight.saturating_add(token.weight);
        !token.invalid && weight <= max
    });
    fitting.map(|token| token.utf16_len).sum()
}

/// Totals over all tokens of a text.
struct Totals {
    weight: usize,
    utf16_len: usize,
    all_valid: bool,
}

impl Totals {
    fn new(text: &str, entities: &[Entity<'_>], config: &Config) -> Self {
        let mut totals = Self { weight: 0, utf16_len: 0, all_valid: true };
        let mut tokens = Tokens::new(text, entities, config);
        loop {
            let (weight, utf16_len) = tokens.skip_plain();
            totals.add(weight, utf16_len);
            let Some(token) = tokens.next() else { return totals };
            totals.add(token.weight, token.utf16_len);
            totals.all_valid &= !token.invalid;
        }
    }

    fn add(&mut self, weight: usize, utf16_len: usize) {
        self.weight = self.weight.saturating_add(weight);
        self.utf16_len += utf16_len;
    }
}
