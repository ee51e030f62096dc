//! The latest items of the sources, which they may repeat.

use foldhash::{HashSet, HashSetExt as _};

/// Number of items of a generation.
pub(super) const GENERATION: usize = 1 << 20;

/// Set of the latest one to two million items of all sources.
#[derive(Debug, Default)]
pub(super) struct RecentItems {
    current: HashSet<(u32, u64)>,
    previous: HashSet<(u32, u64)>,
}

impl RecentItems {
    pub(super) fn contains(&self, source: u32, item: u64) -> bool {
        self.current.contains(&(source, item)) || self.previous.contains(&(source, item))
    }

    /// Adds an item. Returns whether it is new.
    pub(super) fn insert(&mut self, source: u32, item: u64) -> bool {
        if self.contains(source, item) {
            return false;
        }
        if self.current.len() >= GENERATION {
            self.previous = std::mem::replace(&mut self.current, HashSet::new());
        }
        self.current.insert((source, item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_items_are_known() {
        let mut items = RecentItems::default();
        assert!(items.insert(1, 7) && items.insert(2, 7) && !items.insert(1, 7));
        (0..2 * GENERATION as u64).for_each(|item| assert!(items.insert(3, item)));
        assert!(items.contains(3, 2 * GENERATION as u64 - 1) && items.contains(3, GENERATION as u64));
        assert!(!items.contains(1, 7), "the oldest are forgotten");
    }
}
