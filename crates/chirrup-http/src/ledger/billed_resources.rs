//! The resources of a UTC day that were billed already, by kind.
//!
//! A store per kind contains the newest IDs of the day as numbers. An older ID may be billed again: the ledger then counts
//! more than X does, and a budget still holds.

use chirrup_api::Error;
use chirrup_store::{LockedStore, Store};
use hashbrown::HashMap;
use sha2::{Digest as _, Sha256};

use super::id_set::{IdSet, RUN, RecentIds};

/// Number of IDs after which a store is reduced to its newer half.
const MAX_IDS: usize = 2 * RUN;
/// Size of the header: the number of the day and the number of reductions, 8 bytes each.
const HEADER: usize = 16;
/// Size of an ID.
const ID: usize = 8;
/// Size of the parts in which a store is read: a multiple of that of an ID.
const PART: usize = 1 << 18;

/// Returns the number that represents an ID. IDs that are not numbers are hashed.
pub(super) fn id_number(id: &str) -> u64 {
    numeric_id(id).unwrap_or_else(|| hashed_id(id))
}

/// Returns the number that an ID is, in its usual form.
pub(super) fn numeric_id(id: &str) -> Option<u64> {
    id.parse().ok().filter(|_| !id.starts_with(['0', '+']) || id == "0")
}

/// Returns the hash of an ID that is not a number.
pub(super) fn hashed_id(id: &str) -> u64 {
    let hash = Sha256::digest(id);
    hash.iter().take(ID).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Returns the name of the store of a kind, such as `billed-posts-read`.
fn store_name(kind: &str) -> String {
    let words = kind.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold("billed".to_owned(), |name, word| name + "-" + &word.to_ascii_lowercase())
}

/// What this process knows of one kind.
#[derive(Default)]
struct Kind {
    header: [u8; HEADER],
    /// Number of bytes of the store that were read.
    offset: u64,
    /// Whether the recent IDs are in use: a process that asks only once searches the store instead.
    asked: bool,
    recent: RecentIds,
}

impl Kind {
    fn reset(&mut self, header: [u8; HEADER]) {
        *self = Self { header, offset: HEADER as u64, asked: self.asked, ..Self::default() };
    }

    /// Forgets what was read if the store was replaced. Returns whether the store is one of this day.
    fn check(&mut self, locked: &mut dyn LockedStore, day: i64) -> Result<bool, Error> {
        let header = locked.read_range(0, HEADER)?;
        let header: [u8; HEADER] = header.try_into().unwrap_or_default();
        if header != self.header {
            self.reset(header);
        }
        Ok(is_of_day(&header, day))
    }
}

/// Visits the IDs of a store from an offset on, a part at a time. Returns the offset of their end.
fn visit_ids(locked: &mut dyn LockedStore, from: u64, mut visit: impl FnMut(u64)) -> Result<u64, Error> {
    let mut end = from;
    loop {
        let part = locked.read_range(end, PART)?;
        for id in ids(&part) {
            visit(id);
        }
        end += (part.len() / ID * ID) as u64;
        if part.len() < PART {
            return Ok(end);
        }
    }
}

fn new_header(day: i64, reductions: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..ID].copy_from_slice(&day.to_le_bytes());
    header[ID..].copy_from_slice(&reductions.to_le_bytes());
    header
}

fn is_of_day(header: &[u8; HEADER], day: i64) -> bool {
    header[..ID] == day.to_le_bytes()
}

fn ids(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<ID>().0.iter().map(|id| u64::from_le_bytes(*id))
}

/// A set of few IDs, in which many IDs that it does not contain are looked up.
struct Wanted {
    ids: IdSet,
    /// Whether the set may contain an ID with this fingerprint.
    fingerprints: Vec<bool>,
}

impl Wanted {
    fn new(ids: &[u64]) -> Self {
        let mut fingerprints = vec![false; 1 << 16];
        ids.iter().for_each(|id| fingerprints[Self::fingerprint(*id)] = true);
        Self { ids: ids.iter().copied().collect(), fingerprints }
    }

    /// Combines the bits of an ID that differ most: those of its time, and the lowest of a small number.
    fn fingerprint(id: u64) -> usize {
        ((id >> 22 ^ id) & 0xFFFF) as usize
    }

