//! Sizes of the tables of a folder, and states of its sources.

use chirrup_model::Timestamp;

use super::read::ParquetReader;
use super::tables::TABLES;
use crate::collection::Checkpoint;

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

/// State of a source of a folder of Parquet files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Name of the source.
    pub name: String,
    /// Type of its items: `posts` or `users`.
    pub kind: String,
    /// Position from which it resumes.
    pub checkpoint: Checkpoint,
    /// Time of its last response.
    pub updated_at: Timestamp,
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

    /// Returns the states of the sources, in the order of their names.
    pub fn sources(&self) -> Vec<SourceState> {
        let state = |(name, source): (&String, &super::manifest::Source)| SourceState {
            name: name.clone(),
            kind: source.kind.clone(),
            checkpoint: source.checkpoint(),
            updated_at: Timestamp::from_millis(source.updated_at),
        };
        self.manifest.sources.iter().map(state).collect()
    }
}
