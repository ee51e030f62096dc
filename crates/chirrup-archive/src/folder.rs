//! Folder of Parquet files: the objects of collections in typed columns.

mod add_archive;
mod batch;
#[cfg(feature = "s3")]
mod bucket_log;
mod column;
mod columns;
mod compact;
mod comply;
mod disk;
mod files;
mod journal;
#[cfg(feature = "s3")]
mod log_entry;
mod manifest;
mod merge;
mod object_reader;
mod read;
mod reader;
mod recent;
mod row_reader;
mod segment;
#[cfg(feature = "s3")]
mod sparse_file;
mod stats;
mod storage;
mod tables;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

pub use self::read::ParquetReader;
pub use self::stats::TableSize;
pub use self::writer::ParquetFolder;
