//! Tables of objects, and the values of an object for their columns.

use crate::object::Key;
use crate::objects::{Count, Id, Media, Place, Poll, Post, PostMetrics, Space, User, domain_of, str_of, time_of};

/// Table of objects that a later response updates. After its columns follow `seen_at` and `json`.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) key: &'static str,
    pub(crate) columns: &'static [&'static str],
}

/// Value of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Int(Option<i64>),
    Text(Option<&'v str>),
    Bool(Option<bool>),
}

/// Object with a row of a table.
pub(crate) trait ObjectRow {
    const TABLE: Table;

    fn key(&self) -> Value<'_>;

    /// Returns the values of the columns, in their order.
    fn values(&self) -> Vec<Value<'_>>;
}

/// Tables of the objects, in the order in which their rows are written.
#[cfg(feature = "postgres")]
pub(crate) const TABLES: [Table; 7] = [
    User::<'static>::TABLE,
    Media::<'static>::TABLE,
    Place::<'static>::TABLE,
    Poll::<'static>::TABLE,
    Post::<'static>::TABLE,
    Space::<'static>::TABLE,
    Count::<'static>::TABLE,
];

impl ObjectRow for Post<'_> {
    const TABLE: Table = Table {
        name: "posts",
        key: "id",
        columns: &[
            "author_id",
            "created_at",
            "text",
            "lang",
            "conversation_id",
            "in_reply_to_user_id",
            "reply_to_id",
            "quote_of_id",
            "repost_of_id",
            "first_version_id",
            "place_id",
            "source",
            "possibly_sensitive",
            "likes",
            "reposts",
            "replies",
            "quotes",
            "bookmarks",
            "impressions",
        ],
    };

    fn key(&self) -> Value<'_> {
        Value::Int(Some(self.id.0))
    }

    fn values(&self) -> Vec<Value<'_>> {
        let metrics = self.public_metrics.as_ref();
        let count = |of: fn(&PostMetrics) -> Option<i64>| Value::Int(metrics.and_then(of));
        let id = |id: Option<Id>| Value::Int(id.map(|Id(id)| id));
        let first_version = self.edit_history_tweet_ids.as_ref().and_then(|ids| ids.first().copied());
        vec![
            id(self.author_id),
            Value::Int(time_of(&self.created_at)),
            Value::Text(self.full_text()),
            Value::Text(str_of(&self.lang)),
            id(self.conversation_id),
            id(self.in_reply_to_user_id),
            Value::Int(self.reference("replied_to")),
            Value::Int(self.reference("quoted")),
            Value::Int(self.reference("retweeted")),
            id(first_version.filter(|first| *first != self.id)),
            Value::Text(self.geo.as_ref().and_then(|geo| str_of(&geo.place_id))),
            Value::Text(str_of(&self.source)),
            Value::Bool(self.possibly_sensitive),
            count(|metrics| metrics.like_count),
            count(|metrics| metrics.retweet_count),
            count(|metrics| metrics.reply_count),
            count(|metrics| metrics.quote_count),
            count(|metrics| metrics.bookmark_count),
            count(|metrics| metrics.impression_count),
        ]
    }
}

impl Post<'_> {
    /// Calls `visit` with the kind and the value of each entity of the whole text.
    pub(crate) fn each_entity<E>(&self, mut visit: impl FnMut(&'static str, &str) -> Result<(), E>) -> Result<(), E> {
        let note = self.note_tweet.as_ref().and_then(|note| note.entities.as_ref());
        for entities in self.entities.iter().chain(note) {
            for (kind, tags) in [("hashtag", &entities.hashtags), ("cashtag", &entities.cashtags)] {
                tags.iter().flatten().try_for_each(|tag| visit(kind, tag.tag.as_str()))?;
            }
            entities.mentions.iter().flatten().try_for_each(|mention| visit("mention", mention.username.as_str()))?;
            let mut annotations = entities.annotations.iter().flatten();
            annotations.try_for_each(|annotation| visit("annotation", annotation.normalized_text.as_str()))?;
            for url in entities.urls.iter().flatten().filter_map(|url| url.target()) {
                visit("url", url)?;
                domain_of(url).map_or(Ok(()), |domain| visit("domain", &domain))?;
            }
        }
        Ok(())
    }
}

