//! Removal of duplicates from a stream.

use std::collections::VecDeque;

use hashbrown::HashTable;

/// Number of remembered IDs: about 15 minutes of the firehose.
const REMEMBERED: usize = 1 << 20;

/// A bounded set of IDs that were already delivered. The table holds positions in the ring, so that an ID takes 13 bytes.
#[derive(Debug)]
pub(super) struct Seen {
    places: HashTable<u32>,
    ring: VecDeque<u64>,
    /// Position of the oldest ID of the ring. Positions wrap around.
    first: u32,
    most: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self::of(REMEMBERED)
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
    pub(super) fn is_new(&mut self, id: u64) -> bool {
        let Self { places, ring, first, most } = self;
        let at = |place: u32| ring[place.wrapping_sub(*first) as usize];
        if places.find(hash(id), |place| at(*place) == id).is_some() {
            return false;
        }
        if ring.len() == *most {
            if let Ok(oldest) = places.find_entry(hash(ring[0]), |place| *place == *first) {
                oldest.remove();
            }
            ring.pop_front();
            *first = first.wrapping_add(1);
        }
        let place = first.wrapping_add(u32::try_from(ring.len()).unwrap_or_default());
        ring.push_back(id);
        let (ring, first) = (&*ring, *first);
        places.insert_unique(hash(id), place, |place| hash(ring[place.wrapping_sub(first) as usize]));
        true
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
}
