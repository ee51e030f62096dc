//! Tokens of a text, which its weighted length is the sum of.

use crate::char_class::is_invalid;
use crate::config::Config;
use crate::emoji;
use crate::entity::{Entity, EntityKind};
use crate::index::utf16_len;
use crate::plain::{PlainRun, PlainWeights};

/// Unit of a text that is weighed and cut as a whole: a link, an emoji or a character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// Position after the last byte.
    pub(crate) end: usize,
    /// Weight, in units of `1/scale`.
    pub(crate) weight: usize,
    /// Length in UTF-16 code units.
    pub(crate) utf16_len: usize,
    /// Whether this character is not allowed in a post.
    pub(crate) invalid: bool,
}

/// Iterator over the tokens of a text.
pub(crate) struct Tokens<'t> {
    text: &'t str,
    weights: Weights<'t>,
    /// Entities from the next link on, or none if no link follows.
    links: &'t [Entity<'t>],
    /// Start of the next link, or the end of the text.
    link_start: usize,
    at: usize,
}

impl<'t> Tokens<'t> {
    /// Creates the iterator for a text with these entities, of which only the links matter.
    pub(crate) fn new(text: &'t str, entities: &'t [Entity<'t>], config: &'t Config) -> Self {
        let mut tokens = Self { text, weights: Weights::new(config), links: entities, link_start: 0, at: 0 };
        tokens.find_link(0);
        tokens
    }

    /// Finds the next link among the entities, of which the first `skipped` are over.
    fn find_link(&mut self, skipped: usize) {
        let rest = &self.links[skipped..];
        let next = rest.iter().position(|entity| entity.kind == EntityKind::Url).unwrap_or(rest.len());
        self.links = &rest[next..];
        self.link_start = self.links.first().map_or(self.text.len(), |link| link.span.start.0);
    }

    /// Skips plain characters that neither belong to a link nor start an emoji. Returns their weight and their length in
    /// UTF-16 code units.
    pub(crate) fn skip_plain(&mut self) -> (usize, usize) {
        let Some(weights) = self.weights.plain else { return (0, 0) };
        let rest = &self.text.as_bytes()[self.at..];
        let ahead = rest.get(..self.link_start.saturating_sub(self.at)).unwrap_or_default();
        let mut run = PlainRun::new(ahead);
        // The last character may be the base of an emoji.
        if emoji::continues_sequence(&rest[run.len..]) {
            run.pop(ahead);
        }
        self.at += run.len;
        (run.weight(weights), run.chars())
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let at = self.at;
        let rest = &self.text[at..];
        let c = rest.chars().next()?;
        let token = if at == self.link_start {
            let end = self.links[0].span.end.0;
            self.find_link(1);
            Token { end, weight: self.weights.link, utf16_len: utf16_len(&self.text[at..end]), invalid: false }
        } else if let Some(len) = self.weights.emoji_sequence_len(rest, c) {
            let weight = self.weights.config.default_weight;
            Token { end: at + len, weight, utf16_len: utf16_len(&rest[..len]), invalid: false }
        } else {
            let (end, weight) = (at + c.len_utf8(), self.weights.of(c));
            Token { end, weight, utf16_len: c.len_utf16(), invalid: is_invalid(c) }
        };
        self.at = token.end;
        Some(token)
    }
}

/// Weights of a configuration, prepared for a text.
struct Weights<'c> {
    config: &'c Config,
    /// Weight of a link.
    link: usize,
    /// Last character that is in a range.
    last: u32,
    plain: Option<PlainWeights>,
}

impl<'c> Weights<'c> {
    fn new(config: &'c Config) -> Self {
        let last = config.ranges.iter().map(|(range, _)| *range.end()).max().unwrap_or_default();
        Self {
            config,
            link: config.transformed_url_length.saturating_mul(config.scale),
            last,
            plain: PlainWeights::new(config, last),
        }
    }

    /// Returns the weight of a character.
    fn of(&self, c: char) -> usize {
        let c = u32::from(c);
        let mut ranges = self.config.ranges.iter().take_while(|_| c <= self.last);
        ranges.find(|(range, _)| range.contains(&c)).map_or(self.config.default_weight, |(_, weight)| *weight)
    }

    /// Returns the length of the emoji sequence at the start of `rest`, whose first character is `c`.
    fn emoji_sequence_len(&self, rest: &str, c: char) -> Option<usize> {
        let version = self.config.emoji?;
        if !emoji::continues_sequence(&rest.as_bytes()[c.len_utf8()..]) {
            return None;
        }
        emoji::longest_sequence(rest, version)
    }
}
