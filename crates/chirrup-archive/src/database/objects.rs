//! Objects of a response, with the members that have columns. Texts are borrowed from the body.

use std::borrow::Cow;
use std::fmt;

use chirrup_model::Timestamp;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Lists of a body whose objects are not read yet.
#[derive(Debug, Deserialize)]
pub(crate) struct Body<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) includes: Option<Includes<'a>>,
    #[serde(borrow)]
    pub(crate) errors: Option<Vec<&'a RawValue>>,
    pub(crate) matching_rules: Option<Vec<Rule>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Includes<'a> {
    #[serde(borrow)]
    pub(crate) tweets: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(crate) users: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(crate) media: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(crate) places: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub(crate) polls: Option<Vec<&'a RawValue>>,
}

impl Includes<'_> {
    /// The includes of a body without them.
    pub(crate) const NONE: Self = Self { tweets: None, users: None, media: None, places: None, polls: None };
}

#[derive(Debug, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: Id,
    pub(crate) tag: Option<String>,
}

/// A text that is borrowed from the body unless it has escapes.
pub(super) type Text<'a> = Option<Borrowed<'a>>;

#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Borrowed<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Borrowed<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns a text for a column.
pub(super) fn str_of<'s>(text: &'s Text<'_>) -> Option<&'s str> {
    text.as_ref().map(Borrowed::as_str)
}

/// Returns a time for a column, in milliseconds.
pub(super) fn time_of(text: &Text<'_>) -> Option<i64> {
    text.as_ref()?.as_str().parse::<Timestamp>().ok().map(Timestamp::as_millis)
}

#[derive(Debug, Deserialize)]
pub(super) struct Post<'a> {
    pub(super) id: Id,
    #[serde(borrow)]
    pub(super) text: Text<'a>,
    pub(super) author_id: Option<Id>,
    #[serde(borrow)]
    pub(super) created_at: Text<'a>,
    #[serde(borrow)]
    pub(super) lang: Text<'a>,
    pub(super) conversation_id: Option<Id>,
    pub(super) in_reply_to_user_id: Option<Id>,
    #[serde(borrow)]
    pub(super) referenced_tweets: Option<Vec<Reference<'a>>>,
    pub(super) edit_history_tweet_ids: Option<Vec<Id>>,
    #[serde(borrow)]
    pub(super) geo: Option<Geo<'a>>,
    #[serde(borrow)]
    pub(super) source: Text<'a>,
    pub(super) possibly_sensitive: Option<bool>,
    pub(super) public_metrics: Option<PostMetrics>,
    #[serde(borrow)]
    pub(super) note_tweet: Option<Note<'a>>,
    #[serde(borrow)]
    pub(super) entities: Option<Entities<'a>>,
    #[serde(borrow)]
    pub(super) attachments: Option<Attachments<'a>>,
}

impl Post<'_> {
    /// Returns the ID of the post that this post replies to, quotes or reposts.
    pub(super) fn reference(&self, kind: &str) -> Option<i64> {
        let mut references = self.referenced_tweets.iter().flatten();
        references.find(|reference| reference.kind.as_str() == kind).map(|reference| reference.id.0)
    }

    /// Returns the whole text, also of a long post.
    pub(super) fn full_text(&self) -> Option<&str> {
        self.note_tweet.as_ref().and_then(|note| str_of(&note.text)).or_else(|| str_of(&self.text))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Borrowed<'a>,
    id: Id,
}

