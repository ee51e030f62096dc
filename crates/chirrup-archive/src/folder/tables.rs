//! Columns of the tables.

use serde::Deserialize;

use super::column::Column;
use super::column::Values::{Bool, Int, Ints, Text, Time, Word, Words};
use crate::object::{Key, Object};
use crate::objects::{
    Count, Entities, Id, Media, MediaMetrics, Place, Poll, Post, PostMetrics, Space, User, UserMetrics,
};
use crate::objects::{domain_of, str_of, time_of};
use crate::reader::{Deletion, Edge, Note};

/// Names of the tables.
pub(super) const TABLES: [&str; 11] =
    ["posts", "users", "media", "places", "polls", "spaces", "counts", "edges", "gaps", "problems", "deletions"];

/// Row of an object, read from its JSON.
pub(super) struct Row<'a, T> {
    key: &'a Key<'a>,
    read: T,
    object: &'a Object<'a>,
}

impl<'a, T: Deserialize<'a> + Default> Row<'a, T> {
    /// Reads an object. One whose members have other types keeps its key and JSON only.
    pub(super) fn of(key: &'a Key<'a>, object: &'a Object<'a>) -> Self {
        Self { key, read: serde_json::from_str(&object.json).unwrap_or_default(), object }
    }
}

impl<T> Row<'_, T> {
    fn id(&self) -> Option<i64> {
        match self.key {
            Key::Id(id) => Some(*id),
            Key::Text(_) => None,
        }
    }

    fn key(&self) -> Option<&str> {
        match self.key {
            Key::Id(_) => None,
            Key::Text(key) => Some(key),
        }
    }
}

/// Columns that all tables of objects have after their own.
fn with_common<'a, T>(columns: impl IntoIterator<Item = Column<Row<'a, T>>>) -> Vec<Column<Row<'a, T>>> {
    let common = [
        Column::new("found_by", Words(|row: &Row<'a, T>, add| row.object.found_by.iter().for_each(|name| add(name)))),
        Column::new("seen_at", Time(|row| Some(row.object.seen_at))),
        Column::new("json", Text(|row| Some(&row.object.json))),
    ];
    columns.into_iter().chain(common).collect()
}

fn count<M>(metrics: &Option<M>, of: fn(&M) -> Option<i64>) -> Option<i64> {
    metrics.as_ref().and_then(of)
}

fn number(id: Option<Id>) -> Option<i64> {
    id.map(|Id(id)| id)
}

/// Calls a function with the entities of a post, and those of the rest of its text.
fn each_entities<'a>(post: &'a Post<'_>, visit: impl FnMut(&'a Entities<'a>)) {
    let note = post.note_tweet.as_ref().and_then(|note| note.entities.as_ref());
    post.entities.iter().chain(note).for_each(visit);
}

