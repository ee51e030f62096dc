//! Hashtags and cashtags: `#word` and `$TICKER`.

use super::preceding::Preceding;
use crate::char_class::{can_follow_cashtag, is_hashtag_char, is_hashtag_letter, is_space};
use crate::entity::{Entity, EntityKind};
use crate::index::Span;

/// Maximum number of letters of a ticker symbol, without its suffix.
const MAX_TICKER: usize = 6;

/// Finder of hashtags in a text.
pub(super) struct Hashtags<'t> {
    text: &'t str,
    consumed: usize,
}

impl<'t> Hashtags<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, consumed: 0 }
    }

    /// Returns the hashtag whose `#` is at `at` and takes `sigil` bytes.
    pub(super) fn find_at(&mut self, at: usize, sigil: usize) -> Option<Entity<'t>> {
        let start = at + sigil;
        let end = start + hashtag_len(&self.text[start..])?;
        let cannot_precede = |c| c == '&' || (is_hashtag_char(c) && !matches!(c, '\u{FE0E}' | '\u{FE0F}'));
        if !Preceding::new(self.text, self.consumed, at).allows(cannot_precede) {
            return None;
        }
        self.consumed = end;
        let after = &self.text[end..];
        if after.starts_with(['#', '＃']) || after.starts_with("://") {
            return None;
        }
        Some(Entity { kind: EntityKind::Hashtag, span: Span::new(at, end), text: &self.text[start..end] })
    }
}

/// Returns the length of the hashtag word at the start of `text`.
///
/// A hashtag contains a letter, and its `#` is not the start of the keycap emoji `#️⃣`.
pub(crate) fn hashtag_len(text: &str) -> Option<usize> {
    if text.starts_with(['\u{FE0F}', '\u{20E3}']) {
        return None;
    }
    let len = text.find(|c| !is_hashtag_char(c)).unwrap_or(text.len());
    text[..len].contains(is_hashtag_letter).then_some(len)
}

/// Returns the cashtag whose `$` is at `at`.
pub(super) fn cashtag(text: &str, at: usize) -> Option<Entity<'_>> {
    if !Preceding::new(text, 0, at).allows(|c| !is_space(c)) {
        return None;
    }
    let rest = &text[at + 1..];
    let len = ticker_len(rest)?;
    Some(Entity { kind: EntityKind::Cashtag, span: Span::new(at, at + 1 + len), text: &rest[..len] })
}

/// Returns the length of the ticker symbol at the start of `text`: up to six letters, and optionally a dot or underscore
/// with one or two more.
fn ticker_len(text: &str) -> Option<usize> {
    let can_end = |rest: &str| rest.chars().next().is_none_or(can_follow_cashtag);
    let letters = |rest: &str| rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let len = letters(text);
    if !(1..=MAX_TICKER).contains(&len) {
        return None;
    }
    if let Some(suffix) = text[len..].strip_prefix(['.', '_']) {
        let more = letters(suffix);
        if (1..=2).contains(&more) && can_end(&suffix[more..]) {
            return Some(len + 1 + more);
        }
    }
    can_end(&text[len..]).then_some(len)
}
