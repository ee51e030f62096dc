//! The search index: places of posts under terms.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use super::rows::Place;

/// Index of the posts of a world that never changes. It is built on first use.
pub(super) type SharedIndex = LazyLock<PostIndex, Box<dyn FnOnce() -> PostIndex + Send>>;

/// Places of posts by what they contain, in ascending order.
#[derive(Debug, Default)]
pub(super) struct PostIndex {
    pub(super) terms: HashMap<Box<str>, Vec<Place>>,
    /// Posts by the users that they mention.
    pub(super) mentions: HashMap<u64, Vec<Place>>,
    /// URLs by the codes of their short links.
    pub(super) links: HashMap<Box<str>, Box<str>>,
}

impl PostIndex {
    pub(super) fn under(&self, term: &str) -> &[Place] {
        self.terms.get(term).map_or(&[], Vec::as_slice)
    }

    pub(super) fn add(&mut self, term: &str, place: Place) {
        match self.terms.get_mut(term) {
            Some(places) => insert(places, place),
            None => drop(self.terms.insert(term.into(), vec![place])),
        }
    }
}

/// Inserts a place into an ascending list, unless the list has it.
pub(super) fn insert(places: &mut Vec<Place>, place: Place) {
    if places.last().is_none_or(|last| *last < place) {
        places.push(place);
    } else if let Err(at) = places.binary_search(&place) {
        places.insert(at, place);
    }
}

/// Index of all posts of a world.
#[derive(Debug, Default)]
pub(super) struct SearchIndex {
    /// Index of the world of which this world is a copy.
    base: Option<Arc<SharedIndex>>,
    pub(super) own: RwLock<OwnIndex>,
}

/// Index of the posts that the shared index does not have, and of the counts that have grown.
#[derive(Debug, Default)]
pub(super) struct OwnIndex {
    pub(super) index: PostIndex,
    /// Place of the first post that is not indexed.
    pub(super) next: Place,
}

impl SearchIndex {
    /// Creates the index of a copy of a world.
    pub(super) fn above(base: Arc<SharedIndex>, posts: usize) -> Self {
        let own = OwnIndex { next: posts as Place, ..OwnIndex::default() };
        Self { base: Some(base), own: RwLock::new(own) }
    }

    pub(super) fn base(&self) -> Option<&PostIndex> {
        self.base.as_deref().map(|base| &**base)
    }
}
