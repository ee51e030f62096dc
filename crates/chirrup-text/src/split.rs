//! Texts over the limit: truncated to one post, or split into a thread.

use crate::config::Config;
use crate::entity::Entity;
use crate::extract::Extractor;
use crate::length::parse_with;
use crate::tokens::Tokens;
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;

/// Returns the longest start of a text that is within the limit. It never ends inside a link, an emoji or a
/// user-perceived character.
///
/// ```
/// use chirrup_text::{Config, truncate};
///
/// let config = Config::V3.max_weighted_length(6);
/// assert_eq!(truncate("a 👨‍👩‍👧‍👦 👨‍👩‍👧‍👦", &config), "a 👨‍👩‍👧‍👦 ");
/// ```
pub fn truncate<'t>(text: &'t str, config: &Config) -> &'t str {
    &text[..fitting_len(text, config, "")]
}

/// Truncates a text to the limit and appends an ending, such as `…`, without white space before it. A text within the
/// limit is returned unchanged.
pub fn truncate_with<'t>(text: &'t str, config: &Config, ending: &str) -> Cow<'t, str> {
    if weight(text, config) <= config.max_weighted_length {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}{ending}", text[..fitting_len(text, config, ending)].trim_end()))
}

/// Numbering of the posts of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Numbering {
    /// ` 2/5` after the text. This is the default.
    #[default]
    After,
    /// `2/5 ` before the text.
    Before,
    /// No numbers in the posts.
    None,
}

impl Numbering {
    fn apply(self, text: &str, n: impl std::fmt::Display, total: impl std::fmt::Display) -> String {
        match self {
            Self::After => format!("{text} {n}/{total}"),
            Self::Before => format!("{n}/{total} {text}"),
            Self::None => text.to_owned(),
        }
    }
}

/// Splits a long text into numbered posts. A text within the limit becomes a single post without a number.
///
/// Each post ends with a paragraph, line or sentence if that fills at least half of it, otherwise with a word. A word
/// longer than a post is split between characters. Links and emoji are never split, even one that exceeds the limit by
/// itself.
///
/// ```
/// use chirrup_text::{Config, Numbering, split};
///
/// let config = Config::V3.max_weighted_length(24);
/// let posts = split("One small step. And one giant leap.", &config, Numbering::After);
/// assert_eq!(posts, ["One small step. 1/2", "And one giant leap. 2/2"]);
/// ```
pub fn split(text: &str, config: &Config, numbering: Numbering) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if weight(text, config) <= config.max_weighted_length {
        return vec![text.to_owned()];
    }
    // The length of the numbers depends on the number of posts, which depends on the length of the numbers.
    let mut digits = 1;
    let parts = loop {
        let parts = split_into_parts(text, config, numbering, digits);
        let needed = parts.len().to_string().len();
        if needed <= digits {
            break parts;
        }
        digits = needed;
    };
    let total = parts.len();
    parts.iter().enumerate().map(|(n, part)| numbering.apply(part, n + 1, total)).collect()
}

/// Splits a text into parts that have room for numbers of this many digits.
fn split_into_parts<'t>(text: &'t str, config: &Config, numbering: Numbering, digits: usize) -> Vec<&'t str> {
    let widest = "9".repeat(digits);
    let widest = numbering.apply("", &widest, &widest);
    let (mut parts, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let len = match fitting_len(rest, config, &widest) {
            0 => first_token_end(rest, config),
            len => len,
        };
        let end = if len == rest.len() { len } else { break_before(rest, len) };
        parts.push(rest[..end].trim_end());
        rest = rest[end..].trim_start();
    }
    parts
}

fn weight(text: &str, config: &Config) -> usize {
    parse_with(text, config).weighted_length
}

fn links(text: &str) -> Vec<Entity<'_>> {
    Extractor::new().urls().urls_without_protocol(true).extract(text)
}

/// Returns the length in bytes of the longest start of a text that fits together with `suffix` and can be cut off there.
fn fitting_len(text: &str, config: &Config, suffix: &str) -> usize {
    let available = config.max_weighted_length.saturating_sub(weight(suffix, config)).saturating_mul(config.scale);
    let mut used = 0_usize;
    let links = links(text);
    let ends: Vec<usize> = Tokens::new(text, &links, config)
        .map_while(|token| {
            used = used.saturating_add(token.weight);
            (used <= available).then_some(token.end)
        })
        .collect();
    let last = ends.last().copied().unwrap_or_default();
    let window = (last + 64).min(text.len());
    let window = &text[..(window..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())];
    let graphemes: Vec<usize> = window.grapheme_indices(true).map(|(at, _)| at).chain([window.len()]).collect();
    // A cut can create a link, as from `foo.com@x` to `foo.com`, so every candidate is weighed again.
    let mut cuts = ends.iter().rev().filter(|end| graphemes.binary_search(end).is_ok());
    let fits = |end: &&usize| weight(&format!("{}{suffix}", &text[..**end]), config) <= config.max_weighted_length;
    cuts.find(fits).copied().unwrap_or_default()
}

