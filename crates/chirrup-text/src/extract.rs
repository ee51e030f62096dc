//! What a text holds: links, mentions, lists, hashtags, cashtags.

use crate::index::{Byte, Ruler, Span, Unit};
use crate::scan::{self, Wanted, scan};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// `#word`.
    Hashtag,
    /// `$WORD`, up to six letters.
    Cashtag,
    /// `@name`.
    Mention,
    /// `@name/list`.
    List,
    /// A link, with its scheme or without.
    Url,
}

impl EntityKind {
    /// The name in small letters: `hashtag`, `cashtag`, `mention`, `list`, `url`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hashtag => "hashtag",
            Self::Cashtag => "cashtag",
            Self::Mention => "mention",
            Self::List => "list",
            Self::Url => "url",
        }
    }
}

/// Something found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entity<'t> {
    /// What it is.
    pub kind: EntityKind,
    /// Where it stands, its sign counted, in bytes. Code points and UTF-16 units come from a [`Ruler`], or
    /// from [`Extractor::extract_in`].
    pub span: Span<Byte>,
    /// The word without its sign; `name/list` of a list; the whole of a link.
    pub text: &'t str,
}

impl<'t> Entity<'t> {
    /// The name of the user: of a mention, and of the owner of a list.
    pub fn screen_name(&self) -> Option<&'t str> {
        match self.kind {
            EntityKind::Mention => Some(self.text),
            EntityKind::List => Some(self.text.split_once('/').map_or(self.text, |(name, _)| name)),
            _ => None,
        }
    }

    /// The slug of a list, without its slash.
    pub fn slug(&self) -> Option<&'t str> {
        self.text.split_once('/').filter(|_| self.kind == EntityKind::List).map(|(_, slug)| slug)
    }
}

/// Looks for some kinds of things and not for others.
///
/// ```
/// use chirrup_text::{CodePoint, EntityKind, Extractor, Span};
///
/// let text = "🐦 @ada reads example.com";
/// let found = Extractor::new().mentions().extract(text);
/// assert_eq!(found[0].text, "ada");
///
/// let (entity, span) = Extractor::all().extract_in::<CodePoint>(text).last().unwrap();
/// assert_eq!((entity.kind, span), (EntityKind::Url, Span::new(13, 24)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extractor {
    wanted: Wanted,
    /// Whether hashtags inside links are left out although links are not asked for.
    masks_links: bool,
}

impl Default for Extractor {
    fn default() -> Self {
        Self::all()
    }
}

impl Extractor {
    /// Looks for nothing yet.
    pub fn new() -> Self {
        Self { wanted: Wanted::NOTHING, masks_links: false }
    }

    /// Looks for everything, links without a scheme among it.
    pub fn all() -> Self {
        Self { wanted: Wanted::ALL, masks_links: false }
    }

    /// Looks for mentions and lists. Alone, it finds them inside links too, as the official libraries do.
    #[must_use]
    pub fn mentions(mut self) -> Self {
        self.wanted.mentions = true;
        self
    }

    /// Looks for hashtags.
    #[must_use]
    pub fn hashtags(mut self) -> Self {
        self.wanted.hashtags = true;
        self.masks_links = true;
        self
    }

    /// Looks for cashtags.
    #[must_use]
    pub fn cashtags(mut self) -> Self {
        self.wanted.cashtags = true;
        self
    }

    /// Looks for links that begin with `http://` or `https://`.
    #[must_use]
    pub fn urls(mut self) -> Self {
        self.wanted.urls = true;
        self
    }

    /// Looks for links without a scheme too, or not.
    #[must_use]
    pub fn bare_urls(mut self, wanted: bool) -> Self {
        self.wanted.bare_urls = wanted;
        self
    }

    /// Finds what is wanted, in the order of the text. Nothing overlaps: what begins first stays.
    pub fn extract<'t>(&self, text: &'t str) -> Vec<Entity<'t>> {
        if !self.masks_links || self.wanted.urls {
            return scan(text, self.wanted);
        }
        let mut found = scan(text, Wanted { urls: true, bare_urls: true, ..self.wanted });
        found.retain(|entity| entity.kind != EntityKind::Url);
        found
    }

    /// The same with places in another unit.
    pub fn extract_in<'t, U: Unit>(&self, text: &'t str) -> impl Iterator<Item = (Entity<'t>, Span<U>)> + use<'t, U> {
        let mut ruler = Ruler::new(text);
        self.extract(text).into_iter().map(move |entity| (entity, ruler.span(entity.span)))
    }
}

/// Everything that a text holds: links with and without a scheme, mentions, lists, hashtags and cashtags, in their order
/// and without overlaps.
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

/// The name of the user whom a text answers: the mention that it begins with, white space apart.
///
/// ```
/// assert_eq!(chirrup_text::reply_to(" @ada yes"), Some("ada"));
/// assert_eq!(chirrup_text::reply_to("yes, @ada"), None);
/// ```
pub fn reply_to(text: &str) -> Option<&str> {
    scan::reply_to(text)
}
