//! The latest items of the sources, which they may repeat.

use std::io;
use std::sync::Arc;

use foldhash::{HashSet, HashSetExt as _};

use super::columns::{Columns, read_flat, read_lists};
use super::manifest::Manifest;
use super::storage::{SegmentFile, SegmentFiles};
use crate::object::ObjectKind;

/// Number of items of a generation.
const GENERATION: usize = 1 << 20;
/// Number of rows that are read at once.
const ROWS: usize = 256;

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

/// Calls `visit` with the latest items of a source that its segments have: at least those of a generation.
pub(super) fn recent_items(
    files: &Arc<dyn SegmentFiles>,
    manifest: &Manifest,
    kind: ObjectKind,
    source: &str,
    mut visit: impl FnMut(u64),
) -> io::Result<()> {
    let segments: Vec<_> = manifest.segments_of(kind.table()).collect();
    let mut found = 0;
    for segment in segments.into_iter().rev() {
        let file = Columns::open(&SegmentFile::of(files, segment))?;
        for group in 0..file.groups() {
            let (mut ids, mut found_by) = (file.ints(group, "id")?, file.texts(group, "found_by")?);
            loop {
                let rows = read_flat(&mut ids, ROWS)?;
                if rows.is_empty() {
                    break;
                }
                for (id, sources) in rows.into_iter().zip(read_lists(&mut found_by, ROWS)?) {
                    if let Some(id) = id
                        && sources.iter().any(|name| name.data() == source.as_bytes())
                    {
                        visit(id.cast_unsigned());
                        found += 1;
                    }
                }
            }
        }
        if found >= GENERATION {
            break;
        }
    }
    Ok(())
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