/// Returns the end of the first token, extended to the end of its grapheme cluster.
fn first_token_end(text: &str, config: &Config) -> usize {
    let links = links(text);
    let token_end = Tokens::new(text, &links, config).next().map_or(text.len(), |token| token.end);
    text.grapheme_indices(true).map(|(at, c)| at + c.len()).find(|end| *end >= token_end).unwrap_or(text.len())
}

/// Returns the best position at or before `limit` to break a text: the end of a paragraph, line or sentence beyond half
/// of the limit, otherwise the end of a word, otherwise `limit`.
fn break_before(text: &str, limit: usize) -> usize {
    // White space directly after the limit ends the last word.
    let head_end = text[limit..].chars().next().filter(|c| c.is_whitespace()).map_or(limit, |c| limit + c.len_utf8());
    let head = &text[..head_end];
    let half = limit / 2;
    let sentence = |(at, c): (usize, char)| {
        let after = at + c.len_utf8();
        let ends_before_space = matches!(c, '.' | '!' | '?' | '…') && head[after..].starts_with(char::is_whitespace);
        (ends_before_space || matches!(c, '。' | '！' | '？')).then_some(after)
    };
    let beyond_half = |at: &usize| *at > half;
    head.rfind("\n\n")
        .filter(beyond_half)
        .or_else(|| head.rfind('\n').filter(beyond_half))
        .or_else(|| head.char_indices().rev().find_map(sentence).filter(beyond_half))
        .or_else(|| head.rfind(char::is_whitespace).filter(|at| !head[..*at].trim_end().is_empty()))
        .unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(max: usize) -> Config {
        Config::V3.max_weighted_length(max)
    }

    #[test]
    fn links_emoji_and_graphemes_are_not_cut() {
        assert_eq!(truncate("see https://example.com/a now", &config(26)), "see ");
        assert_eq!(truncate("see https://example.com/a now", &config(27)), "see https://example.com/a");
        assert_eq!(truncate("ae\u{301}", &config(1)), "a");
        assert_eq!(truncate("a🇺🇸", &config(2)), "a");
        assert_eq!(truncate("日本語", &config(5)), "日本");
        assert_eq!(truncate("", &config(5)), "");
        assert_eq!(truncate("x", &config(0)), "");
    }

    #[test]
    fn a_link_that_the_cut_creates_is_weighed_as_a_link() {
        let text = "foo.com@example";
        let cut = truncate(text, &config(7));
        assert_eq!(cut, "foo.c", "`foo.co` and `foo.com` are links, and weigh 23");
    }

    #[test]
    fn the_ending_counts_toward_the_limit() {
        assert_eq!(truncate_with("one two three", &config(9), "…"), "one two…");
        assert_eq!(truncate_with("one", &config(9), "…"), "one");
    }

    #[test]
    fn threads_break_at_paragraphs_sentences_and_words() {
        let text = "First point, short.\n\nSecond point. It is a bit longer than the first, is it not? Third.";
        let posts = split(text, &config(40), Numbering::After);
        assert_eq!(
            posts,
            [
                "First point, short. 1/3",
                "Second point. It is a bit longer 2/3",
                "than the first, is it not? Third. 3/3"
            ]
        );
        assert_eq!(split("short", &config(40), Numbering::After), ["short"]);
        assert!(split("  ", &config(40), Numbering::After).is_empty());
        assert_eq!(split("abcdef", &config(4), Numbering::None), ["abcd", "ef"]);
        assert_eq!(split("aaa bbb ccc", &config(8), Numbering::Before), ["1/3 aaa", "2/3 bbb", "3/3 ccc"]);
    }

    #[test]
    fn numbers_of_two_digits_fit_into_the_limit() {
        let text = "word ".repeat(600);
        let posts = split(&text, &Config::V3, Numbering::After);
        assert!((10..20).contains(&posts.len()));
        let posts = split(&text, &config(30), Numbering::After);
        assert!(posts.len() > 99 && posts.iter().all(|post| weight(post, &config(30)) <= 30), "{posts:?}");
    }
}
