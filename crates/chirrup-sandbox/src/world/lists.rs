//! Lists. Their members, followers and pins are relations.

use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value as Json, json};

use super::store::{World, from_sql, to_sql};

/// Kind under which the slugs are stored that are not the words of the name.
const SLUG: &str = "list_slug";

/// Returns the words of a name as they stand in addresses.
fn slug_of_name(name: &str) -> String {
    let words = name.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

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
        self.set_slug(id, owner, name)?;
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
        self.db.prepare_cached(text)?.execute(params![name, description, private, to_sql(id)])?;
        match (name, self.list_owner(id)?) {
            (Some(name), Some((owner, _))) => self.set_slug(id, owner, name),
            _ => Ok(()),
        }
    }

    /// Stores the slug of a list if it differs from its name: a second list of an owner with the same words gets a number.
    fn set_slug(&self, id: u64, owner: u64, name: &str) -> rusqlite::Result<()> {
        let words = slug_of_name(name);
        self.remove_document(SLUG, &id.to_string())?;
        if self.list_with_slug(owner, &words)?.is_none_or(|other| other == id) {
            return Ok(());
        }
        let number = id % 100_000;
        self.put_document(SLUG, &id.to_string(), owner, &format!("{words}-{number}").into())
    }

    /// Returns the name of a list as it stands in addresses.
    pub(crate) fn list_slug(&self, id: u64, name: &str) -> rusqlite::Result<String> {
        let stored = self.document(SLUG, &id.to_string())?;
        Ok(stored.and_then(|slug| slug.as_str().map(str::to_owned)).unwrap_or_else(|| slug_of_name(name)))
    }

    /// Returns the list of an owner with this slug.
    pub(crate) fn list_with_slug(&self, owner: u64, slug: &str) -> rusqlite::Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT id, name FROM list WHERE owner = ? ORDER BY id")?;
        let lists = query.query_map([to_sql(owner)], |row| Ok((from_sql(row.get(0)?), row.get::<_, String>(1)?)))?;
        for list in lists {
            let (id, name) = list?;
            if self.list_slug(id, &name)? == slug {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Deletes a list with its members, followers and pins.
    pub(crate) fn delete_list(&self, id: u64) -> rusqlite::Result<()> {
        for (kind, column) in [("member", "user"), ("list_follower", "user"), ("pin", "other")] {
            let text = format!("DELETE FROM relation WHERE kind = ? AND {column} = ?");
            self.db.prepare_cached(&text)?.execute(params![kind, to_sql(id)])?;
        }
        self.remove_document(SLUG, &id.to_string())?;
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
