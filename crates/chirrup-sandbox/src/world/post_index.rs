//! The search index: places of posts under terms.

use std::sync::{Arc, LazyLock, Mutex, RwLock};

use foldhash::HashMap;

use super::rows::Place;

/// Index of the posts of a world that never changes. It is built on first use.
pub(super) type SharedIndex = LazyLock<PostIndex, Box<dyn FnOnce() -> PostIndex + Send>>;

/// Ascending list of places. Most terms have a single one.
#[derive(Debug)]
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
#[derive(Debug, Default)]
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
    /// Index of the world of which this world is a copy.
    base: Option<Arc<SharedIndex>>,
    pub(super) own: RwLock<OwnIndex>,
    pub(super) links: Mutex<LinkIndex>,
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
        Self { base: Some(base), own: RwLock::new(own), links: Mutex::default() }
    }

    pub(super) fn base(&self) -> Option<&PostIndex> {
        self.base.as_deref().map(|base| &**base)
    }
}
