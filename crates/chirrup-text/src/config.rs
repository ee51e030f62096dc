//! Weights and limits by which the length of a post is measured.

use crate::emoji::EmojiVersion;
use std::borrow::Cow;
use std::ops::RangeInclusive;

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
}

impl Default for Config {
    fn default() -> Self {
        Self::V3
    }
}
