//! Single pass over a text that finds its entities.
//!
//! The scan skips all bytes at which no entity can be recognized. Each kind of entity keeps the
//! end of its last match in a field `consumed`: text before that position belongs to the match, so that it neither starts
//! another entity of the kind nor counts as the character before one.

mod host;
mod kinds;
mod mention;
mod preceding;
mod tag;
mod url;

pub(crate) use kinds::EntityKinds;
pub(crate) use mention::reply_screen_name;
pub(crate) use tag::hashtag_len;

use crate::entity::Entity;
use crate::words::{Flags, Word, words};

/// Finds entities of these kinds in the order of the text. Of overlapping entities, only the first is returned.
pub(crate) fn scan(text: &str, kinds: EntityKinds) -> Vec<Entity<'_>> {
    let mut found = scan_overlapping(text, kinds);
    sort_without_overlaps(&mut found);
    found
}

/// Finds entities of these kinds, including those that overlap an earlier one. URLs are in the order of the text.
pub(crate) fn scan_overlapping(text: &str, kinds: EntityKinds) -> Vec<Entity<'_>> {
    let mut found = Vec::new();
    let (mut mentions, mut hashtags) = (mention::Mentions::new(text), tag::Hashtags::new(text));
    let mut urls = url::Urls::new(text, kinds);
    for (start, word) in words(text.as_bytes()) {
        for at in triggers(word).positions().map(|n| start + n) {
            match text.as_bytes()[at] {
                b'.' if kinds.has_urls() => urls.find_at_dot(at, &mut found),
                b'$' if kinds.cashtags => found.extend(tag::cashtag(text, at)),
                b'@' if kinds.mentions => found.extend(mentions.find_at(at, 1)),
                b'#' if kinds.hashtags => found.extend(hashtags.find_at(at, 1)),
                FULL_WIDTH if kinds.mentions && text[at..].starts_with('＠') => found.extend(mentions.find_at(at, 3)),
                FULL_WIDTH if kinds.hashtags && text[at..].starts_with('＃') => found.extend(hashtags.find_at(at, 3)),
                _ => {}
            }
        }
    }
    found
}

/// First byte of the full-width `＠` and `＃`.
const FULL_WIDTH: u8 = 0xEF;

/// Flags the bytes at which an entity can be recognized.
fn triggers(word: Word) -> Flags {
    let [dot, cashtag, mention, hashtag, full_width] =
        [b'.', b'$', b'@', b'#', FULL_WIDTH].map(|byte| word.low_bits_equal(byte));
    (dot | cashtag | mention | hashtag) & !word.non_ascii() | full_width & word.non_ascii()
}

/// Sorts entities by start and drops each one that overlaps the one before it.
pub(crate) fn sort_without_overlaps(found: &mut Vec<Entity<'_>>) {
    if !found.is_sorted_by_key(|entity| entity.span.start) {
        found.sort_by_key(|entity| entity.span.start);
    }
    let mut end = 0;
    found.retain(|entity| {
        let keep = entity.span.start.0 >= end;
        if keep {
            end = entity.span.end.0;
        }
        keep
    });
}
