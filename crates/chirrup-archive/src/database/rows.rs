//! Rows of the tables, written within the transaction of a page.

use chirrup_model::Timestamp;
use rusqlite::types::ToSqlOutput;
use rusqlite::{CachedStatement, Connection, ToSql, params, params_from_iter};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::object::ObjectKind;
use crate::object_rows::{ObjectRow, Table, Value};
use crate::objects::{Count, Media, Place, Poll, Post, Space, User};
use crate::report::Gap;

/// Writer of rows that are from the same response.
pub(super) struct Rows<'c> {
    pub(super) db: &'c Connection,
    pub(super) source_id: i64,
    /// Time of the response in milliseconds.
    pub(super) seen_at: i64,
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Int(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::Bool(flag) => flag.to_sql(),
        }
    }
}

/// Returns the statement that inserts a row, or updates one of an earlier response. A value that the response does not
/// have is kept.
fn upsert<'c>(table: &Table, db: &'c Connection) -> rusqlite::Result<CachedStatement<'c>> {
    let Table { name, key, columns } = table;
    let updates: String =
        columns.iter().map(|column| format!("{column} = ifnull(excluded.{column}, {column}), ")).collect();
    let (names, marks) = (columns.join(", "), "?, ".repeat(columns.len()));
    db.prepare_cached(&format!(
        "INSERT INTO {name} ({key}, {names}, seen_at, json) VALUES (?, {marks}?, ?) ON CONFLICT DO UPDATE SET \
         {updates}seen_at = excluded.seen_at, json = excluded.json WHERE excluded.seen_at > seen_at"
    ))
}

impl Rows<'_> {
    /// Writes an object of a list. Returns the number of one that can be an item of a source.
    pub(super) fn object(&self, kind: ObjectKind, object: &RawValue) -> rusqlite::Result<Option<i64>> {
        match kind {
            ObjectKind::Post => self.post(object),
            ObjectKind::User => Ok(self.row::<User<'_>>(object)?.map(|user| user.id.0)),
            ObjectKind::Media => self.row::<Media<'_>>(object).map(|_| None),
            ObjectKind::Place => self.row::<Place<'_>>(object).map(|_| None),
            ObjectKind::Poll => self.row::<Poll<'_>>(object).map(|_| None),
            ObjectKind::Space => Ok(self.row::<Space<'_>>(object)?.map(|space| space.number())),
            ObjectKind::Count => Ok(self.row::<Count<'_>>(object)?.map(|count| count.number())),
        }
    }

    /// Writes the row of an object. An object that cannot be read is kept among the problems, and `None` is returned.
    fn row<'a, T: ObjectRow + Deserialize<'a>>(&self, object: &'a RawValue) -> rusqlite::Result<Option<T>> {
        match serde_json::from_str::<T>(object.get()) {
            Ok(read) => {
                let end = [Value::Int(Some(self.seen_at)), Value::Text(Some(object.get()))];
                let values = std::iter::once(read.key()).chain(read.values()).chain(end);
                upsert(&T::TABLE, self.db)?.execute(params_from_iter(values))?;
                Ok(Some(read))
            }
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

    /// Writes a post and what belongs to it. Returns its ID.
    fn post(&self, object: &RawValue) -> rusqlite::Result<Option<i64>> {
        let Some(post) = self.row::<Post<'_>>(object)? else { return Ok(None) };
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO entities VALUES (?, ?, ?)")?;
        post.each_entity(|kind, value| insert.execute(params![post.id.0, kind, value]).map(drop))?;
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
        Ok(Some(post.id.0))
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