    fn contains(&self, id: u64) -> bool {
        self.fingerprints[Self::fingerprint(id)] && self.ids.contains(&id)
    }
}

/// Those of some IDs that a store contained at some time.
pub(super) struct Search {
    header: [u8; HEADER],
    end: u64,
    found: IdSet,
}

impl Search {
    /// Searches the store of a kind without locking it, so that other programs can use it meanwhile.
    pub(super) fn new(store: &dyn Fn(&str) -> std::sync::Arc<dyn Store>, kind: &str, wanted: &[u64]) -> Option<Self> {
        let value = store(&store_name(kind)).read().ok()??;
        let (header, stored) = value.split_first_chunk::<HEADER>()?;
        let wanted = Wanted::new(wanted);
        let mut found = IdSet::default();
        for id in ids(stored) {
            if wanted.contains(id) {
                found.insert(id);
            }
        }
        // The last ID may be incomplete.
        Some(Self { header: *header, end: (HEADER + stored.len() / ID * ID) as u64, found })
    }
}

/// The resources that were billed on a day.
#[derive(Default)]
pub(super) struct BilledResources {
    day: i64,
    kinds: HashMap<&'static str, Kind>,
}

/// Opens the store with a name. There is none for a ledger in memory.
pub(super) type OpenStore<'a> = Option<&'a dyn Fn(&str) -> std::sync::Arc<dyn Store>>;

impl BilledResources {
    fn kind(&mut self, kind: &'static str, day: i64) -> &mut Kind {
        if self.day != day {
            self.day = day;
            self.kinds.values_mut().for_each(|kind| kind.reset(<[u8; HEADER]>::default()));
        }
        self.kinds.entry(kind).or_default()
    }

    /// Whether [`find_new`](Self::find_new) would search the whole store of a kind, while it is locked.
    pub(super) fn needs_search(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_none_or(|kind| !kind.asked)
    }

    /// Returns those of these IDs that were not billed on the day. Each occurs once. `searched` is the result of a search
    /// before the lock, if there was one.
    pub(super) fn find_new(
        &mut self,
        open: OpenStore<'_>,
        day: i64,
        kind: &'static str,
        wanted: &[u64],
        searched: Option<Search>,
    ) -> Result<Vec<u64>, Error> {
        let state = self.kind(kind, day);
        let mut seen = IdSet::default();
        let mut found = IdSet::default();
        if let Some(open) = open {
            let mut locked = chirrup_store::lock_blocking(&*open(&store_name(kind)))?;
            let is_of_day = state.check(&mut *locked, day)?;
            if is_of_day && state.asked {
                let from = state.offset;
                state.offset = visit_ids(&mut *locked, from, |id| state.recent.insert(id))?;
            } else if is_of_day {
                let wanted = Wanted::new(wanted);
                let mut from = HEADER as u64;
                if let Some(searched) = searched.filter(|searched| searched.header == state.header) {
                    (from, found) = (searched.end, searched.found);
                }
                visit_ids(&mut *locked, from, |id| {
                    if wanted.contains(id) {
                        found.insert(id);
                    }
                })?;
            }
            state.asked = true;
        }
        let is_new = |id: &u64| !found.contains(id) && !state.recent.contains(*id) && seen.insert(*id);
        Ok(wanted.iter().copied().filter(is_new).collect())
    }

