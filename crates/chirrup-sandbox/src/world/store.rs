//! The world as a whole: users and posts in memory, and a database for everything else.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chirrup_model::Timestamp;
use rusqlite::Connection;

use super::graph::Graph;
use super::post_index::SearchIndex;
use super::schema;

/// Number of prepared statements that a connection keeps.
const STATEMENTS: usize = 64;

/// Value that differs after a change of the database, by this connection or by another process.
pub(crate) type DatabaseVersion = (u64, i64);

/// All state of the sandbox. One request at a time uses the connection; requests that only read can use
/// [readers](World::reader) at the same time.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) db: Connection,
    /// Name under which the process opens further connections.
    location: String,
    pub(super) graph: Arc<RwLock<Graph>>,
    pub(super) index: Arc<SearchIndex>,
    /// Whether the database is a file, which keeps users and posts too.
    pub(super) is_file: bool,
    /// State of the file after the latest change by another process that was read.
    pub(super) file_version: i64,
    /// Greatest ID so far.
    pub(super) last_id: u64,
}

impl World {
    /// Creates an empty world in memory.
    pub(crate) fn in_memory() -> rusqlite::Result<Self> {
        let (db, location) = open_memory()?;
        create_tables(&db)?;
        Ok(Self::with((db, location), Graph::default(), SearchIndex::default()))
    }

    /// Opens the world in the database of a file, and creates the tables of a new one.
    pub(crate) fn open(db: Connection) -> rusqlite::Result<Self> {
        create_tables(&db)?;
        let location = db.path().unwrap_or_default().to_owned();
        let world = Self::with((db, location), Graph::default(), SearchIndex::default());
        // Read first, so that a change during the load counts as later.
        let file_version = world.current_file_version()?;
        let graph = world.load()?;
        let (last_id, graph) = (graph.last_id(), Arc::new(RwLock::new(graph)));
        Ok(Self { is_file: true, file_version, last_id, graph, ..world })
    }

    /// Creates a world in memory of these parts.
    pub(super) fn with((db, location): (Connection, String), graph: Graph, index: SearchIndex) -> Self {
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        let last_id = graph.last_id();
        let (graph, index) = (Arc::new(RwLock::new(graph)), Arc::new(index));
        Self { db, location, graph, index, is_file: false, file_version: 0, last_id }
    }

    /// Opens another connection to the world, for requests that only read.
    pub(crate) fn reader(&self) -> rusqlite::Result<Self> {
        let db = Connection::open(&self.location)?;
        db.pragma_update(None, "query_only", true)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        let (graph, index) = (Arc::clone(&self.graph), Arc::clone(&self.index));
        let location = self.location.clone();
        Ok(Self { db, location, graph, index, is_file: self.is_file, file_version: 0, last_id: 0 })
    }

    /// Returns the version of the database.
    pub(crate) fn database_version(&self) -> DatabaseVersion {
        (self.db.total_changes(), self.file_version)
    }

    /// Returns whether a database is new or has the current schema.
    pub(crate) fn has_current_schema(db: &Connection) -> rusqlite::Result<bool> {
        match version(db)? {
            0 => db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)", [], |row| row.get(0)),
            version => Ok(version == schema::VERSION),
        }
    }

    pub(super) fn graph(&self) -> RwLockReadGuard<'_, Graph> {
        self.graph.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn graph_mut(&self) -> RwLockWriteGuard<'_, Graph> {
        self.graph.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether users and posts are kept in a file.
    pub(crate) fn has_file(&self) -> bool {
        self.is_file
    }

    /// Executes a statement if users and posts are kept in a file.
    pub(super) fn save(&self, text: &str, params: impl rusqlite::Params) -> rusqlite::Result<()> {
        if !self.is_file {
            return Ok(());
        }
        self.db.prepare_cached(text)?.execute(params).map(drop)
    }

    /// Returns whether the world has no users.
    pub(crate) fn is_empty(&self) -> bool {
        self.graph().user_count() == 0
    }

    /// Returns a new snowflake ID of this time, greater than all before it.
    pub(crate) fn next_id(&mut self, now: Timestamp) -> u64 {
        let id = now.first_snowflake().max(self.last_id + 1);
        self.last_id = id;
        id
    }
}

fn create_tables(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(schema::TABLES)?;
    if version(db)? == schema::VERSION {
        return Ok(());
    }
    db.pragma_update(None, "user_version", schema::VERSION)
}

fn version(db: &Connection) -> rusqlite::Result<i32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Opens a new database in memory. This process can open further connections to it with the name that is returned.
pub(super) fn open_memory() -> rusqlite::Result<(Connection, String)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    // Only names that begin with a slash are shared.
    let location = format!("file:/chirrup-{}?vfs=memdb", COUNT.fetch_add(1, Ordering::Relaxed));
    let db = Connection::open(&location)?;
    db.pragma_update(None, "journal_mode", "MEMORY")?;
    Ok((db, location))
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
    use chirrup_model::Timestamp;
    use serde_json::json;

    use super::World;
    use crate::world::{NewPost, UserRow};

    #[test]
    fn a_reader_sees_what_was_written_and_cannot_write() {
        let mut world = World::in_memory().expect("a world");
        let reader = world.reader().expect("a reader");
        for number in 0..3 {
            let (kind, id) = ("note", number.to_string());
            world.put_document(kind, &id, 0, &json!({"number": number})).expect("written");
            assert_eq!(reader.document(kind, &id).expect("read"), Some(json!({"number": number})));
        }
        world.add_user(UserRow::new(7, "ada".to_owned(), "Ada".to_owned(), 0)).expect("a user");
        let new = NewPost { author: 7, text: "rust".to_owned(), ..NewPost::default() };
        let post = world.write_post(new, Timestamp::from_millis(1_780_000_000_000)).expect("a post");
        assert_eq!(reader.post(post.id).expect("read").map(|post| post.author), Some(7));
        assert!(reader.put_document("note", "9", 0, &json!({})).is_err());
    }
}
