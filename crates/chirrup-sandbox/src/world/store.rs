//! The database of the world, and its IDs.

use chirrup_model::Timestamp;
use rusqlite::Connection;

use super::schema;

/// All state of the sandbox. One request at a time uses the connection.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) db: Connection,
    /// Greatest ID so far.
    last_id: u64,
}

impl World {
    /// Opens the world in a database, and creates the tables of a new one.
    pub(crate) fn open(db: Connection) -> rusqlite::Result<Self> {
        db.execute_batch(schema::TABLES)?;
        if Self::version(&db)? != schema::VERSION {
            db.pragma_update(None, "user_version", schema::VERSION)?;
        }
        db.set_prepared_statement_cache_capacity(64);
        let last: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM post", [], |row| row.get(0))?;
        Ok(Self { db, last_id: from_sql(last) })
    }

    /// Returns whether a database is new or has the current schema.
    pub(crate) fn has_current_schema(db: &Connection) -> rusqlite::Result<bool> {
        match Self::version(db)? {
            0 => db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)", [], |row| row.get(0)),
            version => Ok(version == schema::VERSION),
        }
    }

    fn version(db: &Connection) -> rusqlite::Result<i32> {
        db.pragma_query_value(None, "user_version", |row| row.get(0))
    }

    /// Returns whether the world has no users.
    pub(crate) fn is_empty(&self) -> rusqlite::Result<bool> {
        self.db.query_row("SELECT NOT EXISTS (SELECT 1 FROM user)", [], |row| row.get(0))
    }

    /// Returns a new snowflake ID of this time, greater than all before it.
    pub(crate) fn next_id(&mut self, now: Timestamp) -> u64 {
        let id = now.first_snowflake().max(self.last_id + 1);
        self.last_id = id;
        id
    }
}

/// Converts an ID to a number of SQLite, which is signed. An ID beyond its range becomes the greatest.
pub(crate) const fn to_sql(id: u64) -> i64 {
    if id > i64::MAX as u64 { i64::MAX } else { id as i64 }
}

/// Converts a number of SQLite to an ID.
pub(crate) const fn from_sql(number: i64) -> u64 {
    number as u64
}
