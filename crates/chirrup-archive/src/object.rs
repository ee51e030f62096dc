//! Objects of the API as an archive keeps them: their JSON, and where and when they were seen.

use std::borrow::Cow;
use std::fmt;

#[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
use sha2::Digest as _;

/// Type of the objects that an archive keeps once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// Posts of any kind, reposts included.
    Post,
    /// Users, of whom authors are some.
    User,
    /// Images and videos of posts.
    Media,
    /// Places that posts name.
    Place,
    /// Polls that posts have.
    Poll,
    /// Spaces that sources find.
    Space,
    /// Numbers of posts of a query in an interval.
    Count,
}

impl ObjectKind {
    /// All types of objects.
    pub const ALL: [Self; 7] = [Self::Post, Self::User, Self::Media, Self::Place, Self::Poll, Self::Space, Self::Count];

    /// Name of the table of these objects.
    pub fn table(self) -> &'static str {
        match self {
            Self::Post => "posts",
            Self::User => "users",
            Self::Media => "media",
            Self::Place => "places",
            Self::Poll => "polls",
            Self::Space => "spaces",
            Self::Count => "counts",
        }
    }

    /// Name of the column with the keys of these objects.
    #[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
    pub(crate) fn key_column(self) -> &'static str {
        match self {
            Self::Media => "key",
            _ => "id",
        }
    }

    /// Whether the keys of these objects are numbers.
    #[cfg(any(feature = "parquet", feature = "postgres"))]
    pub(crate) fn has_numeric_keys(self) -> bool {
        matches!(self, Self::Post | Self::User | Self::Poll)
    }

    /// Name of the column with the numbers to which results refer.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn number_column(self) -> &'static str {
        match self {
            Self::Space | Self::Count => "number",
            _ => "id",
        }
    }
}

/// Key of an object among those of its type. Numbers are in the order of their values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key<'a> {
    /// ID of a post, user or poll.
    Id(i64),
    /// ID of a place, Space or count, or media key.
    Text(Cow<'a, str>),
}

impl Key<'_> {
    /// Returns the number that stands for the key among results: an ID, or the first bits of the SHA-256 of a text.
    #[cfg(any(feature = "sqlite", feature = "parquet", feature = "postgres"))]
    pub(crate) fn number(&self) -> i64 {
        match self {
            Self::Id(id) => *id,
            Self::Text(text) => {
                let hash = sha2::Sha256::digest(text.as_bytes());
                let number = hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
                (number >> 1).cast_signed()
            }
        }
    }

    /// Returns the key without a borrow.
    pub fn into_owned(self) -> Key<'static> {
        match self {
            Self::Id(id) => Key::Id(id),
            Self::Text(text) => Key::Text(text.into_owned().into()),
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// An object as it was last seen, and the sources that found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object<'a> {
    /// JSON as X sent it.
    pub json: Cow<'a, str>,
    /// Time of the response in milliseconds since 1970.
    pub seen_at: i64,
    /// Names of the sources that found the object itself, in order. Other objects are those that these refer to.
    pub found_by: Vec<Cow<'a, str>>,
    /// IDs and tags of the rules that a post of the filtered stream matches, in order.
    pub rules: Vec<(i64, Cow<'a, str>)>,
}

impl Object<'_> {
    /// Adds another observation of the same object: the later JSON counts, and all sources and rules.
    #[cfg(feature = "parquet")]
    pub(crate) fn merge(&mut self, other: Self) {
        if other.seen_at > self.seen_at {
            (self.json, self.seen_at) = (other.json, other.seen_at);
        }
        add_all(&mut self.found_by, other.found_by);
        add_all(&mut self.rules, other.rules);
    }

    /// Returns the object without a borrow.
    pub fn into_owned(self) -> Object<'static> {
        Object {
            json: self.json.into_owned().into(),
            seen_at: self.seen_at,
            found_by: self.found_by.into_iter().map(|name| name.into_owned().into()).collect(),
            rules: self.rules.into_iter().map(|(id, tag)| (id, tag.into_owned().into())).collect(),
        }
    }
}

/// Adds what a sorted list does not have.
#[cfg(feature = "parquet")]
fn add_all<T: Ord>(list: &mut Vec<T>, others: Vec<T>) {
    for other in others {
        if let Err(at) = list.binary_search(&other) {
            list.insert(at, other);
        }
    }
}
