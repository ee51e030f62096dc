//! Texts that are too long: cut off at the limit, or made into a thread.

use crate::extract::{Entity, Extractor};
use crate::length::{Config, Steps, parse_with};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;

/// The longest beginning of a text that may be posted. It ends between two characters as a reader sees them, and never
/// inside a link or an emoji.
///
/// ```
/// use chirrup_text::{Config, truncate};
///
/// let config = Config { max_weighted_length: 6, ..Config::V3 };
/// assert_eq!(truncate("a 👨‍👩‍👧‍👦 👨‍👩‍👧‍👦", &config), "a 👨‍👩‍👧‍👦 ");
/// ```
pub fn truncate<'t>(text: &'t str, config: &Config) -> &'t str {
    &text[..fit(text, config, "")]
}

/// The same with an ending, such as `…`, where something was cut off. Blanks before it go too.
pub fn truncate_with<'t>(text: &'t str, config: &Config, ending: &str) -> Cow<'t, str> {
    if weight(text, config) <= config.max_weighted_length {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}{ending}", text[..fit(text, config, ending)].trim_end()))
}

/// How the posts of a thread are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbering {
    /// ` 2/5` after the text.
    #[default]
    After,
    /// `2/5 ` before the text.
    Before,
    /// Not at all.
    None,
}

impl Numbering {
    fn number(self, text: &str, n: impl std::fmt::Display, total: impl std::fmt::Display) -> String {
        match self {
            Self::After => format!("{text} {n}/{total}"),
            Self::Before => format!("{n}/{total} {text}"),
            Self::None => text.to_owned(),
        }
    }
}

/// Parts a long text into posts, numbered. A text that fits stays as it is, without a number.
///
/// A post ends with a paragraph if that fills half of it, or else with a line, a sentence, a word; a word that is longer
/// than a post is cut between its characters. Links and emoji stay whole, even one that is alone too long for `config`.
///
/// ```
/// use chirrup_text::{Config, Numbering, split};
///
/// let config = Config { max_weighted_length: 24, ..Config::V3 };
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
    // The numbers take room, and how much depends on how many posts there will be.
    let mut digits = 1;
    let parts = loop {
        let parts = parts(text, config, numbering, digits);
        let needed = parts.len().to_string().len();
        if needed <= digits {
            break parts;
        }
        digits = needed;
    };
    let total = parts.len();
    parts.iter().enumerate().map(|(n, part)| numbering.number(part, n + 1, total)).collect()
}

fn parts<'t>(text: &'t str, config: &Config, numbering: Numbering, digits: usize) -> Vec<&'t str> {
    let widest = "9".repeat(digits);
    let room = numbering.number("", &widest, &widest);
    let (mut parts, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let fits = match fit(rest, config, &room) {
            0 => first_step(rest, config),
            fits => fits,
        };
        let end = if fits == rest.len() { fits } else { break_before(rest, fits) };
        parts.push(rest[..end].trim_end());
        rest = rest[end..].trim_start();
    }
    parts
}

fn weight(text: &str, config: &Config) -> usize {
    parse_with(text, config).weighted_length
}

fn links(text: &str) -> Vec<Entity<'_>> {
    Extractor::new().urls().bare_urls(true).extract(text)
}

/// How long the longest beginning is that fits together with `more`, ending where a text may be cut.
fn fit(text: &str, config: &Config, more: &str) -> usize {
    let room = config.max_weighted_length.saturating_sub(weight(more, config)).saturating_mul(config.scale);
    let mut weighed = 0_usize;
    let links = links(text);
    let ends: Vec<usize> = Steps::new(text, &links, config)
        .map_while(|step| {
            weighed = weighed.saturating_add(step.weight);
            (weighed <= room).then_some(step.end)
        })
        .collect();
    let last = ends.last().copied().unwrap_or_default();
    let window = (last + 64).min(text.len());
    let window = &text[..(window..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())];
    let graphemes: Vec<usize> = window.grapheme_indices(true).map(|(at, _)| at).chain([window.len()]).collect();
    // What is cut off can turn into a link what was none, so that the weight has to be looked at again.
    let mut cuts = ends.iter().rev().filter(|end| graphemes.binary_search(end).is_ok());
    let fits = |end: &&usize| weight(&format!("{}{more}", &text[..**end]), config) <= config.max_weighted_length;
    cuts.find(fits).copied().unwrap_or_default()
}

/// The end of the first link, emoji or character.
fn first_step(text: &str, config: &Config) -> usize {
    let links = links(text);
    let step = Steps::new(text, &links, config).next().map_or(text.len(), |step| step.end);
    text.grapheme_indices(true).map(|(at, c)| at + c.len()).find(|end| *end >= step).unwrap_or(text.len())
}

/// The best place to break a text at or before `limit`: the first of paragraph, line and sentence that leaves at least half
/// of it, or the last word, or right at the limit.
fn break_before(text: &str, limit: usize) -> usize {
    // A blank right after the limit lets the last word stay.
    let upto = text[limit..].chars().next().filter(|c| c.is_whitespace()).map_or(limit, |c| limit + c.len_utf8());
    let head = &text[..upto];
    let half = limit / 2;
    let sentence = |(at, c): (usize, char)| {
        let after = at + c.len_utf8();
        let western = matches!(c, '.' | '!' | '?' | '…') && head[after..].starts_with(char::is_whitespace);
        (western || matches!(c, '。' | '！' | '？')).then_some(after)
    };
    let good = |at: &usize| *at > half;
    head.rfind("\n\n")
        .filter(good)
        .or_else(|| head.rfind('\n').filter(good))
        .or_else(|| head.char_indices().rev().find_map(sentence).filter(good))
        .or_else(|| head.rfind(char::is_whitespace).filter(|at| !head[..*at].trim_end().is_empty()))
        .unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(max: usize) -> Config {
        Config { max_weighted_length: max, ..Config::V3 }
    }

    #[test]
    fn nothing_is_cut_in_two() {
        assert_eq!(truncate("see https://example.com/a now", &config(26)), "see ");
        assert_eq!(truncate("see https://example.com/a now", &config(27)), "see https://example.com/a");
        assert_eq!(truncate("ae\u{301}", &config(1)), "a");
        assert_eq!(truncate("a🇺🇸", &config(2)), "a");
        assert_eq!(truncate("日本語", &config(5)), "日本");
        assert_eq!(truncate("", &config(5)), "");
        assert_eq!(truncate("x", &config(0)), "");
    }

    #[test]
    fn what_becomes_a_link_by_the_cut_is_weighed_as_one() {
        let text = "foo.com@example";
        let cut = truncate(text, &config(7));
        assert_eq!(cut, "foo.c", "`foo.co` and `foo.com` are links, and weigh 23");
    }

    #[test]
    fn endings_have_room() {
        assert_eq!(truncate_with("one two three", &config(9), "…"), "one two…");
        assert_eq!(truncate_with("one", &config(9), "…"), "one");
    }

    #[test]
    fn threads_break_where_a_writer_would() {
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
    fn a_thread_of_more_than_nine_has_room_for_its_numbers() {
        let text = "word ".repeat(600);
        let posts = split(&text, &Config::V3, Numbering::After);
        assert!((10..20).contains(&posts.len()));
        let posts = split(&text, &config(30), Numbering::After);
        assert!(posts.len() > 99 && posts.iter().all(|post| weight(post, &config(30)) <= 30), "{posts:?}");
    }
}
