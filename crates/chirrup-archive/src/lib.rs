//! Archives of X posts that survive crashes: the pages of searches, timelines and other lists, and the posts of streams.
//!
//! An [`Archive`] stores each page together with the [`Checkpoint`] from which a restarted program resumes. A
//! [`JsonlArchive`] consists of files of JSON lines, a `Database` (feature `sqlite`) has tables, a `PostgresDatabase`
//! (feature `postgres`) has the same tables on a server, a `ParquetFolder` (feature `parquet`) has columns of Parquet
//! files, also in an object store (feature `s3`), and a `NatsArchive` (feature `nats`) is a stream of messages. An [`ArchiveStream`] stores the items of a
//! stream in an archive. After
//! [`ArchiveStream::commit`] returns, its items, gaps, undecodable lines and checkpoint survive the end of the program and a
//! power failure. What X sent while the program was not running is requested again as far back as the access tier allows;
//! the rest is recorded as a lost gap.
#![warn(missing_docs)]

mod archive;
mod archive_stream;
#[cfg(feature = "s3")]
mod bucket;
mod collection;
#[cfg_attr(
    not(any(feature = "sqlite", feature = "parquet", feature = "postgres")),
    allow(dead_code, reason = "lines of files are not removed")
)]
mod comply;
#[cfg(feature = "sqlite")]
mod database;
mod encoding;
mod events;
#[cfg(feature = "parquet")]
mod folder;
mod import;
mod jsonl;
mod lines;
#[cfg(feature = "nats")]
mod nats;
mod object;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod object_rows;
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    allow(dead_code, reason = "other archives have the objects as X sent them")
)]
mod objects;
#[cfg(feature = "postgres")]
mod postgres;
mod reader;
mod report;
mod server_url;
mod summary;

pub use archive::{Archive, Stored};
pub use archive_stream::ArchiveStream;
pub use collection::{Checkpoint, ItemKind, Page, Relation};
pub use comply::Removed;
#[cfg(feature = "sqlite")]
pub use database::Database;
#[cfg(feature = "parquet")]
pub use folder::{ParquetFolder, ParquetReader, TableSize};
pub use import::{Imported, body_of, import};

pub use jsonl::{JsonlArchive, JsonlOptions, LineForm, Rotation};
#[cfg(feature = "nats")]
pub use nats::{BusConsumer, BusStatus, BusTeam, Drain, Drained, NatsAddress, NatsArchive, team};
pub use object::{Key, Object, ObjectKind};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresDatabase, PostgresReader};
pub use reader::{ArchiveReader, Deletion, Edge, Note, NoteKind, SourceState, UserChange, VisitObject};
pub use report::{Gap, Report};
pub use server_url::{is_bucket, is_nats, is_postgres, without_secrets};
pub use summary::Summary;
