//! Objects of a response, with the members that have columns. Texts are borrowed from the body.

use std::borrow::Cow;
use std::fmt;
use std::io;

use chirrup_model::Timestamp;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::object::ObjectKind;

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

impl<'a> Body<'a> {
    /// Reads a body of a page.
    ///
    /// # Errors
    /// [`InvalidData`](io::ErrorKind::InvalidData) if it is not a body of the API.
    pub(crate) fn read(body: &'a [u8]) -> io::Result<Self> {
        serde_json::from_slice(body).map_err(|why| no_body(&why))
    }
}

/// Returns the error for a page with a body that is not one of the API.
pub(crate) fn no_body(why: &dyn fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("cannot store what is not a body of the API: {why}"))
}

/// Returns the objects of a list, or the only object.
pub(crate) fn objects_of(data: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str::<Vec<&RawValue>>(data.get()).unwrap_or_else(|_| vec![data])
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

impl<'a> Includes<'a> {
    /// The lists with their names on the wire.
    pub(crate) fn lists(&self) -> [(&'static str, &Option<Vec<&'a RawValue>>); 5] {
        let Self { tweets, users, media, places, polls } = self;
        [("tweets", tweets), ("users", users), ("media", media), ("places", places), ("polls", polls)]
    }

    /// The objects of all lists, in the order in which their rows are written: posts follow what they refer to.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (ObjectKind, &'a RawValue)> {
        let Self { tweets, users, media, places, polls } = self;
        let lists = [
            (ObjectKind::User, users),
            (ObjectKind::Media, media),
            (ObjectKind::Place, places),
            (ObjectKind::Poll, polls),
            (ObjectKind::Post, tweets),
        ];
        lists.into_iter().flat_map(|(kind, list)| list.iter().flatten().map(move |object| (kind, *object)))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: Id,
    pub(crate) tag: Option<String>,
}

/// A text that is borrowed from the body unless it has escapes.
pub(crate) type Text<'a> = Option<Borrowed<'a>>;

#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Borrowed<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Borrowed<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns a text for a column.
pub(crate) fn str_of<'s>(text: &'s Text<'_>) -> Option<&'s str> {
    text.as_ref().map(Borrowed::as_str)
}

/// Returns a time for a column, in milliseconds.
pub(crate) fn time_of(text: &Text<'_>) -> Option<i64> {
    text.as_ref()?.as_str().parse::<Timestamp>().ok().map(Timestamp::as_millis)
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Post<'a> {
    pub(crate) id: Id,
    #[serde(borrow)]
    pub(crate) text: Text<'a>,
    pub(crate) author_id: Option<Id>,
    #[serde(borrow)]
    pub(crate) created_at: Text<'a>,
    #[serde(borrow)]
    pub(crate) lang: Text<'a>,
    pub(crate) conversation_id: Option<Id>,
    pub(crate) in_reply_to_user_id: Option<Id>,
    #[serde(borrow)]
    pub(crate) referenced_tweets: Option<Vec<Reference<'a>>>,
    pub(crate) edit_history_tweet_ids: Option<Vec<Id>>,
    #[serde(borrow)]
    pub(crate) geo: Option<Geo<'a>>,
    #[serde(borrow)]
    pub(crate) source: Text<'a>,
    pub(crate) possibly_sensitive: Option<bool>,
    pub(crate) public_metrics: Option<PostMetrics>,
    #[serde(borrow)]
    pub(crate) note_tweet: Option<Note<'a>>,
    #[serde(borrow)]
    pub(crate) entities: Option<Entities<'a>>,
    #[serde(borrow)]
    pub(crate) attachments: Option<Attachments<'a>>,
}

impl Post<'_> {
    /// Returns the ID of the post that this post replies to, quotes or reposts.
    pub(crate) fn reference(&self, kind: &str) -> Option<i64> {
        let mut references = self.referenced_tweets.iter().flatten();
        references.find(|reference| reference.kind.as_str() == kind).map(|reference| reference.id.0)
    }

    /// Returns the whole text, also of a long post.
    pub(crate) fn full_text(&self) -> Option<&str> {
        self.note_tweet.as_ref().and_then(|note| str_of(&note.text)).or_else(|| str_of(&self.text))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Borrowed<'a>,
    id: Id,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Geo<'a> {
    #[serde(borrow)]
    pub(crate) place_id: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct PostMetrics {
    pub(crate) like_count: Option<i64>,
    pub(crate) retweet_count: Option<i64>,
    pub(crate) reply_count: Option<i64>,
    pub(crate) quote_count: Option<i64>,
    pub(crate) bookmark_count: Option<i64>,
    pub(crate) impression_count: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Note<'a> {
    #[serde(borrow)]
    pub(crate) text: Text<'a>,
    #[serde(borrow)]
    pub(crate) entities: Option<Entities<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Entities<'a> {
    #[serde(borrow)]
    pub(crate) hashtags: Option<Vec<Tag<'a>>>,
    #[serde(borrow)]
    pub(crate) cashtags: Option<Vec<Tag<'a>>>,
    #[serde(borrow)]
    pub(crate) mentions: Option<Vec<Mention<'a>>>,
    #[serde(borrow)]
    pub(crate) urls: Option<Vec<Url<'a>>>,
    #[serde(borrow)]
    pub(crate) annotations: Option<Vec<Annotation<'a>>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tag<'a> {
    #[serde(borrow)]
    pub(crate) tag: Borrowed<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Mention<'a> {
    #[serde(borrow)]
    pub(crate) username: Borrowed<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Url<'a> {
    #[serde(borrow)]
    pub(crate) url: Text<'a>,
    #[serde(borrow)]
    pub(crate) expanded_url: Text<'a>,
    #[serde(borrow)]
    pub(crate) unwound_url: Text<'a>,
}

impl Url<'_> {
    /// Returns the URL after all known redirects.
    pub(crate) fn target(&self) -> Option<&str> {
        [&self.unwound_url, &self.expanded_url, &self.url].into_iter().find_map(str_of)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Annotation<'a> {
    #[serde(borrow)]
    pub(crate) normalized_text: Borrowed<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Attachments<'a> {
    #[serde(borrow)]
    pub(crate) media_keys: Option<Vec<Borrowed<'a>>>,
    pub(crate) poll_ids: Option<Vec<Id>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct User<'a> {
    pub(crate) id: Id,
    #[serde(borrow)]
    pub(crate) username: Text<'a>,
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    #[serde(borrow)]
    pub(crate) created_at: Text<'a>,
    #[serde(borrow)]
    pub(crate) description: Text<'a>,
    #[serde(borrow)]
    pub(crate) location: Text<'a>,
    #[serde(borrow)]
    pub(crate) url: Text<'a>,
    pub(crate) verified: Option<bool>,
    #[serde(borrow)]
    pub(crate) verified_type: Text<'a>,
    pub(crate) protected: Option<bool>,
    pub(crate) public_metrics: Option<UserMetrics>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct UserMetrics {
    pub(crate) followers_count: Option<i64>,
    pub(crate) following_count: Option<i64>,
    pub(crate) tweet_count: Option<i64>,
    pub(crate) listed_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Media<'a> {
    #[serde(borrow)]
    pub(crate) media_key: Borrowed<'a>,
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Text<'a>,
    #[serde(borrow)]
    pub(crate) url: Text<'a>,
    #[serde(borrow)]
    pub(crate) preview_image_url: Text<'a>,
    #[serde(borrow)]
    pub(crate) alt_text: Text<'a>,
    pub(crate) width: Option<i64>,
    pub(crate) height: Option<i64>,
    pub(crate) duration_ms: Option<i64>,
    pub(crate) public_metrics: Option<MediaMetrics>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MediaMetrics {
    pub(crate) view_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Place<'a> {
    #[serde(borrow)]
    pub(crate) id: Borrowed<'a>,
    #[serde(borrow)]
    pub(crate) full_name: Text<'a>,
    #[serde(borrow)]
    pub(crate) name: Text<'a>,
    #[serde(borrow)]
    pub(crate) country: Text<'a>,
    #[serde(borrow)]
    pub(crate) country_code: Text<'a>,
    #[serde(borrow)]
    pub(crate) place_type: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Poll<'a> {
    pub(crate) id: Id,
    #[serde(borrow)]
    pub(crate) voting_status: Text<'a>,
    #[serde(borrow)]
    pub(crate) end_datetime: Text<'a>,
    pub(crate) duration_minutes: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Space<'a> {
    #[serde(borrow)]
    pub(crate) id: Borrowed<'a>,
    #[serde(borrow)]
    pub(crate) title: Text<'a>,
    #[serde(borrow)]
    pub(crate) state: Text<'a>,
    #[serde(borrow)]
    pub(crate) lang: Text<'a>,
    pub(crate) creator_id: Option<Id>,
    #[serde(borrow)]
    pub(crate) created_at: Text<'a>,
    #[serde(borrow)]
    pub(crate) scheduled_start: Text<'a>,
    #[serde(borrow)]
    pub(crate) started_at: Text<'a>,
    #[serde(borrow)]
    pub(crate) ended_at: Text<'a>,
    pub(crate) participant_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Count<'a> {
    #[serde(borrow)]
    pub(crate) id: Borrowed<'a>,
    #[serde(borrow)]
    pub(crate) query: Text<'a>,
    #[serde(borrow)]
    pub(crate) granularity: Text<'a>,
    #[serde(borrow)]
    pub(crate) start: Text<'a>,
    #[serde(borrow)]
    pub(crate) end: Text<'a>,
    pub(crate) tweet_count: Option<i64>,
}

/// ID in a JSON text or number, as SQLite stores it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) i64);

impl Id {
    /// Returns the ID, which is not negative on the wire.
    pub(crate) fn number(self) -> Option<u64> {
        u64::try_from(self.0).ok()
    }
}

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

/// Returns the host of a URL in lower case, without `www.` and port.
pub(crate) fn domain_of(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    Some(host.to_owned()).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::domain_of;

    #[test]
    fn the_domain_of_a_url_is_its_host() {
        assert_eq!(domain_of("https://www.Example.com:8080/a?b#c").as_deref(), Some("example.com"));
        assert_eq!(domain_of("http://me@example.com").as_deref(), Some("example.com"));
        assert_eq!((domain_of("example.com"), domain_of("https:///a")), (None, None));
    }
}
