//! Everything of which there is little: Spaces, communities, messages, notes, jobs, webhooks. Each is kept as its JSON.

use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value as Json;

use super::{World, sql};

/// A thing, and its place among its like.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    /// Greater than that of all older things.
    pub(crate) seq: i64,
    /// Every field of it.
    pub(crate) json: Json,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Thing> {
    let text: String = row.get(1)?;
    Ok(Thing { seq: row.get(0)?, json: serde_json::from_str(&text).unwrap_or_default() })
}

impl World {
    /// Keeps a thing, in the place of one with the same id. `of` is what it belongs to: a user, a conversation; 0 for
    /// nothing.
    pub(crate) fn put(&self, kind: &str, id: &str, of: u64, json: &Json) -> rusqlite::Result<()> {
        let text = "INSERT INTO thing (kind, id, of, json) VALUES (?, ?, ?, ?)
                    ON CONFLICT (kind, id) DO UPDATE SET of = excluded.of, json = excluded.json";
        self.db.prepare_cached(text)?.execute(params![kind, id, sql(of), json.to_string()]).map(drop)
    }

    /// The thing of this id.
    pub(crate) fn thing(&self, kind: &str, id: &str) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT seq, json FROM thing WHERE kind = ? AND id = ?")?;
        Ok(query.query_row(params![kind, id], read).optional()?.map(|thing| thing.json))
    }

    /// The place of the thing of this id among its like; 0 if there is none.
    pub(crate) fn place_of(&self, kind: &str, id: &str) -> rusqlite::Result<i64> {
        let mut query = self.db.prepare_cached("SELECT seq FROM thing WHERE kind = ? AND id = ?")?;
        Ok(query.query_row(params![kind, id], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// What belongs to something, the newest first, below a place.
    pub(crate) fn things(&self, kind: &str, of: u64, below: i64, limit: usize) -> rusqlite::Result<Vec<Thing>> {
        let text = "SELECT seq, json FROM thing WHERE kind = ? AND of = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = self.db.prepare_cached(text)?;
        query.query_map(params![kind, sql(of), below, limit], read)?.collect()
    }

    /// Removes a thing. Says whether it was there.
    pub(crate) fn remove(&self, kind: &str, id: &str) -> rusqlite::Result<bool> {
        let removed =
            self.db.prepare_cached("DELETE FROM thing WHERE kind = ? AND id = ?")?.execute(params![kind, id])?;
        Ok(removed > 0)
    }
}
