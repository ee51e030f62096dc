//! Folder of Parquet files: the objects of collections in typed columns.

mod batch;
mod column;
mod columns;
mod compact;
mod files;
mod journal;
mod manifest;
mod merge;
mod object_reader;
mod read;
mod recent;
mod segment;
mod stats;
mod tables;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

pub use self::compact::Compacted;
pub use self::read::ParquetReader;
pub use self::stats::{SourceState, TableSize};
pub use self::writer::ParquetFolder;
