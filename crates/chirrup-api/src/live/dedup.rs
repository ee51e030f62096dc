//! Removal of duplicates from a stream.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chirrup_model::Timestamp;
use hashbrown::HashTable;

/// Number of IDs that are remembered for however long.
const LEAST: usize = 1 << 17;
/// Number of IDs that are remembered at most: 10 minutes of 7,000 items per second.
const MOST: usize = 1 << 22;
/// Time for which IDs are remembered before the oldest checkpoint, in milliseconds. A reconnected stream repeats up to five
/// minutes.
const REPEATED_MS: i64 = 360_000;

/// Memory of the items that the partitions of a stream have already delivered. They share it: a repeated item can arrive
/// from another partition, and each memory has a size of its own.
#[derive(Debug, Clone, Default)]
pub struct DuplicateWindow(Arc<Mutex<Window>>);

/// A member of a window: one partition.
#[derive(Debug)]
pub struct Member {
    window: DuplicateWindow,
    number: usize,
}

#[derive(Debug, Default)]
struct Window {
    seen: Seen,
    /// Latest checkpoint of each member.
    checkpoints: Vec<Option<Timestamp>>,
    /// Times of checkpoints, with the number of IDs that were added before.
    marks: VecDeque<(Timestamp, u64)>,
    added: u64,
}

impl DuplicateWindow {
    /// Adds a member to the window.
    pub fn join(&self) -> Member {
        let mut window = self.lock();
        window.checkpoints.push(None);
        Member { window: self.clone(), number: window.checkpoints.len() - 1 }
    }

    fn lock(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Member {
    fn default() -> Self {
        DuplicateWindow::default().join()
    }
}

impl Member {
    /// Adds an ID and returns whether it is new.
    pub fn is_new(&self, id: u64) -> bool {
        let mut window = self.window.lock();
        let is_new = window.seen.is_new(id);
        window.added += u64::from(is_new);
        is_new
    }

    /// Records that the member is complete up to this time, and forgets what no member can repeat any more.
    pub(super) fn checkpoint(&self, until: Timestamp) {
        let window = &mut *self.window.lock();
        window.checkpoints[self.number] = Some(until);
        let is_later = |(last, _): &(Timestamp, u64)| until.as_millis() - last.as_millis() >= 1_000;
        if window.marks.back().is_none_or(is_later) {
            window.marks.push_back((until, window.added));
        }
        let Some(oldest) = window.checkpoints.iter().flatten().min() else { return };
        let horizon = oldest.plus_millis(-REPEATED_MS);
        while let Some((_, added)) = window.marks.front().copied().filter(|(time, _)| *time < horizon) {
            window.marks.pop_front();
            let kept = usize::try_from(window.added - added).unwrap_or(usize::MAX);
            window.seen.keep(kept.max(LEAST));
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.window.lock().checkpoints[self.number] = None;
    }
}

/// A bounded set of IDs that were already delivered. The table holds positions in the ring, so that an ID takes 13 bytes.
#[derive(Debug)]
struct Seen {
    places: HashTable<u32>,
    ring: VecDeque<u64>,
    /// Position of the oldest ID of the ring. Positions wrap around.
    first: u32,
    most: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self::of(MOST)
    }
}

fn hash(id: u64) -> u64 {
    // The low bits of an ID are a counter and the high bits a time; this spreads both.
    let mixed = (id ^ (id >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 32)
}

impl Seen {
    fn of(most: usize) -> Self {
        Self { places: HashTable::new(), ring: VecDeque::new(), first: 0, most }
    }

    /// Adds an ID and returns whether it is new.
    fn is_new(&mut self, id: u64) -> bool {
        let at = |place: u32| self.ring[place.wrapping_sub(self.first) as usize];
        if self.places.find(hash(id), |place| at(*place) == id).is_some() {
            return false;
        }
        self.keep(self.most - 1);
        let Self { places, ring, first, .. } = self;
        let place = first.wrapping_add(u32::try_from(ring.len()).unwrap_or_default());
        ring.push_back(id);
        let (ring, first) = (&*ring, *first);
        places.insert_unique(hash(id), place, |place| hash(ring[place.wrapping_sub(first) as usize]));
        true
    }

    /// Forgets all but the latest IDs.
    fn keep(&mut self, count: usize) {
        let Self { places, ring, first, .. } = self;
        while ring.len() > count
            && let Some(id) = ring.pop_front()
        {
            if let Ok(oldest) = places.find_entry(hash(id), |place| *place == *first) {
                oldest.remove();
            }
            *first = first.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_latest_ids_are_remembered() {
        let (mut seen, mut random) = (Seen::of(1_000), 7_u64);
        // Positions wrap around during the test.
        seen.first = u32::MAX - 5_000;
        let (mut plain, mut order) = (HashSet::new(), VecDeque::new());
        for _ in 0..200_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let id = ((random >> 40) % 3_000) << 22;
            let is_new = plain.insert(id);
            if is_new {
                order.push_back(id);
                if order.len() > 1_000 {
                    plain.remove(&order.pop_front().unwrap());
                }
            }
            assert_eq!(seen.is_new(id), is_new, "{id}");
        }
        assert_eq!(seen.places.len(), 1_000);
    }

    #[test]
    fn partitions_share_a_window_that_covers_the_slowest_of_them() {
        let window = DuplicateWindow::default();
        let (first, second) = (window.join(), window.join());
        let at = |second: i64| Timestamp::from_secs(1_790_000_000 + second);
        second.checkpoint(at(0));
        // 500 items per second for 20 minutes, of which the second partition is away for 10.
        for time in 0..1_200 {
            for n in 0..500 {
                assert!(first.is_new(time * 500 + n));
            }
            first.checkpoint(at(i64::try_from(time).unwrap()));
            if time >= 600 {
                second.checkpoint(at(i64::try_from(time).unwrap()));
            }
            if time == 599 {
                assert!(!second.is_new(0), "what the slowest partition can repeat is remembered");
            }
        }
        assert!(!second.is_new(599_999) && !second.is_new(450_000));
        let held = window.lock().seen.ring.len();
        assert!((180_000..=181_001).contains(&held), "{held} IDs are held");
    }
}
