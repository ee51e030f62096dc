//! Copies of a world: in memory, and as the bytes of a file.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, MAIN_DB};

use super::graph::Graph;
use super::post_index::SearchIndex;
use super::store::{World, open_memory};

/// Place of the write version in the header of a database; the read version follows.
const WRITE_VERSION: usize = 18;
/// Version of a database without a write-ahead log.
const ROLLBACK_JOURNAL: u8 = 1;

/// Copies a database into another one.
fn copy_database(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    Backup::new(from, to)?.run_to_completion(i32::MAX, Duration::ZERO, None)
}

impl World {
    /// Returns a copy in memory. It shares users, posts and search index with this world until they change.
    pub(crate) fn copy(&self) -> rusqlite::Result<Self> {
        let (mut db, location) = open_memory()?;
        if self.is_file {
            let mut bytes = self.db.serialize(MAIN_DB)?.to_vec();
            // A database in memory has no write-ahead log.
            bytes.iter_mut().skip(WRITE_VERSION).take(2).for_each(|version| *version = ROLLBACK_JOURNAL);
            let mut file = Connection::open_in_memory()?;
            file.deserialize_read_exact(MAIN_DB, bytes.as_slice(), bytes.len(), true)?;
            copy_database(&file, &mut db)?;
        } else {
            copy_database(&self.db, &mut db)?;
        }
        let graph = self.graph().clone();
        let mut copy = Self::with((db, location), graph, self.index.copy());
        copy.last_id = self.last_id;
        Ok(copy)
    }

    /// Returns the world as the bytes of a file that a sandbox can open.
    pub(crate) fn to_bytes(&self) -> rusqlite::Result<Vec<u8>> {
        let mut copy = self.copy()?;
        copy.write_rows()?;
        copy.db.execute_batch("VACUUM")?;
        Ok(copy.db.serialize(MAIN_DB)?.to_vec())
    }

    /// Returns the world in the bytes of a file, in memory; `None` if another version of the sandbox wrote the file.
    ///
    /// # Errors
    /// If the bytes are not those of a database.
    pub(crate) fn from_bytes(bytes: &[u8]) -> rusqlite::Result<Option<Self>> {
        let mut file = Connection::open_in_memory()?;
        file.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), true)?;
        if !Self::has_current_schema(&file)? {
            return Ok(None);
        }
        let (mut db, location) = open_memory()?;
        copy_database(&file, &mut db)?;
        let mut world = Self::with((db, location), Graph::default(), SearchIndex::default());
        let graph = world.load()?;
        (world.last_id, world.graph) = (graph.last_id(), Arc::new(RwLock::new(graph)));
        Ok(Some(world))
    }

    /// Writes all users and posts of a world in memory to its database.
    fn write_rows(&mut self) -> rusqlite::Result<()> {
        self.db.execute_batch("BEGIN; DELETE FROM user; DELETE FROM post; DELETE FROM follow; DELETE FROM liking;")?;
        let was_file = std::mem::replace(&mut self.is_file, true);
        let saved = self.save_all();
        self.is_file = was_file;
        self.db.execute_batch(if saved.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        saved
    }
}
