//! Sets of IDs that are numbers.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Number of IDs of a run.
pub(super) const RUN: usize = 1 << 18;
/// Number of IDs that are added to a run together.
const LATEST: usize = 1 << 13;

/// IDs are numbers that are spread already: multiplication suffices as a hash.
#[derive(Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}

pub(super) type IdSet = HashSet<u64, BuildHasherDefault<IdHasher>>;

/// The IDs that were added last: at least 262,144 and about twice as many at most, in 8 bytes each.
#[derive(Default)]
pub(super) struct RecentIds {
    latest: IdSet,
    /// IDs in their order.
    run: Vec<u64>,
    older_run: Vec<u64>,
}

impl RecentIds {
    pub(super) fn contains(&self, id: u64) -> bool {
        self.is_young(id) || is_in_run(&self.older_run, id)
    }

    fn is_young(&self, id: u64) -> bool {
        self.latest.contains(&id) || is_in_run(&self.run, id)
    }

    pub(super) fn insert(&mut self, id: u64) {
        if self.is_young(id) {
            return;
        }
        self.latest.insert(id);
        if self.latest.len() < LATEST {
            return;
        }
        if self.run.len() >= RUN {
            self.older_run = std::mem::take(&mut self.run);
        }
        let begin = self.run.len();
        self.run.reserve_exact(self.latest.len());
        self.run.extend(self.latest.drain());
        self.run[begin..].sort_unstable();
        // Merges two sorted parts. They are one already if the IDs rise, as those of a stream do.
        self.run.sort();
    }
}

/// Most IDs are larger than all earlier ones, which saves the search.
fn is_in_run(run: &[u64], id: u64) -> bool {
    run.last().is_some_and(|last| id <= *last) && run.binary_search(&id).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_that_were_added_last_are_known() {
        let mut recent = RecentIds::default();
        // In a mixed order.
        let id = |n: u64| n.wrapping_mul(0x2545_F491_4F6C_DD1D);
        for n in 0..600_000 {
            assert!(!recent.contains(id(n)), "{n}");
            recent.insert(id(n));
            if n % 5_000 == 0 {
                assert!(recent.contains(id(n.saturating_sub(RUN as u64))), "{n}");
                recent.insert(id(n));
            }
        }
        assert!(recent.run.capacity() + recent.older_run.capacity() <= 2 * (RUN + LATEST));
        assert!(!recent.contains(id(1)));
    }
}
