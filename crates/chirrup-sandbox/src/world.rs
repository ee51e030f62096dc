//! The world: users, posts and what is between them, in SQLite.

mod documents;
mod lists;
mod posts;
mod schema;
mod search;
mod users;

use chirrup_model::Timestamp;
use rusqlite::Connection;

pub(crate) use documents::Document;
pub(crate) use posts::{NewPost, PostRow};
pub(crate) use users::{Listing, Relation};

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
        if Self::layout(&db)? != schema::LAYOUT {
            db.pragma_update(None, "user_version", schema::LAYOUT)?;
        }
        db.set_prepared_statement_cache_capacity(64);
        let last: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM post", [], |row| row.get(0))?;
        Ok(Self { db, last_id: id_of(last) })
    }

    /// Whether this file is new, or was written with the same tables.
    pub(crate) fn fits(db: &Connection) -> rusqlite::Result<bool> {
        match Self::layout(db)? {
            0 => db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)", [], |row| row.get(0)),
            layout => Ok(layout == schema::LAYOUT),
        }
    }

    fn layout(db: &Connection) -> rusqlite::Result<i32> {
        db.pragma_query_value(None, "user_version", |row| row.get(0))
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

/// Ids are unsigned; SQLite's numbers are not. An id that reaches the sign is as good as the greatest.
pub(crate) const fn sql(id: u64) -> i64 {
    if id > i64::MAX as u64 { i64::MAX } else { id as i64 }
}

/// The other direction of [`sql`].
pub(crate) const fn id_of(number: i64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{Listing, World};
    use crate::seed::{Plan, grow};
    use rusqlite::Connection;

    #[test]
    fn a_file_of_another_layout_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("world.db");
        let start = || crate::Sandbox::builder().users(5).posts(10).data_file(&file).start();
        drop(start().expect("a new file"));
        drop(start().expect("the same layout"));
        for layout in [0, 7] {
            let db = Connection::open(&file).expect("a file");
            db.pragma_update(None, "user_version", layout).expect("written");
            drop(db);
            let refused = start().expect_err("another layout").to_string();
            assert!(refused.contains("world.db") && refused.contains("another version"), "{refused}");
        }
    }

    /// How many steps SQLite takes for what requests do, in a world of this many posts.
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
        world.list(Listing::Followers, 12, i64::MAX, 20).expect("followers");
        world.most_recent_post(12).expect("a post");
        world.post(20).expect("a post");
        world.is_duplicate(12, "nothing like it").expect("no");
        steps.load(Ordering::Relaxed)
    }

    #[test]
    fn a_request_costs_the_same_in_a_world_ten_times_as_large() {
        let (small, large) = (steps(1_000), steps(10_000));
        assert!(large < small * 2, "{small} steps with 1,000 posts, {large} with 10,000");
    }
}
