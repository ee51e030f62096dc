//! Rows of the tables, written within the transaction of a page.

use chirrup_model::Timestamp;
use rusqlite::{CachedStatement, Connection, ToSql, params};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::objects::{Entities, Id, Media, Place, Poll, Post, PostMetrics, User, domain_of, str_of, time_of};
use crate::report::Gap;

/// Writer of rows that are from the same response.
pub(super) struct Rows<'c> {
    pub(super) db: &'c Connection,
    pub(super) source_id: i64,
    /// Time of the response in milliseconds.
    pub(super) seen_at: i64,
}

/// Table of objects that a later response updates.
struct Table {
    name: &'static str,
    key: &'static str,
    columns: &'static [&'static str],
}

const POSTS: Table = Table {
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
const USERS: Table = Table {
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
const MEDIA: Table = Table {
    name: "media",
    key: "key",
    columns: &["type", "url", "preview_image_url", "alt_text", "width", "height", "duration_ms", "views"],
};
const PLACES: Table =
    Table { name: "places", key: "id", columns: &["full_name", "name", "country", "country_code", "place_type"] };
const POLLS: Table =
    Table { name: "polls", key: "id", columns: &["voting_status", "end_datetime", "duration_minutes"] };

impl Table {
    /// Returns the statement that inserts a row, or updates one of an earlier response. A value that the response does not
    /// have is kept.
    fn upsert<'c>(&self, db: &'c Connection) -> rusqlite::Result<CachedStatement<'c>> {
        let Self { name, key, columns } = self;
        let updates: String =
            columns.iter().map(|column| format!("{column} = ifnull(excluded.{column}, {column}), ")).collect();
        let (names, marks) = (columns.join(", "), "?, ".repeat(columns.len()));
        db.prepare_cached(&format!(
            "INSERT INTO {name} ({key}, {names}, seen_at, json) VALUES (?, {marks}?, ?) ON CONFLICT DO UPDATE SET \
             {updates}seen_at = excluded.seen_at, json = excluded.json WHERE excluded.seen_at > seen_at"
        ))
    }
}

