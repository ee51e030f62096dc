//! Single pass over a text that finds its entities.
//!
//! A table marks the bytes at which an entity can be recognized; the scan skips all others. Each kind of entity keeps the
//! end of its last match in a field `consumed`: text before that position belongs to the match, so that it neither starts
//! another entity of the kind nor counts as the character before one.

mod host;
mod mention;
mod tag;
mod url;

pub(crate) use mention::reply_screen_name;
pub(crate) use tag::hashtag_len;

use crate::char_class::trigger;
use crate::extract::{Entity, EntityKind};

/// Kinds of entities to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntityKinds {
    /// Mentions and lists of users.
    pub(crate) mentions: bool,
    /// Hashtags, such as `#rust`.
    pub(crate) hashtags: bool,
    /// Cashtags, such as `$TSLA`.
    pub(crate) cashtags: bool,
    /// URLs with a scheme.
    pub(crate) urls: bool,
    /// URLs without a scheme.
    pub(crate) urls_without_protocol: bool,
}

impl EntityKinds {
    pub(crate) const NONE: Self =
        Self { mentions: false, hashtags: false, cashtags: false, urls: false, urls_without_protocol: false };
    pub(crate) const ALL: Self =
        Self { mentions: true, hashtags: true, cashtags: true, urls: true, urls_without_protocol: true };

    fn triggers(self) -> u8 {
        let bit = |selected, bit| if selected { bit } else { 0 };
        bit(self.mentions, trigger::MENTION)
            | bit(self.hashtags, trigger::HASHTAG)
            | bit(self.cashtags, trigger::CASHTAG)
            | bit(self.urls || self.urls_without_protocol, trigger::HOST)
    }
}

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

/// Text directly before a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preceding {
    /// The position is the start of the text.
    Start,
    /// The position is after this character.
    Char(char),
    /// The position is after an earlier match of the same kind.
    Consumed,
}

impl Preceding {
    /// Returns what precedes `at`, given that an earlier match ends at `consumed`.
    fn new(text: &str, consumed: usize, at: usize) -> Self {
        match text[consumed..at].chars().next_back() {
            Some(c) => Self::Char(c),
            None if at == 0 => Self::Start,
            None => Self::Consumed,
        }
    }

    /// Whether an entity can start here, if `forbidden` tells after which characters it cannot.
    fn allows(self, forbidden: impl Fn(char) -> bool) -> bool {
        match self {
            Self::Start => true,
            Self::Char(c) => !forbidden(c),
            Self::Consumed => false,
        }
    }
}
