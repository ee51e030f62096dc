//! Extraction of the entities of a text: URLs, mentions, lists, hashtags and cashtags.

use crate::entity::{Entity, EntityKind};
use crate::index::{IndexConverter, IndexUnit, Span};
use crate::scan::{self, EntityKinds, scan};

/// Finds entities of the selected kinds.
///
/// ```
/// use chirrup_text::{CodePoint, EntityKind, Extractor, Span};
///
/// let text = "🐦 @ada reads example.com";
/// let found = Extractor::new().mentions().extract(text);
/// assert_eq!(found[0].text, "ada");
///
/// let (entity, span) = Extractor::all().extract_with_indices::<CodePoint>(text).last().unwrap();
/// assert_eq!((entity.kind, span), (EntityKind::Url, Span::new(13, 24)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extractor {
    kinds: EntityKinds,
    /// Whether hashtags inside URLs are left out even if URLs are not selected.
    excludes_urls: bool,
}

impl Default for Extractor {
    fn default() -> Self {
        Self::all()
    }
}

impl Extractor {
    /// Creates an extractor with no kinds selected.
    pub fn new() -> Self {
        Self { kinds: EntityKinds::NONE, excludes_urls: false }
    }

    /// Creates an extractor with all kinds selected, including URLs without a scheme.
    pub fn all() -> Self {
        Self { kinds: EntityKinds::ALL, excludes_urls: false }
    }

    /// Selects mentions and lists. If no other kind is selected, those inside URLs are found too, as in the official
    /// libraries.
    #[must_use]
    pub fn mentions(mut self) -> Self {
        self.kinds.mentions = true;
        self
    }

    /// Selects hashtags, except those inside URLs.
    #[must_use]
    pub fn hashtags(mut self) -> Self {
        self.kinds.hashtags = true;
        self.excludes_urls = true;
        self
    }

    /// Selects cashtags, such as `$TWTR`.
    #[must_use]
    pub fn cashtags(mut self) -> Self {
        self.kinds.cashtags = true;
        self
    }

    /// Selects URLs that start with `http://` or `https://`.
    #[must_use]
    pub fn urls(mut self) -> Self {
        self.kinds.urls = true;
        self
    }

    /// Selects or deselects URLs without a scheme, such as `example.com`.
    #[must_use]
    pub fn urls_without_protocol(mut self, enabled: bool) -> Self {
        self.kinds.urls_without_protocol = enabled;
        self
    }

    /// Finds the selected entities, in the order of the text. Of overlapping entities, only the first is returned.
    pub fn extract<'t>(&self, text: &'t str) -> Vec<Entity<'t>> {
        if !self.excludes_urls || self.kinds.urls {
            return scan(text, self.kinds);
        }
        let mut found = scan(text, EntityKinds { urls: true, urls_without_protocol: true, ..self.kinds });
        found.retain(|entity| entity.kind != EntityKind::Url);
        found
    }

    /// Finds the selected entities with their positions in another unit. See [`Extractor::extract`].
    pub fn extract_with_indices<'t, U: IndexUnit>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (Entity<'t>, Span<U>)> + use<'t, U> {
        let mut converter = IndexConverter::new(text);
        self.extract(text).into_iter().map(move |entity| (entity, converter.span(entity.span)))
    }
}

/// Finds all entities of a text, in order and without overlaps: URLs with and without a scheme, mentions, lists, hashtags
/// and cashtags.
///
/// ```
/// use chirrup_text::{EntityKind, extract};
///
/// let found = extract("@ada wrote about #rust on foo.com/blog");
/// let words: Vec<_> = found.iter().map(|e| (e.kind.name(), e.text)).collect();
/// assert_eq!(words, [("mention", "ada"), ("hashtag", "rust"), ("url", "foo.com/blog")]);
/// ```
pub fn extract(text: &str) -> Vec<Entity<'_>> {
    Extractor::all().extract(text)
}

/// Returns the username that a reply is addressed to: the mention at the start of the text. White space before it is
/// ignored.
///
/// ```
/// use chirrup_text::extract_reply_screen_name;
///
/// assert_eq!(extract_reply_screen_name(" @ada yes"), Some("ada"));
/// assert_eq!(extract_reply_screen_name("yes, @ada"), None);
/// ```
pub fn extract_reply_screen_name(text: &str) -> Option<&str> {
    scan::reply_screen_name(text)
}
