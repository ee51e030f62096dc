//! What begins with a sign: mentions, hashtags, cashtags.

use super::before;
use crate::class::{
    ends_cashtag, is_name, is_space, is_tag_letter, is_tag_word, spoils_mention, spoils_mention_after, spoils_rt,
};
use crate::extract::{Entity, EntityKind};
use crate::index::Span;

/// The longest name of a user that is still looked at.
const MAX_NAME: usize = 20;
/// The longest slug of a list.
const MAX_SLUG: usize = 25;
/// The longest ticker.
const MAX_TICKER: usize = 6;

/// The search for mentions and lists.
pub(super) struct Mentions<'t> {
    text: &'t str,
    floor: usize,
}

impl<'t> Mentions<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, floor: 0 }
    }

    /// What begins at the sign at `at`, which is `sign` bytes long.
    pub(super) fn at_sign(&mut self, at: usize, sign: usize) -> Option<Entity<'t>> {
        let start = at + sign;
        let name_end = start + name_len(&self.text[start..])?;
        if !self.may_begin(at) {
            return None;
        }
        let slug = slug_len(&self.text[name_end..]);
        let end = name_end + slug;
        self.floor = end;
        let after = &self.text[end..];
        if after.starts_with(spoils_mention_after) || after.starts_with("://") {
            return None;
        }
        let kind = if slug > 0 { EntityKind::List } else { EntityKind::Mention };
        Some(Entity { kind, span: Span::new(at, end), text: &self.text[start..end] })
    }

    fn may_begin(&self, at: usize) -> bool {
        before(self.text, self.floor, at).lets(spoils_mention) || self.after_rt(at)
    }

    /// Whether `RT` stands before, which lets a mention follow at once.
    fn after_rt(&self, at: usize) -> bool {
        let free = &self.text.as_bytes()[self.floor..at];
        free.len() >= 2
            && free[free.len() - 2..].eq_ignore_ascii_case(b"rt")
            && before(self.text, self.floor, at - 2).lets(spoils_rt)
    }
}

/// How long the name is that `text` begins with.
fn name_len(text: &str) -> Option<usize> {
    let len = text.bytes().take(MAX_NAME).take_while(|b| is_name(*b)).count();
    (len > 0).then_some(len)
}

/// How long the slug of a list is that `text` begins with, its slash counted.
fn slug_len(text: &str) -> usize {
    let mut bytes = text.bytes();
    if bytes.next() != Some(b'/') || !bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) {
        return 0;
    }
    2 + bytes.take(MAX_SLUG - 1).take_while(|b| is_name(*b) || *b == b'-').count()
}

/// The search for hashtags.
pub(super) struct Hashtags<'t> {
    text: &'t str,
    floor: usize,
}

impl<'t> Hashtags<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, floor: 0 }
    }

    /// What begins at the sign at `at`, which is `sign` bytes long.
    pub(super) fn at_sign(&mut self, at: usize, sign: usize) -> Option<Entity<'t>> {
        let start = at + sign;
        let end = start + tag_len(&self.text[start..])?;
        let spoils = |c| c == '&' || (is_tag_word(c) && !matches!(c, '\u{FE0E}' | '\u{FE0F}'));
        if !before(self.text, self.floor, at).lets(spoils) {
            return None;
        }
        self.floor = end;
        let after = &self.text[end..];
        if after.starts_with(['#', '＃']) || after.starts_with("://") {
            return None;
        }
        Some(Entity { kind: EntityKind::Hashtag, span: Span::new(at, end), text: &self.text[start..end] })
    }
}

/// How long the tag is that `text` begins with. A tag needs a letter, and must not begin as the emoji of a key does.
pub(crate) fn tag_len(text: &str) -> Option<usize> {
    if text.starts_with(['\u{FE0F}', '\u{20E3}']) {
        return None;
    }
    let mut letter = false;
    let word = |c| {
        letter |= is_tag_letter(c);
        is_tag_word(c)
    };
    let len = text.find(not(word)).unwrap_or(text.len());
    letter.then_some(len)
}

fn not(mut fits: impl FnMut(char) -> bool) -> impl FnMut(char) -> bool {
    move |c| !fits(c)
}

/// The cashtag that begins at the `$` at `at`.
pub(super) fn cashtag(text: &str, at: usize) -> Option<Entity<'_>> {
    if !before(text, 0, at).lets(|c| !is_space(c)) {
        return None;
    }
    let rest = &text[at + 1..];
    let len = ticker_len(rest)?;
    Some(Entity { kind: EntityKind::Cashtag, span: Span::new(at, at + 1 + len), text: &rest[..len] })
}

/// How long the ticker is that `text` begins with: letters, and perhaps a dot or underscore and one or two more.
fn ticker_len(text: &str) -> Option<usize> {
    let ends = |rest: &str| rest.chars().next().is_none_or(ends_cashtag);
    let letters = |rest: &str| rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let len = letters(text);
    if !(1..=MAX_TICKER).contains(&len) {
        return None;
    }
    if let Some(suffix) = text[len..].strip_prefix(['.', '_']) {
        let more = letters(suffix);
        if (1..=2).contains(&more) && ends(&suffix[more..]) {
            return Some(len + 1 + more);
        }
    }
    ends(&text[len..]).then_some(len)
}

/// The name of the user whom a text answers: the mention that it begins with.
pub(crate) fn reply_to(text: &str) -> Option<&str> {
    let body = text.trim_start_matches(is_space).strip_prefix(['@', '＠'])?;
    let (name, after) = body.split_at(name_len(body)?);
    let spoiled = after.starts_with(spoils_mention_after) || after.starts_with("://");
    (!spoiled).then_some(name)
}
