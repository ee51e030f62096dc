//! Lists. Their members, followers and pins are relations.

use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use super::store::{World, from_sql, to_sql};

impl World {
    /// Creates a list and returns its ID.
    pub(crate) fn create_list(
        &mut self,
        owner: u64,
        name: &str,
        description: &str,
        private: bool,
        now: Timestamp,
    ) -> rusqlite::Result<u64> {
        let id = self.next_id(now);
        let text = "INSERT INTO list VALUES (?, ?, ?, ?, ?)";
        self.db.prepare_cached(text)?.execute(params![to_sql(id), to_sql(owner), name, description, private])?;
        Ok(id)
    }

    /// Updates the given fields of a list.
    pub(crate) fn update_list(
        &self,
        id: u64,
        name: Option<&str>,
        description: Option<&str>,
        private: Option<bool>,
    ) -> rusqlite::Result<()> {
        let text = "UPDATE list SET name = coalesce(?, name), description = coalesce(?, description),
                    private = coalesce(?, private) WHERE id = ?";
        self.db.prepare_cached(text)?.execute(params![name, description, private, to_sql(id)]).map(drop)
    }

    /// Deletes a list with its members, followers and pins.
    pub(crate) fn delete_list(&self, id: u64) -> rusqlite::Result<()> {
        for (kind, column) in [("member", "user"), ("list_follower", "user"), ("pin", "other")] {
            let text = format!("DELETE FROM relation WHERE kind = ? AND {column} = ?");
            self.db.prepare_cached(&text)?.execute(params![kind, to_sql(id)])?;
        }
        self.db.prepare_cached("DELETE FROM list WHERE id = ?")?.execute([to_sql(id)]).map(drop)
    }

    /// Returns the owner of a list, and whether the list is private.
    pub(crate) fn list_owner(&self, id: u64) -> rusqlite::Result<Option<(u64, bool)>> {
        let mut query = self.db.prepare_cached("SELECT owner, private FROM list WHERE id = ?")?;
        query.query_row([to_sql(id)], |row| Ok((from_sql(row.get::<_, i64>(0)?), row.get(1)?))).optional()
    }

    /// Returns a list with all fields.
    pub(crate) fn list_json(&self, id: u64) -> rusqlite::Result<Option<Json>> {
        let text = "SELECT owner, name, description, private,
                    (SELECT count(*) FROM relation WHERE kind = 'member' AND user = list.id),
                    (SELECT count(*) FROM relation WHERE kind = 'list_follower' AND user = list.id)
                    FROM list WHERE id = ?";
        let mut query = self.db.prepare_cached(text)?;
        let found = query.query_row([to_sql(id)], |row| {
            Ok(json!({
                "id": id.to_string(),
                "owner_id": row.get::<_, i64>(0)?.to_string(),
                "name": row.get::<_, String>(1)?,
                "description": row.get::<_, String>(2)?,
                "private": row.get::<_, bool>(3)?,
                "member_count": row.get::<_, i64>(4)?,
                "follower_count": row.get::<_, i64>(5)?,
                "created_at": Timestamp::from_snowflake(id),
            }))
        });
        found.optional()
    }
}
