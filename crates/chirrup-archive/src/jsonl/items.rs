//! Items of all sources, each with the number of its source, in the order of the lines.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

use super::committed_file::CommittedFile;
use super::item_set::ItemSet;

/// Maximum number of sources whose items are kept in memory.
const MAX_KNOWN_SOURCES: usize = 64;
/// Number of the latest items of the file among which a stream can repeat items.
const RECENT_ITEMS: u64 = 4 << 20;
/// Length of an item in bytes.
const ITEM_LEN: u64 = 12;

/// The file of the items, and the items of sources that were read from it.
#[derive(Debug)]
pub(super) struct Items {
    file: CommittedFile,
    known: HashMap<u32, ItemSet>,
}

impl Items {
    pub(super) fn open(path: PathBuf, count: u64) -> io::Result<Self> {
        Ok(Self { file: CommittedFile::open(path, len_of(count), b"")?, known: HashMap::new() })
    }

    /// Returns the items of a source among the latest of a file with `count` items.
    pub(super) fn recent(&mut self, source: u32, count: u64) -> io::Result<&mut ItemSet> {
        self.known(source, count.saturating_sub(RECENT_ITEMS), count)
    }

    /// Returns all items of a source of a file with `count` items, which are read when they are first used. A source
    /// without a page has none.
    pub(super) fn of(&mut self, source: u32, has_pages: bool, count: u64) -> SourceItems<'_> {
        let first = if has_pages { 0 } else { count };
        SourceItems { items: self, source, first, count }
    }

    /// Returns the items of a source that follow the first ones of the file.
    fn known(&mut self, source: u32, first: u64, count: u64) -> io::Result<&mut ItemSet> {
        if !self.known.contains_key(&source) {
            if self.known.len() >= MAX_KNOWN_SOURCES {
                self.known.clear();
            }
            let mut file = BufReader::new(self.file.read(len_of(first), len_of(count))?);
            let mut items = ItemSet::default();
            while let Some((owner, item)) = next_item(&mut file)? {
                if owner == source {
                    items.insert(item);
                }
            }
            drop(file);
            self.known.insert(source, items);
        }
        Ok(self.known.entry(source).or_default())
    }

    /// Forgets the items of a source that are in memory.
    pub(super) fn forget(&mut self, source: u32) {
        self.known.remove(&source);
    }

    /// Appends items of a source after the first `count` items, and returns the number of all items.
    pub(super) fn append(&mut self, count: u64, source: u32, items: &[u64]) -> io::Result<u64> {
        let mut bytes = Vec::with_capacity(items.len() * ITEM_LEN as usize);
        for item in items {
            bytes.extend_from_slice(&source.to_le_bytes());
            bytes.extend_from_slice(&item.to_le_bytes());
        }
        Ok(self.file.append(len_of(count), &bytes)? / ITEM_LEN)
    }
}

/// The items of a source, which are in memory after their first use.
pub(super) struct SourceItems<'i> {
    items: &'i mut Items,
    source: u32,
    first: u64,
    count: u64,
}

impl SourceItems<'_> {
    pub(super) fn all(&mut self) -> io::Result<&mut ItemSet> {
        self.items.known(self.source, self.first, self.count)
    }
}

/// Length in bytes of a file with this number of items.
pub(super) fn len_of(count: u64) -> u64 {
    count.saturating_mul(ITEM_LEN)
}

/// Reads the next item, and the number of its source before it.
pub(super) fn next_item(file: &mut impl Read) -> io::Result<Option<(u32, u64)>> {
    let (mut source, mut item) = ([0; 4], [0; 8]);
    match file.read_exact(&mut source).and_then(|()| file.read_exact(&mut item)) {
        Ok(()) => Ok(Some((u32::from_le_bytes(source), u64::from_le_bytes(item)))),
        Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(why) => Err(why),
    }
}
