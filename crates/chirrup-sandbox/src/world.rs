//! The world: users, posts and what is between them, in SQLite.

mod posts;
mod schema;
mod search;
mod users;

use chirrup_model::Timestamp;
use rusqlite::Connection;

pub(crate) use posts::{NewPost, PostRow};
pub(crate) use users::UserList;

/// Everything there is. One connection, used by one request at a time.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) db: Connection,
    /// The last id that was given.
    last_id: u64,
}

impl World {
    /// A world in this database, which gets its tables if it has none.
    pub(crate) fn open(db: Connection) -> rusqlite::Result<Self> {
        db.execute_batch(schema::TABLES)?;
        db.set_prepared_statement_cache_capacity(64);
        let last: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM post", [], |row| row.get(0))?;
        Ok(Self { db, last_id: id_of(last) })
    }

    /// Whether nobody lives in it.
    pub(crate) fn is_empty(&self) -> rusqlite::Result<bool> {
        self.db.query_row("SELECT NOT EXISTS (SELECT 1 FROM user)", [], |row| row.get(0))
    }

    /// A new id, greater than all before, that carries this moment.
    pub(crate) fn next_id(&mut self, now: Timestamp) -> u64 {
        let id = now.first_snowflake().max(self.last_id + 1);
        self.last_id = id;
        id
    }
}

/// Ids are unsigned; SQLite's numbers are not. No id of X reaches the sign.
pub(crate) const fn sql(id: u64) -> i64 {
    id as i64
}

/// The other direction of [`sql`].
pub(crate) const fn id_of(number: i64) -> u64 {
    number as u64
}
