//! Documents: Spaces, communities, messages, notes, jobs, webhooks and more, each stored as JSON.

use chirrup_auth::Secret;
use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value as Json;

use super::store::{World, from_sql, to_sql};

/// A stored document and its position.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Position in the order of creation.
    pub(crate) seq: i64,
    pub(crate) json: Json,
}

/// Secrets of an app, which sign requests to its webhooks.
#[derive(Debug, Clone)]
pub(crate) struct AppSecrets {
    /// Consumer secret of OAuth 1.0a.
    pub(crate) consumer: Secret,
    /// Client secret of OAuth 2.0, which only confidential clients have.
    pub(crate) client: Option<Secret>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Document> {
    let text: String = row.get(1)?;
    Ok(Document { seq: row.get(0)?, json: serde_json::from_str(&text).unwrap_or_default() })
}

/// ID of the document with a user's copy of a direct message event.
pub(crate) fn copy_id(event: &str, user: u64) -> String {
    format!("{event}:{user}")
}

/// Whether the `expires_at` of a document has passed. A document without one has no end.
pub(crate) fn has_expired(json: &Json, now: Timestamp) -> bool {
    json["expires_at"].as_str().and_then(|text| text.parse().ok()).is_some_and(|end: Timestamp| end <= now)
}

impl World {
    /// Returns the ID of the user, app or conversation that a document belongs to.
    pub(crate) fn document_owner(&self, kind: &str, id: &str) -> rusqlite::Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT owner FROM document WHERE kind = ? AND id = ?")?;
        query.query_row([kind, id], |row| Ok(from_sql(row.get::<_, i64>(0)?))).optional()
    }

    /// Stores a document in place of one with the same kind and ID. `owner` is the ID of the user, app or conversation that
    /// it belongs to, or 0.
    pub(crate) fn put_document(&self, kind: &str, id: &str, owner: u64, json: &Json) -> rusqlite::Result<()> {
        let text = "INSERT INTO document (kind, id, owner, json) VALUES (?, ?, ?, ?)
                    ON CONFLICT (kind, id) DO UPDATE SET owner = excluded.owner, json = excluded.json";
        self.db.prepare_cached(text)?.execute(params![kind, id, to_sql(owner), json.to_string()]).map(drop)
    }

    /// Returns the document with this ID.
    pub(crate) fn document(&self, kind: &str, id: &str) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT seq, json FROM document WHERE kind = ? AND id = ?")?;
        Ok(query.query_row(params![kind, id], read).optional()?.map(|document| document.json))
    }

    /// Returns the document with this ID if it belongs to this owner.
    pub(crate) fn own_document(&self, kind: &str, id: &str, owner: u64) -> rusqlite::Result<Option<Json>> {
        let text = "SELECT seq, json FROM document WHERE kind = ? AND id = ? AND owner = ?";
        let mut query = self.db.prepare_cached(text)?;
        Ok(query.query_row(params![kind, id, to_sql(owner)], read).optional()?.map(|document| document.json))
    }

    /// Returns the position of a document, or 0 without such a document.
    pub(crate) fn document_seq(&self, kind: &str, id: &str) -> rusqlite::Result<i64> {
        let mut query = self.db.prepare_cached("SELECT seq FROM document WHERE kind = ? AND id = ?")?;
        Ok(query.query_row(params![kind, id], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Returns the documents of an owner below a position, the newest first.
    pub(crate) fn documents_of(
        &self,
        kind: &str,
        owner: u64,
        below: i64,
        limit: usize,
    ) -> rusqlite::Result<Vec<Document>> {
        let text = "SELECT seq, json FROM document WHERE kind = ? AND owner = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = self.db.prepare_cached(text)?;
        query.query_map(params![kind, to_sql(owner), below, limit], read)?.collect()
    }

    /// Removes a document and returns whether it existed.
    pub(crate) fn remove_document(&self, kind: &str, id: &str) -> rusqlite::Result<bool> {
        let removed =
            self.db.prepare_cached("DELETE FROM document WHERE kind = ? AND id = ?")?.execute(params![kind, id])?;
        Ok(removed > 0)
    }

    /// Returns all documents of a kind, each with its owner.
    pub(crate) fn all_documents(&self, kind: &str) -> rusqlite::Result<Vec<(i64, Json)>> {
        let mut query = self.db.prepare_cached("SELECT owner, json FROM document WHERE kind = ? ORDER BY seq")?;
        let rows = query.query_map([kind], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| row.map(|(owner, json)| (owner, serde_json::from_str(&json).unwrap_or_default()))).collect()
    }

    /// Pins an event in a conversation of encrypted chat. Returns whether the conversation has the event.
    pub(crate) fn pin_chat_event(&self, chat: &str, event: &str) -> rusqlite::Result<bool> {
        let found = self.document("chat_event", event)?.filter(|event| event["conversation_id"] == chat);
        let (Some(mut json), Some(_)) = (self.document("chat", chat)?, found) else { return Ok(false) };
        let mut pinned = json["pinned_event_ids"].as_array().cloned().unwrap_or_default();
        pinned.push(event.into());
        json["pinned_event_ids"] = pinned.into();
        self.put_document("chat", chat, 0, &json)?;
        Ok(true)
    }

    /// Gives each of these users a copy of a direct message event.
    pub(crate) fn put_dm_event(&self, id: &str, users: &[u64], event: &Json) -> rusqlite::Result<()> {
        users.iter().try_for_each(|user| self.put_document("dm", &copy_id(id, *user), *user, event))
    }

    /// Returns the users who have a copy of a direct message event.
    pub(crate) fn dm_event_owners(&self, event: &str) -> rusqlite::Result<Vec<u64>> {
        let mut query = self.db.prepare_cached("SELECT owner FROM document WHERE kind = 'dm' AND id GLOB ? || ':*'")?;
        let rows = query.query_map([event], |row| row.get::<_, i64>(0))?;
        rows.map(|row| row.map(from_sql)).collect()
    }

    /// Returns a webhook and the ID of its app.
    pub(crate) fn webhook(&self, id: &str) -> rusqlite::Result<Option<(i64, Json)>> {
        let mut query = self.db.prepare_cached("SELECT owner, json FROM document WHERE kind = 'webhook' AND id = ?")?;
        let found = query.query_row([id], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).optional()?;
        Ok(found.map(|(app, json)| (app, serde_json::from_str(&json).unwrap_or_default())))
    }

    /// Returns the IDs of the webhooks that receive the account activity of a user.
    pub(crate) fn webhooks_subscribed_to(&self, user: u64) -> rusqlite::Result<Vec<String>> {
        let text = "SELECT owner FROM document WHERE kind = 'account_subscription' AND id GLOB '*:' || ?";
        let mut query = self.db.prepare_cached(text)?;
        let rows = query.query_map([user.to_string()], |row| row.get::<_, i64>(0))?;
        rows.map(|row| row.map(|id| from_sql(id).to_string())).collect()
    }

    /// Returns the secrets of an app.
    pub(crate) fn app_secrets(&self, app: i64) -> rusqlite::Result<AppSecrets> {
        let mut query = self.db.prepare_cached("SELECT secret FROM app WHERE id = ?")?;
        let consumer: String = query.query_row([app], |row| row.get(0))?;
        let settings = self.document("app", &app.to_string())?.unwrap_or_default();
        let client = match settings["client_secret"].as_str() {
            Some(secret) => Some(secret.to_owned()),
            None => (settings["confidential"] == true).then(|| consumer.clone()),
        };
        Ok(AppSecrets { consumer: consumer.into(), client: client.map(Secret::from) })
    }
}
