//! Files that record streams and collections, and survive crashes.
//!
//! A [`StreamFile`] stores the items of a stream, one JSON line each, together with a checkpoint from which a restarted
//! program resumes. After [`StreamFile::commit`] returns, its lines, gap records, undecodable lines and checkpoint
//! survive the end of the program and a power failure. What X sent while the program was not running is requested again
//! as far back as the access tier allows; the rest is recorded as a lost gap.
//!
//! A `Database` (feature `sqlite`) stores the pages of searches, timelines and other lists in tables, each page in one
//! transaction with the [`Checkpoint`] from which the list resumes. A `DatabaseStream` stores the posts of a stream there.
#![warn(missing_docs)]

mod collection;
#[cfg(feature = "sqlite")]
mod comply;
#[cfg(feature = "sqlite")]
mod database;
#[cfg(feature = "sqlite")]
mod database_stream;
mod events;
#[cfg(feature = "sqlite")]
mod import;
mod lines;
mod stream;

pub use collection::{Checkpoint, ItemKind, Page, Relation};
#[cfg(feature = "sqlite")]
pub use comply::Removed;
#[cfg(feature = "sqlite")]
pub use database::{Database, Stored};
#[cfg(feature = "sqlite")]
pub use database_stream::DatabaseStream;
#[cfg(feature = "sqlite")]
pub use import::Imported;

pub use lines::LineFile;
pub use stream::StreamFile;
