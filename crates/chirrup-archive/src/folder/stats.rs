//! Sizes of the tables of a folder.

use super::read::ParquetReader;
use super::tables::TABLES;

/// Size of a table of a folder of Parquet files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSize {
    /// Name of the table.
    pub name: &'static str,
    /// Number of its files.
    pub files: u64,
    /// Number of rows. An object that was stored again counts again until the folder is compacted.
    pub rows: u64,
    /// Number of bytes of the files.
    pub bytes: u64,
}

impl ParquetReader {
    /// Returns the sizes of the tables.
    pub fn tables(&self) -> Vec<TableSize> {
        let size = |name| {
            let none = TableSize { name, files: 0, rows: 0, bytes: 0 };
            self.manifest.segments_of(name).fold(none, |size, segment| TableSize {
                name,
                files: size.files + 1,
                rows: size.rows + segment.rows,
                bytes: size.bytes + segment.bytes,
            })
        };
        TABLES.into_iter().map(size).collect()
    }
}
