//! Single pass over a text that finds its entities.
//!
//! A table marks the bytes at which an entity can be recognized; the scan skips all others. Each kind of entity keeps the
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

use crate::char_class::trigger;
use crate::entity::{Entity, EntityKind};

/// Finds entities of these kinds in the order of the text. Of overlapping entities, only the first is returned.
pub(crate) fn scan(text: &str, kinds: EntityKinds) -> Vec<Entity<'_>> {
    let mut found = scan_overlapping(text, kinds);
    sort_without_overlaps(&mut found);
    found
}

/// Returns all URLs, including those that overlap an earlier entity, and all entities without overlaps.
pub(crate) fn scan_all(text: &str) -> (Vec<Entity<'_>>, Vec<Entity<'_>>) {
    let mut found = scan_overlapping(text, EntityKinds::ALL);
    let urls = found.iter().filter(|entity| entity.kind == EntityKind::Url).copied().collect();
    sort_without_overlaps(&mut found);
    (urls, found)
}

fn scan_overlapping(text: &str, kinds: EntityKinds) -> Vec<Entity<'_>> {
    let triggers = kinds.triggers();
    let mut found = Vec::new();
    let (mut mentions, mut hashtags) = (mention::Mentions::new(text), tag::Hashtags::new(text));
    let mut urls = url::Urls::new(text, kinds);
    let mut at = 0;
    while let Some(skipped) = text.as_bytes()[at..].iter().position(|b| trigger::BITS[usize::from(*b)] & triggers != 0)
    {
        at += skipped;
        match text.as_bytes()[at] {
            b'.' => urls.find_at_dot(at, &mut found),
            b'$' => found.extend(tag::cashtag(text, at)),
            b'@' => found.extend(mentions.find_at(at, 1)),
            b'#' => found.extend(hashtags.find_at(at, 1)),
            _ if kinds.mentions && text[at..].starts_with('＠') => found.extend(mentions.find_at(at, 3)),
            _ if kinds.hashtags && text[at..].starts_with('＃') => found.extend(hashtags.find_at(at, 3)),
            _ => {}
        }
        at += 1;
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// Sorts entities by start and drops each one that overlaps the one before it.
fn sort_without_overlaps(found: &mut Vec<Entity<'_>>) {
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
