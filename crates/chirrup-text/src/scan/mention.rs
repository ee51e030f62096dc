//! Mentions and lists: `@name` and `@name/list`.

use super::preceding::Preceding;
use crate::char_class::{cannot_follow_mention, cannot_precede_mention, cannot_precede_rt, is_space, is_username_byte};
use crate::entity::{Entity, EntityKind};
use crate::index::Span;

/// Maximum length of a username in a mention.
const MAX_USERNAME: usize = 20;
/// Maximum length of the slug of a list.
const MAX_SLUG: usize = 25;

/// Finder of mentions and lists.
pub(super) struct Mentions<'t> {
    text: &'t str,
    consumed: usize,
}

impl<'t> Mentions<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, consumed: 0 }
    }

    /// Returns the mention or list whose `@` is at `at` and takes `sigil` bytes.
    pub(super) fn find_at(&mut self, at: usize, sigil: usize) -> Option<Entity<'t>> {
        let start = at + sigil;
        let name_end = start + username_len(&self.text[start..])?;
        if !self.can_start_at(at) {
            return None;
        }
        let slug = slug_len(&self.text[name_end..]);
        let end = name_end + slug;
        self.consumed = end;
        if is_invalidated_by(&self.text[end..]) {
            return None;
        }
        let kind = if slug > 0 { EntityKind::List } else { EntityKind::Mention };
        Some(Entity { kind, span: Span::new(at, end), text: &self.text[start..end] })
    }

    fn can_start_at(&self, at: usize) -> bool {
        Preceding::new(self.text, self.consumed, at).allows(cannot_precede_mention) || self.follows_rt(at)
    }

    /// Whether `RT` precedes, after which a mention needs no space.
    fn follows_rt(&self, at: usize) -> bool {
        let before = &self.text.as_bytes()[self.consumed..at];
        before.len() >= 2
            && before[before.len() - 2..].eq_ignore_ascii_case(b"rt")
            && Preceding::new(self.text, self.consumed, at - 2).allows(cannot_precede_rt)
    }
}

/// Whether the text after a username shows that it is not a mention, as in `@name@host` or `@name://`.
fn is_invalidated_by(after: &str) -> bool {
    after.starts_with(cannot_follow_mention) || after.starts_with("://")
}

/// Returns the length of the username at the start of `text`.
fn username_len(text: &str) -> Option<usize> {
    let len = text.bytes().take(MAX_USERNAME).take_while(|b| is_username_byte(*b)).count();
    (len > 0).then_some(len)
}

/// Returns the length of the list slug at the start of `text`, including its slash, or 0.
fn slug_len(text: &str) -> usize {
    let mut bytes = text.bytes();
    if bytes.next() != Some(b'/') || !bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) {
        return 0;
    }
    2 + bytes.take(MAX_SLUG - 1).take_while(|b| is_username_byte(*b) || *b == b'-').count()
}

/// Returns the username of the mention at the start of the text, after white space.
pub(crate) fn reply_screen_name(text: &str) -> Option<&str> {
    let body = text.trim_start_matches(is_space).strip_prefix(['@', '＠'])?;
    let (name, after) = body.split_at(username_len(body)?);
    (!is_invalidated_by(after)).then_some(name)
}