impl Rows<'_> {
    /// Writes an object of a list. An object that cannot be read is kept among the problems. Returns its ID.
    fn object<'a, T: Deserialize<'a>>(
        &self,
        object: &'a RawValue,
        write: impl FnOnce(T, &str) -> rusqlite::Result<i64>,
    ) -> rusqlite::Result<Option<i64>> {
        match serde_json::from_str::<T>(object.get()) {
            Ok(read) => write(read, object.get()).map(Some),
            Err(why) => self.problem(object.get(), &why.to_string()).map(|()| None),
        }
    }

    /// Keeps a partial error, or an object or line that cannot be read.
    pub(super) fn problem(&self, json: &str, why: &str) -> rusqlite::Result<()> {
        let text = "INSERT INTO problems (source_id, seen_at, json, why) VALUES (?, ?, ?, ?)";
        self.db.prepare_cached(text)?.execute(params![self.source_id, self.seen_at, json, why]).map(drop)
    }

    pub(super) fn gap(&self, gap: &Gap) -> rusqlite::Result<()> {
        let text = "INSERT INTO gaps (source_id, from_at, to_at, cause, filled) VALUES (?, ?, ?, ?, ?)";
        let [from, to] = [gap.from, gap.to].map(|time| time.map(Timestamp::as_millis));
        self.db.prepare_cached(text)?.execute(params![self.source_id, from, to, gap.cause, gap.filled]).map(drop)
    }

    fn write(&self, table: &Table, values: &[&dyn ToSql]) -> rusqlite::Result<()> {
        table.upsert(self.db)?.execute(values).map(drop)
    }

    pub(super) fn post(&self, object: &RawValue) -> rusqlite::Result<Option<i64>> {
        self.object::<Post<'_>>(object, |post, json| {
            let metrics = post.public_metrics.as_ref();
            let count = |of: fn(&PostMetrics) -> Option<i64>| metrics.and_then(of);
            let id = |id: Option<Id>| id.map(|Id(id)| id);
            let first_version = post.edit_history_tweet_ids.as_ref().and_then(|ids| ids.first().copied());
            self.write(
                &POSTS,
                params![
                    post.id.0,
                    id(post.author_id),
                    time_of(&post.created_at),
                    post.full_text(),
                    str_of(&post.lang),
                    id(post.conversation_id),
                    id(post.in_reply_to_user_id),
                    post.reference("replied_to"),
                    post.reference("quoted"),
                    post.reference("retweeted"),
                    id(first_version.filter(|first| *first != post.id)),
                    post.geo.as_ref().and_then(|geo| str_of(&geo.place_id)),
                    str_of(&post.source),
                    post.possibly_sensitive,
                    count(|metrics| metrics.like_count),
                    count(|metrics| metrics.retweet_count),
                    count(|metrics| metrics.reply_count),
                    count(|metrics| metrics.quote_count),
                    count(|metrics| metrics.bookmark_count),
                    count(|metrics| metrics.impression_count),
                    self.seen_at,
                    json
                ],
            )?;
            let note = post.note_tweet.as_ref().and_then(|note| note.entities.as_ref());
            for entities in post.entities.iter().chain(note) {
                self.entities(post.id.0, entities)?;
            }
            if let Some(attachments) = &post.attachments {
                let mut media = self.db.prepare_cached("INSERT OR IGNORE INTO post_media VALUES (?, ?)")?;
                for key in attachments.media_keys.iter().flatten() {
                    media.execute(params![post.id.0, key.as_str()])?;
                }
                let mut polls = self.db.prepare_cached("INSERT OR IGNORE INTO post_polls VALUES (?, ?)")?;
                for poll in attachments.poll_ids.iter().flatten() {
                    polls.execute(params![post.id.0, poll.0])?;
                }
            }
            Ok(post.id.0)
        })
    }

    fn entities(&self, post: i64, entities: &Entities<'_>) -> rusqlite::Result<()> {
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO entities VALUES (?, ?, ?)")?;
        let mut add = |kind: &str, value: &str| insert.execute(params![post, kind, value]).map(drop);
        let tags = [("hashtag", &entities.hashtags), ("cashtag", &entities.cashtags)];
        for (kind, tags) in tags {
            tags.iter().flatten().try_for_each(|tag| add(kind, tag.tag.as_str()))?;
        }
        entities.mentions.iter().flatten().try_for_each(|mention| add("mention", mention.username.as_str()))?;
        let annotations = entities.annotations.iter().flatten();
        annotations.into_iter().try_for_each(|annotation| add("annotation", annotation.normalized_text.as_str()))?;
        for url in entities.urls.iter().flatten().filter_map(|url| url.target()) {
            add("url", url)?;
            if let Some(domain) = domain_of(url) {
                add("domain", &domain)?;
            }
        }
        Ok(())
    }

    pub(super) fn user(&self, object: &RawValue) -> rusqlite::Result<Option<i64>> {
        self.object::<User<'_>>(object, |user, json| {
            let metrics = user.public_metrics.unwrap_or_default();
            self.write(
                &USERS,
                params![
                    user.id.0,
                    str_of(&user.username),
                    str_of(&user.name),
                    time_of(&user.created_at),
                    str_of(&user.description),
                    str_of(&user.location),
                    str_of(&user.url),
                    user.verified,
                    str_of(&user.verified_type),
                    user.protected,
                    metrics.followers_count,
                    metrics.following_count,
                    metrics.tweet_count,
                    metrics.listed_count,
                    self.seen_at,
                    json
                ],
            )?;
            Ok(user.id.0)
        })
    }

    pub(super) fn media(&self, object: &RawValue) -> rusqlite::Result<()> {
        let written = self.object::<Media<'_>>(object, |media, json| {
            self.write(
                &MEDIA,
                params![
                    media.media_key.as_str(),
                    str_of(&media.kind),
                    str_of(&media.url),
                    str_of(&media.preview_image_url),
                    str_of(&media.alt_text),
                    media.width,
                    media.height,
                    media.duration_ms,
                    media.public_metrics.and_then(|metrics| metrics.view_count),
                    self.seen_at,
                    json
                ],
            )?;
            Ok(0)
        });
        written.map(drop)
    }

    pub(super) fn place(&self, object: &RawValue) -> rusqlite::Result<()> {
        let written = self.object::<Place<'_>>(object, |place, json| {
            self.write(
                &PLACES,
                params![
                    place.id.as_str(),
                    str_of(&place.full_name),
                    str_of(&place.name),
                    str_of(&place.country),
                    str_of(&place.country_code),
                    str_of(&place.place_type),
                    self.seen_at,
                    json
                ],
            )?;
            Ok(0)
        });
        written.map(drop)
    }

    pub(super) fn poll(&self, object: &RawValue) -> rusqlite::Result<()> {
        let written = self.object::<Poll<'_>>(object, |poll, json| {
            let (status, end) = (str_of(&poll.voting_status), str_of(&poll.end_datetime));
            self.write(&POLLS, params![poll.id.0, status, end, poll.duration_minutes, self.seen_at, json])?;
            Ok(poll.id.0)
        });
        written.map(drop)
    }

    /// Records that the source found an item. Returns whether it is the first time.
    pub(super) fn result(&self, item: i64) -> rusqlite::Result<bool> {
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO results VALUES (?, ?)")?;
        Ok(insert.execute(params![self.source_id, item])? == 1)
    }

    pub(super) fn edge(&self, relation: &str, source: i64, target: i64) -> rusqlite::Result<()> {
        let text = "INSERT INTO edges VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO UPDATE SET \
                    first_seen_at = min(first_seen_at, excluded.first_seen_at), \
                    last_seen_at = max(last_seen_at, excluded.last_seen_at)";
        self.db.prepare_cached(text)?.execute(params![relation, source, target, self.seen_at]).map(drop)
    }

    pub(super) fn matched_rule(&self, post: i64, rule: i64, tag: Option<&str>) -> rusqlite::Result<()> {
        let text = "INSERT OR REPLACE INTO matched_rules VALUES (?, ?, ?)";
        self.db.prepare_cached(text)?.execute(params![post, rule, tag]).map(drop)
    }
}