    /// Records IDs as billed on the day.
    pub(super) fn add(&mut self, open: OpenStore<'_>, day: i64, kind: &'static str, new: &[u64]) -> Result<(), Error> {
        let state = self.kind(kind, day);
        let Some(open) = open else {
            new.iter().for_each(|id| state.recent.insert(*id));
            return Ok(());
        };
        if new.is_empty() {
            return Ok(());
        }
        let mut locked = chirrup_store::lock_blocking(&*open(&store_name(kind)))?;
        let header: [u8; HEADER] = locked.read_range(0, HEADER)?.try_into().unwrap_or_default();
        let added: Vec<u8> = new.iter().flat_map(|id| id.to_le_bytes()).collect();
        if !is_of_day(&header, day) {
            return locked.replace(&[&new_header(day, 0)[..], &added].concat());
        }
        let size = usize::try_from(locked.size()?).unwrap_or(usize::MAX);
        if size < HEADER + MAX_IDS * ID && (size - HEADER.min(size)) % ID == 0 {
            return locked.append(&added);
        }
        // Too many IDs, or a program was killed in the middle of one.
        let count = (size - HEADER.min(size)) / ID;
        let kept = count.min(MAX_IDS / 2);
        let kept = locked.read_range((HEADER + (count - kept) * ID) as u64, kept * ID)?;
        let reductions = header[ID..].iter().rev().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let mut value = new_header(day, reductions.wrapping_add(1)).to_vec();
        value.reserve_exact(kept.len() + added.len());
        value.extend(kept);
        value.extend(added);
        locked.replace(&value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use chirrup_store::MemoryStore;
    use std::sync::Arc;

    #[test]
    fn ids_are_new_once_a_day_for_all_processes() {
        let store = MemoryStore::default();
        let open = |_: &str| Arc::new(store.clone()) as Arc<dyn Store>;
        let (mut one, mut two) = (BilledResources::default(), BilledResources::default());
        for round in 0..3 {
            let ids = [1, 2, 2, 100 + round];
            let found = one.find_new(Some(&open), 5, "Posts: Read", &ids, None).expect("readable");
            assert_eq!(found, if round == 0 { vec![1, 2, 100] } else { vec![100 + round] });
            one.add(Some(&open), 5, "Posts: Read", &found).expect("writable");
            assert!(two.find_new(Some(&open), 5, "Posts: Read", &ids, None).expect("readable").is_empty());
        }
        let searched = Search::new(&open, "Posts: Read", &[1, 9]);
        two.add(Some(&open), 5, "Posts: Read", &[9]).expect("writable");
        let found = BilledResources::default().find_new(Some(&open), 5, "Posts: Read", &[1, 8, 9], searched);
        assert_eq!(found.expect("readable"), [8], "one before the search, one after it");
        // A program was killed in the middle of an ID.
        store.try_lock().expect("lockable").expect("unlocked").append(&[1, 2, 3]).expect("writable");
        one.add(Some(&open), 5, "Posts: Read", &[7]).expect("writable");
        assert!(two.find_new(Some(&open), 5, "Posts: Read", &[1, 2, 7, 102], None).expect("readable").is_empty());
        assert_eq!(two.find_new(Some(&open), 6, "Posts: Read", &[1], None).expect("readable"), [1], "another day");
        two.add(Some(&open), 6, "Posts: Read", &[1]).expect("writable");
        assert_eq!(store.read().expect("readable").map(|value| value.len()), Some(HEADER + ID));
    }

    #[test]
    fn a_store_of_many_ids_keeps_the_newest() {
        let store = MemoryStore::default();
        let open = |_: &str| Arc::new(store.clone()) as Arc<dyn Store>;
        let mut billed = BilledResources::default();
        let batch = 1 << 16;
        for n in 0..12_u64 {
            let ids: Vec<u64> = (n * batch..(n + 1) * batch).collect();
            let found = billed.find_new(Some(&open), 5, "Posts: Read", &ids, None).expect("readable");
            assert_eq!(found.len() as u64, batch);
            billed.add(Some(&open), 5, "Posts: Read", &found).expect("writable");
        }
        let recent: Vec<u64> = (9 * batch..12 * batch).collect();
        for billed in [&mut billed, &mut BilledResources::default()] {
            assert!(billed.find_new(Some(&open), 5, "Posts: Read", &recent, None).expect("readable").is_empty());
        }
        assert!(
            store.read().expect("readable").is_some_and(|value| value.len() <= HEADER + (MAX_IDS + (1 << 16)) * ID)
        );
    }

    #[test]
    fn every_id_has_a_number() {
        assert_eq!(id_number("2008000000000000001"), 2_008_000_000_000_000_001);
        let others = ["3_123", "1DXxyRYNejbKM", "007", "7", ""];
        let numbers: HashSet<u64> = others.iter().map(|id| id_number(id)).collect();
        assert_eq!(numbers.len(), others.len());
        assert_eq!(store_name("Posts: Read"), "billed-posts-read");
    }
}