impl ObjectRow for User<'_> {
    const TABLE: Table = Table {
        name: "users",
        key: "id",
        columns: &[
            "username",
            "name",
            "created_at",
            "description",
            "location",
            "url",
            "verified",
            "verified_type",
            "protected",
            "followers",
            "following",
            "posts",
            "lists",
        ],
    };

    fn key(&self) -> Value<'_> {
        Value::Int(Some(self.id.0))
    }

    fn values(&self) -> Vec<Value<'_>> {
        let metrics = self.public_metrics.as_ref();
        vec![
            Value::Text(str_of(&self.username)),
            Value::Text(str_of(&self.name)),
            Value::Int(time_of(&self.created_at)),
            Value::Text(str_of(&self.description)),
            Value::Text(str_of(&self.location)),
            Value::Text(str_of(&self.url)),
            Value::Bool(self.verified),
            Value::Text(str_of(&self.verified_type)),
            Value::Bool(self.protected),
            Value::Int(metrics.and_then(|metrics| metrics.followers_count)),
            Value::Int(metrics.and_then(|metrics| metrics.following_count)),
            Value::Int(metrics.and_then(|metrics| metrics.tweet_count)),
            Value::Int(metrics.and_then(|metrics| metrics.listed_count)),
        ]
    }
}

impl ObjectRow for Media<'_> {
    const TABLE: Table = Table {
        name: "media",
        key: "key",
        columns: &["type", "url", "preview_image_url", "alt_text", "width", "height", "duration_ms", "views"],
    };

    fn key(&self) -> Value<'_> {
        Value::Text(Some(self.media_key.as_str()))
    }

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(str_of(&self.kind)),
            Value::Text(str_of(&self.url)),
            Value::Text(str_of(&self.preview_image_url)),
            Value::Text(str_of(&self.alt_text)),
            Value::Int(self.width),
            Value::Int(self.height),
            Value::Int(self.duration_ms),
            Value::Int(self.public_metrics.as_ref().and_then(|metrics| metrics.view_count)),
        ]
    }
}

impl ObjectRow for Place<'_> {
    const TABLE: Table =
        Table { name: "places", key: "id", columns: &["full_name", "name", "country", "country_code", "place_type"] };

    fn key(&self) -> Value<'_> {
        Value::Text(Some(self.id.as_str()))
    }

    fn values(&self) -> Vec<Value<'_>> {
        let texts = [&self.full_name, &self.name, &self.country, &self.country_code, &self.place_type];
        texts.into_iter().map(|text| Value::Text(str_of(text))).collect()
    }
}

impl ObjectRow for Poll<'_> {
    const TABLE: Table =
        Table { name: "polls", key: "id", columns: &["voting_status", "end_datetime", "duration_minutes"] };

    fn key(&self) -> Value<'_> {
        Value::Int(Some(self.id.0))
    }

    fn values(&self) -> Vec<Value<'_>> {
        let (status, end) = (str_of(&self.voting_status), str_of(&self.end_datetime));
        vec![Value::Text(status), Value::Text(end), Value::Int(self.duration_minutes)]
    }
}

impl ObjectRow for Space<'_> {
    const TABLE: Table = Table {
        name: "spaces",
        key: "number",
        columns: &[
            "id",
            "title",
            "state",
            "lang",
            "creator_id",
            "created_at",
            "scheduled_start",
            "started_at",
            "ended_at",
            "participants",
        ],
    };

    fn key(&self) -> Value<'_> {
        Value::Int(Some(self.number()))
    }

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(Some(self.id.as_str())),
            Value::Text(str_of(&self.title)),
            Value::Text(str_of(&self.state)),
            Value::Text(str_of(&self.lang)),
            Value::Int(self.creator_id.map(|Id(id)| id)),
            Value::Int(time_of(&self.created_at)),
            Value::Int(time_of(&self.scheduled_start)),
            Value::Int(time_of(&self.started_at)),
            Value::Int(time_of(&self.ended_at)),
            Value::Int(self.participant_count),
        ]
    }
}

impl ObjectRow for Count<'_> {
    const TABLE: Table = Table {
        name: "counts",
        key: "number",
        columns: &["id", "query", "granularity", "start_at", "end_at", "posts"],
    };

    fn key(&self) -> Value<'_> {
        Value::Int(Some(self.number()))
    }

    fn values(&self) -> Vec<Value<'_>> {
        vec![
            Value::Text(Some(self.id.as_str())),
            Value::Text(str_of(&self.query)),
            Value::Text(str_of(&self.granularity)),
            Value::Int(time_of(&self.start)),
            Value::Int(time_of(&self.end)),
            Value::Int(self.tweet_count),
        ]
    }
}

impl Space<'_> {
    /// Number to which results refer.
    pub(crate) fn number(&self) -> i64 {
        Key::Text(self.id.as_str().into()).number()
    }
}

impl Count<'_> {
    /// Number to which results refer.
    pub(crate) fn number(&self) -> i64 {
        Key::Text(self.id.as_str().into()).number()
    }
}
