//! Everything of which there is little: Spaces, communities, messages, notes, jobs, webhooks. Each is kept as its JSON.

use chirrup_auth::Secret;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value as Json;

use super::{World, sql};

/// A thing, and its place among its like.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Greater than that of all older things.
    pub(crate) seq: i64,
    /// Every field of it.
    pub(crate) json: Json,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Document> {
    let text: String = row.get(1)?;
    Ok(Document { seq: row.get(0)?, json: serde_json::from_str(&text).unwrap_or_default() })
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
    pub(crate) fn things(&self, kind: &str, of: u64, below: i64, limit: usize) -> rusqlite::Result<Vec<Document>> {
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

    /// All things of a kind, and what each belongs to.
    pub(crate) fn things_of_all(&self, kind: &str) -> rusqlite::Result<Vec<(i64, Json)>> {
        let mut query = self.db.prepare_cached("SELECT of, json FROM thing WHERE kind = ? ORDER BY seq")?;
        let rows = query.query_map([kind], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| row.map(|(of, json)| (of, serde_json::from_str(&json).unwrap_or_default()))).collect()
    }

    /// Who has a copy of an event of messages.
    pub(crate) fn readers_of(&self, event: &str) -> rusqlite::Result<Vec<u64>> {
        let mut query = self.db.prepare_cached("SELECT of FROM thing WHERE kind = 'dm' AND id GLOB ? || ':*'")?;
        let rows = query.query_map([event], |row| row.get::<_, i64>(0))?;
        rows.map(|row| row.map(super::id_of)).collect()
    }

    /// A webhook, and the app that it belongs to.
    pub(crate) fn webhook(&self, id: &str) -> rusqlite::Result<Option<(i64, Json)>> {
        let mut query = self.db.prepare_cached("SELECT of, json FROM thing WHERE kind = 'webhook' AND id = ?")?;
        let found = query.query_row([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).optional()?;
        Ok(found.map(|(app, json)| (app, serde_json::from_str(&json).unwrap_or_default())))
    }

    /// The webhooks that the account activity of a user goes to.
    pub(crate) fn webhooks_for(&self, user: u64) -> rusqlite::Result<Vec<String>> {
        let text = "SELECT of FROM thing WHERE kind = 'account_subscription' AND id GLOB '*:' || ?";
        let mut query = self.db.prepare_cached(text)?;
        let rows = query.query_map([user.to_string()], |row| row.get::<_, i64>(0))?;
        rows.map(|row| row.map(|id| super::id_of(id).to_string())).collect()
    }

    /// The secret of an app, by which it and X prove who they are.
    pub(crate) fn app_secret(&self, app: i64) -> rusqlite::Result<Secret> {
        let mut query = self.db.prepare_cached("SELECT secret FROM app WHERE id = ?")?;
        query.query_row([app], |row| row.get::<_, String>(0)).map(Secret::from)
    }
}
