//! Set of many items in little memory.

use std::collections::HashSet;

/// Number of the latest items from which they are put in order, and their share of all.
const MIN_LATEST: usize = 1 << 14;
const LATEST_SHARE: usize = 16;

/// Set of items, most of which take eight bytes: they are in order, apart from the latest ones.
#[derive(Debug, Default)]
pub(super) struct ItemSet {
    ordered: Vec<u64>,
    latest: HashSet<u64>,
}

impl ItemSet {
    pub(super) fn len(&self) -> usize {
        self.ordered.len() + self.latest.len()
    }

    pub(super) fn contains(&self, item: u64) -> bool {
        self.latest.contains(&item) || self.ordered.binary_search(&item).is_ok()
    }

    /// Adds an item. Returns whether it is new.
    pub(super) fn insert(&mut self, item: u64) -> bool {
        let is_new = !self.contains(item);
        if is_new {
            self.latest.insert(item);
            if self.latest.len() >= MIN_LATEST.max(self.ordered.len() / LATEST_SHARE) {
                self.put_in_order();
            }
        }
        is_new
    }

    fn put_in_order(&mut self) {
        // Twice the capacity would leave much memory unused.
        self.ordered.reserve_exact(self.latest.len());
        self.ordered.extend(self.latest.drain());
        // The stable algorithm finds what is in order already.
        self.ordered.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_new_once() {
        let mut set = ItemSet::default();
        // Each number below a prime is a multiple of 7 modulo it.
        let items = || (0..100_003_u64).map(|number| number * 7 % 100_003);
        assert!(items().all(|item| !set.contains(item) && set.insert(item)));
        assert!(items().all(|item| set.contains(item) && !set.insert(item)));
        assert!(!set.contains(100_003));
        assert_eq!(set.len(), 100_003);
        assert!(set.ordered.len() > 90_000 && set.ordered.is_sorted());
    }
}
