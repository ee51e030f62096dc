//! Files that record streams and collections, and survive crashes.
//!
//! A [`StreamFile`] stores the items of a stream, one JSON line each, together with a checkpoint from which a restarted
//! program resumes. After [`StreamFile::commit`] returns, its lines, gap records, undecodable lines and checkpoint
//! survive the end of the program and a power failure. What X sent while the program was not running is requested again
//! as far back as the access tier allows; the rest is recorded as a lost gap.
//!
//! A `Database` (feature `sqlite`) stores the pages of searches, timelines and other lists in tables, each page in one
//! transaction with the [`Checkpoint`] from which the list resumes. A `ParquetFolder` (feature `parquet`) stores them in
//! columns of Parquet files. An `ArchiveStream` stores the posts of a stream in such an `Archive`.
#![warn(missing_docs)]

#[cfg(any(feature = "sqlite", feature = "parquet"))]
mod archive;
#[cfg(any(feature = "sqlite", feature = "parquet"))]
mod archive_stream;
mod collection;
#[cfg(feature = "sqlite")]
mod comply;
#[cfg(feature = "sqlite")]
mod database;
mod events;
#[cfg(feature = "parquet")]
mod folder;
#[cfg(any(feature = "sqlite", feature = "parquet"))]
mod import;
mod lines;
#[cfg(feature = "parquet")]
mod object;
#[cfg(any(feature = "sqlite", feature = "parquet"))]
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "a folder has the keys of objects next to them"))]
mod objects;
#[cfg(any(feature = "sqlite", feature = "parquet"))]
mod report;
mod stream;

#[cfg(any(feature = "sqlite", feature = "parquet"))]
pub use archive::{Archive, Stored};
#[cfg(any(feature = "sqlite", feature = "parquet"))]
pub use archive_stream::ArchiveStream;
pub use collection::{Checkpoint, ItemKind, Page, Relation};
#[cfg(feature = "sqlite")]
pub use comply::Removed;
#[cfg(feature = "sqlite")]
pub use database::Database;
#[cfg(feature = "parquet")]
pub use folder::{Compacted, ParquetFolder, ParquetReader, SourceState, TableSize};
#[cfg(any(feature = "sqlite", feature = "parquet"))]
pub use import::{Imported, import};

pub use lines::LineFile;
#[cfg(feature = "parquet")]
pub use object::{Key, Object, ObjectKind};
#[cfg(any(feature = "sqlite", feature = "parquet"))]
pub use report::{Gap, Report};
pub use stream::StreamFile;
