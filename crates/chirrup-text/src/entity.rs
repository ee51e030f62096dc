//! Entities of a text, with their kinds and positions.

use crate::index::{Byte, Span};

/// Kind of an entity in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntityKind {
    /// Hashtag: `#word`, with at least one letter.
    Hashtag,
    /// Cashtag: `$WORD`, with up to six letters.
    Cashtag,
    /// Mention of a user: `@name`.
    Mention,
    /// List of a user: `@name/list`.
    List,
    /// URL, with or without a scheme.
    Url,
}

impl EntityKind {
    /// Name of the kind in lower case: `hashtag`, `cashtag`, `mention`, `list` or `url`.
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

/// Entity found in a text: its kind, its position and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entity<'t> {
    /// Kind of the entity.
    pub kind: EntityKind,
    /// Position in bytes, including the leading `@`, `#` or `$`. For code points or UTF-16 code units, use an
    /// [`IndexConverter`](crate::IndexConverter) or
    /// [`Extractor::extract_with_indices`](crate::Extractor::extract_with_indices).
    pub span: Span<Byte>,
    /// Text without the leading `@`, `#` or `$`: `name/list` for a list, the complete URL for a URL.
    pub text: &'t str,
}

impl<'t> Entity<'t> {
    /// Creates an entity, for example from the `entities` object of a post.
    pub fn new(kind: EntityKind, span: Span<Byte>, text: &'t str) -> Self {
        Self { kind, span, text }
    }

    /// Username of a mention, or of the owner of a list.
    pub fn screen_name(&self) -> Option<&'t str> {
        match self.kind {
            EntityKind::Mention => Some(self.text),
            EntityKind::List => Some(self.text.split_once('/').map_or(self.text, |(name, _)| name)),
            _ => None,
        }
    }

    /// Slug of a list, without the slash.
    pub fn slug(&self) -> Option<&'t str> {
        self.text.split_once('/').filter(|_| self.kind == EntityKind::List).map(|(_, slug)| slug)
    }
}
