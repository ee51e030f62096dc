//! The progress of a result that is printed page by page.

use std::collections::HashSet;

/// Items that are printed so far, each once.
#[derive(Debug)]
pub(crate) struct Progress {
    limit: usize,
    printed: usize,
    /// Number of items beyond the limit, in the last page.
    omitted: usize,
    seen: HashSet<String>,
}

impl Progress {
    /// Creates the progress of a result with at most `limit` items.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, printed: 0, omitted: 0, seen: HashSet::new() }
    }

    /// Creates the progress of a result that an earlier run began, with the IDs of its items as far as they are known.
    pub(super) fn resumed(limit: usize, printed: usize, ids: Vec<String>) -> Self {
        Self { limit, printed, omitted: 0, seen: ids.into_iter().collect() }
    }

    /// Leaves out an item.
    pub(super) fn exclude(&mut self, id: String) {
        self.seen.insert(id);
    }

    /// Maximum number of items.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Number of printed items.
    pub(crate) fn printed(&self) -> usize {
        self.printed
    }

    /// Number of items that were received and not printed, because of the limit.
    pub(crate) fn omitted(&self) -> usize {
        self.omitted
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.printed == 0
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.printed >= self.limit
    }

    /// Returns whether an item is to be printed, and counts it: it is new, and the limit is not reached.
    pub(super) fn admit(&mut self, id: &str) -> bool {
        if self.is_complete() {
            self.omitted += usize::from(!self.seen.contains(id));
            return false;
        }
        let is_admitted = self.seen.insert(id.to_owned());
        self.printed += usize::from(is_admitted);
        is_admitted
    }

    /// Counts items that are printed in any case.
    pub(super) fn add(&mut self, items: usize) {
        self.printed += items;
    }
}
