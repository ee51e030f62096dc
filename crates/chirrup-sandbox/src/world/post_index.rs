//! The search index: places of posts under terms.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use foldhash::HashMap;

use super::rows::Place;

/// Number of posts in a block. Tests have several blocks with few posts.
pub(super) const BLOCK: Place = if cfg!(test) { 4 } else { 65_536 };

/// Function that indexes the posts at places.
pub(super) type IndexPosts = dyn Fn(Range<Place>) -> PostIndex + Send + Sync;

/// Index of the posts at neighboring places, which is built when a search reaches them.
pub(super) struct Block {
    pub(super) places: Range<Place>,
    /// Function that indexes the posts of the original, if this is a block of a world that has copies.
    original: Option<Arc<IndexPosts>>,
    index: OnceLock<PostIndex>,
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block").field("places", &self.places).finish_non_exhaustive()
    }
}

impl Block {
    /// Divides the posts at places into blocks.
    pub(super) fn divide(places: Range<Place>, original: Option<&Arc<IndexPosts>>) -> Vec<Arc<Self>> {
        let starts = places.clone().step_by(BLOCK as usize);
        let block = |start: Place| Self {
            places: start..places.end.min(start.saturating_add(BLOCK)),
            original: original.cloned(),
            index: OnceLock::new(),
        };
        starts.map(|start| Arc::new(block(start))).collect()
    }

    /// Returns the index, which this function builds unless the block belongs to a world that has copies.
    pub(super) fn index(&self, index_posts: impl FnOnce(Range<Place>) -> PostIndex) -> &PostIndex {
        self.index.get_or_init(|| match &self.original {
            Some(original) => original(self.places.clone()),
            None => index_posts(self.places.clone()),
        })
    }
}

/// Ascending list of places. Most terms have a single one.
#[derive(Debug, Clone)]
pub(super) enum Places {
    One(Place),
    Several(Vec<Place>),
}

impl Places {
    pub(super) fn as_slice(&self) -> &[Place] {
        match self {
            Self::One(place) => std::slice::from_ref(place),
            Self::Several(places) => places,
        }
    }

    /// Inserts a place, unless the list has it.
    fn insert(&mut self, place: Place) {
        match self {
            Self::One(only) if *only == place => {}
            Self::One(only) => *self = Self::Several(vec![place.min(*only), place.max(*only)]),
            Self::Several(places) if places.last().is_none_or(|last| *last < place) => places.push(place),
            Self::Several(places) => {
                if let Err(at) = places.binary_search(&place) {
                    places.insert(at, place);
                }
            }
        }
    }
}

/// Places of posts by what they contain.
#[derive(Debug, Clone, Default)]
pub(super) struct PostIndex {
    pub(super) terms: HashMap<Box<str>, Places>,
    /// Posts by the users that they mention.
    mentions: HashMap<u64, Places>,
}

impl PostIndex {
    pub(super) fn under(&self, term: &str) -> &[Place] {
        self.terms.get(term).map_or(&[], Places::as_slice)
    }

    pub(super) fn mentioning(&self, user: u64) -> &[Place] {
        self.mentions.get(&user).map_or(&[], Places::as_slice)
    }

    pub(super) fn add(&mut self, term: &str, place: Place) {
        match self.terms.get_mut(term) {
            Some(places) => places.insert(place),
            None => drop(self.terms.insert(term.into(), Places::One(place))),
        }
    }

    pub(super) fn add_mention(&mut self, user: u64, place: Place) {
        self.mentions.entry(user).or_insert(Places::One(place)).insert(place);
    }
}

/// URLs by the codes of their short links. The links of posts enter it when a short link is resolved.
#[derive(Debug, Default)]
pub(super) struct LinkIndex {
    pub(super) urls: HashMap<Box<str>, Box<str>>,
    /// Place of the first post whose links are missing.
    pub(super) next: Place,
}

/// Index of all posts of a world.
#[derive(Debug, Default)]
pub(super) struct SearchIndex {
    pub(super) posts: RwLock<IndexedPosts>,
    pub(super) links: Mutex<LinkIndex>,
}

/// Indexed posts: in blocks, and the newest outside of them.
#[derive(Debug, Clone, Default)]
pub(super) struct IndexedPosts {
    /// Blocks in the order of their places.
    pub(super) blocks: Vec<Arc<Block>>,
    /// Index of the posts after the blocks, and of counts that have grown.
    pub(super) newest: PostIndex,
    /// Place of the first post that is not indexed.
    pub(super) next: Place,
}

impl IndexedPosts {
    /// Place of the first post after the blocks.
    pub(super) fn end_of_blocks(&self) -> Place {
        self.blocks.last().map_or(0, |block| block.places.end)
    }
}

impl SearchIndex {
    /// Creates the index of a copy of a world, which has the same blocks.
    pub(super) fn of_copy(blocks: Vec<Arc<Block>>) -> Self {
        let next = blocks.last().map_or(0, |block| block.places.end);
        let posts = IndexedPosts { blocks, next, ..IndexedPosts::default() };
        Self { posts: RwLock::new(posts), links: Mutex::default() }
    }

    /// Returns an index of the same posts, for a copy of the world.
    pub(super) fn copy(&self) -> Self {
        let posts = self.posts.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self { posts: RwLock::new(posts), links: Mutex::default() }
    }
}
