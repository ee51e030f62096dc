//! Entities of a text: hashtags, mentions, links and others, with their positions in characters.

use serde::{Deserialize, Serialize};

use crate::id::{MediaKey, UserId};
use crate::optional_list::OptionalList;

/// Entities of the text of a post or message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Entities {
    /// Subjects that X recognized in the text, such as people and places.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub annotations: OptionalList<Annotation>,
    /// Cashtags, such as `$TSLA`.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub cashtags: OptionalList<Cashtag>,
    /// Hashtags, such as `#rust`.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub hashtags: OptionalList<Hashtag>,
    /// Mentions of users, such as `@ada`.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub mentions: OptionalList<Mention>,
    /// Links of the text.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub urls: OptionalList<UrlEntity>,
}

/// Entities of the profile of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserEntities {
    /// Entities of the description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Entities>,
    /// Entities of the URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Entities>,
}

/// Subject that X recognized in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Annotation {
    /// Index of the first character.
    pub start: u64,
    /// Index of the last character.
    pub end: u64,
    /// Confidence of the recognition, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Type of the subject, such as `Person`.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Name of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalized_text: Option<String>,
}

/// Cashtag of a text, such as `$TSLA`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cashtag {
    /// Index of the first character, which is the sign.
    pub start: u64,
    /// Index one past the last character.
    pub end: u64,
    /// The tag without its sign.
    pub tag: String,
}

/// Hashtag of a text, such as `#rust`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hashtag {
    /// Index of the first character, which is the sign.
    pub start: u64,
    /// Index one past the last character.
    pub end: u64,
    /// The tag without its sign.
    pub tag: String,
}

/// Mention of a user in a text, such as `@ada`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mention {
    /// Index of the first character, which is the sign.
    pub start: u64,
    /// Index one past the last character.
    pub end: u64,
    /// Username without the sign.
    #[serde(default)]
    pub username: String,
    /// ID of the user, if the user exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<UserId>,
}

/// Link of a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UrlEntity {
    /// Index of the first character.
    pub start: u64,
    /// Index one past the last character.
    pub end: u64,
    /// The shortened `t.co` URL in the text.
    pub url: String,
    /// The URL that the author wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded_url: Option<String>,
    /// The URL that X displays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_url: Option<String>,
    /// The URL after all redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwound_url: Option<String>,
    /// Title of the linked page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Description of the linked page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// HTTP status code of the linked page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u64>,
    /// Key of the media file that the link represents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_key: Option<MediaKey>,
    /// Images of the linked page.
    #[serde(skip_serializing_if = "OptionalList::is_absent")]
    pub images: OptionalList<LinkImage>,
}

/// Image of a linked page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LinkImage {
    /// URL of the image.
    #[serde(default)]
    pub url: String,
    /// Width of the image or video, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u64>,
    /// Height of the image or video, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
}
