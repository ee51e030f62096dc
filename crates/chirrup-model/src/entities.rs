//! What X found in a text: tags, mentions and links with their places, counted in characters.

use serde::{Deserialize, Serialize};

use crate::id::{MediaKey, UserId};
use crate::optional_list::OptionalList;

/// The entities of a post's text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Entities {
    /// Things that X recognised, such as people and places.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub annotations: OptionalList<Annotation>,
    /// Words with `$` before them.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub cashtags: OptionalList<Cashtag>,
    /// Words with `#` before them.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub hashtags: OptionalList<Hashtag>,
    /// Users named with `@`.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub mentions: OptionalList<Mention>,
    /// Links.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub urls: OptionalList<UrlEntity>,
}

/// The entities of a user's profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserEntities {
    /// Those of the description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Entities>,
    /// Those of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Entities>,
}

/// A thing that X recognised in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Annotation {
    /// The first character of it.
    pub start: u64,
    /// The last character of it.
    pub end: u64,
    /// How sure X is, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What sort of thing, such as `Person`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalized_text: Option<String>,
}

/// A word with `$` before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cashtag {
    /// The first character, the sign included.
    pub start: u64,
    /// One past the last character.
    pub end: u64,
    /// The word without its sign.
    pub tag: String,
}

/// A word with `#` before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hashtag {
    /// The first character, the sign included.
    pub start: u64,
    /// One past the last character.
    pub end: u64,
    /// The word without its sign.
    pub tag: String,
}

/// A user named with `@`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// The first character, the sign included.
    pub start: u64,
    /// One past the last character.
    pub end: u64,
    /// The user's name, without the sign.
    #[serde(default)]
    pub username: String,
    /// The user's id, if there is such a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UserId>,
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UrlEntity {
    /// The first character.
    pub start: u64,
    /// One past the last character.
    pub end: u64,
    /// The short link that stands in the text.
    pub url: String,
    /// Where it leads, as the author wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded_url: Option<String>,
    /// What is shown for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_url: Option<String>,
    /// Where it leads after all redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwound_url: Option<String>,
    /// The title of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The description of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The HTTP status that the page answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u64>,
    /// The medium that the link stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_key: Option<MediaKey>,
    /// Pictures of the page.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub images: OptionalList<LinkImage>,
}

/// A picture of the page that a link leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkImage {
    /// Where it is.
    #[serde(default)]
    pub url: String,
    /// Its width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u64>,
    /// Its height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
}