pub(super) fn posts<'a>() -> Vec<Column<Row<'a, Post<'a>>>> {
    type R<'a> = Row<'a, Post<'a>>;
    let metric = |name, get: fn(&R<'a>) -> Option<i64>| Column::new(name, Int(get));
    with_common([
        Column::new("id", Int(|row: &R<'a>| row.id())),
        Column::new("author_id", Int(|row| number(row.read.author_id))),
        Column::new("created_at", Time(|row| time_of(&row.read.created_at))),
        Column::new("text", Text(|row| row.read.full_text())),
        Column::new("lang", Word(|row| str_of(&row.read.lang))),
        Column::new("conversation_id", Int(|row| number(row.read.conversation_id))),
        Column::new("in_reply_to_user_id", Int(|row| number(row.read.in_reply_to_user_id))),
        Column::new("reply_to_id", Int(|row| row.read.reference("replied_to"))),
        Column::new("quote_of_id", Int(|row| row.read.reference("quoted"))),
        Column::new("repost_of_id", Int(|row| row.read.reference("retweeted"))),
        Column::new(
            "first_version_id",
            Int(|row| {
                let first = row.read.edit_history_tweet_ids.as_ref()?.first()?.0;
                Some(first).filter(|first| Some(*first) != row.id())
            }),
        ),
        Column::new("place_id", Word(|row| row.read.geo.as_ref().and_then(|geo| str_of(&geo.place_id)))),
        Column::new("source", Word(|row| str_of(&row.read.source))),
        Column::new("possibly_sensitive", Bool(|row| row.read.possibly_sensitive)),
        metric("likes", |row| count(&row.read.public_metrics, |all: &PostMetrics| all.like_count)),
        metric("reposts", |row| count(&row.read.public_metrics, |all| all.retweet_count)),
        metric("replies", |row| count(&row.read.public_metrics, |all| all.reply_count)),
        metric("quotes", |row| count(&row.read.public_metrics, |all| all.quote_count)),
        metric("bookmarks", |row| count(&row.read.public_metrics, |all| all.bookmark_count)),
        metric("impressions", |row| count(&row.read.public_metrics, |all| all.impression_count)),
        Column::new(
            "hashtags",
            Words(|row, add| {
                each_entities(&row.read, |all| all.hashtags.iter().flatten().for_each(|tag| add(tag.tag.as_str())))
            }),
        ),
        Column::new(
            "cashtags",
            Words(|row, add| {
                each_entities(&row.read, |all| all.cashtags.iter().flatten().for_each(|tag| add(tag.tag.as_str())))
            }),
        ),
        Column::new(
            "mentions",
            Words(|row, add| {
                each_entities(&row.read, |all| {
                    all.mentions.iter().flatten().for_each(|one| add(one.username.as_str()))
                });
            }),
        ),
        Column::new(
            "urls",
            Words(|row, add| {
                each_entities(&row.read, |all| {
                    all.urls.iter().flatten().filter_map(|url| url.target()).for_each(&mut *add)
                });
            }),
        ),
        Column::new(
            "domains",
            Words(|row, add| {
                each_entities(&row.read, |all| {
                    let urls = all.urls.iter().flatten().filter_map(|url| url.target());
                    urls.filter_map(domain_of).for_each(|domain| add(&domain));
                });
            }),
        ),
        Column::new(
            "annotations",
            Words(|row, add| {
                each_entities(&row.read, |all| {
                    all.annotations.iter().flatten().for_each(|one| add(one.normalized_text.as_str()));
                });
            }),
        ),
        Column::new(
            "media_keys",
            Words(|row, add| {
                let attachments = row.read.attachments.iter();
                attachments.flat_map(|all| all.media_keys.iter().flatten()).for_each(|key| add(key.as_str()));
            }),
        ),
        Column::new(
            "poll_ids",
            Ints(|row, add| {
                let attachments = row.read.attachments.iter();
                attachments.flat_map(|all| all.poll_ids.iter().flatten()).for_each(|id| add(id.0));
            }),
        ),
        Column::new("rule_ids", Ints(|row, add| row.object.rules.iter().for_each(|(id, _)| add(*id)))),
        Column::new("rule_tags", Words(|row, add| row.object.rules.iter().for_each(|(_, tag)| add(tag)))),
    ])
}

pub(super) fn users<'a>() -> Vec<Column<Row<'a, User<'a>>>> {
    type R<'a> = Row<'a, User<'a>>;
    with_common([
        Column::new("id", Int(|row: &R<'a>| row.id())),
        Column::new("username", Text(|row| str_of(&row.read.username))),
        Column::new("name", Text(|row| str_of(&row.read.name))),
        Column::new("created_at", Time(|row| time_of(&row.read.created_at))),
        Column::new("description", Text(|row| str_of(&row.read.description))),
        Column::new("location", Word(|row| str_of(&row.read.location))),
        Column::new("url", Text(|row| str_of(&row.read.url))),
        Column::new("verified", Bool(|row| row.read.verified)),
        Column::new("verified_type", Word(|row| str_of(&row.read.verified_type))),
        Column::new("protected", Bool(|row| row.read.protected)),
        Column::new("followers", Int(|row| count(&row.read.public_metrics, |all: &UserMetrics| all.followers_count))),
        Column::new("following", Int(|row| count(&row.read.public_metrics, |all| all.following_count))),
        Column::new("posts", Int(|row| count(&row.read.public_metrics, |all| all.tweet_count))),
        Column::new("lists", Int(|row| count(&row.read.public_metrics, |all| all.listed_count))),
    ])
}

pub(super) fn media<'a>() -> Vec<Column<Row<'a, Media<'a>>>> {
    type R<'a> = Row<'a, Media<'a>>;
    with_common([
        Column::new("key", Text(|row: &R<'a>| row.key())),
        Column::new("type", Word(|row| str_of(&row.read.kind))),
        Column::new("url", Text(|row| str_of(&row.read.url))),
        Column::new("preview_image_url", Text(|row| str_of(&row.read.preview_image_url))),
        Column::new("alt_text", Text(|row| str_of(&row.read.alt_text))),
        Column::new("width", Int(|row| row.read.width)),
        Column::new("height", Int(|row| row.read.height)),
        Column::new("duration_ms", Int(|row| row.read.duration_ms)),
        Column::new("views", Int(|row| count(&row.read.public_metrics, |all: &MediaMetrics| all.view_count))),
    ])
}

pub(super) fn places<'a>() -> Vec<Column<Row<'a, Place<'a>>>> {
    type R<'a> = Row<'a, Place<'a>>;
    with_common([
        Column::new("id", Text(|row: &R<'a>| row.key())),
        Column::new("full_name", Text(|row| str_of(&row.read.full_name))),
        Column::new("name", Text(|row| str_of(&row.read.name))),
        Column::new("country", Word(|row| str_of(&row.read.country))),
        Column::new("country_code", Word(|row| str_of(&row.read.country_code))),
        Column::new("place_type", Word(|row| str_of(&row.read.place_type))),
    ])
}

pub(super) fn polls<'a>() -> Vec<Column<Row<'a, Poll<'a>>>> {
    type R<'a> = Row<'a, Poll<'a>>;
    with_common([
        Column::new("id", Int(|row: &R<'a>| row.id())),
        Column::new("voting_status", Word(|row| str_of(&row.read.voting_status))),
        Column::new("end_datetime", Text(|row| str_of(&row.read.end_datetime))),
        Column::new("duration_minutes", Int(|row| row.read.duration_minutes)),
    ])
}

pub(super) fn spaces<'a>() -> Vec<Column<Row<'a, Space<'a>>>> {
    type R<'a> = Row<'a, Space<'a>>;
    with_common([
        Column::new("id", Text(|row: &R<'a>| row.key())),
        Column::new("title", Text(|row| str_of(&row.read.title))),
        Column::new("state", Word(|row| str_of(&row.read.state))),
        Column::new("lang", Word(|row| str_of(&row.read.lang))),
        Column::new("creator_id", Int(|row| number(row.read.creator_id))),
        Column::new("created_at", Time(|row| time_of(&row.read.created_at))),
        Column::new("scheduled_start", Time(|row| time_of(&row.read.scheduled_start))),
        Column::new("started_at", Time(|row| time_of(&row.read.started_at))),
        Column::new("ended_at", Time(|row| time_of(&row.read.ended_at))),
        Column::new("participants", Int(|row| row.read.participant_count)),
    ])
}

pub(super) fn counts<'a>() -> Vec<Column<Row<'a, Count<'a>>>> {
    type R<'a> = Row<'a, Count<'a>>;
    with_common([
        Column::new("id", Text(|row: &R<'a>| row.key())),
        Column::new("query", Word(|row| str_of(&row.read.query))),
        Column::new("granularity", Word(|row| str_of(&row.read.granularity))),
        Column::new("start_at", Time(|row| time_of(&row.read.start))),
        Column::new("end_at", Time(|row| time_of(&row.read.end))),
        Column::new("posts", Int(|row| row.read.tweet_count)),
    ])
}

pub(super) fn edges() -> Vec<Column<Edge>> {
    vec![
        Column::new("relation", Word(|edge: &Edge| Some(&edge.relation))),
        Column::new("source_id", Int(|edge| Some(edge.source_id))),
        Column::new("target_id", Int(|edge| Some(edge.target_id))),
        Column::new("first_seen_at", Time(|edge| Some(edge.first_seen_at))),
        Column::new("last_seen_at", Time(|edge| Some(edge.last_seen_at))),
    ]
}

pub(super) fn gaps() -> Vec<Column<Note>> {
    vec![
        Column::new("source", Word(|note: &Note| Some(&note.source))),
        Column::new("from_at", Time(|note| note.from_at)),
        Column::new("to_at", Time(|note| note.to_at)),
        Column::new("cause", Word(|note| Some(&note.why))),
        Column::new("filled", Word(|note| Some(&note.json))),
    ]
}

pub(super) fn problems() -> Vec<Column<Note>> {
    vec![
        Column::new("source", Word(|note: &Note| Some(&note.source))),
        Column::new("seen_at", Time(|note| Some(note.seen_at))),
        Column::new("why", Word(|note| Some(&note.why))),
        Column::new("json", Text(|note| Some(&note.json))),
    ]
}

pub(super) fn deletions() -> Vec<Column<Deletion>> {
    vec![
        Column::new("kind", Word(|removed: &Deletion| Some(&removed.kind))),
        Column::new("id", Int(|removed| Some(removed.id))),
        Column::new("deleted_at", Time(|removed| Some(removed.deleted_at))),
        Column::new("reason", Word(|removed| Some(&removed.reason))),
    ]
}
