//! The latest items of the sources, which they may repeat.

use std::io;

use foldhash::{HashSet, HashSetExt as _};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};

use super::columns::{Columns, read_flat, read_lists, text};
use super::manifest::Manifest;
use super::storage::SegmentFiles;
use crate::object::{Key, ObjectKind};

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
    files: &dyn SegmentFiles,
    manifest: &Manifest,
    kind: ObjectKind,
    source: &str,
    mut visit: impl FnMut(u64),
) -> io::Result<()> {
    let segments: Vec<_> = manifest.segments_of(kind.table()).collect();
    let mut found = 0;
    for segment in segments.into_iter().rev() {
        let file = Columns::open_only(&["id", "found_by"], files, segment)?;
        for group in 0..file.groups() {
            let (mut items, mut found_by) = (Items::of(&file, group, kind)?, file.texts(group, "found_by")?);
            loop {
                let rows = items.read()?;
                if rows.is_empty() {
                    break;
                }
                for (item, sources) in rows.into_iter().zip(read_lists(&mut found_by, ROWS)?) {
                    if let Some(item) = item
                        && sources.iter().any(|name| name.data() == source.as_bytes())
                    {
                        visit(item);
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

/// Keys of the items of a row group, as the numbers that stand for them.
enum Items {
    Ids(ColumnReaderImpl<Int64Type>),
    Names(ColumnReaderImpl<ByteArrayType>),
}

impl Items {
    fn of(file: &Columns, group: usize, kind: ObjectKind) -> io::Result<Self> {
        let key = kind.key_column();
        Ok(if kind.has_numeric_keys() {
            Self::Ids(file.ints(group, key)?)
        } else {
            Self::Names(file.texts(group, key)?)
        })
    }

    fn read(&mut self) -> io::Result<Vec<Option<u64>>> {
        let name = |name: ByteArray| text(&name).map(|name| Key::Text(name.into()).number().cast_unsigned());
        match self {
            Self::Ids(column) => {
                Ok(read_flat(column, ROWS)?.into_iter().map(|id| id.map(i64::cast_unsigned)).collect())
            }
            Self::Names(column) => read_flat(column, ROWS)?.into_iter().map(|key| key.map(name).transpose()).collect(),
        }
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
