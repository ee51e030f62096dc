//! World that is generated once per process, and from which sandboxes start.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::backup::Backup;

use super::post_index::{SearchIndex, SharedIndex};
use super::store::{World, open_memory};

/// A world from which others are copied. It never changes.
#[derive(Debug)]
pub(crate) struct SharedWorld {
    world: Arc<Mutex<World>>,
    index: Arc<SharedIndex>,
}

impl SharedWorld {
    pub(crate) fn new(world: World) -> Self {
        let world = Arc::new(Mutex::new(world));
        let indexed = Arc::clone(&world);
        let build = move || indexed.lock().unwrap_or_else(PoisonError::into_inner).index_of_all_posts();
        Self { world, index: Arc::new(LazyLock::new(Box::new(build))) }
    }

    /// Returns a copy in memory. It shares users, posts and search index with the original until they change.
    pub(crate) fn copy(&self) -> rusqlite::Result<World> {
        let (mut db, location) = open_memory()?;
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        Backup::new(&world.db, &mut db)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
        let graph = world.graph().clone();
        let index = SearchIndex::above(Arc::clone(&self.index), graph.post_count());
        Ok(World::with((db, location), graph, index))
    }
}
