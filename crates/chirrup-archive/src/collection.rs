//! Parts of a collection: the pages of a source and the checkpoint from which the source resumes.

use chirrup_model::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
use crate::object::ObjectKind;

/// Position of a source, which is stored together with its items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checkpoint {
    /// Number of stored pages.
    pub pages: u64,
    /// Number of items of these pages. An item that the server repeats counts once.
    pub items: u64,
    /// Token of the page that follows.
    pub next_token: Option<String>,
    /// Whether the last page is stored.
    pub is_complete: bool,
    /// Cost of the pages in millionths of a dollar.
    pub cost_micros: u64,
    /// Lowest ID of the items above `since_id`.
    pub oldest_id: Option<u64>,
    /// Highest ID of the items.
    pub newest_id: Option<u64>,
    /// ID below which the source continues, since the server refused a token. Set it before the next page is stored.
    pub until_id: Option<u64>,
    /// ID above which the source continues, since all up to it is stored.
    pub since_id: Option<u64>,
}

impl Checkpoint {
    /// Returns the checkpoint from which a complete source continues with what is newer than its items. It is stored with the
    /// next page: until then, the source stays complete.
    #[must_use]
    pub fn updated(self) -> Self {
        Self { is_complete: false, next_token: None, until_id: None, oldest_id: None, since_id: self.newest_id, ..self }
    }
}

/// A page of a source, as the server sent it, or a number of lines of a file or stream.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Bodies with `data`, `includes` and `errors`: that of a response, or lines.
    pub bodies: &'a [&'a [u8]],
    /// Type of the items in `data`.
    pub items: ItemKind,
    /// Relation between the items and the subject of the source, such as a user whose followers are listed.
    pub relation: Option<Relation>,
    /// Time of the response.
    pub seen_at: Timestamp,
    /// Cost of the page in millionths of a dollar.
    pub cost_micros: u64,
    /// Token of the page that follows, or `None` after the last page.
    pub next_token: Option<&'a str>,
}

/// Type of the items of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// Posts with their authors, media, places and polls.
    Posts,
    /// Users with their pinned posts.
    Users,
    /// Spaces with their hosts and creators.
    Spaces,
    /// Numbers of posts of a query, each of an interval. They have the members `id`, `query` and `granularity` besides those
    /// of X.
    Counts,
}

impl ItemKind {
    /// All types of items.
    pub const ALL: [Self; 4] = [Self::Posts, Self::Users, Self::Spaces, Self::Counts];

    /// Name of the type, in the plural.
    pub fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Users => "users",
            Self::Spaces => "spaces",
            Self::Counts => "counts",
        }
    }

    /// Type of the objects that the items are.
    #[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
    pub(crate) fn object(self) -> ObjectKind {
        match self {
            Self::Posts => ObjectKind::Post,
            Self::Users => ObjectKind::User,
            Self::Spaces => ObjectKind::Space,
            Self::Counts => ObjectKind::Count,
        }
    }
}

/// Relation between the subject of a source and each of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// Verb of the relation: `follows`, `likes`, `reposts`, `is_member_of` or `follows_list`.
    pub name: &'static str,
    /// ID of the user, post or list that the source is about.
    pub subject: u64,
    /// Whether the items are the sources of the edges: followers follow the subject.
    pub items_are_sources: bool,
}

/// Returns the source and the target of the edge between the subject of a relation and an item.
#[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
pub(crate) fn edge(subject: u64, items_are_sources: bool, item: i64) -> (i64, i64) {
    let subject = subject.cast_signed();
    if items_are_sources { (item, subject) } else { (subject, item) }
}
