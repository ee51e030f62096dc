//! Archives that are open for reading.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "parquet")]
use chirrup::archive::ParquetReader;
#[cfg(feature = "postgres")]
use chirrup::archive::PostgresReader;
use chirrup::archive::{ArchiveReader, Database, ItemKind, JsonlArchive};
use serde_json::Value as Json;

use crate::error::CliError;
use crate::verbs::{is_bucket, is_folder, is_postgres, is_stream, name_without_login};

/// States of the sources of a database.
const SOURCES: &str = "SELECT name, kind, items, pages, CASE is_complete WHEN 1 THEN 'complete' ELSE 'open' END AS state, \
    '$' || printf('%.2f', cost_micros / 1e6) AS cost, datetime(updated_at / 1000, 'unixepoch') AS updated FROM sources";
#[cfg(feature = "postgres")]
const SOURCES_OF_POSTGRES: &str = "SELECT name, kind, items, pages, CASE WHEN is_complete THEN 'complete' ELSE 'open' END \
    AS state, '$' || to_char(cost_micros / 1e6, 'FM999999990.00') AS cost, \
    to_timestamp(updated_at / 1000) AS updated FROM sources ORDER BY id";

/// Archive whose tables are queried.
pub(super) enum Tables {
    Database(Box<Database>),
    #[cfg(feature = "postgres")]
    Postgres(Box<PostgresReader>),
}

impl Tables {
    /// Runs a query, as both types of databases do.
    pub(super) fn query(&self, sql: &str, visit: impl FnMut(&[String], Vec<Json>) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Database(database) => database.query(sql, visit),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.query(sql, visit),
        }
    }

    /// Calls `visit` with each item that a source found, as a line of JSON.
    pub(super) fn export(&self, items: ItemKind, visit: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Database(database) => database.export(items, visit),
            #[cfg(feature = "postgres")]
            Self::Postgres(database) => database.export(items, visit),
        }
    }

    /// Returns the query for the states of the sources.
    pub(super) fn sources(&self) -> &'static str {
        match self {
            Self::Database(_) => SOURCES,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => SOURCES_OF_POSTGRES,
        }
    }

    /// Returns the query for the tables.
    pub(super) fn list_of_tables(&self) -> &'static str {
        match self {
            Self::Database(_) => "SELECT name, sql FROM sqlite_schema",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            }
        }
    }
}

/// Archive that is open for reading.
pub(super) enum Opened {
    Tables(Tables),
    #[cfg(feature = "parquet")]
    Folder(ParquetReader),
    /// Files of JSON lines with this name.
    Lines(PathBuf),
}

impl Opened {
    /// Opens an archive, whose type the name tells.
    pub(super) fn open(path: &Path) -> Result<Self, CliError> {
        if is_stream(path) {
            let name = name_without_login(path);
            return Err(CliError::usage(format!("{name} is a stream, which is read by moving it into an archive"))
                .with_hint(format!("`chirrup archive drain {name} --into posts.db --once` moves it")));
        }
        let opened = match () {
            () if is_postgres(path) => open_postgres(path),
            () if is_bucket(path) => open_bucket(path),
            () if is_folder(path) => open_folder(path),
            () if JsonlArchive::is_at(path) => Ok(Self::Lines(path.to_owned())),
            () => Database::open_read_only(path).map(|database| Self::Tables(Tables::Database(Box::new(database)))),
        };
        opened.map_err(|why| CliError::write_file(&why))
    }

    /// Returns the faults of the archive.
    pub(super) fn verify(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Tables(Tables::Database(database)) => database.verify(),
            #[cfg(feature = "postgres")]
            Self::Tables(Tables::Postgres(database)) => database.verify(),
            #[cfg(feature = "parquet")]
            Self::Folder(folder) => folder.verify(),
            Self::Lines(path) => JsonlArchive::verify(path),
        }
    }

    /// Returns the archive as a reader of its objects.
    pub(super) fn reader(self) -> Result<Box<dyn ArchiveReader>, CliError> {
        match self {
            Self::Tables(Tables::Database(database)) => Ok(database),
            #[cfg(feature = "postgres")]
            Self::Tables(Tables::Postgres(database)) => Ok(database),
            #[cfg(feature = "parquet")]
            Self::Folder(folder) => Ok(Box::new(folder)),
            Self::Lines(path) => {
                let name = path.display();
                Err(CliError::usage(format!("{name} has lines of JSON, whose objects are in no order"))
                    .with_hint(format!("import it first: `chirrup archive import {name} --into {name}.db`")))
            }
        }
    }
}

#[cfg(feature = "postgres")]
fn open_postgres(path: &Path) -> io::Result<Opened> {
    PostgresReader::open(&path.to_string_lossy()).map(|database| Opened::Tables(Tables::Postgres(Box::new(database))))
}

#[cfg(not(feature = "postgres"))]
fn open_postgres(path: &Path) -> io::Result<Opened> {
    Err(super::super::collect::built_without("postgres", path))
}

#[cfg(feature = "s3")]
fn open_bucket(path: &Path) -> io::Result<Opened> {
    ParquetReader::open_in_bucket(&path.to_string_lossy()).map(Opened::Folder)
}

#[cfg(not(feature = "s3"))]
fn open_bucket(path: &Path) -> io::Result<Opened> {
    Err(super::super::collect::built_without("s3", path))
}

#[cfg(feature = "parquet")]
fn open_folder(path: &Path) -> io::Result<Opened> {
    ParquetReader::open(path).map(Opened::Folder)
}

#[cfg(not(feature = "parquet"))]
fn open_folder(path: &Path) -> io::Result<Opened> {
    Err(super::super::collect::built_without("parquet", path))
}
