//! Items that this program has moved, which the stream may have again.

use std::collections::{HashMap, HashSet};

/// Number of items of a generation.
const GENERATION: usize = 1 << 18;

/// Set of the latest quarter to half of a million items of all sources.
#[derive(Debug, Default)]
pub(super) struct RecentItems {
    numbers: HashMap<String, u32>,
    current: HashSet<(u32, u64)>,
    previous: HashSet<(u32, u64)>,
}

impl RecentItems {
    /// Adds an item of a source. Returns whether it is new.
    pub(super) fn insert(&mut self, source: &str, item: u64) -> bool {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = match self.numbers.get(source) {
            Some(number) => *number,
            None => *self.numbers.entry(source.to_owned()).or_insert(next),
        };
        if self.previous.contains(&(number, item)) || !self.current.insert((number, item)) {
            return false;
        }
        if self.current.len() >= GENERATION {
            self.previous = std::mem::take(&mut self.current);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_of_a_source_is_new_once() {
        let mut recent = RecentItems::default();
        assert!(recent.insert("a", 7) && recent.insert("b", 7) && !recent.insert("a", 7));
        (0..GENERATION as u64).for_each(|item| assert!(recent.insert("c", item)));
        assert!(!recent.insert("c", 1) && !recent.insert("c", GENERATION as u64 - 1));
    }
}
