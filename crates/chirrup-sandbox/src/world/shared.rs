//! World that is generated once per process, and from which sandboxes start.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::backup::Backup;

use super::post_index::{Block, IndexPosts, SearchIndex};
use super::rows::Place;
use super::store::{World, open_memory};

/// A world from which others are copied. It never changes.
#[derive(Debug)]
pub(crate) struct SharedWorld {
    world: Arc<Mutex<World>>,
    blocks: Vec<Arc<Block>>,
}

impl SharedWorld {
    pub(crate) fn new(world: World) -> Self {
        let count = world.place_count();
        let world = Arc::new(Mutex::new(world));
        let indexed = Arc::clone(&world);
        let index =
            move |places: Range<Place>| indexed.lock().unwrap_or_else(PoisonError::into_inner).index_of_posts(places);
        let index: Arc<IndexPosts> = Arc::new(index);
        Self { world, blocks: Block::divide(0..count, Some(&index)) }
    }

    /// Returns a copy in memory. It shares users, posts and search index with the original until they change.
    pub(crate) fn copy(&self) -> rusqlite::Result<World> {
        let (mut db, location) = open_memory()?;
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        Backup::new(&world.db, &mut db)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
        let graph = world.graph().clone();
        Ok(World::with((db, location), graph, SearchIndex::of_copy(self.blocks.clone())))
    }
}