#[derive(Debug, Deserialize)]
pub(super) struct Geo<'a> {
    #[serde(borrow)]
    pub(super) place_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct PostMetrics {
    pub(super) like_count: Option<i64>,
    pub(super) retweet_count: Option<i64>,
    pub(super) reply_count: Option<i64>,
    pub(super) quote_count: Option<i64>,
    pub(super) bookmark_count: Option<i64>,
    pub(super) impression_count: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Note<'a> {
    #[serde(borrow)]
    pub(super) text: Text<'a>,
    #[serde(borrow)]
    pub(super) entities: Option<Entities<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entities<'a> {
    #[serde(borrow)]
    pub(super) hashtags: Option<Vec<Tag<'a>>>,
    #[serde(borrow)]
    pub(super) cashtags: Option<Vec<Tag<'a>>>,
    #[serde(borrow)]
    pub(super) mentions: Option<Vec<Mention<'a>>>,
    #[serde(borrow)]
    pub(super) urls: Option<Vec<Url<'a>>>,
    #[serde(borrow)]
    pub(super) annotations: Option<Vec<Annotation<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tag<'a> {
    #[serde(borrow)]
    pub(super) tag: Borrowed<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Mention<'a> {
    #[serde(borrow)]
    pub(super) username: Borrowed<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Url<'a> {
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow)]
    pub(super) expanded_url: Text<'a>,
    #[serde(borrow)]
    pub(super) unwound_url: Text<'a>,
}

impl Url<'_> {
    /// Returns the URL after all known redirects.
    pub(super) fn target(&self) -> Option<&str> {
        [&self.unwound_url, &self.expanded_url, &self.url].into_iter().find_map(str_of)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Annotation<'a> {
    #[serde(borrow)]
    pub(super) normalized_text: Borrowed<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachments<'a> {
    #[serde(borrow)]
    pub(super) media_keys: Option<Vec<Borrowed<'a>>>,
    pub(super) poll_ids: Option<Vec<Id>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct User<'a> {
    pub(super) id: Id,
    #[serde(borrow)]
    pub(super) username: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) created_at: Text<'a>,
    #[serde(borrow)]
    pub(super) description: Text<'a>,
    #[serde(borrow)]
    pub(super) location: Text<'a>,
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    pub(super) verified: Option<bool>,
    #[serde(borrow)]
    pub(super) verified_type: Text<'a>,
    pub(super) protected: Option<bool>,
    pub(super) public_metrics: Option<UserMetrics>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct UserMetrics {
    pub(super) followers_count: Option<i64>,
    pub(super) following_count: Option<i64>,
    pub(super) tweet_count: Option<i64>,
    pub(super) listed_count: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Media<'a> {
    #[serde(borrow)]
    pub(super) media_key: Borrowed<'a>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    #[serde(borrow)]
    pub(super) url: Text<'a>,
    #[serde(borrow)]
    pub(super) preview_image_url: Text<'a>,
    #[serde(borrow)]
    pub(super) alt_text: Text<'a>,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) duration_ms: Option<i64>,
    pub(super) public_metrics: Option<MediaMetrics>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MediaMetrics {
    pub(super) view_count: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Place<'a> {
    #[serde(borrow)]
    pub(super) id: Borrowed<'a>,
    #[serde(borrow)]
    pub(super) full_name: Text<'a>,
    #[serde(borrow)]
    pub(super) name: Text<'a>,
    #[serde(borrow)]
    pub(super) country: Text<'a>,
    #[serde(borrow)]
    pub(super) country_code: Text<'a>,
    #[serde(borrow)]
    pub(super) place_type: Text<'a>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Poll<'a> {
    pub(super) id: Id,
    #[serde(borrow)]
    pub(super) voting_status: Text<'a>,
    #[serde(borrow)]
    pub(super) end_datetime: Text<'a>,
    pub(super) duration_minutes: Option<i64>,
}

/// ID in a JSON text or number, as SQLite stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(super) i64);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdVisitor;
        impl Visitor<'_> for IdVisitor {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ID of at most 63 bits")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id, E> {
                text.parse().map(Id).map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Id, E> {
                i64::try_from(number).map(Id).map_err(|_| E::custom("the ID has more than 63 bits"))
            }
        }
        deserializer.deserialize_any(IdVisitor).map_err(D::Error::custom)
    }
}
