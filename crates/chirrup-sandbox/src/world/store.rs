//! The world as a whole: users and posts in memory, and a database for everything else.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chirrup_model::Timestamp;
use rusqlite::Connection;

use super::graph::Graph;
use super::post_index::SearchIndex;
use super::schema;

/// All state of the sandbox. One request at a time uses the connection.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) db: Connection,
    graph: Arc<RwLock<Graph>>,
    pub(super) index: Arc<SearchIndex>,
    /// Whether the database is a file, which keeps users and posts too.
    pub(super) is_file: bool,
    /// Greatest ID so far.
    last_id: u64,
}

impl World {
    /// Creates an empty world in memory.
    pub(crate) fn in_memory() -> rusqlite::Result<Self> {
        Self::of(Connection::open_in_memory()?, Graph::default(), SearchIndex::default(), false)
    }

    /// Opens the world in the database of a file, and creates the tables of a new one.
    pub(crate) fn open(db: Connection) -> rusqlite::Result<Self> {
        let mut world = Self::of(db, Graph::default(), SearchIndex::default(), true)?;
        let graph = world.load()?;
        world.last_id = graph.last_id();
        world.graph = Arc::new(RwLock::new(graph));
        Ok(world)
    }

    fn of(db: Connection, graph: Graph, index: SearchIndex, is_file: bool) -> rusqlite::Result<Self> {
        db.execute_batch(schema::TABLES)?;
        if Self::version(&db)? != schema::VERSION {
            db.pragma_update(None, "user_version", schema::VERSION)?;
        }
        Ok(Self::with(db, graph, index, is_file))
    }

    pub(super) fn with(db: Connection, graph: Graph, index: SearchIndex, is_file: bool) -> Self {
        db.set_prepared_statement_cache_capacity(64);
        let last_id = graph.last_id();
        Self { db, graph: Arc::new(RwLock::new(graph)), index: Arc::new(index), is_file, last_id }
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

    pub(super) fn graph(&self) -> RwLockReadGuard<'_, Graph> {
        self.graph.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn graph_mut(&self) -> RwLockWriteGuard<'_, Graph> {
        self.graph.write().unwrap_or_else(PoisonError::into_inner)
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

/// Converts an ID to a number of SQLite, which is signed. An ID beyond its range becomes the greatest.
pub(crate) const fn to_sql(id: u64) -> i64 {
    if id > i64::MAX as u64 { i64::MAX } else { id as i64 }
}

/// Converts a number of SQLite to an ID.
pub(crate) const fn from_sql(number: i64) -> u64 {
    number as u64
}
