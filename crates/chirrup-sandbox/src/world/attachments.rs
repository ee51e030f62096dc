//! Attachments of posts: media, places and polls.

use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Value as Json, json};

use super::store::{World, to_sql};

/// West, south, east and north of the area of a place.
pub(crate) fn bounding_box(place: &Json) -> Option<[f64; 4]> {
    let sides: Vec<f64> = place["geo"]["bbox"].as_array()?.iter().filter_map(Json::as_f64).collect();
    sides.try_into().ok()
}

impl World {
    /// Stores a media file's description in place of one with the same ID.
    pub(crate) fn add_media(&self, id: u64, owner: u64, json: &Json) -> rusqlite::Result<()> {
        let text = "INSERT OR REPLACE INTO media VALUES (?, ?, ?)";
        // Much faster than the implementation of `Display`.
        let json = serde_json::to_string(json).unwrap_or_default();
        self.db.prepare_cached(text)?.execute(params![to_sql(id), to_sql(owner), json]).map(drop)
    }

    /// Returns a media object with all fields.
    pub(crate) fn media(&self, id: u64) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT json FROM media WHERE id = ?")?;
        let text: Option<String> = query.query_row([to_sql(id)], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Returns the type of a media object, such as `photo`.
    pub(crate) fn media_kind(&self, id: u64) -> rusqlite::Result<Option<String>> {
        let mut query = self.db.prepare_cached("SELECT json ->> '$.type' FROM media WHERE id = ?")?;
        query.query_row([to_sql(id)], |row| row.get(0)).optional()
    }

    /// Returns whether the user uploaded this media.
    pub(crate) fn owns_media(&self, user: u64, id: u64) -> rusqlite::Result<bool> {
        let text = "SELECT 1 FROM media WHERE id = ? AND owner = ?";
        self.db.prepare_cached(text)?.exists(params![to_sql(id), to_sql(user)])
    }

    /// Returns all places, by ID.
    pub(crate) fn places(&self) -> rusqlite::Result<Vec<Json>> {
        let mut query = self.db.prepare_cached("SELECT json FROM place ORDER BY id")?;
        let rows = query.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|row| row.map(|json| serde_json::from_str(&json).unwrap_or_default())).collect()
    }

    /// Stores a new place.
    pub(crate) fn add_place(&self, id: &str, json: &Json) -> rusqlite::Result<()> {
        self.db.execute("INSERT INTO place VALUES (?, ?)", params![id, json.to_string()]).map(drop)
    }

    /// Returns a place with all fields.
    pub(crate) fn place(&self, id: &str) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT json FROM place WHERE id = ?")?;
        let text: Option<String> = query.query_row([id], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Returns ID, full name and country code of a place.
    pub(super) fn place_names(&self, id: &str) -> rusqlite::Result<Option<(String, String, String)>> {
        let text = "SELECT id, json ->> '$.full_name', json ->> '$.country_code' FROM place WHERE id = ?";
        let name = |row: &Row<'_>, column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
        let mut query = self.db.prepare_cached(text)?;
        query.query_row([id], |row| Ok((row.get(0)?, name(row, 1)?, name(row, 2)?))).optional()
    }

    /// Returns a poll with all fields. Its status depends on the current time.
    pub(crate) fn poll(&self, id: u64, now: Timestamp) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT options, minutes, ends FROM poll WHERE id = ?")?;
        let found = query.query_row([to_sql(id)], |row| {
            let options: String = row.get(0)?;
            let ends = Timestamp::from_millis(row.get(2)?);
            Ok(json!({
                "id": id.to_string(),
                "options": serde_json::from_str::<Json>(&options).unwrap_or_default(),
                "duration_minutes": row.get::<_, i64>(1)?,
                "end_datetime": ends,
                "voting_status": if ends > now { "open" } else { "closed" },
            }))
        });
        found.optional()
    }

    /// Stores a new poll with these options, each a label and its number of votes.
    pub(crate) fn add_poll(
        &mut self,
        options: &[(String, u64)],
        minutes: i64,
        now: Timestamp,
    ) -> rusqlite::Result<u64> {
        let id = self.next_id(now);
        let options: Vec<Json> = (1..)
            .zip(options)
            .map(|(position, (label, votes))| json!({"position": position, "label": label, "votes": votes}))
            .collect();
        let ends = now.plus_millis(minutes * 60_000).as_millis();
        let text = "INSERT INTO poll VALUES (?, ?, ?, ?)";
        self.db.prepare_cached(text)?.execute(params![to_sql(id), Json::Array(options).to_string(), minutes, ends])?;
        Ok(id)
    }
}
