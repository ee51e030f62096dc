//! One pass over a text that finds what it holds.
//!
//! A table says which bytes can begin something; all others are skipped. Each kind of thing keeps its own *floor*: what
//! stands before the floor belongs to an earlier find of the same kind and cannot be looked at again.

mod host;
mod signs;
mod url;

pub(crate) use signs::{reply_to, tag_len};

use crate::class::trigger;
use crate::extract::{Entity, EntityKind};

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Mentions and lists.
    pub(crate) mentions: bool,
    /// Hashtags.
    pub(crate) hashtags: bool,
    /// Cashtags.
    pub(crate) cashtags: bool,
    /// Links that begin with a scheme.
    pub(crate) urls: bool,
    /// Links that do not.
    pub(crate) bare_urls: bool,
}

impl Wanted {
    pub(crate) const NOTHING: Self =
        Self { mentions: false, hashtags: false, cashtags: false, urls: false, bare_urls: false };
    pub(crate) const ALL: Self = Self { mentions: true, hashtags: true, cashtags: true, urls: true, bare_urls: true };

    fn triggers(self) -> u8 {
        let bit = |wanted, bit| if wanted { bit } else { 0 };
        bit(self.mentions, trigger::MENTION)
            | bit(self.hashtags, trigger::HASHTAG)
            | bit(self.cashtags, trigger::CASHTAG)
            | bit(self.urls || self.bare_urls, trigger::HOST)
    }
}

/// Finds what is wanted, in the order of the text. What overlaps something that began earlier is left out.
pub(crate) fn scan(text: &str, wanted: Wanted) -> Vec<Entity<'_>> {
    let mut found = scan_raw(text, wanted);
    in_order(&mut found);
    found
}

/// Finds all links, those too that overlap something that began earlier, and everything without overlaps.
pub(crate) fn scan_all(text: &str) -> (Vec<Entity<'_>>, Vec<Entity<'_>>) {
    let mut found = scan_raw(text, Wanted::ALL);
    let links = found.iter().filter(|entity| entity.kind == EntityKind::Url).copied().collect();
    in_order(&mut found);
    (links, found)
}

fn scan_raw(text: &str, wanted: Wanted) -> Vec<Entity<'_>> {
    let triggers = wanted.triggers();
    let mut found = Vec::new();
    let (mut mentions, mut hashtags) = (signs::Mentions::new(text), signs::Hashtags::new(text));
    let mut urls = url::Urls::new(text, wanted);
    let mut at = 0;
    while let Some(step) = text.as_bytes()[at..].iter().position(|b| trigger::OF[usize::from(*b)] & triggers != 0) {
        at += step;
        match text.as_bytes()[at] {
            b'.' => urls.at_dot(at, &mut found),
            b'$' => found.extend(signs::cashtag(text, at)),
            b'@' => found.extend(mentions.at_sign(at, 1)),
            b'#' => found.extend(hashtags.at_sign(at, 1)),
            _ if wanted.mentions && text[at..].starts_with('＠') => found.extend(mentions.at_sign(at, 3)),
            _ if wanted.hashtags && text[at..].starts_with('＃') => found.extend(hashtags.at_sign(at, 3)),
            _ => {}
        }
        at += 1;
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// Sorts by beginning, and leaves out what overlaps its predecessor.
fn in_order(found: &mut Vec<Entity<'_>>) {
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

/// The character that ends at `at`, unless it stands before the floor.
fn before(text: &str, floor: usize, at: usize) -> Before {
    match text[floor..at].chars().next_back() {
        Some(c) => Before::Char(c),
        None if at == 0 => Before::Start,
        None => Before::Taken,
    }
}

/// What stands before a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing: the text begins here.
    Start,
    /// This character.
    Char(char),
    /// Something that an earlier find has taken.
    Taken,
}

impl Before {
    /// Whether something may begin here, where these characters spoil it.
    fn lets(self, spoils: impl Fn(char) -> bool) -> bool {
        match self {
            Self::Start => true,
            Self::Char(c) => !spoils(c),
            Self::Taken => false,
        }
    }
}
