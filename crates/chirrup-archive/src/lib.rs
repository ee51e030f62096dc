//! Files that record streams and collections, and survive crashes.
//!
//! A [`StreamFile`] stores the items of a stream, one JSON line each, together with a checkpoint from which a restarted
//! program resumes. After [`StreamFile::commit`] returns, its lines, gap records, undecodable lines and checkpoint
//! survive the end of the program and a power failure. What X sent while the program was not running is requested again
//! as far back as the access tier allows; the rest is recorded as a lost gap.
//!
//! A `Database` (feature `sqlite`) stores the pages of searches, timelines and other lists in tables, each page in one
//! transaction with the [`Checkpoint`] from which the list resumes. An `ArchiveStream` stores the posts of a stream in such
//! an `Archive`.
#![warn(missing_docs)]

#[cfg(feature = "sqlite")]
mod archive;
#[cfg(feature = "sqlite")]
mod archive_stream;
mod collection;
#[cfg(feature = "sqlite")]
mod comply;
#[cfg(feature = "sqlite")]
mod database;
mod events;
#[cfg(feature = "sqlite")]
mod import;
mod lines;
#[cfg(feature = "sqlite")]
mod objects;
#[cfg(feature = "sqlite")]
mod report;
mod stream;

#[cfg(feature = "sqlite")]
pub use archive::{Archive, Stored};
#[cfg(feature = "sqlite")]
pub use archive_stream::ArchiveStream;
pub use collection::{Checkpoint, ItemKind, Page, Relation};
#[cfg(feature = "sqlite")]
pub use comply::Removed;
#[cfg(feature = "sqlite")]
pub use database::Database;
#[cfg(feature = "sqlite")]
pub use import::Imported;

pub use lines::LineFile;
#[cfg(feature = "sqlite")]
pub use report::{Gap, Report};
pub use stream::StreamFile;
