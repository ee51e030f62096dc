//! The state of the sandbox in SQLite: users, posts, relations and documents.

mod accounts;
mod attachments;
mod calls;
mod documents;
mod lists;
mod posts;
mod schema;
mod search;
mod users;

use chirrup_model::Timestamp;
use rusqlite::Connection;

pub(crate) use documents::Document;
pub(crate) use posts::{NewPost, PostCounts, PostRow};
pub(crate) use users::{IdList, Relation};

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{IdList, World};
    use crate::seed::{Plan, grow};
    use rusqlite::Connection;

    #[test]
    fn a_file_with_another_schema_is_rejected() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("world.db");
        let start = || crate::Sandbox::builder().users(5).posts(10).data_file(&file).start();
        drop(start().expect("a new file"));
        drop(start().expect("the same schema"));
        for version in [0, 7] {
            let db = Connection::open(&file).expect("a file");
            db.pragma_update(None, "user_version", version).expect("written");
            drop(db);
            let refused = start().expect_err("another schema").to_string();
            assert!(refused.contains("world.db") && refused.contains("another version"), "{refused}");
        }
    }

    /// Number of steps that SQLite takes for typical requests in a world of this many posts.
    fn steps(posts: usize) -> u64 {
        let mut world = World::open(Connection::open_in_memory().expect("memory")).expect("tables");
        let plan = Plan { users: 50, posts, seed: 3, until: 1_780_000_000_000 };
        grow(&mut world, plan).expect("a world");
        let steps = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&steps);
        let installed = world.db.progress_handler(
            10,
            Some(move || {
                counted.fetch_add(10, Ordering::Relaxed);
                false
            }),
        );
        installed.expect("a handler");
        let end = i64::MAX as u64;
        for query in
            ["rust", "#rustlang lang:en", "from:robin has:hashtags", "good OR read OR data", "\"this morning\" -cat"]
        {
            let query = chirrup_query::parse(query).expect("a query");
            let found = world.search(&query, 0, end, 10).expect("found");
            assert_eq!(found.posts.len(), 10);
        }
        world.list_ids(IdList::Followers, 12, i64::MAX, 20).expect("followers");
        world.most_recent_post(12).expect("a post");
        world.post(20).expect("a post");
        world.is_duplicate(12, "a new text").expect("no");
        steps.load(Ordering::Relaxed)
    }

    #[test]
    fn requests_scale_to_a_world_ten_times_as_large() {
        let (small, large) = (steps(1_000), steps(10_000));
        assert!(large < small * 2, "{small} steps with 1,000 posts, {large} with 10,000");
    }
}
